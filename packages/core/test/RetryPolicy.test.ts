import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Pull from "effect/Pull"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import { Cloudauth } from "../src/Cloudauth.ts"
import * as CloudauthError from "../src/CloudauthError.ts"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import { failure, passing } from "./fixtures/answers.ts"
import { clientOf, fixedRandom, reply, serve } from "./fixtures/server.ts"

const throttled = (retryAfter?: number) =>
  new CloudauthError.Throttled({
    code: "Throttling.Api",
    httpStatus: 403,
    requestId: undefined,
    attempts: 1,
    advice: "Wait.",
    serverMessage: Redacted.make(""),
    retryAfter
  })

/** The waits of a schedule, in milliseconds, until it ends or `most` were made. */
const delays = Effect.fnUntraced(function* (
  schedule: RetryPolicy.RetrySchedule,
  options: { readonly most?: number; readonly error?: CloudauthError.CloudauthError } = {}
) {
  const step = yield* Schedule.toStep(schedule)
  const waits: Array<number> = []
  let now = 0
  while (waits.length < (options.most ?? 200)) {
    const wait = yield* step(now, options.error ?? throttled()).pipe(
      Effect.map(([, delay]) => Duration.toMillis(delay)),
      Pull.catchDone(() => Effect.undefined)
    )
    if (wait === undefined) break
    waits.push(wait)
    now += wait
  }
  return waits
})

const withRandom = (value: number) => Effect.provide(fixedRandom(value))

describe("the standard policy", () => {
  it.effect("retries transient failures 3 times, from 50 ms, with full jitter", () =>
    Effect.gen(function* () {
      const { transient } = RetryPolicy.standard
      assert.deepStrictEqual(yield* delays(transient).pipe(withRandom(1)), [50, 100, 200])
      assert.deepStrictEqual(yield* delays(transient).pipe(withRandom(0.5)), [25, 50, 100])
      assert.deepStrictEqual(yield* delays(transient).pipe(withRandom(0)), [0, 0, 0])
    })
  )

  it.effect("retries throttling from 1 s to 20 s, 8 times, with full jitter, if the server sets no wait", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(
        yield* delays(RetryPolicy.standard.throttle).pipe(withRandom(1)),
        [1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000]
      )
    })
  )

  it.effect("waits as long as the server says, but never less than the backoff and never 5 s longer", () =>
    Effect.gen(function* () {
      const waits = (retryAfter: number, random: number) =>
        delays(RetryPolicy.standard.throttle, { error: throttled(retryAfter), most: 4 }).pipe(withRandom(random))
      assert.deepStrictEqual(yield* waits(1234, 0), [1234, 1234, 1234, 1234])
      assert.deepStrictEqual(yield* waits(1234, 0.5), [1234, 1234, 2000, 4000])
      assert.deepStrictEqual(yield* waits(0, 0.5), [500, 1000, 2000, 4000])
      assert.deepStrictEqual(yield* waits(60_000, 0.5), [5500, 6000, 7000, 9000])
    })
  )

  it.effect("corrects a clock and a credential once", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* delays(RetryPolicy.standard.clock), [0])
      assert.deepStrictEqual(yield* delays(RetryPolicy.standard.credentials), [0])
    })
  )

  it("has 10 s for an attempt and 30 s for a call; 30 and 60 s with images", () => {
    const { attemptTimeout, deadline } = RetryPolicy.standard
    const both = (withImages: boolean) =>
      [attemptTimeout, deadline].map((limit) => RetryPolicy.limitMillis(limit, { withImages }))
    assert.deepStrictEqual(both(false), [10_000, 30_000])
    assert.deepStrictEqual(both(true), [30_000, 60_000])
  })

  it("takes one limit for every call in any form of a duration", () => {
    for (const limit of [3000, "3 seconds", Duration.seconds(3), { seconds: 3 }, [3, 0]] as const) {
      assert.strictEqual(RetryPolicy.limitMillis(limit, { withImages: true }), 3000)
    }
  })

  it.effect("is the default", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* RetryPolicy.RetryPolicy, RetryPolicy.standard)
      assert.strictEqual(
        yield* RetryPolicy.RetryPolicy.pipe(Effect.provide(RetryPolicy.layer(RetryPolicy.none))),
        RetryPolicy.none
      )
    })
  )
})

describe("RetryPolicy.fullJitter", () => {
  it.effect("caps each wait before it is jittered", () =>
    Effect.gen(function* () {
      const schedule = RetryPolicy.fullJitter({ base: "1 second", cap: "3 seconds", times: 4 })
      assert.deepStrictEqual(yield* delays(schedule).pipe(withRandom(1)), [1000, 2000, 3000, 3000])
      assert.deepStrictEqual(yield* delays(schedule).pipe(withRandom(0.25)), [250, 500, 750, 750])
    })
  )

  it.effect("stays below the whole wait", () =>
    Effect.gen(function* () {
      const schedule = RetryPolicy.fullJitter({ base: "100 millis", cap: "5 seconds", times: 10 })
      const waits = yield* delays(schedule)
      const whole = [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000, 5000]
      assert.lengthOf(waits, 10)
      for (const [i, wait] of waits.entries()) assert.isTrue(wait >= 0 && wait <= (whole[i] ?? 0))
    })
  )
})

describe("RetryPolicy.none", () => {
  it.effect("retries nothing", () =>
    Effect.gen(function* () {
      const { clock, credentials, staleConnection, throttle, transient } = RetryPolicy.none
      for (const schedule of [clock, credentials, staleConnection, throttle, transient])
        assert.deepStrictEqual(yield* delays(schedule), [])
    })
  )
})

describe("the schedules of polls", () => {
  it.effect.each([0, 0.5, 0.999])(
    "grow from 3 s up to a minute, or are 5 minutes; chance adds up to a fifth (%d)",
    (random) =>
      Effect.gen(function* () {
        const factor = 1 + random / 5
        const waits = yield* delays(RetryPolicy.polling.pipe(Schedule.upTo({ times: 10 })))
        const seconds = waits.map((wait) => Math.round(wait / factor / 100) / 10)
        assert.deepStrictEqual(seconds, [3, 4.8, 7.7, 12.3, 19.7, 31.5, 50.3, 60, 60, 60])
        const rare = yield* delays(RetryPolicy.pollingBesideCallback.pipe(Schedule.upTo({ times: 2 })))
        for (const wait of rare) assert.closeTo(wait, 300_000 * factor, 1)
      }).pipe(Effect.provide(fixedRandom(random)))
  )
})

describe("the schedules of one call", () => {
  const everyObject: object = Object.prototype

  it.effect.each(["transient", "throttle"] as const)("are the policy's under a polluted prototype: %s", (name) => {
    const failures = { transient: reply(503, ""), throttle: reply(403, failure("Throttling.Api")) }
    const server = serve(failures[name], reply(200, passing()))
    const policy = { ...RetryPolicy.standard, [name]: Schedule.recurs(1) }
    return Effect.acquireUseRelease(
      Effect.sync(() =>
        Object.defineProperty(everyObject, name, { value: "polluted", configurable: true, writable: true })
      ),
      () =>
        Effect.gen(function* () {
          const result = yield* Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb1" })
          assert.strictEqual(result.verdict._tag, "Passed")
          assert.lengthOf(server.sent, 2)
        }).pipe(Effect.provide(clientOf(server, { policy }))),
      () => Effect.sync(() => Reflect.deleteProperty(everyObject, name))
    )
  })
})
