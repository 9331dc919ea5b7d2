import { assert, describe, it } from "@effect/vitest"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import type * as Journey from "@effect-cloudauth/emulator/Journey"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import type * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import * as Tracer from "effect/Tracer"
import * as fc from "fast-check"
import { createServer } from "node:http"
import * as Callback from "../src/Callback.ts"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import { Credentials } from "../src/Credentials.ts"
import * as Telemetry from "../src/Telemetry.ts"
import * as DocType from "../src/DocType.ts"
import * as Document from "../src/Document.ts"
import { TransactionStore } from "../src/TransactionStore.ts"
import type { Store } from "../src/TransactionStore.ts"
import { TransactionStoreError } from "../src/TransactionStoreError.ts"

const token = "b7e23ec29af22b0b4e41da31e868d572"
const path = "/cloudauth/callback"

type Answer = (transactionId: string) => Canned.Canned

/** A merchant: a store, a client that is answered as the test says, and the handler of one process. */
const merchant = Effect.fnUntraced(function* (
  answer: Answer = () => Canned.passed(),
  changeStore?: (store: Store) => Store
) {
  const asked: Array<string> = []
  const memory = Context.get(yield* Layer.build(Layer.fresh(TransactionStore.layerMemory)), TransactionStore)
  const store = changeStore === undefined ? memory : changeStore(memory)
  const services = Layer.merge(
    Layer.succeed(TransactionStore, store),
    Cloudauth.layerTest(({ transactionId }) =>
      Effect.suspend(() => {
        asked.push(transactionId)
        return answer(transactionId)
      })
    )
  )

  /** One process: it ends with the scope. */
  const start = <E>(
    onResult: Callback.Options<E, never>["onResult"],
    options: Partial<Callback.Options<E, never>> = {}
  ) =>
    Effect.map(
      HttpRouter.toHttpEffect(
        Callback.layer({ callbackToken: Redacted.make(token), onResult, ...options }).pipe(Layer.provide(services))
      ),
      (http) => (request: Request) =>
        Effect.orDie(
          Effect.scoped(
            Effect.provideService(http, HttpServerRequest.HttpServerRequest, HttpServerRequest.fromWeb(request))
          )
        )
    )

  return { asked, start, store: memory }
})

type Send = (request: Request) => Effect.Effect<HttpServerResponse.HttpServerResponse>

const get = (parameters: Record<string, string>) =>
  new Request(`https://merchant.example${path}?${new URLSearchParams(parameters)}`)

/** As the platform calls. */
const genuine = (transactionId: string, more: Record<string, string> = {}) =>
  get({ callbackToken: token, transactionId, passed: "Y", subCode: "200", ...more })

const shown = (response: HttpServerResponse.HttpServerResponse) => ({
  status: response.status,
  headers: Object.entries(response.headers),
  body: response.body._tag
})

/** What was handed over, in order. */
const collecting = Effect.map(Queue.unbounded<Callback.Collected>(), (queue) => ({
  onResult: (collected: Callback.Collected) => Effect.asVoid(Queue.offer(queue, collected)),
  next: Queue.take(queue),
  rest: Queue.clear(queue)
}))

const put = (store: Store, transactionId: string, docType?: string) =>
  store.put({ transactionId, merchantBizId: `biz${transactionId}`, docType })

describe("a callback", () => {
  it.effect("is answered at once, and its result is collected, handed over and marked", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<string>()
      const { start, store } = yield* merchant(() => Deferred.await(gate))
      const results = yield* collecting
      const send = yield* start(results.onResult)
      yield* put(store, "t1", DocType.GlobalPassport)
      const response = yield* send(genuine("t1"))
      assert.deepStrictEqual(shown(response), { status: 200, headers: [["cache-control", "no-store"]], body: "Empty" })
      assert.isUndefined((yield* store.get("t1")).collectedAt)
      yield* Effect.flatMap(Canned.passed(Document.GlobalPassport), (body) => Deferred.succeed(gate, body))
      const { result, transaction } = yield* results.next
      assert.strictEqual(result.verdict._tag, "Passed")
      assert.deepInclude(transaction, { transactionId: "t1", merchantBizId: "bizt1" })
      yield* TestClock.adjust("1 day")
      assert.isDefined((yield* store.get("t1")).collectedAt)
      assert.deepStrictEqual(yield* results.rest, [])
    })
  )

  it.effect("tells the observer how many of the 30 days were left when its result was fetched", () =>
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

  it.effect("is believed in nothing but the id: the verdict is CheckResult's", () =>
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

  it.effect("may come a moment before the result: it is asked for again within 15 seconds", () =>
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
  it.effect("takes no place from the others", () =>
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

  it.effect("learns nothing: every call has the answer of a genuine one, and reaches neither store nor service", () =>
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
      yield* TestClock.adjust("1 day")
      assert.deepStrictEqual(asked, [])

      answers.push(shown(yield* send(genuine("t1"))))
      assert.strictEqual((yield* results.next).transaction.transactionId, "t1")
      assert.strictEqual(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1)
    })
  )

  it.effect("does not get through with any other token", () =>
    Effect.gen(function* () {
      const touched: Array<string> = []
      const { start, store } = yield* merchant(() => Canned.passed(), counting(touched))
      const results = yield* collecting
      const send = yield* start(results.onResult)
      yield* put(store, "t1")
      const context = yield* Effect.context<never>()
      yield* Effect.promise(() =>
        fc.assert(
          fc.asyncProperty(
            fc.oneof(
              fc.string({ unit: "binary" }),
              fc.string().map((text) => token + text)
            ),
            async (other) => {
              fc.pre(other !== token)
              const response = await Effect.runPromiseWith(context)(
                send(get({ callbackToken: other, transactionId: "t1" }))
              )
              assert.strictEqual(response.status, 200)
              assert.deepStrictEqual(touched, [])
            }
          )
        )
      )
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
      yield* TestClock.adjust("1 day")
      assert.deepStrictEqual(yield* results.rest, [])
    })
  )
})

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
      yield* Effect.forEach(ids, (id) => send(genuine(id)), { concurrency: 20 })
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

describe("failure", () => {
  it.effect("of onResult, or of the service, is tried again after a minute, then two", () =>
    Effect.gen(function* () {
      const failures = [Canned.error("Throttling.Api"), Canned.passed(), Canned.passed()]
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
        const body = JSON.stringify({ Code: "Success", Result: { Passed: "P", SubCode: "200" } })
        const { start, store } = yield* merchant(() => (isPending ? Effect.succeed(body) : Canned.passed()))
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
      }).pipe(Effect.provide(Logger.layer([])))
  )

  it.effect("as a defect of onResult harms no worker", () =>
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
  it.effect("of the store asks the platform to call again, and tells a forger nothing", () =>
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

  it.effect("of the store's mark is repeated, so that nothing is handed over twice", () =>
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

describe("the end of the layer", () => {
  it.effect("waits for what is queued and under way, and takes nothing new", () =>
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

  it.effect("interrupts what does not end, which the next process collects at once", () =>
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

  it.effect("as a crash leaves a claim that ends with its lease", () =>
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

describe("the options", () => {
  const refused = (options: Partial<Callback.Options<never, never>>) =>
    Effect.gen(function* () {
      const { start } = yield* merchant()
      const exit = yield* Effect.exit(start(() => Effect.void, options))
      return Option.getOrUndefined(Exit.findErrorOption(exit))
    })

  it.effect("are checked: a token that could be guessed, numbers that make no sense", () =>
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

describe("logs", () => {
  it.effect("hold neither ids nor tokens, and a flood makes a line a minute", () =>
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

describe("a log of what could not be collected", () => {
  class Strange extends Error {
    static override readonly name = "secret name"
  }
  it.effect.each([
    ["of a failure its tag", Effect.fail({ _tag: "DatabaseDown", words: "secretWord" }), "DatabaseDown"],
    ["of a defect its class", Effect.die(new RangeError("secretWord")), "RangeError"],
    ["of an interruption that it was one", Effect.interrupt, "Interrupt"],
    ["of text nothing", Effect.die("secretWord"), "_OTHER"],
    ["of nothing nothing", Effect.die(null), "_OTHER"],
    ["of a strange class nothing", Effect.die(new Strange("secretWord")), "_OTHER"]
  ] as ReadonlyArray<readonly [string, Effect.Effect<void, unknown>, string]>)("tells %s", ([, failing, type]) =>
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

/** The whole merchant on a port, against the emulator in this process, whose callbacks are real HTTP. */
const journey = (options: { readonly callback?: Journey.CallbackOptions; readonly scenario?: Scenario.Scenario }) => {
  const emulator = Emulator.layerMemory({
    journeys: { documents: { [DocType.GlobalPassport]: "global-passport" }, ...options }
  })
  const client = Layer.unwrap(
    Effect.map(Emulator, ({ accessKeyId, accessKeySecret, url }) =>
      Cloudauth.layer({ url }).pipe(
        Layer.provide([Credentials.layerStatic({ accessKeyId, accessKeySecret }), Emulator.layerHttpClient])
      )
    )
  )
  return Layer.mergeAll(
    client,
    TransactionStore.layerMemory,
    NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" })
  ).pipe(Layer.provideMerge(emulator))
}

const callbackUrl = HttpServer.addressFormattedWith((address) => Effect.succeed(`${address}${path}`))

const walk = Effect.gen(function* () {
  const results = yield* collecting
  const emulator = yield* Emulator
  yield* Layer.build(
    HttpRouter.serve(Callback.layer({ callbackToken: Redacted.make(token), onResult: results.onResult }), {
      disableListenLog: true
    })
  )
  const { transactionId } = yield* TransactionStore.initialize({
    merchantBizId: "order1",
    merchantUserId: "hashedUser",
    docType: DocType.GlobalPassport,
    callbackUrl: yield* callbackUrl,
    callbackToken: Redacted.make(token)
  })
  const early = yield* Effect.flip(TransactionStore.checkStored({ merchantBizId: "order1" }))
  assert.strictEqual(early._tag, "ProcessNotCompleted")
  assert.isTrue(yield* emulator.completeJourney(transactionId))
  const { result, transaction } = yield* results.next
  yield* emulator.callbacksSettled
  const awaited = yield* TransactionStore.awaitStored({ merchantBizId: "order1" })
  return { awaited, journeys: yield* emulator.journeys, rest: yield* results.rest, result, transaction, transactionId }
})

describe("the whole way against the emulator", () => {
  const callbacks: ReadonlyArray<Journey.CallbackOptions> = [
    {},
    { copies: 5 },
    { method: "POST", subCodeName: "subcode", copies: 2 }
  ]
  for (const callback of callbacks) {
    it.live(`initialize, callback, awaitStored, stored once: ${JSON.stringify(callback)}`, () =>
      Effect.gen(function* () {
        const { awaited, journeys, rest, result, transaction, transactionId } = yield* walk
        assert.strictEqual(transaction.transactionId, transactionId)
        assert.strictEqual(result.verdict._tag, "Passed")
        assert.strictEqual(result.ocr._tag === "Read" ? result.ocr.document : result.ocr._tag, "GlobalPassport")
        assert.strictEqual(awaited.verdict._tag, "Passed")
        assert.deepStrictEqual(rest, [])
        assert.strictEqual(journeys[0]?.callback, "Delivered")
        assert.isDefined((yield* (yield* TransactionStore).get(transactionId)).collectedAt)
      }).pipe(Effect.provide(journey({ callback })))
    )
  }

  it.live("ends in a rejection that is a rejection, whatever the call says", () =>
    Effect.gen(function* () {
      const { awaited, result } = yield* walk
      assert.deepStrictEqual([result.verdict._tag, awaited.verdict._tag], ["Rejected", "Rejected"])
    }).pipe(Effect.provide(journey({ scenario: Scenario.rejected("212") })))
  )

  it.live("leaves neither token nor id in the server's spans", () =>
    Effect.gen(function* () {
      const ended: Array<Tracer.Span> = []
      const tracer = Tracer.make({
        span: (options) => {
          const span = new Tracer.NativeSpan(options)
          ended.push(span)
          return span
        }
      })
      yield* Layer.build(
        HttpRouter.serve(Callback.layer({ callbackToken: Redacted.make(token), onResult: () => Effect.void }), {
          disableListenLog: true
        }).pipe(Layer.provide([Callback.layerRedactedNames, Layer.succeed(Tracer.Tracer, tracer)]))
      )
      const store = yield* TransactionStore
      yield* store.put({ transactionId: "hksbSecret", merchantBizId: "order1" })
      yield* (yield* Emulator).register("hksbSecret", Scenario.passed())
      const url = yield* callbackUrl
      const query = new URLSearchParams({ callbackToken: token, transactionId: "hksbSecret", passed: "Y" })
      const response = yield* Effect.promise(() => fetch(`${url}?${query}`))
      assert.strictEqual(response.status, 200)
      const attributes = ended.flatMap((span) =>
        [...span.attributes].map(([name, value]) => `${name}=${String(value)}`)
      )
      assert.isAbove(attributes.length, 0)
      assert.include(attributes.join("\n"), "passed=Y")
      assert.notInclude(attributes.join("\n"), token)
      assert.notInclude(attributes.join("\n"), "hksbSecret")
    }).pipe(Effect.provide(journey({})))
  )
})
