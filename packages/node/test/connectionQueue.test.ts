/** 10,000 calls and 64 connections, in virtual time: a file of its own, because fake timers leave undici's own behind. */
import type * as Transport from "@effect-cloudauth/core/Transport"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Dispatcher } from "undici"
import { vi } from "vitest"
import { ConnectionQueue } from "../src/internal/ConnectionQueue.ts"
import { InFlight } from "../src/internal/InFlight.ts"
import { UndiciExchange } from "../src/internal/UndiciExchange.ts"

/** How a request ended, and when. */
interface Ending {
  readonly exit: Exit.Exit<Transport.Response, Transport.Failure>
  readonly at: number
}

/** As undici: so many connections, the rest in a queue. Every response takes `answerTime`. */
const makeService = (connections: number, answerTime: () => number) => {
  const queue = new ConnectionQueue(connections)
  const inFlight = new InFlight()
  const waiting: Array<UndiciExchange> = []
  const endings: Array<Ending> = []
  let free = connections
  let sent = 0
  const begin = (exchange: UndiciExchange) => {
    sent++
    const controller: Dispatcher.DispatchController = {
      aborted: false,
      paused: false,
      reason: null,
      rawHeaders: [],
      rawTrailers: [],
      abort: (reason) => exchange.onResponseError(null, reason),
      pause: () => {},
      resume: () => {}
    }
    exchange.onRequestStart(controller)
    setTimeout(() => {
      exchange.onResponseStart(controller, 200, {})
      exchange.onResponseEnd()
      free++
      next()
    }, answerTime())
  }
  const next = () => {
    while (free > 0 && waiting.length > 0) {
      const exchange = waiting.shift()
      if (exchange === undefined || exchange.isOver) continue
      free--
      begin(exchange)
    }
  }
  const request = (options: Partial<Transport.Request>) => {
    const exchange = new UndiciExchange(
      { origin: "http://a.test", path: "/", headers: {}, timeout: 10_000, maxBodyBytes: 1000, ...options },
      inFlight,
      (result) => endings.push({ exit: Effect.runSyncExit(result), at: performance.now() })
    )
    if (!exchange.joins(queue)) return
    waiting.push(exchange)
    next()
  }
  return { endings, request, sent: () => sent }
}

const inVirtualTime = (run: () => Promise<void>) => async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setImmediate", "performance"] })
  try {
    await run()
  } finally {
    vi.useRealTimers()
  }
}

const failureOf = ({ exit }: Ending): Transport.Failure | undefined =>
  Exit.isFailure(exit) && exit.cause.reasons[0]?._tag === "Fail" ? exit.cause.reasons[0].error : undefined

describe("the queue for connections", () => {
  it(
    "refuses whose turn would come too late, as soon as answers are measured, and lets all others pass",
    inVirtualTime(async () => {
      const service = makeService(64, () => 300)
      for (let index = 0; index < 10_000; index++) service.request({ queueTimeout: 30_000 })
      const start = performance.now()
      await vi.advanceTimersByTimeAsync(60_000)
      const passed = service.endings.filter(({ exit }) => Exit.isSuccess(exit))
      const refused = service.endings.filter((ending) => failureOf(ending)?._tag === "QueueTooLong")
      assert.isAtLeast(passed.length, 6000)
      assert.strictEqual(passed.length + refused.length, 10_000)
      assert.strictEqual(service.sent(), passed.length)
      for (const { at } of refused) assert.strictEqual(at - start, 1200)
    })
  )

  it(
    "is not misled by the first rounds, in which this process begins thousands of calls",
    inVirtualTime(async () => {
      let answered = 0
      const service = makeService(64, () => (answered++ < 3 * 64 ? 400 : 300))
      for (let index = 0; index < 10_000; index++) service.request({ queueTimeout: 30_000 })
      await vi.advanceTimersByTimeAsync(60_000)
      assert.isAtLeast(service.endings.filter(({ exit }) => Exit.isSuccess(exit)).length, 6000)
    })
  )

  it(
    "refuses at once when answers are measured already, and says how long the queue is",
    inVirtualTime(async () => {
      const service = makeService(2, () => 1000)
      for (let index = 0; index < 8; index++) service.request({})
      await vi.advanceTimersByTimeAsync(4000)
      for (let index = 0; index < 12; index++) service.request({ queueTimeout: 30_000 })
      // Two are under way, ten wait: the next one's turn comes after five answers more.
      service.request({ queueTimeout: 5000 })
      await vi.advanceTimersByTimeAsync(0)
      const ending = service.endings.at(-1)
      const failure = ending && failureOf(ending)
      assert(failure?._tag === "QueueTooLong")
      assert.strictEqual(failure.waiting, 10)
      assert.strictEqual(failure.wait, 5500)
      service.request({ queueTimeout: 6000 })
      await vi.advanceTimersByTimeAsync(10_000)
      assert.lengthOf(
        service.endings.filter(({ exit }) => Exit.isSuccess(exit)),
        21
      )
    })
  )

  it(
    "refuses those that wait too long since the answers became slow",
    inVirtualTime(async () => {
      let answerTime = 10
      const service = makeService(1, () => answerTime)
      for (let index = 0; index < 4; index++) service.request({})
      await vi.advanceTimersByTimeAsync(40)
      for (let index = 0; index < 100; index++) service.request({ queueTimeout: 10_000 })
      answerTime = 1000
      await vi.advanceTimersByTimeAsync(4500)
      const tags = service.endings.map((ending) => failureOf(ending)?._tag ?? "passed")
      assert.include(tags, "QueueTooLong")
      assert.isAbove(tags.filter((tag) => tag === "QueueTooLong").length, 80)
      await vi.advanceTimersByTimeAsync(20_000)
      assert.lengthOf(service.endings, 104)
    })
  )

  it(
    "lets all wait through a pause of this process, after which all answers look slow",
    inVirtualTime(async () => {
      let answered = 0
      // Twice, the answers of a whole round come two seconds late.
      const service = makeService(8, () => (answered++ < 8 || (answered > 100 && answered <= 108) ? 2300 : 300))
      for (let index = 0; index < 400; index++) service.request({ queueTimeout: 30_000 })
      await vi.advanceTimersByTimeAsync(60_000)
      assert.lengthOf(
        service.endings.filter(({ exit }) => Exit.isSuccess(exit)),
        400
      )
    })
  )

  it(
    "gives each response its own time, however long the request waited",
    inVirtualTime(async () => {
      const service = makeService(1, () => 900)
      for (let index = 0; index < 5; index++) service.request({ timeout: 1000, queueTimeout: 10_000 })
      await vi.advanceTimersByTimeAsync(5000)
      assert.lengthOf(
        service.endings.filter(({ exit }) => Exit.isSuccess(exit)),
        5
      )
    })
  )

  it(
    "ends a wait after queueTimeout, even if it is shorter or longer than the response's time",
    inVirtualTime(async () => {
      const service = makeService(1, () => 9000)
      const start = performance.now()
      service.request({})
      service.request({ timeout: 10_000, queueTimeout: 500 })
      service.request({ timeout: 500, queueTimeout: 2000 })
      await vi.advanceTimersByTimeAsync(3000)
      assert.deepStrictEqual(
        service.endings.map((ending) => {
          const failure = failureOf(ending)
          return [failure?._tag === "TimedOut" && failure.phase, Math.round((ending.at - start) / 100) * 100]
        }),
        [
          ["queue", 500],
          ["queue", 2000]
        ]
      )
      assert.strictEqual(service.sent(), 1)
    })
  )
})
