/** Waits for stored transactions, woken by callbacks; waits as data. */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inspect } from "node:util"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import * as DocType from "../src/DocType.ts"
import * as Document from "../src/Document.ts"
import * as PendingResult from "../src/PendingResult.ts"
import { TransactionStore } from "../src/TransactionStore.ts"
import * as TransactionStoreSql from "../src/TransactionStoreSql.ts"
import { sqlite } from "./fixtures/databases.ts"
import { genuine, merchant, put } from "./fixtures/merchant.ts"

/** A user who finishes, a client that counts the polls, and when each came. */
const user = () => {
  const polledAt: Array<number> = []
  let hasFinished = false
  const client = Cloudauth.layerTest(
    () =>
      Effect.clockWith((clock) => {
        polledAt.push(clock.currentTimeMillisUnsafe())
        return hasFinished ? Canned.passed(Document.GlobalPassport) : Canned.error("ProcessNotCompleted")
      }),
    () => Canned.initialized("t1")
  )
  return {
    client,
    polledAt,
    finish: () => {
      hasFinished = true
    }
  }
}

const request = { merchantBizId: "order1", merchantUserId: "hashedUser", docType: DocType.GlobalPassport }
const withCallback = {
  ...request,
  callbackUrl: "https://merchant.example/callback",
  callbackToken: Redacted.make("b7e23ec29af22b0b4e41da31e868d572")
}
const awaited = TransactionStore.awaitStored({ merchantBizId: "order1" })

describe("awaitStored", () => {
  it.effect.each([5, 30, 90, 240, 330])(
    "polls once or twice if the callback comes after %d s, and at once",
    (seconds) => {
      const { client, finish, polledAt } = user()
      return Effect.gen(function* () {
        yield* TransactionStore.initialize(withCallback)
        const fiber = yield* Effect.forkChild(awaited)
        yield* TestClock.adjust(seconds * 1000)
        finish()
        yield* (yield* TransactionStore).notified("t1")
        yield* TestClock.adjust(1)
        assert.strictEqual((yield* Fiber.join(fiber)).verdict._tag, "Passed")
        assert.isAtMost(polledAt.length, 2)
        assert.closeTo(polledAt.at(-1) ?? 0, seconds * 1000, 1)
      }).pipe(Effect.provide(Layer.merge(TransactionStore.layerMemory, client)))
    }
  )

  it.effect("polls every five minutes if the callback is lost", () => {
    const { client, finish, polledAt } = user()
    return Effect.gen(function* () {
      yield* TransactionStore.initialize(withCallback)
      const fiber = yield* Effect.forkChild(awaited)
      yield* TestClock.adjust("6 minutes")
      finish()
      yield* TestClock.adjust("6 minutes")
      assert.strictEqual((yield* Fiber.join(fiber)).verdict._tag, "Passed")
      assert.strictEqual(polledAt[0], 300_000)
      assert.lengthOf(polledAt, 2)
    }).pipe(Effect.provide(Layer.merge(TransactionStore.layerMemory, client)))
  })

  it.effect("polls at once if the transaction is older than five minutes, or its callback has come", () => {
    const { client, finish, polledAt } = user()
    return Effect.gen(function* () {
      yield* TransactionStore.initialize(withCallback)
      yield* (yield* TransactionStore).notified("t1")
      finish()
      yield* awaited
      const store = yield* TransactionStore
      yield* store.put({ transactionId: "t2", merchantBizId: "order2", expectsCallback: true })
      yield* TestClock.adjust("5 minutes")
      yield* TransactionStore.awaitStored({ merchantBizId: "order2" })
      assert.deepStrictEqual(polledAt, [0, 300_000])
    }).pipe(Effect.provide(Layer.merge(TransactionStore.layerMemory, client)))
  })

  it.effect("polls like awaitResult if no callback is expected, and wakes all the same", () => {
    const { client, finish, polledAt } = user()
    return Effect.gen(function* () {
      yield* TransactionStore.initialize(request)
      const fiber = yield* Effect.forkChild(awaited)
      yield* TestClock.adjust("4 seconds")
      finish()
      yield* (yield* TransactionStore).notified("t1")
      yield* TestClock.adjust(1)
      yield* Fiber.join(fiber)
      assert.lengthOf(polledAt, 3)
    }).pipe(Effect.provide(Layer.merge(TransactionStore.layerMemory, client)))
  })

  it.effect("expects a callback if this process has a route for it", () =>
    Effect.gen(function* () {
      let hasFinished = false
      const { asked, services, start, store } = yield* merchant(() =>
        hasFinished ? Canned.passed() : Canned.error("ProcessNotCompleted")
      )
      const send = yield* start(() => Effect.void)
      yield* put(store, "t1")
      const fiber = yield* Effect.forkChild(
        Effect.provide(TransactionStore.awaitStored({ transactionId: "t1" }), services)
      )
      yield* TestClock.adjust("50 seconds")
      assert.deepStrictEqual(asked, [])
      hasFinished = true
      yield* send(genuine("t1"))
      yield* TestClock.adjust(1)
      assert.strictEqual((yield* Fiber.join(fiber)).verdict._tag, "Passed")
    })
  )

  it.effect("wakes within two seconds when another process notes the callback, by one query for all", () =>
    Effect.gen(function* () {
      const folder = yield* Effect.acquireRelease(
        Effect.sync(() => mkdtempSync(join(tmpdir(), "cloudauth-wait-"))),
        (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
      )
      const queries: Array<string> = []
      const database = sqlite(join(folder, "store.sqlite"), (sql) => queries.push(sql))
      const stores = Layer.fresh(TransactionStoreSql.layer.pipe(Layer.provide(database)))
      const waiting = Context.get(yield* Layer.build(stores), TransactionStore)
      const noting = Context.get(yield* Layer.build(stores), TransactionStore)
      const ids = Array.from({ length: 2000 }, (_, index) => `t${index}`)
      yield* Effect.forEach(ids.slice(0, 3), (id) => put(noting, id))
      const fibers = yield* Effect.forEach(ids, (id) => Effect.forkChild(waiting.awaitNotified(id)))
      yield* TestClock.adjust("5 seconds")
      yield* noting.notified("t1")
      yield* noting.notified("t2")
      queries.length = 0
      yield* TestClock.adjust("2 seconds")
      const ended = fibers.flatMap((fiber, index) => (fiber.pollUnsafe() === undefined ? [] : [ids[index]]))
      assert.deepStrictEqual(ended, ["t1", "t2"])
      assert.lengthOf(queries, 2)
      yield* Fiber.interruptAll(fibers)
      queries.length = 0
      yield* TestClock.adjust("1 minute")
      assert.isAtMost(queries.length, 1)
    })
  )
})

describe("a pending result", () => {
  const Json = Schema.fromJsonString(PendingResult.PendingResult)
  const asked = { merchantBizId: "order1", transactionId: "secretT1", document: Document.GlobalPassport }

  it.effect("goes on in another process from its last poll, and keeps what the result is held against", () => {
    const { client, finish, polledAt } = user()
    return Effect.gen(function* () {
      const first = yield* Effect.forkChild(Effect.flip(Cloudauth.awaitResult(asked, { timeout: "40 seconds" })))
      yield* TestClock.adjust("40 seconds")
      const error = yield* Fiber.join(first)
      if (error._tag !== "WaitTimedOut" || error.pending === undefined) return assert.fail(error._tag)
      const encoded = yield* Schema.encodeEffect(Json)(Redacted.value(error.pending))
      yield* TestClock.adjust("1 minute")

      const pending = yield* Schema.decodeEffect(Json)(encoded)
      assert.deepInclude(pending, { polls: 5, startedAt: 0, deadline: 40_000 })
      const second = yield* Effect.forkChild(Cloudauth.resume(pending))
      yield* TestClock.adjust("15 seconds")
      finish()
      // The sixth pause of the schedule is 31.5 s, the first would be 3 s.
      assert.lengthOf(polledAt, 6)
      yield* TestClock.adjust("25 seconds")
      const result = yield* Fiber.join(second)
      assert.lengthOf(polledAt, 7)
      assert.strictEqual(result.ocr._tag === "Read" && result.ocr.document, "GlobalPassport")
    }).pipe(Effect.provide(client))
  })

  it.effect("times out after its time, or after the time that it is given", () => {
    const { client } = user()
    return Effect.gen(function* () {
      const pending = yield* PendingResult.make(asked, { timeout: "2 minutes" })
      yield* TestClock.adjust("30 seconds")
      for (const [options, seconds] of [
        [{}, 90],
        [{ timeout: "10 seconds" }, 10]
      ] as const) {
        const fiber = yield* Effect.forkChild(Effect.flip(Cloudauth.resume(pending, options)))
        yield* TestClock.adjust(seconds * 1000 - 1)
        assert.isUndefined(fiber.pollUnsafe())
        yield* TestClock.adjust(1)
        assert.strictEqual((yield* Fiber.join(fiber))._tag, "WaitTimedOut")
      }
    }).pipe(Effect.provide(client))
  })

  it.effect("is expired after 30 days, though it does not know when the transaction began", () => {
    const { client, polledAt } = user()
    return Effect.gen(function* () {
      const pending = yield* PendingResult.make(asked)
      yield* TestClock.adjust("32 days")
      assert.strictEqual((yield* Effect.flip(Cloudauth.resume(pending)))._tag, "TransactionExpired")
      assert.deepStrictEqual(polledAt, [])
    }).pipe(Effect.provide(client))
  })

  it.effect("shows its progress as a stream that ends with the result", () => {
    const { client, finish } = user()
    return Effect.gen(function* () {
      const pending = yield* PendingResult.make(asked)
      const fiber = yield* Effect.forkChild(Stream.runCollect(PendingResult.progress(pending)))
      yield* TestClock.adjust("5 seconds")
      finish()
      yield* TestClock.adjust("1 minute")
      const steps = yield* Fiber.join(fiber)
      assert.deepStrictEqual(
        steps.map((step) => (step._tag === "Waiting" ? step.pending.polls : step.result.verdict._tag)),
        [1, 2, "Passed"]
      )
    }).pipe(Effect.provide(client))
  })

  it.effect("fails the stream as the wait ends", () => {
    const { client } = user()
    return Effect.gen(function* () {
      const pending = yield* PendingResult.make(asked, { timeout: "5 seconds" })
      const fiber = yield* Effect.forkChild(Effect.flip(Stream.runDrain(PendingResult.progress(pending))))
      yield* TestClock.adjust("5 seconds")
      assert.strictEqual((yield* Fiber.join(fiber))._tag, "WaitTimedOut")
    }).pipe(Effect.provide(client))
  })

  it.effect("of a stored transaction wakes when it is resumed, and its result has findings", () => {
    const { client, finish, polledAt } = user()
    return Effect.gen(function* () {
      yield* TransactionStore.initialize(withCallback)
      const pending = yield* TransactionStore.pendingResult({ merchantBizId: "order1" })
      assert.deepStrictEqual(pending.expectation.documents, ["GlobalPassport"])
      const fiber = yield* Effect.forkChild(TransactionStore.resume(pending))
      yield* TestClock.adjust("20 seconds")
      finish()
      yield* (yield* TransactionStore).notified("t1")
      yield* TestClock.adjust(1)
      assert.isArray((yield* Fiber.join(fiber)).findings)
      assert.lengthOf(polledAt, 1)
      const stranger = {
        ...pending,
        transactionId: Schema.decodeUnknownSync(PendingResult.PendingResult.fields.transactionId)("t2")
      }
      assert.strictEqual((yield* Effect.flip(TransactionStore.resume(stranger)))._tag, "TransactionNotStored")
    }).pipe(Effect.provide(Layer.merge(TransactionStore.layerMemory, client)))
  })

  it.effect("shows in no error, and neither do its ids", () => {
    const { client } = user()
    return Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Effect.flip(Cloudauth.awaitResult(asked, { timeout: "5 seconds" })))
      yield* TestClock.adjust("5 seconds")
      const error = yield* Fiber.join(fiber)
      const encoded =
        error._tag === "WaitTimedOut" ? yield* Schema.encodeEffect(PendingResult.WaitTimedOut)(error) : error
      const shown = [
        error.message,
        String(error),
        JSON.stringify(error),
        inspect(error, { depth: 9 }),
        JSON.stringify(encoded)
      ]
      assert.notMatch(shown.join("\n"), /secretT1|order1/)
      assert.include(error.message, "2 polls")
    }).pipe(Effect.provide(client))
  })

  it.effect("can go on however often it has polled", () => {
    const { client } = user()
    return Effect.gen(function* () {
      const pending = yield* PendingResult.make(asked)
      const polling = Schedule.spaced("1 second")
      let goesOn = { ...pending, polls: 99_999 }
      for (const time of ["first", "second"]) {
        const [step] = yield* Stream.runCollect(Stream.take(PendingResult.progress(goesOn, { polling }), 1))
        goesOn = step?._tag === "Waiting" ? step.pending : assert.fail(time)
        assert.strictEqual(goesOn.polls, 100_000)
      }
    }).pipe(Effect.provide(client))
  })

  it.effect("of a stored transaction is held against what the store has, if an earlier version did not say it", () => {
    const { client, finish } = user()
    return Effect.gen(function* () {
      yield* TransactionStore.initialize({ ...request, docType: DocType.HongKongIdentityCard2018 })
      const pending = yield* TransactionStore.pendingResult({ merchantBizId: "order1" })
      finish()
      const verdicts = yield* Effect.forEach([pending, { ...pending, expectation: {} }], (pending) =>
        Effect.map(TransactionStore.resume(pending), ({ verdict }) => verdict)
      )
      assert.strictEqual(verdicts[0]?._tag, "Inconclusive")
      assert.deepStrictEqual(verdicts[1], verdicts[0])
    }).pipe(Effect.provide(Layer.merge(client, TransactionStore.layerMemory)))
  })

  it.effect("is refused if it is none", () => {
    const { client, polledAt } = user()
    return Effect.gen(function* () {
      const pending = yield* PendingResult.make(asked)
      for (const wrong of [null, {}, { ...asked }, { ...pending, polls: 100_001 }]) {
        // What callers without types can give.
        const error = yield* Effect.flip(Cloudauth.resume(wrong as unknown as PendingResult.PendingResult))
        assert.deepInclude(error, { _tag: "InvalidRequest", path: "pending" })
      }
      const refused = yield* Effect.flip(PendingResult.make({ merchantBizId: "", transactionId: "t1" }))
      assert.deepInclude(refused, { _tag: "InvalidRequest", path: "merchantBizId" })
      assert.deepStrictEqual(polledAt, [])
    }).pipe(Effect.provide(client))
  })
})
