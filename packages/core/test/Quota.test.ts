/** The account's quota: who waits for how long, who shares it, and what the service makes of the pace. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Random from "effect/Random"
import * as TestClock from "effect/testing/TestClock"
import { Cloudauth } from "../src/Cloudauth.ts"
import { Credentials } from "../src/Credentials.ts"
import * as Canned from "../src/Canned.ts"
import * as Quota from "../src/Quota.ts"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import { answered, check, checks, clientOf, mostInASecond, service, start } from "./fixtures/quota.ts"
import { failureOf, key } from "./fixtures/server.ts"
import { hour, onSteppedClock } from "./fixtures/steppedClock.ts"

const timesOf = (arrivals: ReadonlyArray<{ readonly at: number }>) => arrivals.map(({ at }) => at)
const idsOf = (arrivals: ReadonlyArray<{ readonly transactionId: string }>) =>
  arrivals.map(({ transactionId }) => transactionId.slice("hksb".length))

describe("the quota of the service's own hosts", () => {
  it.effect("answers 250 of 250 calls at once within the deadline of 30 seconds", () =>
    Effect.gen(function* () {
      const asked = service({ perSecond: 10 })
      assert.strictEqual(yield* answered(checks(250)).pipe(Effect.provide(clientOf(asked))), 250)
      assert.strictEqual(asked.arrivals.length, 250)
      assert.isBelow(asked.arrivals.at(-1)?.at ?? Infinity, 27_500)
    })
  )

  it.effect.each([
    ["cn-hongkong", 10],
    ["ap-southeast-1", 10],
    ["ap-southeast-3", 3],
    ["ap-southeast-5", 3]
  ] as const)("is the documented one: in %s %i calls a second", ([region, perSecond]) =>
    Effect.gen(function* () {
      const asked = service({ perSecond: 1000 })
      yield* answered(checks(30)).pipe(Effect.provide(clientOf(asked, { region })))
      assert.strictEqual(mostInASecond(timesOf(asked.arrivals)), perSecond)
    })
  )

  it.effect("lets calls out evenly, not all at once", () =>
    Effect.gen(function* () {
      const asked = service({ perSecond: 10 })
      yield* answered(checks(4)).pipe(Effect.provide(clientOf(asked)))
      assert.deepStrictEqual(timesOf(asked.arrivals), [0, 110, 220, 330])
      assert.deepStrictEqual(idsOf(asked.arrivals), ["0", "1", "2", "3"])
    })
  )

  it.effect("keeps its pace though timers count in whole milliseconds", () =>
    Effect.gen(function* () {
      const asked = service({ perSecond: 1000 })
      yield* answered(checks(61)).pipe(Effect.provide(clientOf(asked, { quota: { perSecond: 30, margin: 100 } })))
      // 60 times 1100 / 30 ms.
      assert.closeTo(asked.arrivals.at(-1)?.at ?? 0, 2200, 1)
    })
  )

  it.effect("makes up for no more than 10 ms of a call that comes late", () =>
    Effect.gen(function* () {
      for (const [late, third] of [
        [10, 220],
        [11, 231]
      ] as const) {
        const asked = service({ perSecond: 1000 })
        yield* Effect.gen(function* () {
          yield* start([check(1)])
          yield* TestClock.adjust(110 + late)
          yield* answered([check(2), check(3)])
        }).pipe(Effect.provide(clientOf(asked)), Effect.provideService(Quota.Quotas, Quota.makeUnsafe()))
        const times = timesOf(asked.arrivals)
        assert.strictEqual((times[2] ?? 0) - (times[0] ?? 0), third)
      }
    })
  )

  it.effect("counts for a URL of the service's own host, too, and for no other URL", () =>
    Effect.gen(function* () {
      const urls = { "https://cloudauth-intl-vpc.ap-southeast-3.aliyuncs.com": 3, "https://kyc-proxy.example": 30 }
      for (const [url, most] of Object.entries(urls)) {
        const asked = service({ perSecond: 1000 })
        yield* answered(checks(30)).pipe(Effect.provide(clientOf(asked, { url })))
        assert.strictEqual(mostInASecond(timesOf(asked.arrivals)), most)
      }
    })
  )

  it.effect("counts for a URL of one's own if asked for, and for no host if not wanted", () =>
    Effect.gen(function* () {
      const options = [
        [{ url: "https://kyc-proxy.example", quota: 5 }, 5],
        [{ url: "https://kyc-proxy.example", quota: { perSecond: 2.5, margin: 0 } }, 3],
        [{ region: "cn-hongkong", quota: 20 }, 19],
        [{ region: "cn-hongkong", quota: "none" }, 30]
      ] as const
      for (const [option, most] of options) {
        const asked = service({ perSecond: 1000 })
        yield* answered(checks(30)).pipe(
          Effect.provide(clientOf(asked, option)),
          Effect.provideService(Quota.Quotas, Quota.makeUnsafe())
        )
        assert.strictEqual(mostInASecond(timesOf(asked.arrivals)), most)
      }
    })
  )

  it.effect("keeps no test waiting: a client of functions has none", () =>
    Effect.gen(function* () {
      const client = Cloudauth.layerTest(() => Canned.passed())
      yield* Effect.all(checks(100), { concurrency: "unbounded" }).pipe(Effect.provide(client))
    })
  )
})

describe("one quota", () => {
  it.effect("is shared by clients whose layer is built for each call", () =>
    Effect.gen(function* () {
      const asked = service({ perSecond: 10 })
      const live = clientOf(asked)
      yield* answered(checks(40).map((call) => Effect.provide(call, live)))
      assert.strictEqual(mostInASecond(timesOf(asked.arrivals)), 10)
      assert.isFalse(asked.arrivals.some(({ isThrottled }) => isThrottled))
    })
  )

  it.effect("is used up by the calls of one ManagedRuntime, whose layer is built once", () =>
    Effect.gen(function* () {
      const asked = service({ perSecond: 10 })
      const context = yield* Effect.context<never>()
      let builds = 0
      const live = Layer.effectDiscard(Effect.sync(() => builds++)).pipe(Layer.provideMerge(clientOf(asked)))
      const runtime = ManagedRuntime.make(Layer.provide(live, Layer.succeedContext(context)))
      const calls = checks(20).map((call) =>
        Effect.promise(() => runtime.runPromise(Effect.provideContext(Effect.asVoid(call), context)))
      )
      assert.strictEqual(yield* answered(calls), 20)
      assert.strictEqual(mostInASecond(timesOf(asked.arrivals)), 10)
      assert.strictEqual(builds, 1)
      yield* Effect.promise(() => runtime.dispose())
    })
  )

  it.effect("is for one account", () =>
    Effect.gen(function* () {
      const asked = service({ perSecond: 1000 })
      const calls = ["kyc", "support"].flatMap((account) =>
        checks(10).map((call) => Effect.provide(call, clientOf(asked, { account })))
      )
      yield* answered(calls)
      assert.strictEqual(mostInASecond(timesOf(asked.arrivals)), 20)
    })
  )

  it.effect("is for one region, over the internet and from inside", () =>
    Effect.gen(function* () {
      const asked = service({ perSecond: 1000 })
      const options = [
        { region: "cn-hongkong" },
        { region: "cn-hongkong", network: "vpc" },
        { region: "ap-southeast-1" }
      ] as const
      yield* answered(options.flatMap((option) => checks(10).map(Effect.provide(clientOf(asked, option)))))
      assert.strictEqual(mostInASecond(timesOf(asked.arrivals)), 20)
    })
  )

  it.effect("is for one action", () =>
    Effect.gen(function* () {
      const asked = service({ perSecond: 10, answer: Canned.initialized() })
      const begin = Cloudauth.initialize({
        merchantBizId: "order1",
        merchantUserId: "user",
        docType: "GLB03002",
        metaInfo: "{}"
      })
      yield* answered([...checks(10), ...Array.from({ length: 10 }, () => begin)]).pipe(Effect.provide(clientOf(asked)))
      assert.strictEqual(asked.arrivals.filter(({ at }) => at < 1000).length, 20)
    })
  )

  it.effect("is a fresh one if a layer says so", () =>
    Effect.gen(function* () {
      const asked = service({ perSecond: 1000 })
      const calls = checks(5).map(Effect.provide(clientOf(asked).pipe(Layer.provide(Quota.layerFresh))))
      yield* answered(calls)
      assert.deepStrictEqual(timesOf(asked.arrivals), [0, 0, 0, 0, 0])
    })
  )
})

describe("a call that waits", () => {
  it.effect.each([-hour, hour])("has its place at the same time when the machine's clock is set by %i ms", (step) =>
    onSteppedClock((set) =>
      Effect.gen(function* () {
        const asked = service({ perSecond: 10 })
        const fibers = yield* start(checks(30)).pipe(Effect.provide(clientOf(asked)))
        yield* TestClock.adjust("1 second")
        assert.strictEqual(asked.arrivals.length, 10)
        set(step)
        yield* TestClock.adjust("2 seconds")
        assert.strictEqual(asked.arrivals.length, 28)
        yield* TestClock.adjust("1 second")
        yield* Effect.forEach(fibers, Fiber.join)
      })
    )
  )

  it.effect("is refused at once if its turn comes after the deadline: unsent, and no attempt", () =>
    Effect.gen(function* () {
      const asked = service({ perSecond: 10 })
      const fibers = yield* start(checks(300)).pipe(Effect.provide(clientOf(asked)))
      // 272 x 110 ms is 29.92 s, and the first did not wait.
      const ended = fibers.flatMap((fiber) => fiber.pollUnsafe() ?? []).filter(Exit.isSuccess)
      const refused = ended.map(({ value }) => value).filter(Exit.isFailure)
      assert.strictEqual(refused.length, 300 - 273)
      for (const exit of refused) {
        assert.deepInclude(failureOf(exit), { _tag: "CallTimeout", limit: "deadline", attempts: 0 })
      }
      yield* TestClock.adjust("30 seconds")
      assert.strictEqual(asked.arrivals.length, 273)
    })
  )

  it.effect("leaves the queue when it is interrupted, and its place to the next", () =>
    Effect.gen(function* () {
      const asked = service({ perSecond: 10 })
      const fibers = yield* start(checks(6)).pipe(Effect.provide(clientOf(asked)))
      yield* TestClock.adjust(50)
      // The first of the queue, which has the timer, and one behind it.
      for (const fiber of [fibers[1], fibers[3]]) if (fiber !== undefined) yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(idsOf(asked.arrivals), ["0", "2", "4", "5"])
      assert.deepStrictEqual(timesOf(asked.arrivals), [0, 110, 220, 330])
    })
  )

  it.effect("does not go out together with those that waited for the same credential", () =>
    Effect.gen(function* () {
      const asked = service({ perSecond: 10 })
      const load = Effect.delay(Effect.succeed(key), "2 seconds")
      const client = Cloudauth.layerTransport().pipe(
        Layer.provide([asked.layer, Credentials.layerRefreshing({ load })])
      )
      yield* answered(checks(30)).pipe(Effect.provide(client))
      assert.strictEqual(mostInASecond(timesOf(asked.arrivals)), 10)
    })
  )
})

describe("a priority", () => {
  const calls = (priority: Quota.Priority, count: number) =>
    Array.from({ length: count }, (_, index) => Quota.withPriority(check(`${priority}${index}`), priority))

  it.effect("passes the lower ones, and within it calls go first come, first served", () =>
    Effect.gen(function* () {
      const asked = service({ perSecond: 10 })
      yield* answered([...calls("batch", 3), ...calls("wait", 2), ...calls("interactive", 2)]).pipe(
        Effect.provide(clientOf(asked))
      )
      const order = ["batch0", "interactive0", "interactive1", "wait0", "wait1", "batch1", "batch2"]
      assert.deepStrictEqual(idsOf(asked.arrivals), order)
    })
  )

  it.effect("that is low gets one place in twenty however many urgent calls there are", () =>
    Effect.gen(function* () {
      const asked = service({ perSecond: 10 })
      const fibers = yield* start([...calls("interactive", 100), ...calls("batch", 100), ...calls("wait", 100)]).pipe(
        Effect.provide(clientOf(asked)),
        Effect.provideService(RetryPolicy.RetryPolicy, { ...RetryPolicy.standard, deadline: "1 hour" })
      )
      yield* TestClock.adjust("10 seconds")
      const served = idsOf(asked.arrivals).map((id) => id.replace(/\d+$/, ""))
      assert.strictEqual(served.length, 91)
      assert.strictEqual(served.filter((priority) => priority === "batch").length, 4)
      assert.strictEqual(served.filter((priority) => priority === "wait").length, 5)
      yield* Effect.forEach(fibers, Fiber.interrupt)
    })
  )

  it.effect("of awaitResult's polls is that of a wait, unless the caller says otherwise", () =>
    Effect.gen(function* () {
      const asked = service({ perSecond: 10 })
      const poll = (id: string) => Cloudauth.awaitResult({ merchantBizId: "order1", transactionId: `hksb${id}` })
      yield* answered([
        check("first"),
        poll("poll"),
        Quota.withPriority(poll("urgent"), "interactive"),
        check("check")
      ]).pipe(Effect.provide(clientOf(asked)))
      assert.deepStrictEqual(idsOf(asked.arrivals), ["first", "urgent", "check", "poll"])
    })
  )
})

describe("the service throttles", () => {
  it.effect("at most 2 of 100 calls whose way takes up to 50 ms more or less than another's", () =>
    Effect.gen(function* () {
      for (const seed of [1, 2, 3]) {
        const asked = service({ perSecond: 10, way: [10, 110] })
        yield* answered(checks(250)).pipe(
          Effect.provide(clientOf(asked)),
          Effect.provideService(Quota.Quotas, Quota.makeUnsafe()),
          Random.withSeed(seed)
        )
        const throttled = asked.arrivals.filter(({ isThrottled }) => isThrottled).length
        assert.isAtMost(throttled / asked.arrivals.length, 0.02)
      }
    })
  )

  it.effect("a call: the next ones go out slower, and ten seconds later at full speed again", () =>
    Effect.gen(function* () {
      let calls = 0
      const once = Canned.error("Throttling.Api")
      const answer = Effect.suspend(() => (++calls === 10 ? once : Canned.passed()))
      const asked = service({ perSecond: 1000, answer })
      yield* answered(checks(120)).pipe(Effect.provide(clientOf(asked)))
      const gapAfter = (index: number) => (asked.arrivals[index + 1]?.at ?? 0) - (asked.arrivals[index]?.at ?? 0)
      assert.strictEqual(gapAfter(8), 110)
      assert.closeTo(gapAfter(9), 110 / 0.7, 2)
      const isOver = asked.arrivals.findIndex(({ at }) => at > 11_000)
      assert.closeTo(gapAfter(isOver), 110, 1)
    })
  )

  it.effect("all: the calls go out at a tenth of the speed, not ever slower", () =>
    Effect.gen(function* () {
      const asked = service({ perSecond: 1000, answer: Canned.error("Throttling.User") })
      const fibers = yield* start(checks(40)).pipe(
        Effect.provide(clientOf(asked)),
        Effect.provideService(RetryPolicy.RetryPolicy, { ...RetryPolicy.none, deadline: "1 hour" })
      )
      yield* TestClock.adjust("1 minute")
      assert.isAtLeast(asked.arrivals.length, 40)
      yield* Effect.forEach(fibers, Fiber.join)
    })
  )
})
