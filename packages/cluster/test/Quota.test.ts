import { Transport } from "@effect-cloudauth/core/Transport"
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as RateLimiter from "effect/persistence/RateLimiter"
import * as TestClock from "effect/testing/TestClock"
import * as FastCheck from "fast-check"
import * as Quota from "../src/Quota.ts"
import { most, share } from "../scripts/support/arrivals.ts"

/** Sends `count` requests at once; each arrives after `there` and is answered after `back` more milliseconds. */
const senders = Effect.fnUntraced(function* (
  quota: Quota.Operations,
  trips: ReadonlyArray<readonly [there: number, back: number]>,
  arrivals: Array<readonly [index: number, at: number]>
) {
  const fibers: Array<Fiber.Fiber<void>> = []
  for (const [there, back] of trips) {
    const index = fibers.length
    const send = Effect.sleep(there).pipe(
      Effect.andThen(Clock.currentTimeMillis),
      Effect.tap((now) => Effect.sync(() => void arrivals.push([index, now]))),
      Effect.andThen(Effect.sleep(back))
    )
    fibers.push(yield* Effect.forkChild(quota.use(send), { startImmediately: true }))
  }
  return fibers
})

const withQuota = <A, E>(options: Quota.Options, run: (quota: Quota.Operations) => Effect.Effect<A, E>) =>
  Effect.flatMap(Quota.Quota, run).pipe(Effect.provide(Quota.layerMemory(options)))

describe("Quota in memory", () => {
  it.effect("lets the limit through at once, and the rest in order, a window after answers came", () =>
    withQuota(
      { limit: 2 },
      Effect.fnUntraced(function* (quota) {
        const arrivals: Array<readonly [number, number]> = []
        yield* senders(
          quota,
          Array.from({ length: 5 }, () => [10, 40] as const),
          arrivals
        )
        yield* TestClock.adjust("10 seconds")
        assert.deepStrictEqual(arrivals, [
          [0, 10],
          [1, 10],
          [2, 1060],
          [3, 1060],
          [4, 2110]
        ])
      })
    )
  )

  it.effect.each([-3_600_000, 3_600_000])("keeps its pace when the machine's clock is set by %i ms", (step) =>
    withQuota(
      { limit: 2 },
      Effect.fnUntraced(function* (quota) {
        const even = yield* Clock.Clock
        let offset = 0
        const wall = () => even.currentTimeMillisUnsafe() + offset
        const stepped = { ...even, currentTimeMillisUnsafe: wall, currentTimeMillis: Effect.sync(wall) }
        const at: Array<number> = []
        const send = Effect.sync(() => void at.push(even.currentTimeMillisUnsafe()))
        const fiber = yield* Effect.forkChild(
          Effect.forEach([1, 2, 3, 4, 5], () => quota.use(send), { concurrency: 5 }).pipe(
            Effect.provideService(Clock.Clock, stepped)
          ),
          { startImmediately: true }
        )
        yield* TestClock.adjust(400)
        offset = step
        yield* TestClock.adjust(1600)
        yield* Fiber.join(fiber)
        assert.deepStrictEqual(at, [0, 0, 1000, 1000, 2000])
      })
    )
  )

  it.effect("gives back a round trip that every answer takes", () =>
    withQuota(
      { limit: 1, floor: 40 },
      Effect.fnUntraced(function* (quota) {
        const arrivals: Array<readonly [number, number]> = []
        yield* senders(
          quota,
          Array.from({ length: 3 }, () => [10, 40] as const),
          arrivals
        )
        yield* TestClock.adjust("10 seconds")
        assert.deepStrictEqual(
          arrivals.map(([, at]) => at),
          [10, 1020, 2030]
        )
      })
    )
  )

  it.effect(
    "frees a waiter's place in the queue when it is interrupted; a request that was cut off may yet arrive",
    () =>
      withQuota(
        { limit: 1, flight: "2 seconds" },
        Effect.fnUntraced(function* (quota) {
          const arrivals: Array<readonly [number, number]> = []
          const fibers = yield* senders(
            quota,
            Array.from({ length: 5 }, () => [0, 500] as const),
            arrivals
          )
          yield* TestClock.adjust(100)
          // The one that was sent, the first in line and one behind it.
          for (const index of [0, 1, 3]) {
            const fiber = fibers[index]
            if (fiber !== undefined) yield* Fiber.interrupt(fiber)
          }
          yield* TestClock.adjust("10 seconds")
          assert.deepStrictEqual(arrivals, [
            [0, 0],
            [2, 3000],
            [4, 4500]
          ])
        })
      )
  )

  it.effect("a request that failed without an answer keeps its place as one that is on its way", () =>
    withQuota(
      { limit: 1, flight: "2 seconds" },
      Effect.fnUntraced(function* (quota) {
        const arrivals: Array<readonly [number, number]> = []
        yield* Effect.exit(quota.use(Effect.fail("the connection broke")))
        yield* senders(quota, [[0, 0]], arrivals)
        yield* TestClock.adjust("10 seconds")
        assert.deepStrictEqual(arrivals, [[0, 3000]])
      })
    )
  )

  it.effect("uses at least 90 % of the quota where answers take a tenth of a second", () =>
    withQuota(
      { limit: 50 },
      Effect.fnUntraced(function* (quota) {
        const arrivals: Array<readonly [number, number]> = []
        yield* senders(
          quota,
          Array.from({ length: 1000 }, () => [50, 50] as const),
          arrivals
        )
        yield* TestClock.adjust("30 seconds")
        const times = arrivals.map(([, at]) => at)
        assert.lengthOf(times, 1000)
        assert.isAtLeast(share(times, 50, 0, 10_000), 0.9)
      })
    )
  )

  it.effect("waits for an answer no longer than `flight`", () =>
    withQuota(
      { limit: 1, flight: "2 seconds" },
      Effect.fnUntraced(function* (quota) {
        const arrivals: Array<readonly [number, number]> = []
        yield* senders(quota, [[5, 60_000] as const, [5, 10] as const, [5, 10] as const], arrivals)
        yield* TestClock.adjust("10 seconds")
        assert.deepStrictEqual(arrivals, [
          [0, 5],
          [1, 3005],
          [2, 4020]
        ])
      })
    )
  )

  it("never lets more than the limit arrive in any window, however long the ways are", () =>
    FastCheck.assert(
      FastCheck.asyncProperty(
        FastCheck.integer({ min: 1, max: 6 }),
        FastCheck.array(
          FastCheck.tuple(
            FastCheck.array(FastCheck.tuple(FastCheck.nat(900), FastCheck.nat(900)), { maxLength: 12 }),
            FastCheck.nat(1500)
          ),
          { maxLength: 6 }
        ),
        (limit, bursts) =>
          withQuota(
            { limit },
            Effect.fnUntraced(function* (quota) {
              const arrivals: Array<readonly [number, number]> = []
              for (const [trips, pause] of bursts) {
                yield* senders(quota, trips, arrivals)
                yield* TestClock.adjust(pause)
              }
              yield* TestClock.adjust("1 hour")
              assert.strictEqual(
                arrivals.length,
                bursts.reduce((sum, [trips]) => sum + trips.length, 0)
              )
              assert.isAtMost(
                most(
                  arrivals.map(([, at]) => at),
                  1000
                ),
                limit
              )
            })
          ).pipe(Effect.provide(TestClock.layer()), Effect.runPromise)
      ),
      { numRuns: 50 }
    ))

  it.effect("refuses invalid options", () =>
    Effect.gen(function* () {
      const refused = (options: Quota.Options) =>
        Effect.map(Effect.flip(Layer.build(Quota.layerMemory(options))), (error) => error.path)
      for (const limit of [0, -1, 1.5, Number.NaN]) assert.strictEqual(yield* refused({ limit }), "limit")
      assert.strictEqual(yield* refused({ limit: 1, window: 0 }), "window")
      assert.strictEqual(yield* refused({ limit: 1, flight: "Infinity" }), "flight")
      assert.strictEqual(yield* refused({ limit: 1, floor: -5 }), "floor")
    })
  )
})

describe("why not Effect's own RateLimiter", () => {
  for (const algorithm of ["token-bucket", "fixed-window"] as const) {
    it.effect(`${algorithm} lets more than the limit through in a window`, () =>
      Effect.gen(function* () {
        const limiter = yield* RateLimiter.RateLimiter
        const through: Array<number> = []
        const take = limiter.consume({ algorithm, onExceeded: "delay", window: "1 second", limit: 10, key: "k" }).pipe(
          Effect.flatMap(({ delay }) => Effect.sleep(delay)),
          Effect.andThen(Clock.currentTimeMillis),
          Effect.map((now) => void through.push(now))
        )
        // One opens the window; the others come at its end and at the beginning of the next.
        yield* Effect.forkChild(take, { startImmediately: true })
        yield* TestClock.adjust(990)
        yield* Effect.forkChild(
          Effect.all(
            Array.from({ length: 30 }, () => take),
            { concurrency: "unbounded" }
          ),
          {
            startImmediately: true
          }
        )
        yield* TestClock.adjust("10 seconds")
        assert.strictEqual(through.length, 31)
        assert.isAbove(most(through, 1000), 10)
      }).pipe(Effect.provide(RateLimiter.layer.pipe(Layer.provide(RateLimiter.layerStoreMemory))))
    )
  }
})

describe("Quota.layerTransport", () => {
  it.effect("holds a place until the response comes, and counts the wait toward the request's timeout", () =>
    Effect.gen(function* () {
      const timeouts: Array<number> = []
      const slow = Layer.succeed(Transport, {
        send: ({ timeout }) =>
          Effect.sync(() => timeouts.push(timeout)).pipe(
            Effect.andThen(Effect.sleep(400)),
            Effect.as({ status: 200, headers: {}, body: [], protocolVersion: undefined })
          )
      })
      const limited = Quota.layerTransport.pipe(Layer.provide([slow, Quota.layerMemory({ limit: 1 })]))
      const { send } = yield* Effect.provide(Transport, limited)
      const request = { origin: "http://localhost", path: "/", headers: {}, timeout: 5000, maxBodyBytes: 1000 }
      const late = { ...request, timeout: 1399 }
      yield* Effect.forkChild(send(request), { startImmediately: true })
      const tooLate = yield* Effect.forkChild(Effect.flip(send(late)), { startImmediately: true })
      yield* Effect.forkChild(send(request), { startImmediately: true })
      yield* TestClock.adjust("5 seconds")
      assert.strictEqual((yield* Fiber.join(tooLate))._tag, "TimedOut")
      assert.deepStrictEqual(timeouts, [5000, 3600])
    })
  )
})
