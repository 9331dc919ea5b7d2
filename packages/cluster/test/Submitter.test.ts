import { assert, describe, it } from "@effect/vitest"
import * as NodeSqlite from "@effect-cloudauth/cli/NodeSqlite"
import { ResultStore } from "@effect-cloudauth/cli/ResultStore"
import * as SqlResultStore from "@effect-cloudauth/cli/SqlResultStore"
import * as StoredResult from "@effect-cloudauth/cli/StoredResult"
import * as Canned from "@effect-cloudauth/core/Canned"
import { CheckResult } from "@effect-cloudauth/core/CheckResult"
import * as TransactionStore from "@effect-cloudauth/core/TransactionStore"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as CollectResult from "../src/CollectResult.ts"
import * as Submitter from "../src/Submitter.ts"

const ledger = SqlResultStore.layer({ description: "memory" }).pipe(
  Layer.provide(NodeSqlite.layer({ file: ":memory:" }))
)

const bytes = (text: string) => Stream.make(new TextEncoder().encode(text))

describe("Submitter", () => {
  it.effect("registers a list, with what its lines say, and gives back what cannot be used", () =>
    Effect.gen(function* () {
      const list = [
        "transaction_id,order_id,date",
        "t1,o1,2026-01-31",
        "t2,,",
        "t1,o1,2026-01-31",
        "t 3,,",
        "t4,no!,",
        ""
      ]
      const submitted = yield* Submitter.submitList(bytes(list.join("\n")))
      assert.deepInclude(submitted, { added: 3, again: 0, done: 0 })
      assert.deepStrictEqual(
        submitted.bad.map(({ line }) => line),
        [5]
      )
      assert.deepStrictEqual(
        submitted.warnings.map(({ field, line }) => [field, line]),
        [
          ["authenticatedAt", 2],
          ["merchantBizId", 6]
        ]
      )
      const [first, second] = yield* (yield* ResultStore).pending(0, 10)
      assert.deepInclude(first, { transactionId: "t1", merchantBizId: "o1", authenticatedAt: Date.UTC(2026, 0, 31) })
      // An id without one gets a merchant's id that the service takes.
      assert.match(second?.merchantBizId ?? "", /^[A-Za-z0-9]{32}$/)
      assert.deepInclude(yield* Submitter.submitList(bytes("t1\nt5\n")), { added: 1, again: 1, done: 0 })
    }).pipe(Effect.provide(ledger))
  )

  it.effect("takes the column of the ids, and refuses a list that does not say where they are", () =>
    Effect.gen(function* () {
      const list = bytes("number,check\n1,t1\n2,t2\n")
      const error = yield* Effect.flip(Submitter.submitList(list))
      assert.deepInclude(error, { _tag: "ListUnusable", line: 1 })
      assert.deepInclude(yield* Submitter.submitList(list, { column: "check" }), { added: 2 })
      const empty = bytes("transaction_id\n")
      assert.deepInclude(yield* Effect.flip(Submitter.submitList(empty)), { _tag: "ListUnusable" })
      assert.deepInclude(yield* Submitter.submitList(empty, { allowEmpty: true }), { added: 0 })
    }).pipe(Effect.provide(ledger))
  )
})

describe("acknowledgeTo", () => {
  it.effect("notes in the store of transactions that the result is collected", () =>
    Effect.gen(function* () {
      const transactions = yield* TransactionStore.TransactionStore
      yield* transactions.put({ transactionId: "t1", merchantBizId: "o1" })
      const acknowledge = yield* Effect.provide(
        CollectResult.Acknowledgement,
        CollectResult.acknowledgeTo(transactions)
      )
      const canned = yield* Canned.passed()
      const result = yield* Effect.fromResult(CheckResult.fromBody(Buffer.concat(canned.body)))
      const call = { transactionId: "t1", merchantBizId: "o1", collectedAt: 1, duration: 1 }
      const collected = StoredResult.view(call, result)
      yield* acknowledge(collected)
      assert.isDefined((yield* transactions.get("t1")).collectedAt)
    }).pipe(Effect.provide(TransactionStore.TransactionStore.layerMemory))
  )
})
