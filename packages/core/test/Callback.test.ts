/** What a callback is answered, and whether it is believed. */
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import type * as Callback from "../src/Callback.ts"
import * as Canned from "../src/Canned.ts"
import * as Telemetry from "../src/Telemetry.ts"
import * as Document from "../src/Document.ts"
import * as DocType from "../src/DocType.ts"
import type { Store } from "../src/TransactionStore.ts"

import type * as Transport from "../src/Transport.ts"
import { oneOf, utf16 } from "./fixtures/arbitraries.ts"
import { collecting, genuine, get, merchant, path, put, shown, token } from "./fixtures/merchant.ts"
import type { Send } from "./fixtures/merchant.ts"

describe("a callback", () => {
  it.effect("is answered at once, and its result is collected, handed over and marked", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<Transport.Response>()
      const { start, store } = yield* merchant(() => Deferred.await(gate))
      const results = yield* collecting
      const send = yield* start(results.onResult)
      yield* put(store, "t1", DocType.GlobalPassport)
      const response = yield* send(genuine("t1"))
      assert.deepStrictEqual(shown(response), { status: 200, headers: [["cache-control", "no-store"]], body: "Empty" })
      assert.isUndefined((yield* store.get("t1")).collectedAt)
      yield* Effect.flatMap(Canned.passed(Document.GlobalPassport), (response) => Deferred.succeed(gate, response))
      const { result, transaction } = yield* results.next
      assert.strictEqual(result.verdict._tag, "Passed")
      assert.deepInclude(transaction, { transactionId: "t1", merchantBizId: "bizt1" })
      yield* TestClock.adjust("1 day")
      assert.isDefined((yield* store.get("t1")).collectedAt)
      assert.deepStrictEqual(yield* results.rest, [])
    })
  )

  it.effect("reports to the observer how many of the 30 days were left when the result was fetched", () =>
    Effect.gen(function* () {
      const days: Array<number> = []
      const { start, store } = yield* merchant()
      const results = yield* collecting
      const observer = Telemetry.makeObserver({ resultFetched: (left) => days.push(left) })
      yield* put(store, "t1")
      yield* store.notified("t1")
      yield* TestClock.adjust("36 hours")
      const send = yield* Effect.provideService(start(results.onResult), Telemetry.Observer, observer)
      yield* send(genuine("t1"))
      yield* results.next
      assert.deepStrictEqual(days, [28.5])
    })
  )

  it.effect("reports to the observer since when the oldest waits, at each search of the store", () =>
    Effect.gen(function* () {
      const days: Array<number> = []
      const { start, store } = yield* merchant(() => Canned.error("ProcessNotCompleted"))
      const observer = Telemetry.makeObserver({ storeSwept: (oldest) => days.push(oldest) })
      yield* Effect.provideService(
        start(() => Effect.void),
        Telemetry.Observer,
        observer
      )
      yield* TestClock.adjust("3 minutes")
      assert.deepStrictEqual(days, [0, 0, 0, 0])
      yield* put(store, "t1")
      yield* store.notified("t1")
      yield* TestClock.adjust("2 days")
      assert.closeTo(Math.max(...days), 2, 0.1)
    })
  )

  const form = (body: BodyInit, type: string, query = "") =>
    new Request(`https://merchant.example${path}${query}`, { method: "POST", body, headers: { "content-type": type } })
  const ways: ReadonlyArray<[name: string, request: () => Request]> = [
    ["GET", () => genuine("t1")],
    ["GET with subcode", () => get({ callbackToken: token, transactionId: "t1", passed: "N", subcode: "212" })],
    ["GET with nothing but what is needed", () => get({ callbackToken: token, transactionId: "t1" })],
    ["GET with the names in another case", () => get({ CallbackToken: token, TransactionID: "t1" })],
    ["GET beside parameters of the merchant's own", () => genuine("t1", { own: "1" })],
    ["POST with a query", () => form("", "text/plain", `?callbackToken=${token}&transactionId=t1`)],
    [
      "POST with a form",
      () => form(`callbackToken=${token}&transactionId=t1&passed=Y`, "application/x-www-form-urlencoded")
    ],
    [
      "POST with JSON",
      () =>
        form(
          JSON.stringify({ callbackToken: token, transactionId: "t1", passed: true, n: null }),
          "application/json; charset=utf-8"
        )
    ],
    [
      "POST with the token in the query",
      () => form("transactionId=t1", "application/x-www-form-urlencoded", `?callbackToken=${token}`)
    ]
  ]
  for (const [name, request] of ways) {
    it.effect(`comes by ${name}`, () =>
      Effect.gen(function* () {
        const { start, store } = yield* merchant()
        const results = yield* collecting
        const send = yield* start(results.onResult)
        yield* put(store, "t1")
        assert.strictEqual((yield* send(request())).status, 200)
        assert.strictEqual((yield* results.next).transaction.transactionId, "t1")
      })
    )
  }

  it.effect("is trusted for the id alone: the verdict comes from CheckResult", () =>
    Effect.gen(function* () {
      const { start, store } = yield* merchant(() => Canned.rejected("212"))
      const results = yield* collecting
      const send = yield* start(results.onResult)
      yield* put(store, "t1")
      yield* send(genuine("t1", { merchantBizId: "another" }))
      const { result, transaction } = yield* results.next
      assert.strictEqual(result.verdict._tag, "Rejected")
      assert.strictEqual(transaction.merchantBizId, "bizt1")
    })
  )

  it.effect("may come a moment before the result: the client asks again within 15 seconds", () =>
    Effect.gen(function* () {
      let calls = 0
      const { asked, start, store } = yield* merchant(() =>
        ++calls < 3 ? Canned.error("ProcessNotCompleted") : Canned.passed()
      )
      const results = yield* collecting
      const send = yield* start(results.onResult)
      yield* put(store, "t1")
      yield* send(genuine("t1"))
      yield* TestClock.adjust("15 seconds")
      assert.strictEqual((yield* results.next).result.verdict._tag, "Passed")
      assert.strictEqual(asked.length, 3)
    })
  )
})

describe("replay", () => {
  it.effect("collects once, however often and wherever it comes", () =>
    Effect.gen(function* () {
      const { asked, start, store } = yield* merchant()
      const results = yield* collecting
      const processes: ReadonlyArray<Send> = yield* Effect.all([
        start(results.onResult),
        start(results.onResult),
        start(results.onResult)
      ])
      yield* Effect.forEach(["t1", "t2"], (id) => put(store, id))
      const answers = yield* Effect.forEach(
        Array.from({ length: 300 }, (_, index) => index),
        (index) => Effect.map((processes[index % 3] ?? assert.fail())(genuine(`t${1 + (index % 2)}`)), shown),
        { concurrency: 50 }
      )
      assert.strictEqual(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1)
      yield* TestClock.adjust("2 days")
      for (const send of processes) yield* send(genuine("t1"))
      yield* TestClock.adjust("1 day")
      const ids = (yield* results.rest).map(({ transaction }) => transaction.transactionId)
      assert.deepStrictEqual(ids.sort(), ["t1", "t2"])
      assert.deepStrictEqual(asked.sort(), ["t1", "t2"])
    })
  )
})

describe("replay of one transaction", () => {
  it.effect("leaves the others their places in the queue", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const { start, store } = yield* merchant()
      const results = yield* collecting
      const send = yield* start((collected) => Effect.andThen(Deferred.await(gate), results.onResult(collected)), {
        capacity: 2,
        concurrency: 1
      })
      yield* Effect.forEach(["t1", "t2", "t3"], (id) => put(store, id))
      yield* send(genuine("t1"))
      yield* TestClock.adjust(1)
      yield* Effect.repeat(
        Effect.suspend(() => send(genuine("t1"))),
        { times: 100 }
      )
      yield* send(genuine("t2"))
      yield* Effect.repeat(
        Effect.suspend(() => send(genuine("t2"))),
        { times: 100 }
      )
      yield* send(genuine("t3"))
      yield* Deferred.succeed(gate, undefined)
      // Long before the next sweep.
      for (let step = 0; step < 50; step++) yield* TestClock.adjust("100 millis")
      const ids = (yield* results.rest).map(({ transaction }) => transaction.transactionId)
      assert.deepStrictEqual(ids, ["t1", "t2", "t3"])
    })
  )
})

describe("forgery", () => {
  /** Counts what reaches the store. */
  const counting =
    (touched: Array<string>) =>
    (store: Store): Store => ({
      ...store,
      notified: (transactionId) => {
        touched.push(transactionId)
        return store.notified(transactionId)
      }
    })

  it.effect("gets the response of a genuine callback, and reaches neither store nor service", () =>
    Effect.gen(function* () {
      const touched: Array<string> = []
      const { asked, start, store } = yield* merchant(() => Canned.passed(), counting(touched))
      const results = yield* collecting
      const send = yield* start(results.onResult)
      yield* put(store, "t1")
      const wrongToken = [
        get({ transactionId: "t1", passed: "Y", subCode: "200" }),
        get({ callbackToken: "", transactionId: "t1" }),
        get({ callbackToken: token.slice(0, -1), transactionId: "t1" }),
        get({ callbackToken: `${token}x`, transactionId: "t1" }),
        get({ callbackToken: token.toUpperCase(), transactionId: "t1" }),
        get({ callbackToken: ` ${token}`, transactionId: "t1" }),
        get({ callbackToken: "x".repeat(10_000), transactionId: "t1" }),
        new Request(`https://merchant.example${path}?callbackToken=${token}&callbackToken=other&transactionId=t1`),
        new Request(`https://merchant.example${path}?callbackToken[]=${token}&transactionId=t1`),
        new Request(`https://merchant.example${path}?transactionId=t1#?callbackToken=${token}`),
        new Request(`https://merchant.example${path}`, {
          method: "POST",
          body: JSON.stringify({ callbackToken: [token], transactionId: "t1" }),
          headers: { "content-type": "application/json" }
        }),
        new Request(`https://merchant.example${path}`, {
          method: "POST",
          body: JSON.stringify([
            ["callbackToken", token],
            ["transactionId", "t1"]
          ]),
          headers: { "content-type": "application/json" }
        }),
        new Request(`https://merchant.example${path}`, {
          method: "POST",
          body: `{"callbackToken":"${token}","transactionId":"t1"`,
          headers: { "content-type": "application/json" }
        }),
        new Request(`https://merchant.example${path}`, {
          method: "POST",
          body: `pad=${"x".repeat(20_000)}&callbackToken=${token}&transactionId=t1`,
          headers: { "content-type": "application/x-www-form-urlencoded" }
        })
      ]
      const answers = yield* Effect.forEach(wrongToken, (request) => Effect.map(send(request), shown))
      assert.deepStrictEqual(touched, [])

      const strangeIds = ["unknown", "", "t1 ", "T1", "x".repeat(10_000), "t1\n", "' OR 1=1 --", "李"]
      for (const id of strangeIds) answers.push(shown(yield* send(genuine(id))))
      answers.push(shown(yield* send(get({ callbackToken: token }))))
      answers.push(
        shown(
          yield* send(
            new Request(`https://merchant.example${path}?callbackToken=${token}&transactionId=t1&transactionId=t2`)
          )
        )
      )
      // What is too long or no printable ASCII is not even looked up.
      assert.deepStrictEqual(touched, ["unknown", "T1"])
      yield* TestClock.adjust("50 minutes")
      assert.deepStrictEqual(asked, [])

      answers.push(shown(yield* send(genuine("t1"))))
      assert.strictEqual((yield* results.next).transaction.transactionId, "t1")
      assert.strictEqual(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1)
    })
  )

  it.effect.prop(
    "does not get through with any other token",
    [
      oneOf(
        utf16,
        Arbitrary.map(utf16, (text) => `${token}x${text}`)
      )
    ],
    ([other]) =>
      Effect.gen(function* () {
        const touched: Array<string> = []
        const { start } = yield* merchant(() => Canned.passed(), counting(touched))
        const send = yield* start(() => Effect.void)
        const response = yield* send(get({ callbackToken: other, transactionId: "t1" }))
        assert.strictEqual(response.status, 200)
        assert.deepStrictEqual(touched, [])
      })
  )

  it.effect("both tokens pass while one replaces the other", () =>
    Effect.gen(function* () {
      const { start, store } = yield* merchant()
      const results = yield* collecting
      const newer = "c6a1d7f0e3b24f58913a6d0c7be2f481"
      const send = yield* start(results.onResult, { callbackToken: [Redacted.make(token), Redacted.make(newer)] })
      yield* Effect.forEach(["t1", "t2", "t3"], (id) => put(store, id))
      yield* send(genuine("t1"))
      yield* send(genuine("t2", { callbackToken: newer }))
      yield* send(genuine("t3", { callbackToken: token + newer }))
      const ids = [yield* results.next, yield* results.next].map(({ transaction }) => transaction.transactionId)
      assert.deepStrictEqual(ids.sort(), ["t1", "t2"])
      yield* TestClock.adjust("50 minutes")
      assert.deepStrictEqual(yield* results.rest, [])
    })
  )
})

describe("the options", () => {
  const refused = (options: Partial<Callback.Options<never, never>>) =>
    Effect.gen(function* () {
      const { start } = yield* merchant()
      const exit = yield* Effect.exit(start(() => Effect.void, options))
      return Option.getOrUndefined(Exit.findErrorOption(exit))
    })

  it.effect("are checked: weak tokens and senseless numbers are refused", () =>
    Effect.gen(function* () {
      const wrong = [
        ["callbackToken", { callbackToken: Redacted.make("") }],
        ["callbackToken", { callbackToken: Redacted.make("1000004826") }],
        ["callbackToken", { callbackToken: [Redacted.make(token), Redacted.make("short")] as const }],
        ["capacity", { capacity: 0 }],
        ["concurrency", { concurrency: 1.5 }]
      ] as const
      for (const [path, options] of wrong) {
        const error = yield* refused(options)
        assert.deepInclude(error, { _tag: "InvalidRequest", path })
        assert.notInclude(JSON.stringify(error), "1000004826")
      }
    })
  )
})
