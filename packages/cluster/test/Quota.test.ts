import { TimedOut, Transport } from "@effect-cloudauth/core/Transport"
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as RateLimiter from "effect/persistence/RateLimiter"
import * as Redis from "effect/persistence/Redis"
import * as TestClock from "effect/testing/TestClock"
import { make, type Places } from "../src/internal/limiter.ts"
import * as Quota from "../src/Quota.ts"
import { most } from "../scripts/support/arrivals.ts"

/** Places that are free again a window after the response, or a window and a flight after they were taken. */
const places = (limit: number, window: number, flight: number): Places<{ free: number }> => {
  const all = Array.from({ length: limit }, () => ({ free: 0 }))
  const now = Effect.map(Clock.currentTimeMillis, (now) => now + window)
  return {
    take: () =>
      Effect.map(now, (free) => {
        const place = all.find(({ free: at }) => at <= free - window)
        return place === undefined
          ? Math.min(...all.map(({ free: at }) => at)) - (free - window)
          : Object.assign(place, { free: free + flight })
      }),
    release: (place) => Effect.map(now, (free) => void (place.free = free)),
    cancel: () => Effect.void,
    patience: Infinity
  }
}

/** A limiter, and the requests that went out: which, and when. */
const limited = (limit: number, flight = 2000) => {
  const sent: Array<readonly [index: number, at: number]> = []
  const use = make(places(limit, 1000, flight))
  /** Sends so many requests at once; each is answered after `millis`. */
  const send = (count: number, millis: number) =>
    Effect.forEach(Array.from({ length: count }).keys(), (index) =>
      Clock.currentTimeMillis.pipe(
        Effect.map((now) => void sent.push([index, now])),
        Effect.andThen(Effect.sleep(millis)),
        use,
        Effect.forkChild({ startImmediately: true })
      )
    )
  return { send, sent, use }
}

describe("the queue for places of a server", () => {
  it.effect("lets the limit through at once, and the rest in order, a window after responses came", () =>
    Effect.gen(function* () {
      const { send, sent } = limited(2)
      yield* send(5, 50)
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(sent, [
        [0, 0],
        [1, 0],
        [2, 1050],
        [3, 1050],
        [4, 2100]
      ])
    })
  )

  it.effect("loses a waiter that is interrupted; a request that was cut off may yet arrive", () =>
    Effect.gen(function* () {
      const { send, sent } = limited(1)
      const fibers = yield* send(5, 500)
      yield* TestClock.adjust(100)
      // The one that was sent, the first in line and one behind it.
      yield* Effect.forEach([0, 1, 3], (index) => Effect.forEach(fibers.slice(index, index + 1), Fiber.interrupt))
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(sent, [
        [0, 0],
        [2, 3000],
        [4, 4500]
      ])
    })
  )

  it.effect("keeps the place of a request that failed without a response: it may be on its way", () =>
    Effect.gen(function* () {
      const { send, sent, use } = limited(1)
      yield* Effect.exit(use(Effect.fail("the connection broke")))
      yield* send(1, 0)
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(sent, [[0, 3000]])
    })
  )
})

describe("an option", () => {
  it.effect.each<[Partial<Quota.RedisOptions>, string]>([
    ...[0, -1, 1.5, Number.NaN].map((limit): [{ limit: number }, string] => [{ limit }, "limit"]),
    [{ window: 0 }, "window"],
    [{ flight: "Infinity" }, "flight"],
    [{ flight: 0 }, "flight"],
    [{ floor: -5 }, "floor"],
    [{ account: "two words" }, "account"]
  ])("is refused if it is wrong: %j", ([options, path]) =>
    Effect.gen(function* () {
      const layer = Quota.layerRedis({ limit: 10, account: "kyc", ...options })
      const error = yield* Effect.flip(
        Layer.build(Layer.provide(layer, Layer.mock(Redis.Redis)({ eval: () => () => Effect.never })))
      )
      assert.deepInclude(error, { _tag: "InvalidRequest", path })
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
  const answered = { status: 200, headers: {}, body: [], protocolVersion: undefined }
  const request = { origin: "http://localhost", path: "/", headers: {}, maxBodyBytes: 1000 }
  /** Each request waits for a second. */
  const quota = Layer.succeed(Quota.Quota, { use: Effect.delay("1 second") })

  it.effect("counts a wait toward the deadline, not toward the attempt's time", () =>
    Effect.gen(function* () {
      const sent: Array<readonly [timeout: number, queueTimeout: number | undefined]> = []
      const transport = Layer.succeed(Transport, {
        send: ({ queueTimeout, timeout }) =>
          Effect.sync(() => {
            sent.push([timeout, queueTimeout])
            return answered
          })
      })
      const { send } = yield* Effect.provide(Transport, Quota.layerTransport.pipe(Layer.provide([transport, quota])))
      const fibers = yield* Effect.forEach(
        [
          { timeout: 500, queueTimeout: 5000 },
          { timeout: 4500, queueTimeout: 5000 },
          { timeout: 5000 },
          { timeout: 500, queueTimeout: 999 },
          { timeout: 999 }
        ],
        (times) => Effect.forkChild(Effect.exit(send({ ...request, ...times })), { startImmediately: true })
      )
      yield* TestClock.adjust("5 seconds")
      const exits = yield* Effect.forEach(fibers, Fiber.join)
      assert.deepStrictEqual(sent, [
        [500, 4000],
        [4000, 4000],
        [4000, 4000]
      ])
      const late = Exit.fail(new TimedOut({ httpStatus: undefined, phase: "queue" }))
      assert.deepStrictEqual(exits.slice(3), [late, late])
    })
  )
})
