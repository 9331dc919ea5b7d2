/** How results are collected in the background, and what is logged. */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import type * as Callback from "../src/Callback.ts"
import * as Canned from "../src/Canned.ts"
import * as Document from "../src/Document.ts"
import * as Quota from "../src/Quota.ts"
import { TransactionStoreError } from "../src/TransactionStoreError.ts"

import { collecting, genuine, get, merchant, put, token } from "./fixtures/merchant.ts"

describe("flood", () => {
  it.effect("waits in the store, not in memory, and loses nothing", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      let running = 0
      let most = 0
      const { asked, start, store } = yield* merchant()
      const handed: Array<string> = []
      const send = yield* start(
        ({ transaction }) =>
          Effect.gen(function* () {
            most = Math.max(most, ++running)
            yield* Deferred.await(gate)
            running--
            handed.push(transaction.transactionId)
          }),
        { capacity: 5, concurrency: 2 }
      )
      const ids = Array.from({ length: 200 }, (_, index) => `t${index}`)
      yield* Effect.forEach(ids, (id) => put(store, id))
      yield* Effect.forEach(ids.slice(0, 2), (id) => send(genuine(id)))
      yield* TestClock.adjust(1)
      yield* Effect.forEach(ids.slice(2), (id) => send(genuine(id)), { concurrency: 20 })
      yield* TestClock.adjust("30 seconds")
      assert.isAtMost(asked.length, 2)
      yield* Deferred.succeed(gate, undefined)
      // Each step lets the workers run on for a while; the next sweep is still far.
      for (let step = 0; step < 50; step++) yield* TestClock.adjust("100 millis")
      // Two were under way and five in the queue.
      assert.strictEqual(handed.length, 7)
      yield* TestClock.adjust("2 hours")
      assert.deepStrictEqual(handed.sort(), ids.sort())
      assert.strictEqual(most, 2)
    })
  )
})

describe("what is collected", () => {
  it.effect("is held against what was asked for, and assessed", () =>
    Effect.gen(function* () {
      const { start, store } = yield* merchant(() =>
        Canned.passed(Document.GlobalPassport, { expiryDate: "1969-12-31" })
      )
      const results = yield* collecting
      const send = yield* start(results.onResult)
      yield* store.put({ transactionId: "t1", merchantBizId: "order1", expectation: { idSpoof: false } })
      yield* send(genuine("t1"))
      const { result } = yield* results.next
      assert.strictEqual(result.spoof.front._tag, "NotRequested")
      assert.includeMembers(
        result.findings.map(({ code }) => code),
        ["Expired", "SpoofNotRequested"]
      )
    })
  )

  it.effect("has the priority of a wait: calls pass for which a person waits", () =>
    Effect.gen(function* () {
      const priorities: Array<Quota.Priority> = []
      const { start, store } = yield* merchant(() =>
        Effect.flatMap(Quota.Priority, (priority) => {
          priorities.push(priority)
          return Canned.passed()
        })
      )
      const results = yield* collecting
      const send = yield* start(results.onResult)
      yield* put(store, "t1")
      yield* send(genuine("t1"))
      yield* results.next
      assert.deepStrictEqual(priorities, ["wait"])
    })
  )

  it.effect("began in the client's own region", () =>
    Effect.gen(function* () {
      const { asked, start, store } = yield* merchant()
      const results = yield* collecting
      const send = yield* start(results.onResult)
      const put = (transactionId: string, region: string) =>
        store.put({ transactionId, merchantBizId: transactionId, expectation: { region } })
      yield* put("elsewhere", "ap-southeast-1")
      yield* put("here", "cn-hongkong")
      yield* send(genuine("elsewhere"))
      yield* send(genuine("here"))
      assert.strictEqual((yield* results.next).transaction.transactionId, "here")
      yield* TestClock.adjust("2 hours")
      assert.deepStrictEqual(asked, ["here"])
    })
  )

  it.effect("is found by the sweep, however many of another region wait longer", () =>
    Effect.gen(function* () {
      const { asked, start, store } = yield* merchant()
      const put = (transactionId: string, region: string) =>
        store
          .put({ transactionId, merchantBizId: transactionId, expectation: { region } })
          .pipe(Effect.andThen(store.notified(transactionId)))
      for (const id of ["one", "two", "three"]) yield* put(id, "ap-southeast-1")
      yield* put("here", "cn-hongkong")
      yield* start(() => Effect.void, { capacity: 2 })
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(asked, ["here"])
    })
  )

  it.effect("is no other region's, before the answer either: that server's sweep collects it", () =>
    Effect.gen(function* () {
      const { asked, start, store } = yield* merchant()
      const send = yield* start(() => Effect.void, { collect: "beforeAnswer" })
      yield* store.put({ transactionId: "t1", merchantBizId: "order1", expectation: { region: "ap-southeast-1" } })
      assert.strictEqual((yield* send(genuine("t1"))).status, 200)
      assert.deepStrictEqual(asked, [])
      assert.deepStrictEqual(Option.getOrUndefined(yield* store.claim("t1", "1 minute")), 1)
    })
  )
})

describe("failure", () => {
  it.effect("of onResult, or of the service, is tried again after a minute, then two", () =>
    Effect.gen(function* () {
      const failures = [Canned.error("Forbidden.AccountAccessDenied"), Canned.passed(), Canned.passed()]
      const { asked, start, store } = yield* merchant(() => failures.shift() ?? Canned.passed())
      const handed: Array<string> = []
      const send = yield* start(({ result }) => {
        handed.push(result.verdict._tag)
        return handed.length === 1 ? Effect.fail(new Error("my database is down")) : Effect.void
      })
      yield* put(store, "t1")
      yield* send(genuine("t1"))
      yield* TestClock.adjust("59 seconds")
      assert.deepStrictEqual([asked.length, handed.length], [1, 0])
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual([asked.length, handed.length], [2, 1])
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual([asked.length, handed.length], [2, 1])
      yield* TestClock.adjust("2 minutes")
      assert.deepStrictEqual([asked.length, handed.length], [3, 2])
      assert.isDefined((yield* store.get("t1")).collectedAt)
    })
  )

  it.effect(
    "is tried again while the result says that it is pending (Passed is P), and is not marked as collected",
    () =>
      Effect.gen(function* () {
        let isPending = true
        const pending = Canned.response(JSON.stringify({ Code: "Success", Result: { Passed: "P", SubCode: "200" } }))
        const { start, store } = yield* merchant(() => (isPending ? pending : Canned.passed()))
        const results = yield* collecting
        const send = yield* start(results.onResult)
        yield* put(store, "t1")
        yield* send(genuine("t1"))
        yield* TestClock.adjust("1 minute")
        assert.deepStrictEqual(yield* results.rest, [])
        assert.isUndefined((yield* store.get("t1")).collectedAt)
        isPending = false
        yield* TestClock.adjust("5 minutes")
        assert.strictEqual((yield* results.next).result.verdict._tag, "Passed")
        assert.isDefined((yield* store.get("t1")).collectedAt)
      })
  )

  it.effect("of onResult by a defect harms no worker", () =>
    Effect.gen(function* () {
      const { start, store } = yield* merchant()
      const results = yield* collecting
      let calls = 0
      const send = yield* start(
        (collected) => (++calls === 1 ? Effect.die(new Error("a bug")) : results.onResult(collected)),
        { concurrency: 1 }
      )
      yield* Effect.forEach(["t1", "t2"], (id) => put(store, id))
      yield* send(genuine("t1"))
      yield* send(genuine("t2"))
      assert.strictEqual((yield* results.next).transaction.transactionId, "t2")
      yield* TestClock.adjust("2 minutes")
      assert.strictEqual((yield* results.next).transaction.transactionId, "t1")
    })
  )

  it.effect("to end in time frees the worker", () =>
    Effect.gen(function* () {
      const { start, store } = yield* merchant((id) => (id === "hangs" ? Effect.never : Canned.passed()))
      const results = yield* collecting
      const send = yield* start(results.onResult, { concurrency: 1, collectTimeout: "10 seconds" })
      yield* Effect.forEach(["hangs", "t2"], (id) => put(store, id))
      yield* send(genuine("hangs"))
      yield* send(genuine("t2"))
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual((yield* results.next).transaction.transactionId, "t2")
    })
  )

  const down = new TransactionStoreError({ operation: "notified", underlying: Redacted.make("down") })
  it.effect("of the store makes the platform call again, and shows a forger nothing", () =>
    Effect.gen(function* () {
      const { start } = yield* merchant(
        () => Canned.passed(),
        (store) => ({ ...store, notified: () => down })
      )
      const send = yield* start(() => Effect.void)
      assert.strictEqual((yield* send(genuine("t1"))).status, 503)
      assert.strictEqual((yield* send(get({ callbackToken: "forged", transactionId: "t1" }))).status, 200)
    })
  )

  it.effect("to mark a result as collected is retried, so that no result is handed over twice", () =>
    Effect.gen(function* () {
      let marks = 0
      const { start, store } = yield* merchant(
        () => Canned.passed(),
        (store) => ({ ...store, collected: (id) => Effect.suspend(() => (++marks < 3 ? down : store.collected(id))) })
      )
      const results = yield* collecting
      const send = yield* start(results.onResult)
      yield* put(store, "t1")
      yield* send(genuine("t1"))
      yield* TestClock.adjust("1 day")
      assert.strictEqual((yield* results.rest).length, 1)
      assert.isDefined((yield* store.get("t1")).collectedAt)
    })
  )

  it.effect("of a sweep does not end the sweeping", () =>
    Effect.gen(function* () {
      let sweeps = 0
      const { start, store } = yield* merchant(
        () => Canned.passed(),
        (store) => ({
          ...store,
          pending: (limit) => Effect.suspend(() => (++sweeps < 3 ? down : store.pending(limit)))
        })
      )
      const results = yield* collecting
      yield* put(store, "t1")
      yield* store.notified("t1")
      yield* start(results.onResult)
      yield* TestClock.adjust("2 minutes")
      assert.strictEqual((yield* results.next).transaction.transactionId, "t1")
    })
  )
})

describe("a transaction whose callback never comes", () => {
  it.effect("is asked for after an hour, and its result handed over once", () =>
    Effect.gen(function* () {
      const { asked, start, store } = yield* merchant()
      const results = yield* collecting
      yield* start(results.onResult, { sweepEvery: "1 hour" })
      yield* put(store, "never")
      yield* TestClock.adjust("59 minutes")
      assert.deepStrictEqual(asked, [])
      yield* TestClock.adjust("1 hour")
      assert.strictEqual((yield* results.next).transaction.transactionId, "never")
      yield* TestClock.adjust("29 days")
      assert.deepStrictEqual(asked, ["never"])
      assert.deepStrictEqual(yield* results.rest, [])
    })
  )

  it.effect("ends with a reason if its user did not finish, told until onEnded has taken it", () =>
    Effect.gen(function* () {
      const { asked, start, store } = yield* merchant(() => Canned.error("ProcessNotCompleted"))
      const told: Array<string> = []
      yield* start(() => Effect.void, {
        onEnded: ({ error, transaction }) => {
          told.push(`${transaction.transactionId} ${error._tag}`)
          return told.length === 1 ? Effect.fail(new Error("my database is down")) : Effect.void
        }
      })
      yield* put(store, "t1")
      yield* TestClock.adjust("30 days")
      assert.deepStrictEqual(told, ["t1 TransactionAbandoned", "t1 TransactionAbandoned"])
      assert.lengthOf(asked, 2)
      assert.deepInclude(yield* store.get("t1"), { ending: "Abandoned", collectedAt: undefined })
    })
  )

  it.effect("gets its result if the callback comes after that", () =>
    Effect.gen(function* () {
      let hasFinished = false
      const { start, store } = yield* merchant(() =>
        hasFinished ? Canned.passed() : Canned.error("ProcessNotCompleted")
      )
      const results = yield* collecting
      const send = yield* start(results.onResult)
      yield* put(store, "t1")
      yield* TestClock.adjust("2 hours")
      assert.strictEqual((yield* store.get("t1")).ending, "Abandoned")
      hasFinished = true
      yield* send(genuine("t1"))
      assert.strictEqual((yield* results.next).transaction.transactionId, "t1")
    })
  )

  it.effect("is no reason to give up one that was notified: its result may be late, until it is expired", () =>
    Effect.gen(function* () {
      const { start, store } = yield* merchant(() => Canned.error("ProcessNotCompleted"))
      const told: Array<string> = []
      const send = yield* start(() => Effect.void, {
        onEnded: ({ error }) => Effect.sync(() => void told.push(error._tag))
      })
      yield* put(store, "t1")
      yield* send(genuine("t1"))
      yield* TestClock.adjust("30 days")
      assert.deepStrictEqual(told, [])
      yield* TestClock.adjust("2 days")
      assert.deepStrictEqual(told, ["TransactionExpired"])
      assert.strictEqual((yield* store.get("t1")).ending, "Expired")
    })
  )
})

describe("the end of the layer", () => {
  it.effect("waits for queued and running work, and takes nothing new", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const { asked, start, store } = yield* merchant()
      const results = yield* collecting
      const scope = yield* Scope.make()
      const slow = (collected: Callback.Collected) => Effect.andThen(Deferred.await(gate), results.onResult(collected))
      const send = yield* Scope.provide(start(slow, { concurrency: 1 }), scope)
      yield* Effect.forEach(["t1", "t2", "t3"], (id) => put(store, id))
      yield* send(genuine("t1"))
      yield* send(genuine("t2"))
      yield* TestClock.adjust(1)
      const closing = yield* Effect.forkChild(Scope.close(scope, Exit.void))
      yield* TestClock.adjust(1)
      yield* send(genuine("t3"))
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(closing)
      assert.deepStrictEqual(asked, ["t1", "t2"])
      assert.strictEqual((yield* results.rest).length, 2)
      assert.isUndefined((yield* store.get("t3")).collectedAt)

      yield* start(results.onResult)
      assert.strictEqual((yield* results.next).transaction.transactionId, "t3")
      yield* TestClock.adjust("1 day")
      assert.deepStrictEqual(yield* results.rest, [])
    })
  )

  it.effect("interrupts what does not end, and the next process collects it at once", () =>
    Effect.gen(function* () {
      const { start, store } = yield* merchant()
      const results = yield* collecting
      const scope = yield* Scope.make()
      const send = yield* Scope.provide(
        start(() => Effect.never, { concurrency: 1 }),
        scope
      )
      yield* Effect.forEach(["t1", "t2"], (id) => put(store, id))
      yield* send(genuine("t1"))
      yield* send(genuine("t2"))
      yield* TestClock.adjust(1)
      const closing = yield* Effect.forkChild(Scope.close(scope, Exit.void))
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.join(closing)
      yield* start(results.onResult)
      const ids = [yield* results.next, yield* results.next].map(({ transaction }) => transaction.transactionId)
      assert.deepStrictEqual(ids.sort(), ["t1", "t2"])
    })
  )

  it.effect("by a crash leaves a claim that ends with its lease", () =>
    Effect.gen(function* () {
      const { start, store } = yield* merchant()
      const results = yield* collecting
      yield* put(store, "t1")
      yield* store.notified("t1")
      assert.isTrue(Option.isSome(yield* store.claim("t1", "4 minutes")))
      const send = yield* start(results.onResult)
      yield* send(genuine("t1"))
      yield* TestClock.adjust("3 minutes")
      assert.deepStrictEqual(yield* results.rest, [])
      yield* TestClock.adjust("2 minutes")
      assert.strictEqual((yield* results.next).transaction.transactionId, "t1")
    })
  )
})

describe("logs", () => {
  it.effect("hold neither ids nor tokens, and a flood makes one line a minute", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const logger = Logger.layer([Logger.map(Logger.formatJson, (line) => void lines.push(line))])
      yield* Effect.provide(
        Effect.gen(function* () {
          const { start, store } = yield* merchant(() => Canned.error("TransactionIdInvalid", "secretT1 is unknown"))
          const send = yield* start(() => Effect.fail("secretWord"))
          yield* put(store, "secretT1")
          yield* send(genuine("secretT1"))
          for (let index = 0; index < 100; index++) {
            yield* send(get({ callbackToken: `secretForged${index}`, transactionId: "secretT1" }))
            yield* send(genuine(`secretUnknown${index}`))
          }
          yield* TestClock.adjust("2 minutes")
          yield* send(get({ callbackToken: "secretForged", transactionId: "secretT1" }))
        }),
        logger
      )
      const all = lines.join("\n")
      assert.notMatch(all, /secret(T1|Forged|Unknown|Word)/)
      assert.notInclude(all, token)
      assert.include(all, "TransactionIdInvalid")
      assert.strictEqual(lines.filter((line) => line.includes("without the right token")).length, 2)
      assert.include(all, '"cloudauth.callback.calls":100')
      assert.strictEqual(lines.filter((line) => line.includes("does not hold")).length, 1)
    })
  )
})

describe("the log of a failed collection", () => {
  class Strange extends Error {
    static override readonly name = "secret name"
  }
  it.effect.each([
    ["the tag of a failure", Effect.fail({ _tag: "DatabaseDown", words: "secretWord" }), "DatabaseDown"],
    ["the class of a defect", Effect.die(new RangeError("secretWord")), "RangeError"],
    ["that it was an interruption", Effect.interrupt, "Interrupt"],
    ["no text of a defect", Effect.die("secretWord"), "_OTHER"],
    ["no more of null", Effect.die(null), "_OTHER"],
    ["no strange name of a class", Effect.die(new Strange("secretWord")), "_OTHER"]
  ] as ReadonlyArray<readonly [string, Effect.Effect<void, unknown>, string]>)("has %s", ([, failing, type]) =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const logger = Logger.layer([Logger.map(Logger.formatJson, (line) => void lines.push(line))])
      const { start, store } = yield* merchant()
      yield* Effect.gen(function* () {
        const send = yield* start(() => failing)
        yield* put(store, "t1")
        yield* send(genuine("t1"))
        yield* TestClock.adjust("1 second")
      }).pipe(Effect.provide(logger))
      const line = lines.find((candidate) => candidate.includes("could not be collected"))
      assert.include(line, `"error.type":"${type}"`)
      assert.notMatch(lines.join(), /secret/)
    })
  )
})
