/** A queue beside a store of transactions: what one takes over, and what the other hears. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import * as Canned from "../src/Canned.ts"
import { CollectQueue } from "../src/CollectQueue.ts"
import * as Document from "../src/Document.ts"
import * as Telemetry from "../src/Telemetry.ts"
import { TransactionStore } from "../src/TransactionStore.ts"
import { counts, databases, passed, quick, saveResult, serviceOf, withQueue } from "./fixtures/collectQueue.ts"

const initialize = (id: string) => ({
  transactionId: id,
  merchantBizId: `order${id}`,
  expectation: { documents: ["GlobalPassport"] as const, idSpoof: true }
})

/** Lets time pass for the store of transactions: what it holds becomes older, and so does the time at which they began. */
const hourLater = (id: string) =>
  SqlClient.use(
    (sql) => sql`UPDATE cloudauth_transactions SET created_at = created_at - 3600000, claimable_from = 0
      WHERE transaction_id = ${id}`
  )

describe("a run over a store of transactions", () => {
  it.live("asks for what was begun, whether notified or not, and tells the store what became of it", () =>
    withQueue(databases[0].open, [], (process) =>
      Effect.gen(function* () {
        const store = <A, E>(use: (store: TransactionStore["Service"]) => Effect.Effect<A, E>) =>
          process(TransactionStore.use(use))
        for (const id of ["notified", "never", "abandoned", "late", "young"]) yield* store((s) => s.put(initialize(id)))
        for (const id of ["notified", "late"]) yield* store((s) => s.notified(id))
        for (const id of ["never", "abandoned", "late"]) yield* process(hourLater(id))
        const answers: Record<string, Canned.Canned> = {
          notified: Canned.passed(Document.HongKongIdentityCard),
          abandoned: Canned.error("ProcessNotCompleted"),
          late: Canned.error("ProcessNotCompleted")
        }
        const service = serviceOf((id) => answers[id] ?? Canned.passed(Document.GlobalPassport))
        const verdicts = new Map<string, string>()
        const collected = Effect.gen(function* () {
          assert.strictEqual(yield* CollectQueue.takeOver, 4)
          assert.strictEqual(yield* CollectQueue.takeOver, 0)
          yield* CollectQueue.run({
            ...quick,
            transactions: yield* TransactionStore,
            save: ({ item, result }) =>
              Effect.sync(() => verdicts.set(item.transactionId, result.verdict._tag)).pipe(Effect.asVoid)
          })
        }).pipe(Effect.provide(service.layer))
        yield* process(collected)
        assert.deepStrictEqual([...service.asked].sort(), ["abandoned", "late", "never", "notified"])
        // The answer is held against what Initialize asked for.
        assert.deepStrictEqual(Object.fromEntries(verdicts), { notified: "Inconclusive", never: "Passed" })
        for (const id of ["notified", "never"]) assert.isDefined((yield* store((s) => s.get(id))).collectedAt)
        assert.strictEqual((yield* store((s) => s.get("abandoned"))).ending, "Abandoned")
        const late = yield* store((s) => s.get("late"))
        assert.deepInclude(late, { collectedAt: undefined, ending: undefined })
        assert.deepInclude(yield* process(counts), { Pending: 1, Failed: 1, Stored: 2 })
      })
    )
  )

  it.live("takes over what began in the client's region, and leaves the rest to others", () =>
    withQueue(databases[0].open, [], (process) =>
      Effect.gen(function* () {
        const store = <A, E>(use: (store: TransactionStore["Service"]) => Effect.Effect<A, E>) =>
          process(TransactionStore.use(use))
        for (const [transactionId, region] of [
          ["elsewhere", "ap-southeast-1"],
          ["here", "cn-hongkong"]
        ] as const) {
          yield* store((s) => s.put({ transactionId, merchantBizId: transactionId, expectation: { region } }))
          yield* store((s) => s.notified(transactionId))
        }
        const { layer } = serviceOf(passed)
        assert.strictEqual(yield* process(Effect.provide(CollectQueue.takeOver, layer)), 1)
        const left = yield* store((s) => s.pending(9))
        assert.deepStrictEqual(
          left.map(({ transactionId }) => transactionId),
          ["elsewhere"]
        )
      })
    )
  )

  it.live("takes over all in one go beside a transaction that a later version wrote", () =>
    withQueue(databases[0].open, [], (process) =>
      Effect.gen(function* () {
        const ids = Array.from({ length: 501 }, (_, index) => `id${index}`)
        yield* process(
          TransactionStore.use((store) =>
            Effect.forEach(ids, (id) => Effect.andThen(store.put(initialize(id)), store.notified(id)), {
              discard: true
            })
          )
        )
        yield* process(
          SqlClient.use((sql) => sql`UPDATE cloudauth_transactions SET step = 'approved' WHERE transaction_id = 'id0'`)
        )
        const { layer } = serviceOf(passed)
        assert.strictEqual(yield* process(Effect.provide(CollectQueue.takeOver, layer)), 500)
      })
    )
  )

  it.live("tells the observer since when the oldest of them waits, as the callback's route does", () =>
    withQueue(databases[0].open, [], (process) =>
      Effect.gen(function* () {
        const days: Array<number> = []
        const observer = Telemetry.makeObserver({ storeSwept: (oldest) => days.push(oldest) })
        yield* process(TransactionStore.use((store) => store.put(initialize("never"))))
        yield* process(hourLater("never"))
        const service = serviceOf(passed)
        const takeOver = process(Effect.provide(CollectQueue.takeOver, service.layer))
        yield* Effect.andThen(takeOver, takeOver).pipe(Effect.provideService(Telemetry.Observer, observer))
        assert.lengthOf(days, 2)
        assert.closeTo(days[0] ?? 0, 1 / 24, 0.01)
        assert.strictEqual(days[1], 0)
      })
    )
  )

  it.live("marks later what a process had stored that ended before it could tell the store", () =>
    withQueue(databases[0].open, ["a"], (process) =>
      Effect.gen(function* () {
        const store = <A, E>(use: (store: TransactionStore["Service"]) => Effect.Effect<A, E>) =>
          process(TransactionStore.use(use))
        yield* store((s) => s.put(initialize("a")))
        yield* store((s) => s.notified("a"))
        const service = serviceOf(passed)
        yield* process(CollectQueue.run({ ...quick, save: saveResult }).pipe(Effect.provide(service.layer)))
        assert.isUndefined((yield* store((s) => s.get("a"))).collectedAt)
        yield* process(CollectQueue.takeOver.pipe(Effect.provide(service.layer)))
        assert.isDefined((yield* store((s) => s.get("a"))).collectedAt)
      })
    )
  )
})
