/** The surfaces of the client: the self-contained one, the Promise client of the node package, and the Effect API. */
import { CloudauthError } from "@effect-cloudauth/core"
import * as CallbackHandler from "@effect-cloudauth/core/CallbackHandler"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import * as InitializeRequest from "@effect-cloudauth/core/InitializeRequest"
import { TransactionStore } from "@effect-cloudauth/core/TransactionStore"
import * as TransactionStoreError from "@effect-cloudauth/core/TransactionStoreError"
import * as Node from "@effect-cloudauth/node/Client"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Client from "../src/index.ts"

const isError = (value: unknown): value is abstract new (...args: never) => Error =>
  typeof value === "function" && value.prototype instanceof Error

const errorsOf = (module: object): ReadonlyArray<string> =>
  Object.entries(module)
    .filter(([, value]) => isError(value))
    .map(([name]) => name)
    .toSorted()

const offline = { url: "http://127.0.0.1:9", credentials: { accessKeyId: "id", accessKeySecret: "secret" } } as const

const messageOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => assert.fail("it was not rejected"),
    (error: Error) => error.message
  )

describe("the surfaces agree", () => {
  it("on the errors: each that a call can fail with is a class of the client, the same one everywhere", () => {
    const inEffect = [...errorsOf(CloudauthError), ...errorsOf(TransactionStoreError)]
    const errors = errorsOf(Client)
    for (const name of inEffect) assert.include(errors, name)
    assert.deepStrictEqual(errors, errorsOf(Node))
    for (const name of errors) assert.strictEqual(Reflect.get(Client, name), Reflect.get(Node, name))
  })

  it("on the operations", async () => {
    await using client = Client.createClient(offline)
    const operations = ["checkResult", "awaitResult", "resume"] as const
    const stored = ["initialize", "checkStored", "awaitStored", "pendingResult", "decide"] as const
    for (const name of operations) assert.isFunction(Cloudauth[name])
    for (const name of stored) assert.isFunction(TransactionStore[name])
    const own = ["resumeStored", "callbackHandler", "close"]
    assert.sameMembers(Object.keys(client), [...operations, ...stored, ...own])
  })

  it("on the words of refused requests and options", async () => {
    await using client = Client.createClient({ ...offline, store: "memory" })
    const request = { merchantBizId: "no spaces", merchantUserId: "u", docType: Client.DocType.GlobalPassport }
    const refused = Result.getOrThrow(Result.flip(InitializeRequest.toQuery(request)))
    assert.strictEqual(await messageOf(client.initialize(request)), refused.message)

    const misspelled = { merchantBizId: "order1", transactionId: "hksb1", isReturnImages: true }
    const inEffect = await Effect.runPromise(
      Effect.flip(
        Effect.provide(
          Cloudauth.checkResult(misspelled),
          Cloudauth.layerTest(() => Effect.never)
        )
      )
    )
    assert.strictEqual(await messageOf(client.checkResult(misspelled)), inEffect.message)

    const options = { callbackToken: "short", onResult: () => Effect.void }
    const { message } = await Effect.runPromise(
      Effect.flip(CallbackHandler.check({ ...options, callbackToken: Redacted.make(options.callbackToken) }))
    )
    assert.throws(() => client.callbackHandler(options), message)
  })
})
