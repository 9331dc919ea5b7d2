/** Errors as the error channel of an HTTP API, an RPC and a workflow: what the other side gets, and what it must not. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpApiClient from "effect/http-api/HttpApiClient"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Rpc from "effect/rpc/Rpc"
import * as RpcClient from "effect/rpc/RpcClient"
import * as RpcGroup from "effect/rpc/RpcGroup"
import * as RpcSerialization from "effect/rpc/RpcSerialization"
import * as RpcServer from "effect/rpc/RpcServer"
import * as Schema from "effect/Schema"
import * as Activity from "effect/workflow/Activity"
import * as Workflow from "effect/workflow/Workflow"
import * as WorkflowEngine from "effect/workflow/WorkflowEngine"
import * as CloudauthError from "../src/CloudauthError.ts"
import {
  InitializedNotStored,
  MerchantBizIdTaken,
  TransactionConflict,
  TransactionNotStored,
  TransactionStoreError
} from "../src/TransactionStoreError.ts"
import { everyError } from "./fixtures/errors.ts"

const canary = "CANARY-PERSON"

const AnyError = Schema.Union([
  ...CloudauthError.CloudauthError.members,
  TransactionNotStored,
  TransactionConflict,
  MerchantBizIdTaken,
  TransactionStoreError,
  InitializedNotStored
])

const hiddenError = Redacted.make(new Error(canary, { cause: new Error(canary) }))
const ofStore = new TransactionStoreError({ operation: "put", underlying: hiddenError })

const errors: ReadonlyMap<string, typeof AnyError.Type> = new Map(
  [
    ...everyError(canary),
    new TransactionNotStored({ by: "both" }),
    new TransactionConflict(),
    new MerchantBizIdTaken({ merchantBizId: "order1" }),
    ofStore,
    new InitializedNotStored({
      transactionId: Redacted.make(canary),
      merchantBizId: "order1",
      docType: undefined,
      reason: ofStore
    })
  ].map((error) => [error._tag, error])
)

/** What `TransportError` and `CredentialsError` hold in practice is no text. */
const withRealCause = (error: typeof AnyError.Type): typeof AnyError.Type =>
  error._tag === "TransportError"
    ? new CloudauthError.TransportError({ ...error, underlying: hiddenError })
    : error._tag === "CredentialsError"
      ? new CloudauthError.CredentialsError({ ...error, underlying: hiddenError })
      : error

const failWith = (tag: string) => {
  const error = errors.get(tag)
  return error === undefined ? Effect.void : Effect.fail(withRealCause(error))
}

const tags = [...errors.keys()]

const params = { tag: Schema.String }

// HttpApi takes one status from each schema, and so from a whole union: members keep their own.

class Api extends HttpApi.make("backend").add(
  HttpApiGroup.make("kyc").add(HttpApiEndpoint.get("check", "/check/:tag", { params, error: AnyError.members }))
) {}

class Rpcs extends RpcGroup.make(Rpc.make("check", { payload: params, error: AnyError })) {}

const Check = Workflow.make("Check", { payload: params, error: AnyError, idempotencyKey: ({ tag }) => tag })

const app = Layer.mergeAll(
  HttpApiBuilder.layer(Api).pipe(
    Layer.provide(
      HttpApiBuilder.group(Api, "kyc", (handlers) => handlers.handle("check", ({ params: { tag } }) => failWith(tag)))
    )
  ),
  RpcServer.layerHttp({ group: Rpcs, path: "/rpc", protocol: "http" }).pipe(
    Layer.provide([Rpcs.toLayer({ check: ({ tag }) => failWith(tag) }), RpcSerialization.layerJson])
  )
).pipe(Layer.provide(HttpServer.layerServices))

/** The application, and every body that it sends. */
const serve = Effect.gen(function* () {
  const { handler } = yield* Effect.acquireRelease(
    Effect.sync(() => HttpRouter.toWebHandler(app, { disableLogger: true })),
    ({ dispose }) => Effect.promise(dispose)
  )
  const sent: Array<{ readonly status: number; readonly body: string }> = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const response = await handler(new Request(input, init))
    const body = await response.clone().text()
    sent.push({ status: response.status, body })
    return response
  }
  const client = FetchHttpClient.layer.pipe(Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch)))
  return { sent, client }
})

const assertSafe = (received: unknown, tag: string, sent: string) => {
  const error = errors.get(tag)
  assert.instanceOf(received, Object(error).constructor)
  assert.strictEqual(String(received), String(error))
  assert.notInclude(sent, canary)
  assert.isFalse(Object.values(Object(received)).some((part) => Redacted.isRedacted(part)))
}

/** What a backend answers with, by hand. */
const statuses: Readonly<Record<string, number>> = {
  MissingParameter: 400,
  InvalidParameter: 400,
  InvalidRequest: 400,
  TransactionIdInvalid: 404,
  TransactionAbandoned: 410,
  TransactionExpired: 410,
  TransactionNotStored: 404,
  ProcessNotCompleted: 409,
  TransactionConflict: 409,
  MerchantBizIdTaken: 409,
  Throttled: 429,
  RamUserAccessDenied: 500,
  AccountAccessDenied: 500,
  SignatureRejected: 500,
  InvalidAccessKey: 500,
  SecurityTokenExpired: 500,
  ClockSkewed: 500,
  CredentialsError: 500,
  ServiceFailed: 502,
  UnknownResponseCode: 502,
  TransportError: 502,
  ProxyRefused: 502,
  DecodeError: 502,
  ServiceDown: 503,
  TransactionStoreError: 503,
  InitializedNotStored: 503,
  CallTimeout: 504
}

describe("an error", () => {
  it.effect.each(tags)("%s is an HTTP API's answer, with its status and nothing hidden", (tag) =>
    Effect.gen(function* () {
      const { client, sent } = yield* serve
      const api = yield* HttpApiClient.make(Api, { baseUrl: "http://localhost" }).pipe(Effect.provide(client))
      const received = yield* Effect.flip(api.kyc.check({ params: { tag } }))
      assert.strictEqual(sent[0]?.status, statuses[tag])
      assertSafe(received, tag, JSON.stringify(sent))
    }).pipe(Effect.scoped)
  )

  it.effect.each(tags)("%s is an RPC's error over HTTP, with nothing hidden", (tag) =>
    Effect.gen(function* () {
      const { client, sent } = yield* serve
      const protocol = RpcClient.layerProtocolHttp({ url: "http://localhost/rpc" }).pipe(
        Layer.provide([client, RpcSerialization.layerJson])
      )
      const rpc = yield* RpcClient.make(Rpcs).pipe(Effect.provide(yield* Layer.build(protocol)))
      const received = yield* Effect.flip(rpc.check({ tag }))
      assertSafe(received, tag, JSON.stringify(sent))
    }).pipe(Effect.scoped)
  )

  it.effect.each(tags)("%s ends a workflow and its activity, with nothing hidden", (tag) =>
    Effect.gen(function* () {
      const received = yield* Effect.flip(Check.execute({ tag }))
      assertSafe(received, tag, "")
    }).pipe(
      Effect.provide(
        Check.toLayer(() => Activity.make({ name: "ask", error: AnyError, execute: failWith(tag) })).pipe(
          Layer.provideMerge(WorkflowEngine.layerMemory)
        )
      )
    )
  )

  it("is described in OpenAPI under the package's name", () => {
    const text = JSON.stringify(OpenApi.fromApi(Api))
    for (const tag of tags) assert.match(text, new RegExp(`effect-cloudauth.{0,8}${tag}`))
    assert.include(text, '"409"')
  })
})
