import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as NodeRedis from "@effect/platform-node/NodeRedis"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { Redis } from "effect/persistence/Redis"
import * as Quota from "../src/Quota.ts"
import { most } from "../scripts/support/arrivals.ts"
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
  // How much of the quota is used depends on the machine, too: `scripts/quota.ts` measures it.
  for (const count of [1, 2, 4]) {
    it.live(`never lets more arrive than the quota with ${count} process${count === 1 ? "" : "es"}`, () =>
      Effect.gen(function* () {
        const account = accountOf("load")
        const emulator = yield* processes.emulator()
        for (let index = 0; index < count; index++) {
          yield* processes.supervised(load, {}, { args: [emulator.url, account, String(limit)] })
        }
        // Until all processes have had their turns, and the quota was there to be exceeded several times over.
        yield* until(
          Effect.map(
            emulator.arrivals(),
            (all) => all.length >= 5 * limit && new Set(all.map(([, id]) => id)).size === count
          )
        )
        assert.isAtMost(most(yield* timesOf(emulator), 1000), limit)
        yield* Effect.provide(servers.forget(account), servers.redis)
      })
    )
  }

  it.live("is fair: two that ask without a pause get one each in turn", () =>
    Effect.gen(function* () {
      const account = accountOf("fair")
      const sent: Array<number> = []
      for (const index of [0, 1]) {
        const quota = yield* shared(account)
        const send = quota.use(Effect.sync(() => void sent.push(index)))
        yield* Effect.forkScoped(Effect.all([Effect.forever(send), Effect.forever(send)], { concurrency: 2 }))
      }
      yield* until(Effect.sync(() => sent.length >= 30))
      // The first turns are taken as the two come.
      const first = sent.slice(5, 30).filter((index) => index === 0).length
      assert.isAtLeast(first, 8)
      assert.isAtMost(first, 17)
      yield* Effect.provide(servers.forget(account), servers.redis)
    })
  )

  it.live("stays below the quota, and goes on, when connections are cut, a process dies and Redis forgets", () =>
    Effect.gen(function* () {
      const account = accountOf("faults")
      const emulator = yield* processes.emulator()
      const [first] = yield* Effect.all(
        [1, 2].map(() => processes.supervised(load, {}, { args: [emulator.url, account, String(limit)] }))
      )
      const arrived = Effect.map(timesOf(emulator), (times) => times.length)
      const goesOn = Effect.flatMap(arrived, (before) => until(Effect.map(arrived, (now) => now >= before + 3 * limit)))
      yield* goesOn
      assert.isAtLeast(yield* servers.cutLimiters, 2)
      yield* goesOn
      yield* first?.kill ?? Effect.void
      yield* goesOn
      yield* servers.forget(account)
      yield* goesOn
      assert.isAtMost(most(yield* timesOf(emulator), 1000), limit)
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
      // A place that it may have been given meanwhile is free again: the mark, and at most what was sent.
      const taken = Effect.orDie(client.send<number>("ZCARD", `{cloudauth:quota:${account}}:slots`))
      yield* until(Effect.map(taken, (count) => count <= 2))
      yield* quota.use(Effect.void)
      yield* servers.forget(account)
    }).pipe(Effect.provide(servers.redis))
  )

  it.live("sends no request while Redis cannot be reached", () =>
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
