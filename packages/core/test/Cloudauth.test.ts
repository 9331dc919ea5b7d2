import { describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import * as Schedule from "effect/Schedule"
import { TestClock } from "effect/testing"
import * as Tracer from "effect/Tracer"
import { createHash, createHmac } from "node:crypto"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import type { AwaitOptions, CallOptions } from "../src/Cloudauth.ts"
import type { CloudauthError } from "../src/CloudauthError.ts"
import { Credentials, make as makeCredential } from "../src/Credentials.ts"
import * as Document from "../src/Document.ts"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import * as Telemetry from "../src/Telemetry.ts"
import { failure, requestId, success, successWith } from "./fixtures/answers.ts"
import { breaks, clientOf, hangs, key, reply, serve } from "./fixtures/server.ts"
import type { Sent, Server, Setup } from "./fixtures/server.ts"
import { shown } from "./fixtures/reveal.ts"

const request = { merchantBizId: "order1", transactionId: "hksb0000" }
const ok = reply(200, success({ ocrIdPassed: "Y", ocrIdInfo: Canned.fields.GlobalPassport }))
const unavailable = reply(503, failure("ServiceUnavailable"))
const throttled = (headers: Record<string, string> = {}) => reply(403, failure("Throttling.Api"), headers)
const notCompleted = reply(404, failure("ProcessNotCompleted"))
const timesOf = (server: Server) => server.sent.map(({ at }) => at)

/** Runs with a client of this service until it ends, however long that takes on the test's clock. */
const run = <A, E>(
  server: Server,
  effect: Effect.Effect<A, E, Cloudauth>,
  setup: Setup = {},
  patience: Duration.Input = "20 minutes"
) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Effect.exit(Effect.provide(effect, clientOf(server, setup))))
    yield* TestClock.adjust(patience)
    return yield* Fiber.join(fiber)
  })

const failureOf = <A>(exit: Exit.Exit<A, unknown>): CloudauthError => {
  if (Exit.isSuccess(exit)) throw new Error("expected a failure")
  return Effect.runSync(Effect.flip(exit as Exit.Exit<A, CloudauthError>)) // the client's only errors
}

const check = (options?: CallOptions) => Cloudauth.checkResult(request, options)
const wait = (options?: AwaitOptions) => Cloudauth.awaitResult(request, options)

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
      expect(Exit.isSuccess(exit)).toBe(true)
      expect(server.sent).toHaveLength(1)
      const [sent] = server.sent
      expect(sent?.method).toBe("POST")
      expect(sent?.url.origin).toBe("https://cloudauth-intl.cn-hongkong.aliyuncs.com")
      expect(sent?.url.pathname).toBe("/")
      expect(Object.fromEntries(sent?.url.searchParams ?? [])).toEqual({
        MerchantBizId: "order1",
        TransactionId: "hksb0000",
        IsReturnImage: "N"
      })
      expect(sent?.headers).toMatchObject({
        host: "cloudauth-intl.cn-hongkong.aliyuncs.com",
        "x-acs-action": "CheckResult",
        "x-acs-version": "2022-08-09",
        "x-acs-date": "1970-01-01T00:00:00Z"
      })
      expect(sent && isSignedBy(sent, key.accessKeySecret)).toBe(true)
    })
  )

  it.effect("has no header of a trace where tracing is off, though it is asked for", () =>
    Effect.gen(function* () {
      const server = serve(ok)
      const untraced = Effect.provideService(
        Effect.provideService(check(), Tracer.Tracer, tracer),
        References.TracerEnabled,
        false
      )
      yield* run(server, Effect.provideService(untraced, Telemetry.PropagateTrace, true))
      expect(server.sent[0]?.headers).not.toHaveProperty("traceparent")
    })
  )

  it.effect("goes where the options say", () =>
    Effect.gen(function* () {
      const server = serve(ok)
      yield* run(server, check(), { options: { region: "ap-southeast-1", network: "vpc" } })
      yield* run(server, check(), { options: { url: "http://127.0.0.1:3000" } })
      expect(server.sent.map(({ headers, url }) => [url.origin, headers["host"]])).toEqual([
        ["https://cloudauth-intl-vpc.ap-southeast-1.aliyuncs.com", "cloudauth-intl-vpc.ap-southeast-1.aliyuncs.com"],
        ["http://127.0.0.1:3000", "127.0.0.1:3000"]
      ])
    })
  )

  it.effect("is signed anew at every attempt: its own nonce, its own date", () =>
    Effect.gen(function* () {
      const server = serve(throttled({ "x-acs-retry-after": "1500" }), throttled({ "x-acs-retry-after": "1500" }), ok)
      yield* run(server, check())
      const nonces = server.sent.map(({ headers }) => headers["x-acs-signature-nonce"])
      expect(new Set(nonces).size).toBe(3)
      expect(server.sent.map(({ headers }) => headers["x-acs-date"])).toEqual([
        "1970-01-01T00:00:00Z",
        "1970-01-01T00:00:01Z",
        "1970-01-01T00:00:03Z"
      ])
      expect(server.sent.every((sent) => isSignedBy(sent, key.accessKeySecret))).toBe(true)
    })
  )

  it.effect("has no header of a trace unless it is asked for", () =>
    Effect.gen(function* () {
      const server = serve(ok)
      yield* run(server, Effect.provideService(check(), Tracer.Tracer, tracer))
      expect(Object.keys(server.sent[0]?.headers ?? {}).filter((name) => /trace|b3/.test(name))).toEqual([])
    })
  )

  it.effect("has the header of a trace where it is asked for, unsigned", () =>
    Effect.gen(function* () {
      const server = serve(ok)
      const traced = Effect.provideService(check(), Tracer.Tracer, tracer)
      yield* run(server, Effect.provideService(traced, Telemetry.PropagateTrace, true))
      const [sent] = server.sent
      expect(sent?.headers["traceparent"]).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
      expect(sent?.headers["authorization"]).not.toContain("traceparent")
      expect(sent && isSignedBy(sent, key.accessKeySecret)).toBe(true)
    })
  )

  it.effect("carries the token of temporary credentials, signed", () =>
    Effect.gen(function* () {
      const server = serve(ok)
      yield* run(server, check(), { credentials: Credentials.layerStatic({ ...key, securityToken: "token" }) })
      expect(server.sent[0]?.headers).toMatchObject({
        "x-acs-security-token": "token",
        "x-acs-accesskey-id": key.accessKeyId
      })
      expect(server.sent[0] && isSignedBy(server.sent[0], key.accessKeySecret)).toBe(true)
    })
  )

  it.effect("keeps special characters of ids whole", () =>
    Effect.gen(function* () {
      const server = serve(ok)
      const transactionId = "a b&c=d+e/f?#%20*'()!~李😀"
      yield* run(server, Cloudauth.checkResult({ ...request, transactionId }))
      expect(server.sent[0]?.url.searchParams.get("TransactionId")).toBe(transactionId)
    })
  )
})

describe("what comes back", () => {
  it.effect("is the result, its document of the expected kind", () =>
    Effect.gen(function* () {
      const ask = Cloudauth.checkResult({ ...request, document: Document.GlobalPassport })
      const result = yield* yield* run(serve(ok), ask)
      expect(result.verdict._tag).toBe("Passed")
      expect(Document.reveal(result.ocr)?.passportNo).toBe(Canned.fields.GlobalPassport["passportNo"])
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
      expect(error).toMatchObject({ _tag: tag, code, httpStatus: status, attempts: 1 })
      expect(server.sent).toHaveLength(1)
    })
  )

  it.effect("is a DecodeError, without a retry, where success holds no result", () =>
    Effect.gen(function* () {
      const server = serve(reply(200, JSON.stringify({ Code: "Success", RequestId: "r9" })))
      const error = failureOf(yield* run(server, check()))
      expect(error).toMatchObject({ _tag: "DecodeError", path: "Result", requestId: "r9", attempts: 1 })
      expect(server.sent).toHaveLength(1)
    })
  )
})

describe("transient failures", () => {
  it.effect.each([
    ["ServiceDown", unavailable],
    ["ServiceFailed", reply(500, failure("InternalError"))],
    ["ServiceDown", reply(502, "<html>bad gateway</html>")],
    ["TransportError", breaks("ECONNRESET")],
    ["SignatureRejected", reply(400, failure("SignatureNonceUsed"))],
    ["UnknownResponseCode", reply(500, failure("Something.New"))]
  ] as const)("are retried 3 times, after 100, 200 and 400 ms by chance: %j", ([tag, step]) =>
    Effect.gen(function* () {
      const server = serve(step)
      const error = failureOf(yield* run(server, check(), { random: 0.5 }))
      expect(error).toMatchObject({ _tag: tag, attempts: 4 })
      expect(timesOf(server)).toEqual([0, 50, 150, 350])
    })
  )

  it.effect("are over as soon as one attempt succeeds", () =>
    Effect.gen(function* () {
      const server = serve(unavailable, breaks("ECONNREFUSED"), ok)
      const exit = yield* run(server, check(), { random: 1 })
      expect(Exit.isSuccess(exit)).toBe(true)
      expect(timesOf(server)).toEqual([0, 100, 300])
    })
  )

  it.effect("name what broke, and nothing of the request", () =>
    Effect.gen(function* () {
      const error = failureOf(yield* run(serve(breaks("ECONNRESET")), check()))
      expect(error.message).toContain("ECONNRESET")
      expect(error.message).not.toContain("hksb0000")
      expect(error._tag === "TransportError" && String(shown(error.underlying))).toBeDefined()
    })
  )
})

describe("throttling", () => {
  it.effect("waits as long as the server says, in milliseconds", () =>
    Effect.gen(function* () {
      const server = serve(throttled({ "x-acs-retry-after": "1234" }), throttled({ "x-acs-retry-after": "7" }), ok)
      expect(Exit.isSuccess(yield* run(server, check(), { random: 0.1 }))).toBe(true)
      expect(timesOf(server)).toEqual([0, 1234, 1241])
    })
  )

  it.effect("backs off from 500 ms where the server does not say", () =>
    Effect.gen(function* () {
      const server = serve(throttled())
      const error = failureOf(yield* run(server, check(), { random: 0.5 }))
      expect(error).toMatchObject({ _tag: "Throttled", attempts: 9 })
      expect(timesOf(server)).toEqual([0, 500, 1500, 3500, 7500, 12_500, 17_500, 22_500, 27_500])
    })
  )

  it.effect("does not wait where the wait would pass the deadline", () =>
    Effect.gen(function* () {
      const server = serve(throttled({ "x-acs-retry-after": "30000" }))
      const error = failureOf(yield* run(server, check(), {}, "1 milli"))
      expect(error).toMatchObject({ _tag: "Throttled", retryAfter: 30_000, attempts: 1 })
      expect(timesOf(server)).toEqual([0])
    })
  )

  it.effect("waits where the wait ends before the deadline", () =>
    Effect.gen(function* () {
      const server = serve(throttled({ "x-acs-retry-after": "29999" }), ok)
      expect(Exit.isSuccess(yield* run(server, check()))).toBe(true)
      expect(timesOf(server)).toEqual([0, 29_999])
    })
  )

  it.effect("has its own count of retries, beside the transient ones", () =>
    Effect.gen(function* () {
      const server = serve(unavailable, throttled(), unavailable, throttled(), unavailable, ok)
      expect(Exit.isSuccess(yield* run(server, check(), { random: 0.5 }))).toBe(true)
      expect(timesOf(server)).toEqual([0, 50, 550, 650, 1650, 1850])
    })
  )
})

describe("a skewed clock", () => {
  const skewed = (date?: string) => reply(400, failure("InvalidTimeStamp.Expired"), date === undefined ? {} : { date })
  const datesOf = (server: Server) => server.sent.map(({ headers }) => headers["x-acs-date"])

  it.effect("is corrected from the server's date, once, and remembered", () =>
    Effect.gen(function* () {
      const server = serve(skewed("Thu, 01 Jan 1970 01:00:00 GMT"), ok, ok)
      const exit = yield* run(server, Effect.andThen(check(), check()))
      expect(Exit.isSuccess(exit)).toBe(true)
      expect(datesOf(server)).toEqual(["1970-01-01T00:00:00Z", "1970-01-01T01:00:00Z", "1970-01-01T01:00:00Z"])
      expect(timesOf(server)).toEqual([0, 0, 0])
    })
  )

  it.effect("stands as an error where correcting it did not help", () =>
    Effect.gen(function* () {
      const server = serve(skewed("Thu, 01 Jan 1970 01:00:00 GMT"))
      const error = failureOf(yield* run(server, check()))
      expect(error).toMatchObject({ _tag: "ClockSkewed", skew: 3_600_000, attempts: 2 })
    })
  )

  it.effect.each([[undefined], ["yesterday"]])("is not retried where the server's date is %j", ([date]) =>
    Effect.gen(function* () {
      const server = serve(skewed(date))
      const retries: Array<Telemetry.RetryFacts> = []
      const observer = Telemetry.makeObserver({ retryScheduled: (facts) => void retries.push(facts) })
      const observed = Effect.provideService(check(), Telemetry.Observer, observer)
      const error = failureOf(yield* run(server, observed))
      expect(error).toMatchObject({ _tag: "ClockSkewed", skew: undefined, attempts: 1 })
      expect(retries).toEqual([])
    })
  )

  it.effect("survives a date at the end of time", () =>
    Effect.gen(function* () {
      const server = serve(skewed("Sat, 13 Sep 275760 00:00:00 GMT"), ok)
      const program = Effect.gen(function* () {
        yield* TestClock.adjust("1 second")
        const first = yield* Effect.exit(check())
        yield* TestClock.adjust("1 second")
        return [first, yield* Effect.exit(check())]
      })
      const exits = yield* yield* run(server, program)
      for (const exit of exits) expect(JSON.stringify(exit)).not.toContain("Die")
    })
  )
})

describe("an expired token", () => {
  const expired = reply(403, failure("InvalidSecurityToken.Expired"))

  /** Credentials `key1`, `key2`, …: a new one after each invalidation; records what was invalidated. */
  const rotating = () => {
    const invalidated: Array<string> = []
    let current = 1
    const layer = Layer.succeed(Credentials, {
      get: Effect.sync(() =>
        makeCredential({ ...key, accessKeyId: `key${current}`, securityToken: `token${current}` })
      ),
      invalidate: (stale) =>
        Effect.sync(() => {
          invalidated.push(Redacted.value(stale.accessKeyId))
          current++
        })
    })
    return { layer, invalidated }
  }
  const idsOf = (server: Server) => server.sent.map(({ headers }) => headers["x-acs-accesskey-id"])

  it.effect("is invalidated, and the call is signed with the next", () =>
    Effect.gen(function* () {
      const { invalidated, layer } = rotating()
      const server = serve(expired, ok)
      expect(Exit.isSuccess(yield* run(server, check(), { credentials: layer }))).toBe(true)
      expect(idsOf(server)).toEqual(["key1", "key2"])
      expect(invalidated).toEqual(["key1"])
      expect(timesOf(server)).toEqual([0, 0])
    })
  )

  it.effect("is refreshed once: the second time the error stands", () =>
    Effect.gen(function* () {
      const { invalidated, layer } = rotating()
      const server = serve(expired)
      const error = failureOf(yield* run(server, check(), { credentials: layer }))
      expect(error).toMatchObject({ _tag: "SecurityTokenExpired", attempts: 2 })
      expect(idsOf(server)).toEqual(["key1", "key2"])
      expect(invalidated).toEqual(["key1"])
    })
  )

  it.effect("is asked for at every attempt, so that a rotated key is used", () =>
    Effect.gen(function* () {
      let count = 0
      const layer = Layer.succeed(Credentials, {
        get: Effect.sync(() => makeCredential({ ...key, accessKeyId: `key${++count}`, securityToken: "t" })),
        invalidate: () => Effect.void
      })
      const server = serve(unavailable, unavailable, ok)
      yield* run(server, check(), { credentials: layer })
      expect(idsOf(server)).toEqual(["key1", "key2", "key3"])
    })
  )

  it.effect("sends nothing where no credential can be had", () =>
    Effect.gen(function* () {
      const server = serve(ok)
      const credentials = Credentials.layerStatic({ accessKeyId: "", accessKeySecret: "s" })
      const error = failureOf(yield* run(server, check(), { credentials }))
      expect(error).toMatchObject({ _tag: "CredentialsError", attempts: 0 })
      expect(server.sent).toEqual([])
    })
  )
})

describe("the retry budget", () => {
  const policy = { ...RetryPolicy.standard, budget: { capacity: 2, refillPerSecond: 1 } }

  it.effect("is shared by all calls of a client, empties, and is earned back", () =>
    Effect.gen(function* () {
      const server = serve(unavailable)
      const attemptsOf = Effect.map(Effect.flip(check()), ({ attempts }) => attempts)
      const program = Effect.gen(function* () {
        const first = yield* attemptsOf
        const second = yield* attemptsOf
        yield* Effect.sleep("1 second")
        const third = yield* attemptsOf
        yield* Effect.sleep("1 minute")
        return [first, second, third, yield* attemptsOf]
      })
      expect(yield* yield* run(server, program, { policy, random: 0 })).toEqual([3, 1, 2, 3])
    })
  )

  it.effect("counts throttled retries, too", () =>
    Effect.gen(function* () {
      const none = { ...policy, budget: { capacity: 0, refillPerSecond: 0 } }
      const throttled = reply(403, failure("Throttling.Api"))
      expect(failureOf(yield* run(serve(throttled, ok), check(), { policy: none })).attempts).toBe(1)
      expect(Exit.isSuccess(yield* run(serve(throttled, ok), check(), { policy }))).toBe(true)
    })
  )

  it.effect("does not count corrections of the clock", () =>
    Effect.gen(function* () {
      const none = { ...policy, budget: { capacity: 0, refillPerSecond: 0 } }
      const skewed = reply(400, failure("IllegalTimestamp"), { date: "Thu, 01 Jan 1970 01:00:00 GMT" })
      expect(Exit.isSuccess(yield* run(serve(skewed, ok), check(), { policy: none }))).toBe(true)
      expect(failureOf(yield* run(serve(unavailable, ok), check(), { policy: none })).attempts).toBe(1)
    })
  )
})

describe("time", () => {
  it.effect("an attempt that hangs is interrupted after 10 s and tried again, until the deadline", () =>
    Effect.gen(function* () {
      const server = serve(hangs)
      const error = failureOf(yield* run(server, check(), { random: 0.5 }))
      expect(timesOf(server)).toEqual([0, 10_050, 20_150])
      expect(error).toMatchObject({ _tag: "CallTimeout", limit: "deadline", after: 30_000, attempts: 3 })
      expect(server.interrupted()).toBe(3)
    })
  )

  it.effect("an attempt's own limit is said where nothing is retried", () =>
    Effect.gen(function* () {
      const server = serve(hangs)
      const policy = { ...RetryPolicy.none, attemptTimeout: "3 seconds" } as const
      const error = failureOf(yield* run(server, check(), { policy }, "3 seconds"))
      expect(error).toMatchObject({ _tag: "CallTimeout", limit: "attempt", after: 3000, attempts: 1 })
      const same = { ...policy, deadline: "3 seconds" } as const
      expect(failureOf(yield* run(serve(hangs), check(), { policy: same }, "3 seconds"))).toMatchObject({
        limit: "attempt",
        after: 3000
      })
    })
  )

  it.effect("the deadline ends a call to the millisecond, credentials included", () =>
    Effect.gen(function* () {
      const never = Layer.succeed(Credentials, { get: Effect.never, invalidate: () => Effect.void })
      const server = serve(ok)
      const fiber = yield* Effect.forkChild(
        Effect.exit(
          Effect.provide(check({ retry: { deadline: "5 seconds" } }), clientOf(server, { credentials: never }))
        )
      )
      yield* TestClock.adjust("4999 millis")
      expect(fiber.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("1 milli")
      expect(failureOf(yield* Fiber.join(fiber))).toMatchObject({
        _tag: "CallTimeout",
        limit: "deadline",
        after: 5000
      })
      expect(server.sent).toEqual([])
    })
  )

  it.effect("interrupting a call interrupts its request", () =>
    Effect.gen(function* () {
      const server = serve(hangs)
      const fiber = yield* Effect.forkChild(Effect.provide(check(), clientOf(server)))
      yield* TestClock.adjust("1 second")
      expect(server.sent).toHaveLength(1)
      yield* Fiber.interrupt(fiber)
      expect(server.interrupted()).toBe(1)
    })
  )

  it.effect("interrupting a call aborts the signal of fetch", () =>
    Effect.gen(function* () {
      const signals: Array<AbortSignal | null | undefined> = []
      const fetch = ((_url: unknown, init?: RequestInit) => {
        signals.push(init?.signal)
        return new Promise(() => {})
      }) as typeof globalThis.fetch // its other overloads are not used
      const layer = Cloudauth.layer().pipe(
        Layer.provide([Credentials.layerStatic(key), FetchHttpClient.layer]),
        Layer.provideMerge(Layer.succeed(FetchHttpClient.Fetch, fetch))
      )
      const fiber = yield* Effect.forkChild(Effect.provide(check(), layer))
      while (signals.length === 0) yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
      expect(signals[0]?.aborted).toBe(false)
      yield* Fiber.interrupt(fiber)
      expect(signals[0]?.aborted).toBe(true)
    })
  )

  it.effect("interrupting a wait sends nothing more", () =>
    Effect.gen(function* () {
      const server = serve(throttled({ "x-acs-retry-after": "5000" }))
      const fiber = yield* Effect.forkChild(Effect.provide(check(), clientOf(server)))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("1 minute")
      expect(server.sent).toHaveLength(1)
    })
  )
})

describe("a policy", () => {
  const never = Schedule.recurs(0)

  it.effect("can be replaced as a layer", () =>
    Effect.gen(function* () {
      const server = serve(unavailable)
      expect(failureOf(yield* run(server, check(), { policy: RetryPolicy.none })).attempts).toBe(1)
    })
  )

  it.effect("can be provided for a part of a program, over the client's own", () =>
    Effect.gen(function* () {
      const attemptsUnder = Effect.fnUntraced(function* (
        own: RetryPolicy.RetryPolicy,
        provided: RetryPolicy.RetryPolicy
      ) {
        const program = check().pipe(Effect.provideService(RetryPolicy.RetryPolicy, provided))
        return failureOf(yield* run(serve(unavailable), program, { policy: own })).attempts
      })
      const once = { ...RetryPolicy.none, transient: Schedule.recurs(1) }
      expect(yield* attemptsUnder(RetryPolicy.standard, once)).toBe(2)
      expect(yield* attemptsUnder(RetryPolicy.none, once)).toBe(2)
      // Was a bug: the standard policy, provided on purpose, is taken for none provided: the client's own stays in force.
      expect(yield* attemptsUnder(RetryPolicy.none, RetryPolicy.standard)).toBe(4)
    })
  )

  it.effect("can be replaced in part for a call; the rest stays", () =>
    Effect.gen(function* () {
      const server = serve(unavailable)
      expect(failureOf(yield* run(server, check({ retry: { transient: never } }))).attempts).toBe(1)
      const throttledServer = serve(throttled())
      const error = failureOf(yield* run(throttledServer, check({ retry: { transient: never } })))
      expect(error.attempts).toBe(9)
    })
  )

  it.effect("can be replaced whole for a call", () =>
    Effect.gen(function* () {
      const server = serve(throttled({ "x-acs-retry-after": "10" }))
      const retry = {
        ...RetryPolicy.standard,
        throttle: Schedule.spaced("3 seconds").pipe(Schedule.upTo({ times: 2 }))
      }
      yield* run(server, check({ retry }))
      expect(timesOf(server)).toEqual([0, 3000, 6000])
    })
  )

  it.effect("begins anew with each call", () =>
    Effect.gen(function* () {
      const server = serve(unavailable)
      yield* run(server, Effect.andThen(Effect.exit(check()), Effect.exit(check())), { random: 0.5 })
      expect(timesOf(server)).toEqual([0, 50, 150, 350, 350, 400, 500, 700])
    })
  )
})

describe("awaitResult", () => {
  it.effect("asks again on ProcessNotCompleted: after 2 s, then ever later", () =>
    Effect.gen(function* () {
      const server = serve(notCompleted, notCompleted, notCompleted, ok)
      const exit = yield* run(server, wait())
      expect(Exit.isSuccess(exit)).toBe(true)
      expect(timesOf(server)).toEqual([0, 2000, 4500, 7625])
    })
  )

  it.effect("ends with ProcessNotCompleted after 10 minutes, with at most 10 s between two questions", () =>
    Effect.gen(function* () {
      const server = serve(notCompleted)
      const error = failureOf(yield* run(server, wait()))
      expect(error._tag).toBe("ProcessNotCompleted")
      const times = timesOf(server)
      const last = times.at(-1) ?? 0
      expect(last).toBeGreaterThan(590_000)
      expect(last).toBeLessThanOrEqual(610_000)
      for (const [i, at] of times.entries()) expect(at - (times[i - 1] ?? at)).toBeLessThan(10_000.001)
    })
  )

  it.effect("asks again while the result is pending: Passed is P, whatever the sub code", () =>
    Effect.gen(function* () {
      const pending = (more: object) => reply(200, successWith({ Passed: "P", ...more }))
      const server = serve(pending({ SubCode: "200" }), pending({ SubCode: "212" }), pending({}), ok)
      const exit = yield* run(server, wait())
      expect(Exit.isSuccess(exit)).toBe(true)
      expect(timesOf(server)).toEqual([0, 2000, 4500, 7625])
    })
  )

  it.effect("ends with ProcessNotCompleted where the result stays pending, as one checkResult does", () =>
    Effect.gen(function* () {
      const body = successWith({ Passed: "P", SubCode: "200" })
      for (const ask of [wait(), Cloudauth.checkResult(request)]) {
        const error = failureOf(yield* run(serve(reply(200, body)), ask))
        expect(error).toMatchObject({ _tag: "ProcessNotCompleted", httpStatus: 200, requestId, attempts: 1 })
      }
    })
  )

  it.effect("takes a schedule of one's own", () =>
    Effect.gen(function* () {
      const server = serve(notCompleted)
      const polling = Schedule.spaced("1 second").pipe(Schedule.upTo({ times: 3 }))
      const error = failureOf(yield* run(server, wait({ polling })))
      expect(error._tag).toBe("ProcessNotCompleted")
      expect(timesOf(server)).toEqual([0, 1000, 2000, 3000])
    })
  )

  it.effect("repeats on nothing else", () =>
    Effect.gen(function* () {
      const server = serve(notCompleted, reply(400, failure("TransactionIdInvalid")))
      expect(failureOf(yield* run(server, wait()))._tag).toBe("TransactionIdInvalid")
      expect(server.sent).toHaveLength(2)
    })
  )

  it.effect("retries each question by the policy, each with a deadline of its own", () =>
    Effect.gen(function* () {
      const server = serve(unavailable, notCompleted, unavailable, ok)
      expect(Exit.isSuccess(yield* run(server, wait(), { random: 0.5 }))).toBe(true)
      expect(timesOf(server)).toEqual([0, 50, 2050, 2100])
    })
  )

  it.effect("passes what is set for its calls on", () =>
    Effect.gen(function* () {
      const server = serve(notCompleted, unavailable)
      expect(failureOf(yield* run(server, wait({ retry: RetryPolicy.none })))._tag).toBe("ServiceDown")
      expect(server.sent).toHaveLength(2)
    })
  )

  it.effect("is interrupted between two questions", () =>
    Effect.gen(function* () {
      const server = serve(notCompleted)
      const fiber = yield* Effect.forkChild(Effect.provide(wait(), clientOf(server)))
      yield* TestClock.adjust("3 seconds")
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("1 minute")
      expect(timesOf(server)).toEqual([0, 2000])
    })
  )
})

describe("the limit of a body", () => {
  /** A transport whose body is a real stream that counts what is read of it. */
  const streaming = (chunkBytes: number, chunks: number) => {
    let pulled = 0
    let cancelled = false
    const client = HttpClient.make((request) =>
      Effect.sync(() => {
        const body = new ReadableStream<Uint8Array>(
          {
            pull: (controller) => {
              if (pulled++ >= chunks) return controller.close()
              controller.enqueue(new Uint8Array(chunkBytes).fill(0x20))
            },
            cancel: () => {
              cancelled = true
            }
          },
          { highWaterMark: 0 }
        )
        return HttpClientResponse.fromWeb(request, new Response(body, { status: 200 }))
      })
    )
    return { layer: Layer.succeed(HttpClient.HttpClient, client), pulled: () => pulled, cancelled: () => cancelled }
  }

  const clientOver = (transport: Layer.Layer<HttpClient.HttpClient>, maxBodyBytes?: number) =>
    Cloudauth.layer({ maxBodyBytes }).pipe(Layer.provide([Credentials.layerStatic(key), transport]))

  it.effect("ends the read there, with a typed error", () =>
    Effect.gen(function* () {
      const transport = streaming(1000, 1_000_000)
      const error = yield* Effect.flip(check()).pipe(Effect.provide(clientOver(transport.layer, 10_000)))
      expect(error).toMatchObject({
        _tag: "DecodeError",
        expected: "at most 10000 bytes",
        attempts: 1,
        httpStatus: 200
      })
      expect(transport.pulled()).toBeLessThanOrEqual(12)
      expect(transport.cancelled()).toBe(true)
    })
  )

  it.effect("is 16 MiB by default", () =>
    Effect.gen(function* () {
      const transport = streaming(1024 * 1024, 1000)
      const error = yield* Effect.flip(check()).pipe(Effect.provide(clientOver(transport.layer)))
      expect(error).toMatchObject({ _tag: "DecodeError", expected: "at most 16777216 bytes" })
      expect(transport.pulled()).toBeLessThanOrEqual(18)
    })
  )

  it.effect.each([Number.NaN, Infinity, 0, -1, 1.5])("is refused where it is %d bytes", (maxBodyBytes) =>
    Effect.gen(function* () {
      const server = serve(ok)
      const error = failureOf(yield* run(server, check(), { options: { maxBodyBytes } }))
      expect(error).toMatchObject({ _tag: "InvalidRequest", path: "maxBodyBytes" })
      expect(server.sent).toEqual([])
    })
  )

  it.effect("lets a body of exactly that size through", () =>
    Effect.gen(function* () {
      const body = success({ ocrIdPassed: "Y" })
      const exact = new TextEncoder().encode(body).byteLength
      const attempts = (maxBodyBytes: number) => run(serve(reply(200, body)), check(), { options: { maxBodyBytes } })
      expect(Exit.isSuccess(yield* attempts(exact))).toBe(true)
      expect(failureOf(yield* attempts(exact - 1))).toMatchObject({ _tag: "DecodeError" })
    })
  )

  it.effect("reads a body in many pieces whole", () =>
    Effect.gen(function* () {
      const bytes = new TextEncoder().encode(success({ ocrIdInfo: { passportNo: "李😀" } }))
      const client = HttpClient.make((request) =>
        Effect.sync(() => {
          let at = 0
          const body = new ReadableStream<Uint8Array>({
            pull: (controller) =>
              at < bytes.length ? controller.enqueue(bytes.slice(at, (at += 7))) : controller.close()
          })
          return HttpClientResponse.fromWeb(request, new Response(body, { status: 200 }))
        })
      )
      const result = yield* Cloudauth.checkResult({ ...request, document: Document.GlobalPassport }).pipe(
        Effect.provide(clientOver(Layer.succeed(HttpClient.HttpClient, client)))
      )
      expect(Document.reveal(result.ocr)?.passportNo).toBe("李😀")
    })
  )

  it.effect("is a TransportError, retried, where the body breaks off", () =>
    Effect.gen(function* () {
      let count = 0
      const client = HttpClient.make((request) =>
        Effect.sync(() => {
          count++
          const body = new ReadableStream<Uint8Array>({
            pull: (controller) => controller.error(new Error("socket hang up"))
          })
          return HttpClientResponse.fromWeb(request, new Response(body, { status: 200 }))
        })
      )
      const options = { retry: { transient: Schedule.recurs(1) } }
      const error = yield* Effect.flip(check(options)).pipe(
        Effect.provide(clientOver(Layer.succeed(HttpClient.HttpClient, client)))
      )
      expect(error).toMatchObject({ _tag: "TransportError", attempts: 2 })
      expect(count).toBe(2)
    })
  )
})

describe("over fetch", () => {
  /** A `fetch` that records how it was called. */
  const fetching = (response: () => Response) => {
    const calls: Array<{ readonly url: string; readonly init: RequestInit | undefined }> = []
    const fetch = (async (url: string | URL | Request, init?: RequestInit) => {
      calls.push({ url: url instanceof Request ? url.url : url.toString(), init })
      return response()
    }) as typeof globalThis.fetch // its other overloads are not used
    const layer = Cloudauth.layer().pipe(
      Layer.provide([Credentials.layerStatic(key), FetchHttpClient.layer]),
      Layer.provideMerge(Layer.succeed(FetchHttpClient.Fetch, fetch))
    )
    return { calls, layer }
  }

  it.effect("works", () =>
    Effect.gen(function* () {
      const { calls, layer } = fetching(() => new Response(success({ ocrIdPassed: "Y" })))
      const result = yield* check().pipe(Effect.provide(layer))
      expect(result.verdict._tag).toBe("Passed")
      expect(calls[0]?.init?.method).toBe("POST")
      expect(calls[0]?.url).toMatch(/^https:\/\/cloudauth-intl\.cn-hongkong\.aliyuncs\.com\/\?/)
    })
  )

  it.effect("follows no redirect: the signature goes to no other host", () =>
    Effect.gen(function* () {
      const { calls, layer } = fetching(
        () => new Response("", { status: 302, headers: { location: "https://evil.example/" } })
      )
      const error = yield* Effect.flip(check()).pipe(Effect.provide(layer))
      expect(error).toMatchObject({ _tag: "UnknownResponseCode", httpStatus: 302, attempts: 1 })
      expect(calls).toHaveLength(1)
      expect(calls[0]?.init?.redirect).toBe("manual")
    })
  )

  it.effect("keeps the options of fetch that the caller set, redirects apart", () =>
    Effect.gen(function* () {
      const { calls, layer } = fetching(() => new Response(success({})))
      const init = Layer.succeed(FetchHttpClient.RequestInit, { keepalive: true, redirect: "follow" })
      yield* check().pipe(Effect.provide(Layer.provide(layer, init)))
      expect(calls[0]?.init).toMatchObject({ keepalive: true, redirect: "manual" })
    })
  )
})

describe("layers", () => {
  it.effect("refuse a wrong endpoint when they are built", () =>
    Effect.gen(function* () {
      const server = serve(ok)
      const error = failureOf(yield* run(server, check(), { options: { url: "http://example.com" } }))
      expect(error).toMatchObject({ _tag: "InvalidRequest", path: "url" })
      expect(server.sent).toEqual([])
    })
  )

  const configured = (env: Record<string, string>, server: Server) =>
    Effect.provide(
      check(),
      Cloudauth.layerConfig.pipe(
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
      expect(server.sent[0]?.url.origin).toBe(origin)
    })
  )

  it.effect.each([
    { CLOUDAUTH_NETWORK: "intranet" },
    { CLOUDAUTH_REGION: "nowhere" },
    { CLOUDAUTH_ENDPOINT: "http://example.com" }
  ] as ReadonlyArray<Record<string, string>>)("layerConfig refuses %j", (env) =>
    Effect.gen(function* () {
      const server = serve(ok)
      expect(Exit.isFailure(yield* Effect.exit(configured(env, server)))).toBe(true)
      expect(server.sent).toEqual([])
    })
  )
})

describe("layerTest", () => {
  it.effect("answers by the function, without HTTP", () =>
    Effect.gen(function* () {
      const layer = Cloudauth.layerTest(({ transactionId }) =>
        transactionId === "known" ? Canned.passed(Document.GlobalPassport) : Canned.error("TransactionIdInvalid")
      )
      const program = Effect.gen(function* () {
        const result = yield* Cloudauth.checkResult({
          ...request,
          transactionId: "known",
          document: Document.GlobalPassport
        })
        expect(result.verdict._tag).toBe("Passed")
        expect(Document.reveal(result.ocr)?.surname).toBe("SPECIMEN")
        const error = yield* Effect.flip(check())
        expect(error).toMatchObject({ _tag: "TransactionIdInvalid", httpStatus: 400 })
      })
      yield* Effect.provide(program, layer)
    })
  )

  it.effect("refuses a wrong request as the client does, before the function is asked", () =>
    Effect.gen(function* () {
      let asked = 0
      const layer = Cloudauth.layerTest(() => {
        asked++
        return Canned.passed()
      })
      const error = yield* Effect.flip(Cloudauth.checkResult({ ...request, merchantBizId: "" })).pipe(
        Effect.provide(layer)
      )
      expect(error._tag).toBe("InvalidRequest")
      class Other extends Document.GlobalPassport {}
      const ofNoKind = yield* Effect.flip(Cloudauth.checkResult({ ...request, document: Other })).pipe(
        Effect.provide(layer)
      )
      expect(ofNoKind).toMatchObject({ _tag: "InvalidRequest", path: "document" })
      // Was a bug: the function is called before the request is checked.
      expect(asked).toBe(0)
    })
  )

  // Was a bug: the function is called once, when the effect is made: awaitResult repeats that one answer for ever.
  it.effect("polls as the client does", () =>
    Effect.gen(function* () {
      let count = 0
      const layer = Cloudauth.layerTest(() => (++count < 3 ? Canned.error("ProcessNotCompleted") : Canned.passed()))
      const fiber = yield* Effect.forkChild(Effect.provide(wait(), layer))
      yield* TestClock.adjust("10 seconds")
      expect(count).toBe(3)
      expect((yield* Fiber.join(fiber)).verdict._tag).toBe("Passed")
    })
  )
})
