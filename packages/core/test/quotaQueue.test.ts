/** What the queue for the account's quota tells, and which options it refuses. */
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import * as Tracer from "effect/Tracer"
import { Cloudauth, type Options } from "../src/Cloudauth.ts"
import * as Quota from "../src/Quota.ts"
import * as Telemetry from "../src/Telemetry.ts"
import { answered, checks, clientOf, service, start } from "./fixtures/quota.ts"

describe("the queue", () => {
  it.effect("tells whom it refuses how many calls wait, and how long one more would", () =>
    Effect.gen(function* () {
      const lane = Quota.makeUnsafe().lane("account", "CheckResult", yield* Clock.Clock)
      const limits = { perSecond: 10, margin: 100 }
      const take = (priority: Quota.Priority, timeLeft = Infinity) => lane.take({ limits, priority, timeLeft })
      yield* start(Array.from({ length: 31 }, () => take("batch")))
      yield* TestClock.adjust(60)
      // 30 wait, and the next place is due in 50 ms: for a person's call, which passes them.
      assert.deepInclude(yield* Effect.flip(take("batch", 3000)), { waiting: 30, wait: 50 + 30 * 110 })
      assert.deepInclude(yield* Effect.flip(take("interactive", 50)), { waiting: 30, wait: 50 })
      const patient = yield* start([take("batch", 3351)])
      yield* TestClock.adjust(3350)
      assert.isTrue((yield* Effect.forEach(patient, Fiber.join)).every(Exit.isSuccess))
    })
  )

  it.effect.each(Quota.priorities)(
    "foretells exactly how long a call of the priority %s waits among many",
    (priority) =>
      Effect.gen(function* () {
        const lane = Quota.makeUnsafe().lane("kyc", "CheckResult", yield* Clock.Clock)
        const take = (priority: Quota.Priority, timeLeft: number) =>
          lane.take({ limits: { perSecond: 10, margin: 0 }, priority, timeLeft })
        for (const [waiting, many] of [
          ["interactive", 140],
          ["wait", 43],
          ["batch", 5]
        ] as const) {
          for (let nth = 0; nth < many; nth++) {
            yield* Effect.forkChild(take(waiting, Infinity), { startImmediately: true })
          }
        }
        const { wait } = yield* Effect.flip(take(priority, 1))
        const taking = yield* Effect.forkChild(take(priority, Infinity), { startImmediately: true })
        yield* TestClock.adjust("30 seconds")
        assert.strictEqual((yield* Fiber.join(taking)).waited, wait)
      })
  )

  it.effect("shows in observers and on the call's span: the wait, who waits behind, the share that is used", () =>
    Effect.gen(function* () {
      const asked = service({ perSecond: 10 })
      const taken: Array<Telemetry.QuotaFacts> = []
      const waits: Array<number> = []
      const events: Array<unknown> = []
      const observer = Telemetry.makeObserver({
        quotaTaken: (facts) => taken.push(facts),
        limiterWaited: (duration) => waits.push(duration)
      })
      const tracer = Tracer.make({
        span: (options) => {
          const span = new Tracer.NativeSpan(options)
          span.event = (name, _, attributes) => void (name === "cloudauth.limiter.wait" && events.push(attributes))
          return span
        }
      })
      yield* answered(checks(3)).pipe(
        Effect.provide(clientOf(asked)),
        Effect.provideService(Telemetry.Observer, observer),
        Effect.provideService(Tracer.Tracer, tracer)
      )
      assert.deepStrictEqual(
        taken.map(({ share, waited, waiting }) => ({ waited, waiting, share })),
        [
          { waited: 0, waiting: 0, share: 0.1 },
          { waited: 110, waiting: 1, share: 0.2 },
          { waited: 220, waiting: 0, share: 0.3 }
        ]
      )
      assert.deepStrictEqual(waits, [110, 220])
      assert.deepStrictEqual(events, [
        { "cloudauth.limiter.wait": 0.11, "cloudauth.quota.waiting": 1, "cloudauth.quota.share": 0.2 },
        { "cloudauth.limiter.wait": 0.22, "cloudauth.quota.waiting": 0, "cloudauth.quota.share": 0.3 }
      ])
    })
  )
})

describe("users who wait at once", () => {
  it.effect.each([
    [1000, 1],
    [300, 3]
  ] as const)(
    "have their results in 1.3 times what the quota needs, and none is throttled: %i users, poll %i",
    ([users, polls]) =>
      Effect.gen(function* () {
        const asked = service({ perSecond: 10, unfinished: polls - 1 })
        const waits = Array.from({ length: users }, (_, index) =>
          Cloudauth.awaitResult({ merchantBizId: "order1", transactionId: `hksb${index}` })
        )
        const fibers = yield* start(waits).pipe(Effect.provide(clientOf(asked)))
        yield* TestClock.adjust((1300 * waits.length * polls) / 10)
        const exits = fibers.flatMap((fiber) => fiber.pollUnsafe() ?? [])
        assert.lengthOf(
          exits.filter((exit) => Exit.isSuccess(exit) && Exit.isSuccess(exit.value)),
          users
        )
        assert.lengthOf(asked.arrivals, users * polls)
        assert.isFalse(asked.arrivals.some(({ isThrottled }) => isThrottled))
      })
  )
})

describe("an option of the quota", () => {
  it.effect.each<[unknown, string]>([
    [{ quota: 0 }, "quota"],
    [{ quota: "all" }, "quota"],
    [{ quota: Number.NaN }, "quota"],
    [{ quota: { perSecond: 100_001 } }, "quota.perSecond"],
    [{ quota: { margin: "1 minute" } }, "quota.margin"],
    [{ quota: { perSec: 10 } }, "quota.perSec"],
    [{ url: "https://kyc-proxy.example", quota: {} }, "quota.perSecond"],
    [{ account: "" }, "account"],
    [{ account: "kyc", quota: "none" }, "account"],
    [{ account: "kyc", url: "https://kyc-proxy.example" }, "account"]
  ])("is refused if it is wrong or has no effect: %j", ([options, path]) =>
    Effect.gen(function* () {
      const wrong = options as Options // what a caller without types can give
      const error = yield* Effect.flip(Layer.build(clientOf(service({ perSecond: 1 }), wrong)))
      assert.deepInclude(error, { _tag: "InvalidRequest", path })
    })
  )
})
