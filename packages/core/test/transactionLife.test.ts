import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import * as DocType from "../src/DocType.ts"
import { TransactionStore } from "../src/TransactionStore.ts"

const ids = { merchantBizId: "order1", transactionId: "hksb1" }
const unfinished = Canned.error("ProcessNotCompleted")

const clientOf = (answer: Canned.Canned, asked: Array<string> = []) =>
  Cloudauth.layerTest(
    ({ transactionId }) => {
      asked.push(transactionId)
      return answer
    },
    () => Canned.initialized(ids.transactionId)
  )

/** A call that fails, on the test's clock. */
const errorAt = (after: Duration.Input, startedAt: number | undefined, retentionDays?: number) =>
  Effect.gen(function* () {
    yield* TestClock.adjust(after)
    const expect = {
      ...(startedAt === undefined ? {} : { startedAt }),
      ...(retentionDays === undefined ? {} : { retentionDays })
    }
    return yield* Effect.flip(Cloudauth.checkResult({ ...ids, expect }))
  })

describe("a transaction", () => {
  it.effect.each([
    ["29 minutes", "ProcessNotCompleted"],
    ["30 minutes", "TransactionAbandoned"],
    ["2 days", "TransactionAbandoned"]
  ] as const)("that is unfinished after %s is %s", ([after, tag]) =>
    Effect.gen(function* () {
      const error = yield* errorAt(after, 0)
      assert.deepInclude(error, { _tag: tag, attempts: 1, httpStatus: 404 })
    }).pipe(Effect.provide(clientOf(unfinished)))
  )

  it.effect("is only unfinished if its begin is unknown", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* errorAt("2 days", undefined))._tag, "ProcessNotCompleted")
    }).pipe(Effect.provide(clientOf(unfinished)))
  )

  const life = (days: number) => Duration.toMillis("30 minutes") + Duration.toMillis(Duration.days(days + 1))

  it.effect.each([30, 7, 180])("that is kept for %i days is asked for until a day later, then expired", (days) => {
    const asked: Array<string> = []
    return Effect.gen(function* () {
      const last = yield* errorAt(life(days) - 1, 0, days)
      assert.strictEqual(last._tag, "TransactionIdInvalid")
      const error = yield* errorAt(1, 0, days)
      assert.deepInclude(error, { _tag: "TransactionExpired", attempts: 0, startedAt: 0, httpStatus: undefined })
      assert.include(error.message, "Begin a new transaction")
      assert.deepStrictEqual(asked, [ids.transactionId])
    }).pipe(Effect.provide(clientOf(Canned.error("TransactionIdInvalid"), asked)))
  })

  it.effect("is kept for 30 days by default", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* errorAt(life(30) - 1, 0))._tag, "TransactionIdInvalid")
      assert.strictEqual((yield* errorAt(1, 0))._tag, "TransactionExpired")
    }).pipe(Effect.provide(clientOf(Canned.error("TransactionIdInvalid"))))
  )

  it.effect("that the store began ends the waiting for its result when the user's time is over", () =>
    Effect.gen(function* () {
      yield* TransactionStore.initialize({
        merchantBizId: ids.merchantBizId,
        merchantUserId: "hashedUser",
        docType: DocType.GlobalPassport
      })
      const waiting = yield* Effect.forkChild(
        Effect.flip(TransactionStore.awaitStored({ merchantBizId: ids.merchantBizId }))
      )
      yield* TestClock.adjust("29 minutes")
      assert.isUndefined(waiting.pollUnsafe())
      yield* TestClock.adjust("3 minutes")
      assert.strictEqual((yield* Fiber.join(waiting))._tag, "TransactionAbandoned")
      const later = yield* Effect.flip(TransactionStore.checkStored({ merchantBizId: ids.merchantBizId }))
      assert.strictEqual(later._tag, "TransactionAbandoned")
    }).pipe(Effect.provide(Layer.merge(TransactionStore.layerMemory, clientOf(unfinished))))
  )
})
