/** Initialize, the store that ties ids together, and the callback: what they need, how they fail, what they refuse. */
import * as Effect from "effect/Effect"
import type * as HttpRouter from "effect/http/HttpRouter"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { SqlClient } from "effect/sql/SqlClient"
import { describe, expect, it } from "tstyche"
import * as Callback from "../src/Callback.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import type { WaitTimedOut } from "../src/PendingResult.ts"
import type * as CloudauthError from "../src/CloudauthError.ts"
import type { Credentials } from "../src/Credentials.ts"
import * as DocType from "../src/DocType.ts"
import * as Document from "../src/Document.ts"
import * as Endpoint from "../src/Endpoint.ts"
import type { Initialized } from "../src/Initialize.ts"
import { TransactionStore } from "../src/TransactionStore.ts"
import type { Assessed, InitializeFailure } from "../src/TransactionStore.ts"
import type {
  InitializedNotStored,
  TransactionConflict,
  TransactionNotStored,
  TransactionStoreError
} from "../src/TransactionStoreError.ts"
import * as TransactionStoreSql from "../src/TransactionStoreSql.ts"

const callbackToken = Redacted.make("token")
const begin = { merchantBizId: "order1", merchantUserId: "user1", docType: DocType.GlobalPassport }

describe("Initialize", () => {
  it("gives ids, and fails as every operation does", () => {
    expect(Cloudauth.initialize(begin)).type.toBe<
      Effect.Effect<Initialized, CloudauthError.CloudauthError, Cloudauth>
    >()
  })

  it("hides the transaction's URL and the token", () => {
    expect<Initialized["transactionUrl"]>().type.not.toBeAssignableTo<string | undefined>()
    expect(Cloudauth.initialize).type.not.toBeCallableWith({ ...begin, callbackToken: "token" })
    expect(Cloudauth.initialize).type.toBeCallableWith({ ...begin, callbackToken })
  })

  it("does not compile without what the service needs", () => {
    expect(Cloudauth.initialize).type.not.toBeCallableWith({ merchantBizId: "order1", merchantUserId: "user1" })
    expect(Cloudauth.initialize).type.not.toBeCallableWith({ merchantBizId: "o", docType: DocType.GlobalPassport })
    expect(Cloudauth.initialize).type.not.toBeCallableWith({ ...begin, pages: "02" })
    expect(Cloudauth.initialize).type.not.toBeCallableWith({ ...begin, idSpoof: "Y" })
    expect(Cloudauth.initialize).type.not.toBeCallableWith({ ...begin, docType: Document.GlobalPassport })
  })
})

describe("the store", () => {
  type Failure = CloudauthError.CloudauthError | TransactionNotStored | TransactionStoreError

  it("needs one of the two ids", () => {
    expect(TransactionStore.checkStored({ merchantBizId: "order1" })).type.toBe<
      Effect.Effect<Assessed, Failure, Cloudauth | TransactionStore>
    >()
    expect(TransactionStore.awaitStored({ transactionId: "t1", document: Document.GlobalPassport })).type.toBe<
      Effect.Effect<Assessed<typeof Document.GlobalPassport>, Failure | WaitTimedOut, Cloudauth | TransactionStore>
    >()
    expect(TransactionStore.checkStored).type.not.toBeCallableWith({})
    expect(TransactionStore.checkStored).type.not.toBeCallableWith({ document: Document.GlobalPassport })
  })

  it("says that an initialized transaction could not be kept", () => {
    expect(TransactionStore.initialize(begin)).type.toBe<
      Effect.Effect<Initialized, InitializeFailure, Cloudauth | TransactionStore>
    >()
    expect<InitializedNotStored["transactionId"]>().type.not.toBeAssignableTo<string>()
    expect<InitializedNotStored["reason"]>().type.toBe<TransactionStoreError | TransactionConflict>()
  })

  it("needs nothing in memory, and a client in a database", () => {
    expect(TransactionStore.layerMemory).type.toBe<Layer.Layer<TransactionStore>>()
    expect(TransactionStoreSql.layer).type.toBe<Layer.Layer<TransactionStore, TransactionStoreError, SqlClient>>()
  })
})

describe("the callback", () => {
  it("needs a router, the client, a store, and what its handler needs", () => {
    const plain = Callback.layer({ callbackToken, onResult: () => Effect.void })
    expect(plain).type.toBe<
      Layer.Layer<never, CloudauthError.InvalidRequest, HttpRouter.HttpRouter | Cloudauth | TransactionStore>
    >()
    const onResult = () => ({}) as Effect.Effect<void, never, Credentials>
    expect(Callback.layer({ callbackToken, onResult })).type.toBe<
      Layer.Layer<
        never,
        CloudauthError.InvalidRequest,
        HttpRouter.HttpRouter | Cloudauth | TransactionStore | Credentials
      >
    >()
  })

  it("takes a hidden token, or several during a change, but not zero", () => {
    const onResult = () => Effect.void
    expect(Callback.layer).type.toBeCallableWith({ callbackToken: [callbackToken, callbackToken], onResult })
    expect(Callback.layer).type.not.toBeCallableWith({ callbackToken: [], onResult })
    expect(Callback.layer).type.not.toBeCallableWith({ callbackToken: "token", onResult })
    expect(Callback.layer).type.not.toBeCallableWith({ callbackToken })
    expect(Callback.layer).type.not.toBeCallableWith({ callbackToken, onResult, path: "cloudauth/callback" })
  })
})

describe("an endpoint", () => {
  it("is of a region, which may be a new one, and of one of two networks", () => {
    expect(Endpoint.fromRegion).type.toBeCallableWith("cn-hongkong", "vpc")
    expect(Endpoint.fromRegion).type.toBeCallableWith("eu-central-1")
    expect(Endpoint.fromRegion).type.not.toBeCallableWith(1)
    expect(Endpoint.fromRegion).type.not.toBeCallableWith("cn-hongkong", "intranet")
    expect(Endpoint.make).type.not.toBeCallableWith({ region: { id: "cn-hongkong" } })
    expect(Endpoint.make).type.not.toBeCallableWith({ url: new URL("http://localhost") })
  })
})
