/** When `awaitResult` polls again, and how it ends. */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import { TestClock } from "effect/testing"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import type { AwaitOptions } from "../src/Cloudauth.ts"
import * as CloudauthError from "../src/CloudauthError.ts"
import { Credentials } from "../src/Credentials.ts"
import type * as PendingResult from "../src/PendingResult.ts"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import { failure, requestId, success, successWith } from "./fixtures/answers.ts"
import { breaks, changing, clientOf, endOf, hangs, key, reply, run, serve, timesOf } from "./fixtures/server.ts"
import type { Reply } from "./fixtures/server.ts"

const request = { merchantBizId: "order1", transactionId: "hksb0000" }
const ok = reply(200, success({ ocrIdPassed: "Y", ocrIdInfo: Canned.fields.GlobalPassport }))
const unavailable = reply(503, failure("ServiceUnavailable"))
const notCompleted = reply(404, failure("ProcessNotCompleted"))
const unfinished = (times: number) => Array.from({ length: times }, () => notCompleted)
const wait = (options?: AwaitOptions) => Cloudauth.awaitResult(request, options)

/** Polls exactly as scheduled: chance adds nothing. */
const even = { random: 0 }

describe("awaitResult", () => {
  it.effect("polls again while the user is busy: after 3 s, each time 1.6 times as long, up to every minute", () =>
    Effect.gen(function* () {
      const server = serve(...unfinished(9), ok)
      const exit = yield* run(server, wait(), even)
      assert.isTrue(Exit.isSuccess(exit))
      const seconds = timesOf(server).map((at) => Math.round(at / 100) / 10)
      assert.deepStrictEqual(seconds, [0, 3, 7.8, 15.5, 27.8, 47.4, 78.9, 129.2, 189.2, 249.2])
    })
  )

  it.effect.each([0, 0.5, 0.999])("polls at most 15 times in ten minutes, whatever chance adds (%d)", (random) =>
    Effect.gen(function* () {
      const server = serve(notCompleted)
      const fiber = yield* Effect.forkChild(Effect.provide(wait(), clientOf(server, { random })))
      yield* TestClock.adjust("10 minutes")
      assert.isAtMost(server.sent.length, 15)
      assert.isAtLeast(server.sent.length, 12)
      yield* Fiber.interrupt(fiber)
    })
  )

  it.effect("polls again while the result is pending: Passed is P, whatever the sub code and the user's time", () =>
    Effect.gen(function* () {
      const pending = (more: object) => reply(200, successWith({ Passed: "P", ...more }))
      const scripted = [pending({ SubCode: "200" }), pending({ SubCode: "212" }), pending({}), ok]
      assert.isTrue(Exit.isSuccess(yield* run(serve(...scripted), wait())))
      const late = wait({ timeout: "40 minutes" })
      const error = endOf(yield* run(serve(pending({ SubCode: "200" })), late, even, "1 hour"))
      assert.deepInclude(error, { _tag: "WaitTimedOut", httpStatus: 200, requestId, reason: "ProcessNotCompleted" })
    })
  )

  it.effect.each([
    ["known", { startedAt: 0 }],
    ["unknown", {}]
  ] as const)("ends as abandoned when the user's 30 minutes are over, their beginning being %s", ([, expect]) =>
    Effect.gen(function* () {
      const server = serve(notCompleted)
      const error = endOf(yield* run(server, Cloudauth.awaitResult({ ...request, expect }), even, "1 hour"))
      assert.deepInclude(error, { _tag: "TransactionAbandoned", startedAt: 0 })
      assert.isAtMost(server.sent.length, 36)
    })
  )

  it.effect("takes a schedule, and times out at its end", () =>
    Effect.gen(function* () {
      const server = serve(notCompleted)
      const polling = Schedule.spaced("1 second").pipe(Schedule.upTo({ times: 3 }))
      const error = endOf(yield* run(server, wait({ polling })))
      assert.deepInclude(error, { _tag: "WaitTimedOut", polls: 4, reason: "ProcessNotCompleted" })
      assert.deepStrictEqual(timesOf(server), [0, 1000, 2000, 3000])
    })
  )

  it.effect("times out within a poll that hangs", () =>
    Effect.gen(function* () {
      const server = serve(hangs)
      const error = endOf(yield* run(server, wait({ timeout: "5 seconds" }), even, "5 seconds"))
      assert.deepInclude(error, { _tag: "WaitTimedOut", polls: 0, reason: undefined })
      assert.strictEqual(server.interrupted(), 1)
    })
  )

  it.effect("makes its first poll after the initial delay", () =>
    Effect.gen(function* () {
      const server = serve(ok)
      assert.isTrue(Exit.isSuccess(yield* run(server, wait({ initialDelay: "1 minute" }))))
      assert.deepStrictEqual(timesOf(server), [60_000])
    })
  )

  it.effect.each(["timeout", "initialDelay"] as const)("refuses a %s that is no finite time", (path) =>
    Effect.gen(function* () {
      const server = serve(ok)
      const error = endOf(yield* run(server, wait({ [path]: Infinity })))
      assert.deepInclude(error, { _tag: "InvalidRequest", path })
      assert.lengthOf(server.sent, 0)
    })
  )

  it.effect("polls at once when it is woken, then as at the beginning", () =>
    Effect.gen(function* () {
      const server = serve(...unfinished(7), notCompleted, ok)
      const done = yield* Deferred.make<void>()
      const fiber = yield* Effect.forkChild(
        Effect.provide(wait({ wake: Deferred.await(done) }), clientOf(server, even))
      )
      yield* TestClock.adjust("100 seconds")
      yield* Deferred.succeed(done, undefined)
      yield* TestClock.adjust("3 seconds")
      assert.strictEqual((yield* Fiber.join(fiber)).verdict._tag, "Passed")
      assert.deepStrictEqual(timesOf(server).slice(7), [100_000, 103_000])
    })
  )

  it.effect("tells of each poll without a result, and a listener that throws changes nothing", () =>
    Effect.gen(function* () {
      const server = serve(notCompleted, unavailable, unavailable, unavailable, unavailable, ok)
      const reasons: Array<string> = []
      const onProgress = ({ pending, reason }: PendingResult.Waiting) => {
        reasons.push(`${pending.polls} ${reason}`)
        return Effect.die("a bug of the listener")
      }
      assert.isTrue(Exit.isSuccess(yield* run(server, wait({ onProgress }))))
      assert.deepStrictEqual(reasons, ["1 ProcessNotCompleted", "2 ServiceDown"])
    })
  )

  it.effect("retries each poll by the policy", () =>
    Effect.gen(function* () {
      const server = serve(unavailable, notCompleted, unavailable, ok)
      assert.isTrue(Exit.isSuccess(yield* run(server, wait(), even)))
      assert.deepStrictEqual(timesOf(server), [0, 0, 3000, 3000])
    })
  )

  it.effect("passes the call options on", () =>
    Effect.gen(function* () {
      const server = serve(unavailable, ok)
      assert.isTrue(Exit.isSuccess(yield* run(server, wait({ retry: RetryPolicy.none }), even)))
      assert.deepStrictEqual(timesOf(server), [0, 3000])
    })
  )

  it.effect("is interrupted between two polls", () =>
    Effect.gen(function* () {
      const server = serve(notCompleted)
      const fiber = yield* Effect.forkChild(Effect.provide(wait(), clientOf(server, even)))
      yield* TestClock.adjust("4 seconds")
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(timesOf(server), [0, 3000])
    })
  )
})

describe("a wait in an outage", () => {
  const outages: ReadonlyArray<readonly [string, Reply]> = [
    ["ServiceUnavailable", unavailable],
    ["InternalError", reply(500, failure("InternalError"))],
    ["a gateway's page", reply(502, "<html>bad gateway</html>")],
    ["throttling", reply(400, failure("Throttling.User"))],
    ["resets", breaks("ECONNRESET")],
    ["requests that hang", hangs]
  ]
  it.effect.each(outages)("of ten minutes of %s goes on", ([, fault]) =>
    Effect.gen(function* () {
      const server = serve(fault)
      const healthy = serve(ok)
      const { isOver, transport } = changing(server.transport, healthy.transport)
      const client = clientOf({ ...server, transport }, even)
      const fiber = yield* Effect.forkChild(Effect.provide(wait(), client))
      yield* TestClock.adjust("10 minutes")
      assert.isUndefined(fiber.pollUnsafe())
      isOver()
      yield* TestClock.adjust("90 seconds")
      assert.strictEqual((yield* Fiber.join(fiber)).verdict._tag, "Passed")
    })
  )

  it.effect("of whatever supplies the access key goes on", () =>
    Effect.gen(function* () {
      const server = serve(notCompleted, ok)
      let isDown = false
      const fetched = { ...key, expiresAt: 60_000 }
      const vault = Effect.suspend(() => (isDown ? Effect.fail("the vault is down") : Effect.succeed(fetched)))
      const client = clientOf(server, { ...even, credentials: Credentials.layerRefreshing({ load: vault }) })
      const fiber = yield* Effect.forkChild(Effect.provide(wait({ polling: Schedule.spaced("1 minute") }), client))
      yield* TestClock.adjust("30 seconds")
      isDown = true
      yield* TestClock.adjust("10 minutes")
      assert.isUndefined(fiber.pollUnsafe())
      assert.lengthOf(server.sent, 1)
      isDown = false
      Object.assign(fetched, { expiresAt: 3_600_000 })
      yield* TestClock.adjust("70 seconds")
      assert.strictEqual((yield* Fiber.join(fiber)).verdict._tag, "Passed")
    })
  )

  it.effect("ends at once for a key that someone must set right", () =>
    Effect.gen(function* () {
      const server = serve(ok)
      const credentials = Credentials.layerRefreshing({
        load: Effect.fail(CloudauthError.credentialsError("no role is attached"))
      })
      const malformed = Credentials.layerRefreshing({ load: Effect.succeed({ ...key, accessKeyId: "two words" }) })
      for (const wrong of [credentials, malformed]) {
        const setup = { credentials: wrong }
        const error = endOf(yield* run(server, wait(), setup, "1 second"))
        assert.deepInclude(error, { _tag: "CredentialsError", isTransient: false })
      }
      assert.lengthOf(server.sent, 0)
    })
  )

  const final: ReadonlyArray<readonly [string, string, number, string]> = [
    ["an unknown id", "TransactionIdInvalid", 400, "TransactionIdInvalid"],
    ["a wrong parameter", "InvalidParameter", 400, "InvalidParameter"],
    ["no permission", "Forbidden.RAMUserAccessDenied", 403, "RamUserAccessDenied"],
    ["an account without the service", "Forbidden.AccountAccessDenied", 403, "AccountAccessDenied"],
    ["a wrong key", "InvalidAccessKeyId.NotFound", 404, "InvalidAccessKey"],
    ["a wrong secret", "SignatureDoesNotMatch", 400, "SignatureRejected"]
  ]
  it.effect.each(final)("that no poll can end, for %s, ends at once", ([, code, status, tag]) =>
    Effect.gen(function* () {
      const server = serve(notCompleted, reply(status, failure(code)))
      assert.strictEqual(endOf(yield* run(server, wait()))._tag, tag)
      assert.lengthOf(server.sent, 2)
    })
  )
})
