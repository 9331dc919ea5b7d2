/** The queue itself: who gets which id, and what becomes of it. Each `process` shares nothing with others but the database. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { CollectQueue, type Item } from "../src/CollectQueue.ts"
import * as Feasibility from "../src/Feasibility.ts"
import { databases, pass, processOn, resultsTable, saved } from "./fixtures/collectQueue.ts"
import { SqlClient } from "effect/sql/SqlClient"

const day = 24 * 60 * 60_000
const retention = 30 * day
const now = Date.now()

/** An id whose result the vendor deletes in so many days. */
const due = (transactionId: string, days: number): Item => ({
  transactionId,
  merchantBizId: `order-${transactionId}`,
  authenticatedAt: now - retention + days * day
})

const idsOf = (items: ReadonlyArray<{ readonly transactionId: string }>) => items.map((item) => item.transactionId)

const none = () => Effect.void
const failed = { _tag: "SetAside", error: "X", code: "", requestId: undefined } as const
const full: Effect.Effect<void, "full"> = Effect.fail("full")

const save = (transactionId: string) =>
  SqlClient.use((sql) =>
    Effect.asVoid(sql`INSERT INTO results (transaction_id, verdict) VALUES (${transactionId}, 'Passed')`)
  )

describe.each(databases)("CollectQueue in $name", ({ open, skip }) => {
  it.live.skipIf(skip)("adds nothing with a misspelled option", () =>
    Effect.gen(function* () {
      const process = yield* processOn(yield* open)
      yield* Effect.gen(function* () {
        const queue = yield* CollectQueue
        const options: object = { retryFaild: false }
        assert.include(String(yield* Effect.exit(queue.add([due("a", 1)], options))), "Did you mean retryFailed?")
        assert.deepStrictEqual(yield* queue.lease("me", 2, "1 minute"), [])
      }).pipe(Effect.provide(process))
    })
  )

  it.live.skipIf(skip)("gives the earliest deadline first, and what is over last", () =>
    Effect.gen(function* () {
      const process = yield* processOn(yield* open)
      yield* Effect.gen(function* () {
        const queue = yield* CollectQueue
        yield* queue.add([due("c", 20), due("over", -1), due("a", 1), due("b", 9)])
        assert.deepStrictEqual(idsOf(yield* queue.lease("me", 2, "1 minute")), ["a", "b"])
        assert.deepStrictEqual(idsOf(yield* queue.lease("me", 9, "1 minute")), ["c", "over"])
        assert.deepStrictEqual(yield* queue.lease("me", 9, "1 minute"), [])
      }).pipe(Effect.provideContext(process))
    }).pipe(Effect.scoped)
  )

  it.live.skipIf(skip)("leaves what a later version wrote to that version, and gives the others", () =>
    Effect.gen(function* () {
      const process = yield* processOn(yield* open)
      yield* Effect.gen(function* () {
        const queue = yield* CollectQueue
        const sql = yield* SqlClient
        yield* queue.add(["a", "b", "c", "d"].map((id, index) => due(id, index + 9)))
        yield* sql`UPDATE cloudauth_collect_queue SET document = 'ResidencePermit2030' WHERE transaction_id IN ('a', 'b')`
        assert.deepStrictEqual(idsOf(yield* queue.lease("me", 2, "1 minute")), ["c", "d"])
        assert.deepInclude(yield* queue.counts, { Pending: 4, Failed: 0 })
        for (let hour = 0; hour < 30; hour++) {
          yield* pass(60 * 60_000)
          yield* queue.renew("me", ["c", "d"], "1 minute")
          assert.deepStrictEqual(yield* queue.lease("me", 2, "1 minute"), [])
        }
        // As the later version reads it: within an hour, and after few attempts.
        yield* pass(64 * 60_000)
        yield* sql`UPDATE cloudauth_collect_queue SET document = NULL`
        yield* queue.releaseAll("me")
        assert.isFalse(yield* queue.isBusy)
        const leased = yield* queue.lease("later", 2, "1 minute")
        assert.deepStrictEqual(
          leased.map(({ attempts, reason, transactionId }) => [transactionId, attempts, reason]),
          [
            ["a", 8, "RowUnreadable"],
            ["b", 8, "RowUnreadable"]
          ]
        )
      }).pipe(Effect.provideContext(process))
    }).pipe(Effect.scoped)
  )

  it.live.skipIf(skip)("lists what was set aside, without rows that a later version wrote", () =>
    Effect.gen(function* () {
      const process = yield* processOn(yield* open)
      yield* Effect.gen(function* () {
        const queue = yield* CollectQueue
        yield* queue.add([due("a", 1), due("b", 2)])
        yield* queue.lease("me", 2, "1 minute")
        yield* queue.settle(
          "me",
          ["a", "b"].map((transactionId) => ({ ...failed, transactionId })),
          none
        )
        yield* SqlClient.use(
          (sql) => sql`UPDATE cloudauth_collect_queue SET document = 'ResidencePermit2030' WHERE transaction_id = 'a'`
        )
        assert.deepStrictEqual(idsOf(yield* Stream.runCollect(queue.setAside)), ["b"])
        assert.strictEqual(yield* queue.retryFailed, 2)
      }).pipe(Effect.provideContext(process))
    }).pipe(Effect.scoped)
  )

  it.live.skipIf(skip)("gives an id to one process, until that gives no sign of life", () =>
    Effect.gen(function* () {
      const database = yield* open
      const [one, other] = [yield* processOn(database), yield* processOn(database)]
      const ofOne = yield* Effect.provideContext(CollectQueue, one)
      const ofOther = yield* Effect.provideContext(CollectQueue, other)
      yield* ofOne.add([due("a", 1), due("b", 2)])
      assert.deepStrictEqual(idsOf(yield* ofOne.lease("one", 1, "1 minute")), ["a"])
      assert.deepStrictEqual(idsOf(yield* ofOther.lease("other", 9, "1 hour")), ["b"])
      assert.isTrue(yield* ofOther.isBusy)
      yield* Effect.provideContext(pass(50_000), one)
      yield* ofOne.renew("one", ["a"], "1 minute")
      yield* Effect.provideContext(pass(50_000), one)
      assert.deepStrictEqual(yield* ofOther.lease("other", 9, "1 minute"), [])
      yield* Effect.provideContext(pass(20_000), one)
      const [again] = yield* ofOther.lease("other", 9, "1 minute")
      assert.deepInclude(again, { transactionId: "a", attempts: 2 })
      // What has lost its lease can't set the id aside, or give it back.
      yield* ofOne.settle("one", [{ ...failed, transactionId: "a" }], none)
      yield* ofOne.releaseAll("one")
      assert.deepStrictEqual(yield* ofOne.lease("one", 9, "1 minute"), [])
      assert.deepInclude(yield* ofOne.counts, { Pending: 2, Failed: 0 })
    }).pipe(Effect.scoped)
  )

  it.live.skipIf(skip)(
    "saves a result once, however many processes have it, in the transaction that marks the id",
    () =>
      Effect.gen(function* () {
        const database = yield* open
        const [one, other] = [yield* processOn(database), yield* processOn(database)]
        yield* Effect.provideContext(resultsTable, one)
        const ofOne = yield* Effect.provideContext(CollectQueue, one)
        yield* ofOne.add([due("a", 1), due("b", 2)])
        yield* ofOne.lease("one", 2, "1 minute")
        const ended = ["a", "b"].map((transactionId) => ({ _tag: "Collected" as const, transactionId }))
        const broken = ofOne.settle("one", ended, (id) => (id === "b" ? full : Effect.orDie(save(id))))
        assert.strictEqual(yield* Effect.flip(Effect.provideContext(broken, one)), "full")
        assert.deepStrictEqual(yield* Effect.provideContext(saved, one), [])
        assert.deepInclude(yield* ofOne.counts, { Pending: 2, Stored: 0 })
        const settled = [one, other].map((process) =>
          Effect.provideContext(
            CollectQueue.use((queue) => queue.settle("any", ended, save)),
            process
          )
        )
        yield* Effect.all(settled, { concurrency: "unbounded" })
        assert.deepStrictEqual(yield* Effect.provideContext(saved, one), ["a", "b"])
        assert.deepInclude(yield* ofOne.counts, { Pending: 0, Stored: 2 })
      }).pipe(Effect.scoped)
  )

  it.live.skipIf(skip)("asks again for what a list brings again, but not for what it has; a list can know more", () =>
    Effect.gen(function* () {
      const process = yield* processOn(yield* open)
      const queue = yield* Effect.provideContext(CollectQueue, process)
      const first = yield* queue.add([due("a", 1), { transactionId: "b", merchantBizId: "order" }, due("c", 3)])
      assert.deepStrictEqual(first, { added: 3, again: 0, done: [] })
      yield* queue.lease("me", 2, "1 minute")
      yield* queue.settle("me", [{ _tag: "Collected", transactionId: "a" }], none)
      const failure = { error: "TransactionIdInvalid", code: "TransactionIdInvalid", requestId: "request1" }
      yield* queue.settle("me", [{ _tag: "SetAside", transactionId: "c", ...failure }], none)
      const [aside] = yield* Stream.runCollect(queue.setAside)
      assert.deepInclude(aside, { transactionId: "c", merchantBizId: "order-c", ...failure })
      const kept = yield* queue.add([due("c", 3)], { retryFailed: false })
      assert.deepStrictEqual(kept, { added: 0, again: 1, done: [] })
      assert.deepInclude(yield* queue.counts, { Failed: 1 })
      const second = yield* queue.add([due("a", 1), due("b", 2), due("c", 3), due("d", 4)])
      assert.deepStrictEqual(second, { added: 1, again: 2, done: ["a"] })
      // "b" came without a time: its 30 days began with the queue.
      assert.deepStrictEqual(idsOf(yield* queue.lease("me", 9, "1 minute")), ["b", "c", "d"])
    }).pipe(Effect.scoped)
  )

  it.live.skipIf(skip)("leaves an id alone for its pause, which a new start ends", () =>
    Effect.gen(function* () {
      const process = yield* processOn(yield* open)
      const queue = yield* Effect.provideContext(CollectQueue, process)
      yield* queue.add([due("a", 1)])
      yield* queue.lease("me", 1, "1 minute")
      yield* queue.release("me", [{ transactionId: "a", pause: "1 hour", reason: "ServiceDown", isAttempt: false }])
      assert.isFalse(yield* queue.isBusy)
      assert.deepStrictEqual(yield* queue.lease("me", 1, "1 minute"), [])
      yield* queue.wake
      const [again] = yield* queue.lease("me", 1, "1 minute")
      assert.deepInclude(again, { transactionId: "a", attempts: 1, reason: "ServiceDown" })
    }).pipe(Effect.scoped)
  )

  it.live.skipIf(skip)("tells what is due when, for the arithmetic before the start", () =>
    Effect.gen(function* () {
      const process = yield* processOn(yield* open)
      const queue = yield* Effect.provideContext(CollectQueue, process)
      const many = Array.from({ length: 1200 }, (_, index) => due(`m${index}`, 10))
      yield* queue.add([...many, due("a", 1), due("b", 1), due("over", -2)])
      const { due: parts, now } = yield* queue.outlook
      const feasibility = Feasibility.of({ due: parts, now, perSecond: 8 })
      assert.deepInclude(feasibility, { ids: 1203, expired: 1, late: 0 })
      assert.include(Feasibility.text(feasibility), "1,203 ids at 8/s need 2.5 min; the first expire in 24 h")
    }).pipe(Effect.scoped)
  )
})
