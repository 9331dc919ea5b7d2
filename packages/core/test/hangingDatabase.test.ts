/** A database that does not answer, as over a broken connection: a driver may wait for ever. */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { DatabaseSync } from "node:sqlite"
import * as CallbackHandler from "../src/CallbackHandler.ts"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import * as DocType from "../src/DocType.ts"
import { TransactionStore } from "../src/TransactionStore.ts"
import * as TransactionStoreQuery from "../src/TransactionStoreQuery.ts"
import { genuine, token } from "./fixtures/merchant.ts"

const client = Cloudauth.layerTest(
  () => Canned.passed(),
  () => Canned.initialized("hksb2")
)

/** A store that holds one transaction. What `hang` matches gets no answer. */
const backend = Effect.gen(function* () {
  const state: { hang: RegExp | undefined } = { hang: undefined }
  const database = new DatabaseSync(":memory:")
  const stores = yield* Layer.build(
    TransactionStoreQuery.layer({
      dialect: "sqlite",
      query: (sql, parameters) =>
        state.hang?.test(sql) === true ? Effect.never : Effect.try(() => database.prepare(sql).all(...parameters))
    })
  )
  const store = Context.get(stores, TransactionStore)
  yield* store.put({ transactionId: "hksb1", merchantBizId: "order1" })
  const context = Context.merge(stores, yield* Layer.build(client))
  const handed: Array<string> = []
  const handler = yield* Effect.provideContext(
    CallbackHandler.make({
      callbackToken: Redacted.make(token),
      concurrency: 1,
      onResult: ({ transaction }) => Effect.sync(() => void handed.push(transaction.transactionId))
    }),
    context
  )
  return { context, database, handed, handler, state, store }
})

const request = {
  merchantBizId: "order2",
  merchantUserId: "5e884898da28047151d0e56f8dc6292773603d0d",
  docType: DocType.GlobalPassport
}

const calls: ReadonlyArray<
  readonly [string, RegExp, Effect.Effect<unknown, { readonly _tag: string }, Cloudauth | TransactionStore>, string]
> = [
  ["initialize", /./, TransactionStore.initialize(request), "TransactionStoreError"],
  [
    "initialize, once the transaction has begun",
    /_transactions/,
    TransactionStore.initialize(request),
    "InitializedNotStored"
  ],
  ["checkStored", /./, TransactionStore.checkStored({ transactionId: "hksb1" }), "TransactionStoreError"],
  ["awaitStored", /./, TransactionStore.awaitStored({ merchantBizId: "order1" }), "TransactionStoreError"]
]

describe("a database that does not answer", () => {
  it.effect.each(calls)("fails %s after half a minute", ([, hang, call, tag]) =>
    Effect.gen(function* () {
      const { context, state } = yield* backend
      state.hang = hang
      const calling = yield* Effect.forkChild(Effect.flip(Effect.provideContext(call, context)))
      yield* TestClock.adjust("31 seconds")
      assert.strictEqual((yield* Fiber.join(calling))._tag, tag)
    })
  )

  it.effect("makes the platform call again", () =>
    Effect.gen(function* () {
      const { handler, state } = yield* backend
      state.hang = /./
      const answering = yield* Effect.forkChild(handler(genuine("hksb1")))
      yield* TestClock.adjust("31 seconds")
      assert.strictEqual((yield* Fiber.join(answering)).status, 503)
    })
  )

  it.effect("hides no result whose step it can't note", () =>
    Effect.gen(function* () {
      const { context, state } = yield* backend
      state.hang = /SET step/
      const checking = TransactionStore.checkStored({ transactionId: "hksb1" }).pipe(Effect.provideContext(context))
      const result = yield* Effect.forkChild(checking)
      yield* TestClock.adjust("31 seconds")
      assert.strictEqual((yield* Fiber.join(result)).verdict._tag, "Passed")
    })
  )

  for (const [name, hang] of [
    ["claims a result", /SET claims/],
    ["marks a result as collected", /SET collected_at/],
    ["searches for what is left over", /LIMIT/]
  ] as const) {
    it.effect(`holds no worker for ever that ${name}`, () =>
      Effect.gen(function* () {
        const { handed, handler, state, store } = yield* backend
        state.hang = hang
        yield* handler(genuine("hksb1"))
        yield* TestClock.adjust("10 minutes")
        state.hang = undefined
        yield* TestClock.adjust("10 minutes")
        yield* store.put({ transactionId: "hksb3", merchantBizId: "order3" })
        yield* store.notified("hksb3")
        yield* TestClock.adjust("2 minutes")
        assert.includeMembers(handed, ["hksb1", "hksb3"])
      })
    )
  }

  it.effect("wakes those who wait once it answers again", () =>
    Effect.gen(function* () {
      const { database, state, store } = yield* backend
      const waiting = yield* Effect.forkChild(store.awaitNotified("hksb1"))
      state.hang = /notified_at IS NOT NULL AND transaction_id IN/
      yield* TestClock.adjust("10 seconds")
      state.hang = undefined
      // Another process notes it.
      database.exec("UPDATE cloudauth_transactions SET notified_at = 1")
      yield* TestClock.adjust("31 seconds")
      yield* Fiber.join(waiting)
    })
  )
})
