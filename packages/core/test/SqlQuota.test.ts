/** One quota for all processes that share a database. Each `process` shares nothing with others but the database. */
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import * as TestClock from "effect/testing/TestClock"
import { Cloudauth } from "../src/Cloudauth.ts"
import * as Quota from "../src/Quota.ts"
import * as SqlQuota from "../src/SqlQuota.ts"
import { databases } from "./fixtures/collectQueue.ts"
import { sqlite } from "./fixtures/databases.ts"
import { clientOf, mostInASecond, service } from "./fixtures/quota.ts"

const limits = { perSecond: 20, margin: 100 }

const processOn = <E>(database: Layer.Layer<SqlClient, E>) =>
  Effect.map(
    Effect.flatMap(Layer.build(Layer.fresh(SqlQuota.layer.pipe(Layer.provide(database)))), (context) =>
      Effect.provideContext(Quota.Quotas, context)
    ),
    (quotas) => quotas
  )

const take = (quotas: Quota.Quotas, priority: Quota.Priority = "batch", timeLeft = Infinity, asked = limits) =>
  Clock.clockWith((clock) =>
    quotas.lane("kyc cn-hongkong", "CheckResult", clock).take({ limits: asked, priority, timeLeft })
  )

const quotaOf = SqlClient.use(
  (sql) => sql<{ readonly last_at: number; readonly speed: number }>`SELECT last_at, speed FROM cloudauth_quota`
).pipe(Effect.flatMap(([row]) => (row === undefined ? Effect.fail("no row") : Effect.succeed(row))))

/** The service throttles the call with this place; waits until the database has it. */
const throttle = (quotas: Quota.Quotas, place: Quota.Place) =>
  Effect.gen(function* () {
    const { speed } = yield* quotaOf
    yield* Clock.clockWith((clock) =>
      Effect.sync(() => quotas.lane("kyc cn-hongkong", "CheckResult", clock).throttled(place))
    )
    const slowed = Effect.filterOrFail(
      quotaOf,
      (now) => now.speed < speed,
      () => "not yet"
    )
    return yield* Effect.eventually(Effect.andThen(Effect.sleep("2 millis"), slowed))
  })

describe.each(databases)("SqlQuota in $name", ({ open, skip }) => {
  it.live.skipIf(skip)("keeps one quota for all processes", () =>
    Effect.gen(function* () {
      const database = yield* open
      const processes = [yield* processOn(database), yield* processOn(database)]
      const places = yield* Effect.all(
        processes.flatMap((quotas) => Array.from({ length: 18 }, () => take(quotas))),
        { concurrency: "unbounded" }
      )
      const times = places.map(({ at }) => at).sort((one, other) => one - other)
      assert.isAtMost(mostInASecond(times), 20)
      assert.isAtLeast((times.at(-1) ?? 0) - (times[0] ?? 0), 35 * 55 - 100)
    }).pipe(Effect.scoped)
  )

  it.live.skipIf(skip)(
    "lets urgent calls pass, refuses what can't come in time, and gives a left place to the next",
    () =>
      Effect.gen(function* () {
        const quotas = yield* processOn(yield* open)
        // So slow that all wait before the next may go, on a busy machine, too.
        const slow = { perSecond: 4, margin: 100 }
        yield* take(quotas, "batch", Infinity, slow)
        const order: Array<string> = []
        const note = (name: string, priority: Quota.Priority) =>
          Effect.forkChild(
            Effect.andThen(
              take(quotas, priority, Infinity, slow),
              Effect.sync(() => order.push(name))
            ),
            {
              startImmediately: true
            }
          )
        const batch = yield* Effect.forEach(Array.from({ length: 3 }), () => note("batch", "batch"))
        const left = yield* note("left", "interactive")
        const person = yield* note("person", "interactive")
        assert.deepInclude(yield* Effect.flip(take(quotas, "batch", 200, slow)), { _tag: "QueueTooLong", waiting: 5 })
        yield* Fiber.interrupt(left)
        yield* Effect.forEach([person, ...batch], Fiber.join)
        assert.deepStrictEqual(order, ["person", ...batch.map(() => "batch")])
      }).pipe(Effect.scoped)
  )

  it.live.skipIf(skip)("slows all processes down when one of them is throttled", () =>
    Effect.gen(function* () {
      const database = yield* open
      const [one, other] = [yield* processOn(database), yield* processOn(database)]
      const { speed } = yield* Effect.provide(throttle(one, yield* take(one)), database)
      assert.strictEqual(speed, 0.7)
      const lastAt = Effect.map(Effect.provide(quotaOf, database), (row) => row.last_at)
      yield* take(other)
      const before = yield* lastAt
      yield* take(one)
      // 55 ms at full speed.
      assert.isAbove((yield* lastAt) - before, 60)
    }).pipe(Effect.scoped)
  )

  it.live.skipIf(skip)("keeps its pace, and slows down, if the database's clock was set back by ten minutes", () =>
    Effect.gen(function* () {
      const context = yield* Layer.build(yield* open)
      const quotas = yield* processOn(Layer.succeedContext(context))
      yield* Effect.gen(function* () {
        yield* throttle(quotas, yield* take(quotas))
        yield* SqlClient.use(
          (sql) => sql`UPDATE cloudauth_quota SET last_at = last_at + 600000, slowed_at = slowed_at + 600000`
        )
        const places = yield* Effect.all(
          Array.from({ length: 6 }, () => take(quotas, "batch", 10_000)),
          { concurrency: "unbounded" }
        )
        const times = places.map(({ at }) => at).sort((one, other) => one - other)
        // Five places at 55 ms, at a speed of 0.7.
        assert.isAtLeast((times.at(-1) ?? 0) - (times[0] ?? 0), 300)
        assert.isBelow((yield* throttle(quotas, yield* take(quotas))).speed, 0.7)
      }).pipe(Effect.provideContext(context))
    }).pipe(Effect.scoped)
  )
})

describe("SqlQuota", () => {
  it.effect("asks a database again that has not answered for ten seconds", () =>
    Effect.gen(function* () {
      let hangs = true
      const database = sqlite(":memory:", (sql) =>
        hangs && sql.startsWith("INSERT INTO cloudauth_quota ") ? "hang" : undefined
      )
      const quotas = yield* processOn(database)
      const taking = yield* Effect.forkChild(take(quotas), { startImmediately: true })
      yield* TestClock.adjust("5 seconds")
      hangs = false
      yield* TestClock.adjust("7 seconds")
      assert.isAtLeast((yield* Fiber.join(taking)).waited, 10_000)
    })
  )
})

describe("a client with SqlQuota", () => {
  it.live("takes its places there, whatever the process's own quota is", () =>
    Effect.gen(function* () {
      const database = yield* databases[0].open
      const asked = service({ perSecond: 1000 })
      const client = clientOf(asked, { quota: 50 }).pipe(Layer.provide(SqlQuota.layer), Layer.provide(database))
      yield* Effect.forEach(
        Array.from({ length: 12 }, (_, index) => index),
        (index) => Cloudauth.checkResult({ merchantBizId: "order1", transactionId: `hksb${index}` }),
        { concurrency: "unbounded" }
      ).pipe(Effect.provide(client))
      const names = SqlClient.use((sql) => sql`SELECT name FROM cloudauth_quota`)
      assert.lengthOf(yield* Effect.provide(names, database), 1)
      assert.lengthOf(asked.arrivals, 12)
      assert.isAtLeast((asked.arrivals.at(-1)?.at ?? 0) - (asked.arrivals[0]?.at ?? 0), 11 * 22 - 100)
    }).pipe(Effect.scoped)
  )
})
