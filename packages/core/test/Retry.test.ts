/** When a call is repeated, how long it waits, and when it ends. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import { TestClock } from "effect/testing"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import type { CallOptions } from "../src/Cloudauth.ts"
import { Credentials, make as makeCredential } from "../src/Credentials.ts"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import * as Telemetry from "../src/Telemetry.ts"
import { failure, success } from "./fixtures/answers.ts"
import { shown } from "./fixtures/reveal.ts"
import { breaks, clientOf, failureOf, hangs, key, reply, run, serve, timesOf } from "./fixtures/server.ts"
import type { Server } from "./fixtures/server.ts"

const request = { merchantBizId: "order1", transactionId: "hksb0000" }
const ok = reply(200, success({ ocrIdPassed: "Y", ocrIdInfo: Canned.fields.GlobalPassport }))
const unavailable = reply(503, failure("ServiceUnavailable"))
const throttled = (headers: Record<string, string> = {}) => reply(403, failure("Throttling.Api"), headers)

const check = (options?: CallOptions) => Cloudauth.checkResult(request, options)

describe("transient failures", () => {
  it.effect.each([
    ["ServiceDown", unavailable],
    ["ServiceFailed", reply(500, failure("InternalError"))],
    ["ServiceDown", reply(502, "<html>bad gateway</html>")],
    ["TransportError", breaks("ECONNRESET")],
    ["SignatureRejected", reply(400, failure("SignatureNonceUsed"))],
    ["ServiceFailed", reply(500, failure("Something.New"))]
  ] as const)("are retried 3 times, after up to 50, 100 and 200 ms by chance: %j", ([tag, step]) =>
    Effect.gen(function* () {
      const server = serve(step)
      const error = failureOf(yield* run(server, check(), { random: 0.5 }))
      assert.deepInclude(error, { _tag: tag, attempts: 4 })
      assert.deepStrictEqual(timesOf(server), [0, 25, 75, 175])
    })
  )

  it.effect("end as soon as one attempt succeeds", () =>
    Effect.gen(function* () {
      const server = serve(unavailable, breaks("ECONNREFUSED"), ok)
      const exit = yield* run(server, check(), { random: 1 })
      assert.isTrue(Exit.isSuccess(exit))
      assert.deepStrictEqual(timesOf(server), [0, 50, 150])
    })
  )

  it.effect("name the error code, and nothing of the request", () =>
    Effect.gen(function* () {
      const error = failureOf(yield* run(serve(breaks("ECONNRESET")), check()))
      assert.include(error.message, "ECONNRESET")
      assert.notInclude(error.message, "hksb0000")
      assert.isDefined(error._tag === "TransportError" && String(shown(error.underlying)))
    })
  )
})

describe("throttling", () => {
  it.effect("waits as long as the server says, in milliseconds, but at least the backoff and at most 5 s more", () =>
    Effect.gen(function* () {
      const hints = ["1234", "7", "0", "20000"]
      const server = serve(...hints.map((hint) => throttled({ "x-acs-retry-after": hint })), ok)
      assert.isTrue(Exit.isSuccess(yield* run(server, check(), { random: 0.1 })))
      assert.deepStrictEqual(timesOf(server), [0, 1234, 1434, 1834, 7634])
    })
  )

  it.effect("backs off from 1 s by chance if the server sets no wait", () =>
    Effect.gen(function* () {
      const server = serve(throttled())
      const error = failureOf(yield* run(server, check(), { random: 0.5 }))
      // The next would come after the deadline: the error stays the server's.
      assert.deepInclude(error, { _tag: "Throttled", attempts: 7 })
      assert.deepStrictEqual(timesOf(server), [0, 500, 1500, 3500, 7500, 15_500, 25_500])
    })
  )

  it.effect("does not wait if the server asks for more time than the deadline leaves", () =>
    Effect.gen(function* () {
      const server = serve(throttled({ "x-acs-retry-after": "30000" }))
      const error = failureOf(yield* run(server, check(), {}, "1 milli"))
      assert.deepInclude(error, { _tag: "Throttled", retryAfter: 30_000, attempts: 1 })
      assert.deepStrictEqual(timesOf(server), [0])
    })
  )

  it.effect("waits if the wait ends before the deadline", () =>
    Effect.gen(function* () {
      const server = serve(throttled({ "x-acs-retry-after": "4999" }), ok)
      assert.isTrue(Exit.isSuccess(yield* run(server, check({ retry: { deadline: 5000 } }))))
      assert.deepStrictEqual(timesOf(server), [0, 4999])
    })
  )

  it.effect.each([
    ["503", 503, "ServiceUnavailable", { "retry-after": "1" }],
    ["503 without a code", 503, "", { "retry-after": "Thu, 01 Jan 1970 00:00:01 GMT" }],
    ["500", 500, "InternalError", { "x-acs-retry-after": "1000" }],
    ["an unknown 5xx", 599, "Some.New", { "retry-after": "1" }]
  ] as const)("is not the only answer whose hint counts: %s", ([, status, code, headers]) =>
    Effect.gen(function* () {
      const server = serve(reply(status, code === "" ? "<html>" : failure(code), headers), ok)
      assert.isTrue(Exit.isSuccess(yield* run(server, check())))
      assert.deepStrictEqual(timesOf(server), [0, 1000])
    })
  )

  it.effect("has its own count of retries, beside the transient ones", () =>
    Effect.gen(function* () {
      const server = serve(unavailable, throttled(), unavailable, throttled(), unavailable, ok)
      assert.isTrue(Exit.isSuccess(yield* run(server, check(), { random: 0.5 })))
      assert.deepStrictEqual(timesOf(server), [0, 25, 525, 575, 1575, 1675])
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
      assert.isTrue(Exit.isSuccess(exit))
      assert.deepStrictEqual(datesOf(server), ["1970-01-01T00:00:00Z", "1970-01-01T01:00:00Z", "1970-01-01T01:00:00Z"])
      assert.deepStrictEqual(timesOf(server), [0, 0, 0])
    })
  )

  it.effect("is an error if the correction did not help", () =>
    Effect.gen(function* () {
      const server = serve(skewed("Thu, 01 Jan 1970 01:00:00 GMT"))
      const error = failureOf(yield* run(server, check()))
      assert.deepInclude(error, { _tag: "ClockSkewed", skew: 3_600_000, attempts: 2 })
    })
  )

  it.effect.each([[undefined], ["yesterday"]])("is not retried if the server's date is %j", ([date]) =>
    Effect.gen(function* () {
      const server = serve(skewed(date))
      const retries: Array<Telemetry.RetryFacts> = []
      const observer = Telemetry.makeObserver({ retryScheduled: (facts) => void retries.push(facts) })
      const observed = Effect.provideService(check(), Telemetry.Observer, observer)
      const error = failureOf(yield* run(server, observed))
      assert.deepInclude(error, { _tag: "ClockSkewed", skew: undefined, attempts: 1 })
      assert.deepStrictEqual(retries, [])
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
      for (const exit of exits) assert.notInclude(JSON.stringify(exit), "Die")
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
      assert.isTrue(Exit.isSuccess(yield* run(server, check(), { credentials: layer })))
      assert.deepStrictEqual(idsOf(server), ["key1", "key2"])
      assert.deepStrictEqual(invalidated, ["key1"])
      assert.deepStrictEqual(timesOf(server), [0, 0])
    })
  )

  it.effect("is refreshed once: the second time the call fails", () =>
    Effect.gen(function* () {
      const { invalidated, layer } = rotating()
      const server = serve(expired)
      const error = failureOf(yield* run(server, check(), { credentials: layer }))
      assert.deepInclude(error, { _tag: "SecurityTokenExpired", attempts: 2 })
      assert.deepStrictEqual(idsOf(server), ["key1", "key2"])
      assert.deepStrictEqual(invalidated, ["key1"])
    })
  )

  it.effect("is read at every attempt, so that a rotated key is used", () =>
    Effect.gen(function* () {
      let count = 0
      const layer = Layer.succeed(Credentials, {
        get: Effect.sync(() => makeCredential({ ...key, accessKeyId: `key${++count}`, securityToken: "t" })),
        invalidate: () => Effect.void
      })
      const server = serve(unavailable, unavailable, ok)
      yield* run(server, check(), { credentials: layer })
      assert.deepStrictEqual(idsOf(server), ["key1", "key2", "key3"])
    })
  )

  it.effect("sends nothing without a credential", () =>
    Effect.gen(function* () {
      const server = serve(ok)
      const credentials = Credentials.layerStatic({ accessKeyId: "", accessKeySecret: "s" })
      const error = failureOf(yield* run(server, check(), { credentials }))
      assert.deepInclude(error, { _tag: "CredentialsError", attempts: 0 })
      assert.deepStrictEqual(server.sent, [])
    })
  )
})

describe("time", () => {
  it.effect("an attempt that hangs is interrupted after 10 s and tried again, until the deadline", () =>
    Effect.gen(function* () {
      const server = serve(hangs)
      const error = failureOf(yield* run(server, check(), { random: 0.5 }))
      assert.deepStrictEqual(timesOf(server), [0, 10_025, 20_075])
      assert.deepInclude(error, { _tag: "CallTimeout", limit: "deadline", after: 30_000, attempts: 3 })
      assert.strictEqual(server.interrupted(), 3)
    })
  )

  it.effect("the error names an attempt's own limit if nothing is retried", () =>
    Effect.gen(function* () {
      const server = serve(hangs)
      const policy = { ...RetryPolicy.none, attemptTimeout: "3 seconds" } as const
      const error = failureOf(yield* run(server, check(), { policy }, "3 seconds"))
      assert.deepInclude(error, { _tag: "CallTimeout", limit: "attempt", after: 3000, attempts: 1 })
      const same = { ...policy, deadline: "3 seconds" } as const
      assert.deepInclude(failureOf(yield* run(serve(hangs), check(), { policy: same }, "3 seconds")), {
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
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("1 milli")
      assert.deepInclude(failureOf(yield* Fiber.join(fiber)), {
        _tag: "CallTimeout",
        limit: "deadline",
        after: 5000
      })
      assert.deepStrictEqual(server.sent, [])
    })
  )

  it.effect("interrupting a call interrupts its request", () =>
    Effect.gen(function* () {
      const server = serve(hangs)
      const fiber = yield* Effect.forkChild(Effect.provide(check(), clientOf(server)))
      yield* TestClock.adjust("1 second")
      assert.lengthOf(server.sent, 1)
      yield* Fiber.interrupt(fiber)
      assert.strictEqual(server.interrupted(), 1)
    })
  )

  it.effect("interrupting a wait sends nothing more", () =>
    Effect.gen(function* () {
      const server = serve(throttled({ "x-acs-retry-after": "5000" }))
      const fiber = yield* Effect.forkChild(Effect.provide(check(), clientOf(server)))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("1 minute")
      assert.lengthOf(server.sent, 1)
    })
  )
})

describe("a policy", () => {
  const never = Schedule.recurs(0)

  it.effect("can be replaced as a layer", () =>
    Effect.gen(function* () {
      const server = serve(unavailable)
      assert.strictEqual(failureOf(yield* run(server, check(), { policy: RetryPolicy.none })).attempts, 1)
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
      assert.strictEqual(yield* attemptsUnder(RetryPolicy.standard, once), 2)
      assert.strictEqual(yield* attemptsUnder(RetryPolicy.none, once), 2)
      // Was a bug: the standard policy, provided on purpose, is taken for none provided: the client's own stays in force.
      assert.strictEqual(yield* attemptsUnder(RetryPolicy.none, RetryPolicy.standard), 4)
    })
  )

  it.effect("can be replaced in part for a call; the rest stays", () =>
    Effect.gen(function* () {
      const server = serve(unavailable)
      assert.strictEqual(failureOf(yield* run(server, check({ retry: { transient: never } }))).attempts, 1)
      const throttledServer = serve(throttled())
      const error = failureOf(yield* run(throttledServer, check({ retry: { transient: never } })))
      assert.strictEqual(error.attempts, 7)
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
      assert.deepStrictEqual(timesOf(server), [0, 3000, 6000])
    })
  )

  it.effect("starts again with each call", () =>
    Effect.gen(function* () {
      const server = serve(unavailable)
      yield* run(server, Effect.andThen(Effect.exit(check()), Effect.exit(check())), { random: 0.5 })
      assert.deepStrictEqual(timesOf(server), [0, 25, 75, 175, 175, 200, 250, 350])
    })
  )
})
