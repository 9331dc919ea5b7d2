import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as NodeRedis from "@effect/platform-node/NodeRedis"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { Redis } from "effect/persistence/Redis"
import * as Quota from "../src/Quota.ts"
import { most, recovery, share } from "../scripts/support/arrivals.ts"
import * as processes from "../scripts/support/processes.ts"
import * as servers from "../scripts/support/servers.ts"

const load = join(import.meta.dirname, "../scripts/support/load.ts")
const limit = 50

let serial = 0
const accountOf = (name: string) => `test-${process.pid}-${name}-${serial++}`

/** An account's quota in this process, over a connection of its own. */
const shared = (account: string, options: Partial<Quota.Options> = {}) =>
  Effect.map(
    Layer.build(
      Quota.layerRedis({ limit: 5, flight: 300, ...options, account }).pipe(
        Layer.provide(
          NodeRedis.layer({ url: servers.redisUrl, name: "effect-cloudauth-quota", disableOfflineQueue: true })
        )
      )
    ),
    (context) => context.mapUnsafe.get(Quota.Quota.key) as Quota.Operations // the layer provides it
  )

/** Waits until something is so; the test's time limit ends it. */
const until = (isSo: Effect.Effect<boolean>): Effect.Effect<void> =>
  Effect.flatMap(isSo, (so) => (so ? Effect.void : Effect.andThen(Effect.sleep(50), until(isSo))))

const timesOf = (emulator: processes.EmulatorProcess) =>
  Effect.map(emulator.arrivals(), (arrivals) => arrivals.map(([time]) => time))

const isHere = await servers.available()

describe.skipIf(!isHere)("Quota over Redis", () => {
  for (const count of [1, 2, 4]) {
    it.live(`keeps and uses the quota with ${count} process${count === 1 ? "" : "es"}`, () =>
      Effect.gen(function* () {
        const account = accountOf("load")
        const emulator = yield* processes.emulator()
        for (let index = 0; index < count; index++) {
          yield* processes.supervised(load, {}, { args: [emulator.url, account, String(limit)] })
        }
        // All processes are asking once each has had its turn.
        yield* until(Effect.map(emulator.arrivals(), (all) => new Set(all.map(([, id]) => id)).size === count))
        // The guarantee holds from the first call on; the use of the quota is what an undisturbed stretch shows.
        let best = { used: 0, from: 0, to: 0 }
        for (let stretch = 0; stretch < 6 && best.used < 0.9; stretch++) {
          const from = yield* Clock.currentTimeMillis
          yield* Effect.sleep("2 seconds")
          const to = yield* Clock.currentTimeMillis
          const used = share(yield* timesOf(emulator), limit, from, to)
          if (used > best.used) best = { used, from, to }
        }
        const arrivals = yield* emulator.arrivals()
        const times = arrivals.map(([time]) => time)
        assert.isAtMost(most(times, 1000), limit)
        assert.isAtLeast(best.used, 0.9)
        // Between processes nobody gets less than half of a fair share, however the machine schedules them.
        const each = Map.groupBy(
          arrivals.filter(([time]) => time >= best.from && time < best.to),
          ([, id]) => id
        )
        assert.strictEqual(each.size, count)
        const fair = (best.used * limit * (best.to - best.from)) / 1000 / count
        for (const own of each.values()) assert.isAtLeast(own.length, fair / 2)
        yield* Effect.provide(servers.forget(account), servers.redis)
      })
    )
  }

  it.live("stays below the quota when connections are cut, a process dies and Redis forgets", () =>
    Effect.gen(function* () {
      const account = accountOf("faults")
      const emulator = yield* processes.emulator()
      const [first] = yield* Effect.all(
        [1, 2].map(() => processes.supervised(load, {}, { args: [emulator.url, account, String(limit)] }))
      )
      yield* until(Effect.map(timesOf(emulator), (times) => times.length > limit))
      const cutAt = yield* Clock.currentTimeMillis
      assert.isAtLeast(yield* servers.cutLimiters, 2)
      yield* Effect.sleep("2 seconds")
      yield* first?.kill ?? Effect.void
      yield* Effect.sleep("2 seconds")
      const forgotAt = yield* Clock.currentTimeMillis
      yield* servers.forget(account)
      yield* Effect.sleep("5 seconds")
      const times = yield* timesOf(emulator)
      assert.isAtMost(most(times, 1000), limit)
      for (const event of [cutAt, forgotAt]) assert.isBelow(recovery(times, limit, event, 0.8, 1000) ?? Infinity, 5000)
      yield* servers.forget(account)
    }).pipe(Effect.provide(servers.redis))
  )

  it.live("a waiter that is interrupted leaves the queue, and a place that was not used", () =>
    Effect.gen(function* () {
      const account = accountOf("interrupt")
      const quota = yield* shared(account, { limit: 1 })
      const client = yield* Redis
      yield* quota.use(Effect.void)
      const waiting = yield* Effect.forkChild(quota.use(Effect.die("it must not be sent")), { startImmediately: true })
      const queue = `{cloudauth:quota:${account}}:queue`
      const length = Effect.orDie(client.send<number>("ZCARD", queue))
      yield* until(Effect.map(length, (count) => count === 1))
      yield* Fiber.interrupt(waiting)
      yield* until(Effect.map(length, (count) => count === 0))
      const started = yield* Clock.currentTimeMillis
      yield* quota.use(Effect.void)
      assert.isBelow((yield* Clock.currentTimeMillis) - started, 1300)
      yield* servers.forget(account)
    }).pipe(Effect.provide(servers.redis))
  )

  it.live("lets nobody through while Redis cannot be reached", () =>
    Effect.gen(function* () {
      const account = accountOf("down")
      const quota = yield* shared(account)
      const client = yield* Redis
      yield* quota.use(Effect.void)
      // Every write is refused, as by a server that is out of memory or became a replica.
      yield* Effect.orDie(client.send("DEL", `{cloudauth:quota:${account}}:slots`))
      yield* Effect.orDie(client.send("SET", `{cloudauth:quota:${account}}:slots`, "something else"))
      let isSent = false
      const waiting = yield* Effect.forkChild(quota.use(Effect.sync(() => void (isSent = true))))
      yield* Effect.sleep("1 second")
      assert.isFalse(isSent)
      yield* servers.forget(account)
      yield* Fiber.join(waiting)
      assert.isTrue(isSent)
      yield* servers.forget(account)
    }).pipe(Effect.provide(servers.redis))
  )
})
