import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import { type Send, Transport } from "@effect-cloudauth/core/Transport"
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import * as Tracer from "effect/Tracer"
import * as FastCheck from "fast-check"
import * as Qps from "../src/Qps.ts"

/** Starts `count` takers at once; what is returned fills up with their number and when they got through. */
const takers = Effect.fnUntraced(function* (
  limiter: Qps.Limiter,
  count: number,
  from = 0,
  through: Array<readonly [number, number]> = []
) {
  const fibers: Array<Fiber.Fiber<void>> = []
  for (let index = from; index < from + count; index++) {
    fibers.push(
      yield* Effect.forkChild(
        Effect.flatMap(limiter, () =>
          Effect.map(Clock.currentTimeMillis, (now) => {
            through.push([index, now])
          })
        ),
        { startImmediately: true }
      )
    )
  }
  return { through, fibers }
})

const request = { origin: "http://localhost", path: "/", headers: {}, timeout: 10_000, maxBodyBytes: 1000 }

/** A transport that answers at once, and the timeouts of its requests. */
const answering = () => {
  const timeouts: Array<number> = []
  const send: Send = ({ timeout }) =>
    Effect.sync(() => {
      timeouts.push(timeout)
      return { status: 200, headers: {}, body: [], protocolVersion: undefined }
    })
  return { timeouts, layer: Layer.succeed(Transport, { send }) }
}

describe("Qps", () => {
  it.effect("lets a burst of the limit through at once, and the rest in order as the window moves", () =>
    Effect.gen(function* () {
      const limiter = yield* Qps.make({ limit: 3 })
      const { through } = yield* takers(limiter, 8)
      yield* TestClock.adjust(0)
      assert.deepStrictEqual(through, [
        [0, 0],
        [1, 0],
        [2, 0]
      ])
      yield* TestClock.adjust(999)
      assert.strictEqual(through.length, 3)
      yield* TestClock.adjust(1)
      assert.deepStrictEqual(through.slice(3), [
        [3, 1000],
        [4, 1000],
        [5, 1000]
      ])
      yield* TestClock.adjust(1000)
      assert.deepStrictEqual(through.slice(6), [
        [6, 2000],
        [7, 2000]
      ])
    })
  )

  it.effect("frees the place of a waiter that is interrupted", () =>
    Effect.gen(function* () {
      const limiter = yield* Qps.make({ limit: 1 })
      const { fibers, through } = yield* takers(limiter, 5)
      yield* TestClock.adjust(500)
      // The head of the queue, which is asleep, and one behind it.
      for (const fiber of [fibers[1], fibers[3]]) if (fiber !== undefined) yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust(500)
      assert.deepStrictEqual(through, [
        [0, 0],
        [2, 1000]
      ])
      yield* TestClock.adjust(1000)
      assert.deepStrictEqual(through.slice(2), [[4, 2000]])
    })
  )

  it.effect("does not let a newcomer overtake", () =>
    Effect.gen(function* () {
      const limiter = yield* Qps.make({ limit: 2, window: "1 second" })
      const order: Array<string> = []
      const take = (name: string) =>
        Effect.andThen(
          limiter,
          Effect.sync(() => void order.push(name))
        )
      // Its timer is the older one: it wakes before those who wait for the same moment.
      yield* Effect.forkChild(Effect.delay(take("newcomer"), "1 second"), { startImmediately: true })
      for (const name of ["first", "second", "third"]) {
        yield* Effect.forkChild(take(name), { startImmediately: true })
      }
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(order, ["first", "second", "third", "newcomer"])
    })
  )

  it("never lets more than the limit through in any window, and keeps the order", () =>
    FastCheck.assert(
      FastCheck.asyncProperty(
        FastCheck.integer({ min: 1, max: 5 }),
        FastCheck.array(FastCheck.tuple(FastCheck.nat(4), FastCheck.nat(700)), { maxLength: 15 }),
        (limit, steps) =>
          Effect.gen(function* () {
            const limiter = yield* Qps.make({ limit })
            const through: Array<readonly [number, number]> = []
            let started = 0
            for (const [count, pause] of steps) {
              yield* takers(limiter, count, started, through)
              started += count
              yield* TestClock.adjust(pause)
            }
            yield* TestClock.adjust("1 hour")
            assert.deepStrictEqual(
              through.map(([index]) => index),
              Array.from({ length: started }, (_, index) => index)
            )
            through.forEach(([, at], index) => {
              const earlier = through[index - limit]
              if (earlier !== undefined) assert.isAtLeast(at - earlier[1], 1000)
            })
          }).pipe(Effect.provide(TestClock.layer()), Effect.runPromise)
      ),
      { numRuns: 50 }
    ))

  it.effect("counts every request of a client, and shows a wait on the span and to the observer", () =>
    Effect.gen(function* () {
      const waits: Array<number> = []
      const events: Array<string> = []
      const { layer, timeouts } = answering()
      const { send } = yield* Effect.provide(Transport, Qps.layer({ limit: 1 }).pipe(Layer.provide(layer)))
      const observer = Telemetry.makeObserver({ limiterWaited: (duration) => waits.push(duration) })
      const attempt = Effect.useSpan("attempt", (span) =>
        Effect.andThen(
          Effect.withParentSpan(send(request), span),
          Effect.sync(() => {
            if (span instanceof Tracer.NativeSpan) events.push(...span.events.map(([name]) => name))
          })
        )
      ).pipe(Effect.provideService(Telemetry.Observer, observer))
      const fiber = yield* Effect.forkChild(Effect.all([attempt, attempt, attempt], { concurrency: 1 }), {
        startImmediately: true
      })
      yield* TestClock.adjust(2000)
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(waits, [1000, 1000])
      assert.deepStrictEqual(events, [Telemetry.EventName.limiterWait, Telemetry.EventName.limiterWait])
      assert.deepStrictEqual(timeouts, [10_000, 9000, 9000])
    })
  )

  it.effect("ends a wait that takes the whole time of a request, and sends nothing then", () =>
    Effect.gen(function* () {
      const { layer, timeouts } = answering()
      const { send } = yield* Effect.provide(Transport, Qps.layer({ limit: 1 }).pipe(Layer.provide(layer)))
      const short = { ...request, timeout: 500 }
      yield* send(short)
      const late = yield* Effect.forkChild(Effect.flip(send(short)), { startImmediately: true })
      yield* TestClock.adjust(500)
      assert.strictEqual((yield* Fiber.join(late))._tag, "TimedOut")
      // The wait that ended leaves its place to the next request.
      const next = yield* Effect.forkChild(send(request), { startImmediately: true })
      yield* TestClock.adjust(500)
      yield* Fiber.join(next)
      assert.deepStrictEqual(timeouts, [500, 9500])
    })
  )

  it.effect("waits by monotonic time: a clock that is set back holds no request up", () =>
    Effect.gen(function* () {
      const limiter = yield* Qps.make({ limit: 1 })
      yield* limiter
      const clock = yield* Clock.Clock
      const setBack: Clock.Clock = { ...clock, currentTimeMillisUnsafe: () => -1e12 }
      const fiber = yield* Effect.forkChild(Effect.provideService(limiter, Clock.Clock, setBack), {
        startImmediately: true
      })
      yield* TestClock.adjust(1000)
      yield* Fiber.join(fiber)
    })
  )

  it.effect.each([-3_600_000, 3_600_000])("keeps its pace when the machine's clock is set by %i ms", (step) =>
    Effect.gen(function* () {
      const even = yield* Clock.Clock
      let offset = 0
      const wall = () => even.currentTimeMillisUnsafe() + offset
      const stepped = { ...even, currentTimeMillisUnsafe: wall, currentTimeMillis: Effect.sync(wall) }
      const limiter = Effect.provideService(yield* Qps.make({ limit: 2 }), Clock.Clock, stepped)
      const { through } = yield* takers(limiter, 5)
      yield* TestClock.adjust(400)
      offset = step
      yield* TestClock.adjust(599)
      assert.strictEqual(through.length, 2)
      yield* TestClock.adjust(1001)
      assert.deepStrictEqual(
        through.map(([, at]) => at),
        [0, 0, 1000, 1000, 2000]
      )
    })
  )

  it.effect("refuses an invalid limit", () =>
    Effect.gen(function* () {
      for (const limit of [0, -1, 1.5, Number.NaN, Infinity]) {
        assert.strictEqual((yield* Effect.flip(Qps.make({ limit }))).path, "limit")
      }
      assert.strictEqual((yield* Effect.flip(Qps.make({ limit: 1, window: -5 }))).path, "window")
    })
  )
})
