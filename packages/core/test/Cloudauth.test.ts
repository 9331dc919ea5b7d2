import { assert, describe, it, layer } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as References from "effect/References"
import { TestClock } from "effect/testing"
import * as Tracer from "effect/Tracer"
import { createHash, createHmac } from "node:crypto"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import type { CallOptions } from "../src/Cloudauth.ts"
import { Credentials } from "../src/Credentials.ts"
import * as Document from "../src/Document.ts"
import * as Telemetry from "../src/Telemetry.ts"
import { failure, success } from "./fixtures/answers.ts"
import { failureOf, key, reply, run, serve } from "./fixtures/server.ts"
import type { Sent, Server } from "./fixtures/server.ts"

const request = { merchantBizId: "order1", transactionId: "hksb0000" }
const ok = reply(200, success({ ocrIdPassed: "Y", ocrIdInfo: Canned.fields.GlobalPassport }))
const throttled = (headers: Record<string, string> = {}) => reply(403, failure("Throttling.Api"), headers)

const check = (options?: CallOptions) => Cloudauth.checkResult(request, options)

/** Verifies a signature as the service does, from what was sent alone. */
const isSignedBy = (sent: Sent, secret: string): boolean => {
  const authorization = sent.headers["authorization"] ?? ""
  const parts = /^ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})$/.exec(
    authorization
  )
  const names = parts?.[2]?.split(";") ?? []
  const query = [...sent.url.searchParams]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join("&")
  const hash = (text: string) => createHash("sha256").update(text).digest("hex")
  const canonical = [
    sent.method,
    sent.url.pathname,
    query,
    ...names.map((name) => `${name}:${sent.headers[name]}`),
    "",
    names.join(";"),
    hash("")
  ].join("\n")
  const every = Object.keys(sent.headers).filter((name) => name === "host" || name.startsWith("x-acs-"))
  return (
    every.sort().join(";") === names.join(";") &&
    createHmac("sha256", secret)
      .update(`ACS3-HMAC-SHA256\n${hash(canonical)}`)
      .digest("hex") === parts?.[3]
  )
}

describe("what is sent", () => {
  const tracer = Tracer.make({ span: (options) => new Tracer.NativeSpan(options) })

  it.effect("is one signed POST with the parameters in the query and no body", () =>
    Effect.gen(function* () {
      const server = serve(ok)
      const exit = yield* run(server, check())
      assert.isTrue(Exit.isSuccess(exit))
      assert.lengthOf(server.sent, 1)
      const [sent] = server.sent
      assert.strictEqual(sent?.method, "POST")
      assert.strictEqual(sent?.url.origin, "https://cloudauth-intl.cn-hongkong.aliyuncs.com")
      assert.strictEqual(sent?.url.pathname, "/")
      assert.deepStrictEqual(Object.fromEntries(sent?.url.searchParams ?? []), {
        MerchantBizId: "order1",
        TransactionId: "hksb0000",
        IsReturnImage: "N"
      })
      assert.deepInclude(sent?.headers, {
        host: "cloudauth-intl.cn-hongkong.aliyuncs.com",
        "x-acs-action": "CheckResult",
        "x-acs-version": "2022-08-09",
        "x-acs-date": "1970-01-01T00:00:00Z"
      })
      assert.isTrue(sent && isSignedBy(sent, key.accessKeySecret))
    })
  )

  it.effect("has no trace header if tracing is off, even with PropagateTrace", () =>
    Effect.gen(function* () {
      const server = serve(ok)
      const untraced = Effect.provideService(
        Effect.provideService(check(), Tracer.Tracer, tracer),
        References.TracerEnabled,
        false
      )
      yield* run(server, Effect.provideService(untraced, Telemetry.PropagateTrace, true))
      assert.notProperty(server.sent[0]?.headers, "traceparent")
    })
  )

  it.effect("goes to the endpoint of the options", () =>
    Effect.gen(function* () {
      const server = serve(ok)
      yield* run(server, check(), { options: { region: "ap-southeast-1", network: "vpc" } })
      yield* run(server, check(), { options: { url: "http://127.0.0.1:3000" } })
      assert.deepStrictEqual(
        server.sent.map(({ headers, url }) => [url.origin, headers["host"]]),
        [
          ["https://cloudauth-intl-vpc.ap-southeast-1.aliyuncs.com", "cloudauth-intl-vpc.ap-southeast-1.aliyuncs.com"],
          ["http://127.0.0.1:3000", "127.0.0.1:3000"]
        ]
      )
    })
  )

  it.effect("has a new signature, nonce and date at every attempt", () =>
    Effect.gen(function* () {
      const server = serve(throttled({ "x-acs-retry-after": "1500" }), throttled({ "x-acs-retry-after": "1500" }), ok)
      yield* run(server, check())
      const nonces = server.sent.map(({ headers }) => headers["x-acs-signature-nonce"])
      assert.strictEqual(new Set(nonces).size, 3)
      assert.deepStrictEqual(
        server.sent.map(({ headers }) => headers["x-acs-date"]),
        ["1970-01-01T00:00:00Z", "1970-01-01T00:00:01Z", "1970-01-01T00:00:03Z"]
      )
      assert.isTrue(server.sent.every((sent) => isSignedBy(sent, key.accessKeySecret)))
    })
  )

  it.effect("has no trace header by default", () =>
    Effect.gen(function* () {
      const server = serve(ok)
      yield* run(server, Effect.provideService(check(), Tracer.Tracer, tracer))
      assert.deepStrictEqual(
        Object.keys(server.sent[0]?.headers ?? {}).filter((name) => /trace|b3/.test(name)),
        []
      )
    })
  )

  it.effect("has an unsigned trace header with PropagateTrace", () =>
    Effect.gen(function* () {
      const server = serve(ok)
      const traced = Effect.provideService(check(), Tracer.Tracer, tracer)
      yield* run(server, Effect.provideService(traced, Telemetry.PropagateTrace, true))
      const [sent] = server.sent
      assert.match(sent?.headers["traceparent"] ?? "", /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
      assert.notInclude(sent?.headers["authorization"], "traceparent")
      assert.isTrue(sent && isSignedBy(sent, key.accessKeySecret))
    })
  )

  it.effect("carries the token of temporary credentials, signed", () =>
    Effect.gen(function* () {
      const server = serve(ok)
      yield* run(server, check(), { credentials: Credentials.layerStatic({ ...key, securityToken: "token" }) })
      assert.deepInclude(server.sent[0]?.headers, {
        "x-acs-security-token": "token",
        "x-acs-accesskey-id": key.accessKeyId
      })
      assert.isTrue(server.sent[0] && isSignedBy(server.sent[0], key.accessKeySecret))
    })
  )

  it.effect("keeps special characters in ids", () =>
    Effect.gen(function* () {
      const server = serve(ok)
      const transactionId = "a b&c=d+e/f?#%20*'()!~李😀"
      yield* run(server, Cloudauth.checkResult({ ...request, transactionId }))
      assert.strictEqual(server.sent[0]?.url.searchParams.get("TransactionId"), transactionId)
    })
  )
})

describe("what comes back", () => {
  it.effect("is the result, its document of the expected kind", () =>
    Effect.gen(function* () {
      const ask = Cloudauth.checkResult({ ...request, document: Document.GlobalPassport })
      const result = yield* yield* run(serve(ok), ask)
      assert.strictEqual(result.verdict._tag, "Passed")
      assert.strictEqual(Document.reveal(result.ocr)?.passportNo, Canned.fields.GlobalPassport["passportNo"])
    })
  )

  it.effect.each([
    ["MissingParameter", 400, "MissingParameter"],
    ["InvalidParameter", 400, "InvalidParameter"],
    ["TransactionIdInvalid", 400, "TransactionIdInvalid"],
    ["Forbidden.RAMUserAccessDenied", 403, "RamUserAccessDenied"],
    ["Forbidden.AccountAccessDenied", 403, "AccountAccessDenied"],
    ["ProcessNotCompleted", 404, "ProcessNotCompleted"],
    ["SignatureDoesNotMatch", 400, "SignatureRejected"],
    ["InvalidAccessKeyId.NotFound", 404, "InvalidAccessKey"],
    ["Some.New.Code", 400, "UnknownResponseCode"]
  ] as const)("is the error of its code, without a retry: %j", ([code, status, tag]) =>
    Effect.gen(function* () {
      const server = serve(reply(status, failure(code)))
      const error = failureOf(yield* run(server, check()))
      assert.deepInclude(error, { _tag: tag, code, httpStatus: status, attempts: 1 })
      assert.lengthOf(server.sent, 1)
    })
  )

  it.effect("is a DecodeError, without a retry, if a success has no result", () =>
    Effect.gen(function* () {
      const server = serve(reply(200, JSON.stringify({ Code: "Success", RequestId: "r9" })))
      const error = failureOf(yield* run(server, check()))
      assert.deepInclude(error, { _tag: "DecodeError", path: "Result", requestId: "r9", attempts: 1 })
      assert.lengthOf(server.sent, 1)
    })
  )
})

describe("layers", () => {
  it.effect("refuse a wrong endpoint when they are built", () =>
    Effect.gen(function* () {
      const server = serve(ok)
      const error = failureOf(yield* run(server, check(), { options: { url: "http://example.com" } }))
      assert.deepInclude(error, { _tag: "InvalidRequest", path: "url" })
      assert.deepStrictEqual(server.sent, [])
    })
  )

  const configured = (env: Record<string, string>, server: Server) =>
    Effect.provide(
      check(),
      Cloudauth.layerConfig().pipe(
        Layer.provide([server.transport, Credentials.layerStatic(key)]),
        Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env })))
      )
    )

  it.effect.each([
    [{}, "https://cloudauth-intl.cn-hongkong.aliyuncs.com"],
    [{ CLOUDAUTH_REGION: "ap-southeast-3" }, "https://cloudauth-intl.ap-southeast-3.aliyuncs.com"],
    [{ CLOUDAUTH_NETWORK: "vpc" }, "https://cloudauth-intl-vpc.cn-hongkong.aliyuncs.com"],
    [{ CLOUDAUTH_ENDPOINT: "http://localhost:9999", CLOUDAUTH_REGION: "ap-southeast-3" }, "http://localhost:9999"]
  ] as ReadonlyArray<[Record<string, string>, string]>)("layerConfig takes %j", ([env, origin]) =>
    Effect.gen(function* () {
      const server = serve(ok)
      yield* configured(env, server)
      assert.strictEqual(server.sent[0]?.url.origin, origin)
    })
  )

  it.effect.each([
    { CLOUDAUTH_NETWORK: "intranet" },
    { CLOUDAUTH_REGION: "nowhere" },
    { CLOUDAUTH_ENDPOINT: "http://example.com" }
  ] as ReadonlyArray<Record<string, string>>)("layerConfig refuses %j", (env) =>
    Effect.gen(function* () {
      const server = serve(ok)
      assert.isTrue(Exit.isFailure(yield* Effect.exit(configured(env, server))))
      assert.deepStrictEqual(server.sent, [])
    })
  )
})

/** A client for tests that counts the requests of each transaction. */
const counting = () => {
  const requests = new Map<string, number>()
  const layer = Cloudauth.layerTest(({ transactionId }) =>
    Effect.suspend(() => {
      const count = (requests.get(transactionId) ?? 0) + 1
      requests.set(transactionId, count)
      if (transactionId === "unknown") return Canned.error("TransactionIdInvalid")
      if (transactionId === "hangs") return Effect.never
      if (transactionId === "broken" && count < 3) return Canned.connectionFailed()
      if (transactionId === "pending" && count < 3) return Canned.error("ProcessNotCompleted")
      return Canned.passed(Document.GlobalPassport)
    })
  )
  return { layer, requests }
}

const test = counting()

layer(test.layer)("layerTest", (it) => {
  const ask = (transactionId: string) =>
    Cloudauth.checkResult({ ...request, transactionId, document: Document.GlobalPassport })

  it.effect("answers by the function, without HTTP", () =>
    Effect.gen(function* () {
      const result = yield* ask("known")
      assert.strictEqual(result.verdict._tag, "Passed")
      assert.strictEqual(Document.reveal(result.ocr)?.surname, "SPECIMEN")
      const error = yield* Effect.flip(ask("unknown"))
      assert.deepInclude(error, { _tag: "TransactionIdInvalid", httpStatus: 400 })
    })
  )

  it.effect("refuses a wrong request as the client does, without asking the function", () =>
    Effect.gen(function* () {
      const wrong = { ...request, transactionId: "refused" }
      const error = yield* Effect.flip(Cloudauth.checkResult({ ...wrong, merchantBizId: "" }))
      assert.strictEqual(error._tag, "InvalidRequest")
      const Other = Document.GlobalPassport.annotate({ identifier: "Other" })
      const ofNoKind = yield* Effect.flip(Cloudauth.checkResult({ ...wrong, document: Other }))
      assert.deepInclude(ofNoKind, { _tag: "InvalidRequest", path: "document" })
      assert.isFalse(test.requests.has("refused"))
    })
  )

  it.effect("retries and polls as the client does, on TestClock", () =>
    Effect.gen(function* () {
      const retried = yield* Effect.forkChild(ask("broken"))
      const polled = yield* Effect.forkChild(Cloudauth.awaitResult({ ...request, transactionId: "pending" }))
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual((yield* Fiber.join(retried)).verdict._tag, "Passed")
      assert.strictEqual((yield* Fiber.join(polled)).verdict._tag, "Passed")
      assert.deepStrictEqual([test.requests.get("broken"), test.requests.get("pending")], [3, 3])
    })
  )

  it.effect("limits the time of the function, on TestClock", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Effect.flip(ask("hangs")))
      yield* TestClock.adjust("30 seconds")
      assert.deepInclude(yield* Fiber.join(fiber), { _tag: "CallTimeout" })
    })
  )
})
