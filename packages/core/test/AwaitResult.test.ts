/** When `awaitResult` asks again, and when it ends. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import { TestClock } from "effect/testing"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import type { AwaitOptions } from "../src/Cloudauth.ts"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import { failure, requestId, success, successWith } from "./fixtures/answers.ts"
import { clientOf, failureOf, reply, run, serve, timesOf } from "./fixtures/server.ts"

const request = { merchantBizId: "order1", transactionId: "hksb0000" }
const ok = reply(200, success({ ocrIdPassed: "Y", ocrIdInfo: Canned.fields.GlobalPassport }))
const unavailable = reply(503, failure("ServiceUnavailable"))
const notCompleted = reply(404, failure("ProcessNotCompleted"))
const wait = (options?: AwaitOptions) => Cloudauth.awaitResult(request, options)

describe("awaitResult", () => {
  it.effect("asks again on ProcessNotCompleted: after 2 s, then at growing intervals", () =>
    Effect.gen(function* () {
      const server = serve(notCompleted, notCompleted, notCompleted, ok)
      const exit = yield* run(server, wait())
      assert.isTrue(Exit.isSuccess(exit))
      assert.deepStrictEqual(timesOf(server), [0, 2000, 4500, 7625])
    })
  )

  it.effect("ends with ProcessNotCompleted after 10 minutes, with at most 10 s between two calls", () =>
    Effect.gen(function* () {
      const server = serve(notCompleted)
      const error = failureOf(yield* run(server, wait()))
      assert.strictEqual(error._tag, "ProcessNotCompleted")
      const times = timesOf(server)
      const last = times.at(-1) ?? 0
      assert.isAbove(last, 590_000)
      assert.isAtMost(last, 610_000)
      for (const [i, at] of times.entries()) assert.isBelow(at - (times[i - 1] ?? at), 10_000.001)
    })
  )

  it.effect("asks again while the result is pending: Passed is P, whatever the sub code", () =>
    Effect.gen(function* () {
      const pending = (more: object) => reply(200, successWith({ Passed: "P", ...more }))
      const server = serve(pending({ SubCode: "200" }), pending({ SubCode: "212" }), pending({}), ok)
      assert.isTrue(Exit.isSuccess(yield* run(server, wait())))
      assert.deepStrictEqual(timesOf(server), [0, 2000, 4500, 7625])
    })
  )

  it.effect("ends with ProcessNotCompleted if the result stays pending, as one checkResult does", () =>
    Effect.gen(function* () {
      const body = successWith({ Passed: "P", SubCode: "200" })
      for (const ask of [wait(), Cloudauth.checkResult(request)]) {
        const error = failureOf(yield* run(serve(reply(200, body)), ask))
        assert.deepInclude(error, { _tag: "ProcessNotCompleted", httpStatus: 200, requestId, attempts: 1 })
      }
    })
  )

  it.effect("takes a schedule", () =>
    Effect.gen(function* () {
      const server = serve(notCompleted)
      const polling = Schedule.spaced("1 second").pipe(Schedule.upTo({ times: 3 }))
      const error = failureOf(yield* run(server, wait({ polling })))
      assert.strictEqual(error._tag, "ProcessNotCompleted")
      assert.deepStrictEqual(timesOf(server), [0, 1000, 2000, 3000])
    })
  )

  it.effect("repeats on nothing else", () =>
    Effect.gen(function* () {
      const server = serve(notCompleted, reply(400, failure("TransactionIdInvalid")))
      assert.strictEqual(failureOf(yield* run(server, wait()))._tag, "TransactionIdInvalid")
      assert.lengthOf(server.sent, 2)
    })
  )

  it.effect("retries each call by the policy, each with its own deadline", () =>
    Effect.gen(function* () {
      const server = serve(unavailable, notCompleted, unavailable, ok)
      assert.isTrue(Exit.isSuccess(yield* run(server, wait(), { random: 0.5 })))
      assert.deepStrictEqual(timesOf(server), [0, 25, 2025, 2050])
    })
  )

  it.effect("passes the call options on", () =>
    Effect.gen(function* () {
      const server = serve(notCompleted, unavailable)
      assert.strictEqual(failureOf(yield* run(server, wait({ retry: RetryPolicy.none })))._tag, "ServiceDown")
      assert.lengthOf(server.sent, 2)
    })
  )

  it.effect("is interrupted between two calls", () =>
    Effect.gen(function* () {
      const server = serve(notCompleted)
      const fiber = yield* Effect.forkChild(Effect.provide(wait(), clientOf(server)))
      yield* TestClock.adjust("3 seconds")
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(timesOf(server), [0, 2000])
    })
  )
})
