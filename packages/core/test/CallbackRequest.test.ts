/** How a callback may be written, how long its body may be, and what the server's spans show of it. */
import { NodeHttpServer } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Tracer from "effect/Tracer"
import { createServer, request as httpRequest } from "node:http"
import { inspect } from "node:util"
import * as Callback from "../src/Callback.ts"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import { TransactionStore } from "../src/TransactionStore.ts"
import { TransactionStoreError } from "../src/TransactionStoreError.ts"
import { collecting, merchant, path, put, shown, token } from "./fixtures/merchant.ts"

const url = `https://merchant.example${path}`
/** As `openssl rand -base64` gives it. */
const base64 = "q+7/Zk0w+8rT1m2n3o4p5A=="

const post = (body: BodyInit | null, type?: string, query = "") =>
  new Request(`${url}${query}`, { method: "POST", body, headers: type === undefined ? {} : { "content-type": type } })

/** Sends one request to a merchant with this token, who expects `t1`; says which ids were noted. */
const noted = (request: Request, callbackToken = token) =>
  Effect.gen(function* () {
    const ids: Array<string> = []
    const { start, store } = yield* merchant(
      () => Canned.passed(),
      (store) => ({ ...store, notified: (id) => Effect.tap(store.notified(id), () => Effect.sync(() => ids.push(id))) })
    )
    const results = yield* collecting
    const send = yield* start(results.onResult, { callbackToken: Redacted.make(callbackToken) })
    yield* put(store, "t1")
    return { ids, response: yield* send(request), results }
  })

const form = `callbackToken=${token}&transactionId=t1&passed=Y`
const json = JSON.stringify({ callbackToken: token, transactionId: "t1", passed: "Y" })
const urlencoded = "application/x-www-form-urlencoded"

const genuine: ReadonlyArray<readonly [name: string, request: () => Request, token?: string]> = [
  ["a raw + in the token", () => new Request(`${url}?callbackToken=${base64}&transactionId=t1`), base64],
  [
    "an encoded + in the token",
    () => new Request(`${url}?callbackToken=${encodeURIComponent(base64)}&transactionId=t1`),
    base64
  ],
  ["a raw + in a form", () => post(`callbackToken=${base64}&transactionId=t1`, urlencoded), base64],
  [
    "a + in JSON",
    () => post(JSON.stringify({ callbackToken: base64, transactionId: "t1" }), "application/json"),
    base64
  ],
  [
    "a blank in the token, as +",
    () => new Request(`${url}?callbackToken=a+token+with+blanks&transactionId=t1`),
    "a token with blanks"
  ],
  [
    "a blank in the token, as %20",
    () => new Request(`${url}?callbackToken=a%20token%20with%20blanks&transactionId=t1`),
    "a token with blanks"
  ],
  ["a second ?", () => new Request(`${url}?own=1?${form}`)],
  [
    "a second ?, and a raw + in the token",
    () => new Request(`${url}?own=1?callbackToken=${base64}&transactionId=t1`),
    base64
  ],
  ["a second ?, encoded", () => new Request(`${url}?own=1%3F${form}`)],
  [
    "a ? in the token",
    () => new Request(`${url}?callbackToken=what?is?this?token&transactionId=t1`),
    "what?is?this?token"
  ],
  ["a form", () => post(form, urlencoded)],
  ["a form of no type", () => post(new TextEncoder().encode(form))],
  ["a form called JSON", () => post(form, "application/json")],
  ["a form called text", () => post(form, "text/plain;charset=UTF-8")],
  ["JSON", () => post(json, "application/json; charset=utf-8")],
  ["JSON with a mark and white space before it", () => post(`\ufeff \r\n${json}\n`, "application/json")],
  ["JSON of no type", () => post(new TextEncoder().encode(json))],
  ["JSON called a form", () => post(json, urlencoded)],
  ["JSON called text", () => post(json, "text/plain")],
  [
    "the token in the query and the id in JSON",
    () => post('{"transactionId":"t1"}', "application/json", `?callbackToken=${token}`)
  ],
  ["an empty body", () => post("", "application/json", `?${form}`)],
  ["no body", () => post(null, undefined, `?${form}`)],
  ["a body in another format, with every parameter in the query", () => post("<xml/>", "text/xml", `?${form}`)]
]

describe("a genuine callback", () => {
  for (const [name, request, callbackToken] of genuine) {
    it.effect(`may have ${name}`, () =>
      Effect.gen(function* () {
        const { ids, response, results } = yield* noted(request(), callbackToken)
        assert.deepStrictEqual(shown(response), {
          status: 200,
          headers: [["cache-control", "no-store"]],
          body: "Empty"
        })
        assert.deepStrictEqual(ids, ["t1"])
        assert.strictEqual((yield* results.next).transaction.transactionId, "t1")
      })
    )
  }
})

const nothing: ReadonlyArray<readonly [name: string, request: () => Request, status?: number]> = [
  ["HEAD", () => new Request(`${url}?${form}`, { method: "HEAD" })],
  ["PUT", () => new Request(`${url}?${form}`, { method: "PUT", body: "" }), 405],
  ["DELETE", () => new Request(`${url}?${form}`, { method: "DELETE" }), 405],
  ["a wrong token after a second ?", () => new Request(`${url}?own=1?callbackToken=${token}x&transactionId=t1`)],
  [
    "two tokens on both sides of a second ?",
    () => new Request(`${url}?callbackToken=x?callbackToken=${token}&transactionId=t1`)
  ],
  ["a wrong token in the query and the right one in the body", () => post(form, urlencoded, "?callbackToken=x")],
  ["two tokens that differ", () => post(form, urlencoded, `?callbackToken=${token}x&transactionId=t1`)],
  ["broken JSON", () => post(json.slice(0, -1), "application/json")],
  ["an empty body", () => post("", urlencoded)]
]

describe("nothing is started", () => {
  for (const [name, request, status = 200] of nothing) {
    it.effect(`by ${name}`, () =>
      Effect.gen(function* () {
        const { ids, response } = yield* noted(request())
        assert.strictEqual(response.status, status)
        assert.deepStrictEqual(ids, [])
      })
    )
  }
})

/** A body that never ends, in pieces; what was pulled of it. */
const endless = (piece: string, pieces = Infinity) => {
  let pulled = 0
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        if (pulled >= pieces) return new Promise(() => {})
        pulled++
        controller.enqueue(new TextEncoder().encode(piece))
        return undefined
      }
    },
    { highWaterMark: 0 }
  )
  const headers = { "content-type": urlencoded, "transfer-encoding": "chunked" }
  // A body that is a stream needs `duplex`, which the types do not know.
  const init = { method: "POST", body: stream, headers, duplex: "half" }
  const request = (query = "") => new Request(`${url}${query}`, init)
  return { request, pulled: () => pulled }
}

describe("a body that never ends", () => {
  it.effect("is not read if the query has a wrong token", () =>
    Effect.gen(function* () {
      const { pulled, request } = endless(`${form}&`)
      const { ids, response } = yield* noted(request("?callbackToken=wrong"))
      assert.deepInclude(response.headers, { connection: "close" })
      assert.deepStrictEqual([ids, pulled(), response.status], [[], 0, 200])
    })
  )

  it.effect("is not read if the query tells all", () =>
    Effect.gen(function* () {
      const { pulled, request } = endless("x")
      const { ids } = yield* noted(request(`?${form}`))
      assert.deepStrictEqual([ids, pulled()], [["t1"], 0])
    })
  )

  it.effect("is cut off at 16 KiB", () =>
    Effect.gen(function* () {
      const { pulled, request } = endless(`${form}&${"x".repeat(1000)}&`)
      const { ids, response } = yield* noted(request())
      assert.deepStrictEqual([ids, response.status], [[], 200])
      assert.isBelow(pulled(), 20)
    })
  )

  it.effect("is cut off after 10 seconds", () =>
    Effect.gen(function* () {
      const { request } = endless(form, 1)
      const fiber = yield* Effect.forkChild(noted(request()))
      yield* TestClock.adjust("9999 millis")
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      const { ids, response } = yield* Fiber.join(fiber)
      assert.deepStrictEqual([ids, response.status, response.headers["connection"]], [[], 200, "close"])
    })
  )

  it.live("holds no connection on Node", () =>
    Effect.gen(function* () {
      const port = yield* serving()
      const closed = yield* Effect.promise(
        () =>
          new Promise<number | undefined>((resolve) => {
            let status: number | undefined
            const sent = httpRequest({ port, path: `${path}?callbackToken=wrong`, method: "POST" }, (response) => {
              status = response.statusCode
              response.resume()
            })
            sent.on("error", () => {})
            sent.on("close", () => resolve(status))
            sent.write("callbackToken=")
          })
      )
      assert.strictEqual(closed, 200)
    })
  )
})

/** A merchant's server on a port, with no care for spans. */
const serving = Effect.fnUntraced(function* (
  tracer: Tracer.Tracer = Tracer.nativeTracer,
  store: Layer.Layer<TransactionStore> = TransactionStore.layerMemory
) {
  const callback = Callback.layer({ callbackToken: Redacted.make(token), onResult: () => Effect.void })
  const served: Layer.Layer<HttpServer.HttpServer, unknown> = HttpRouter.serve(callback, {
    disableListenLog: true
  }).pipe(
    Layer.provide([store, Cloudauth.layerTest(() => Canned.passed()), Layer.succeed(Tracer.Tracer, tracer)]),
    Layer.provideMerge(NodeHttpServer.layer(() => createServer(), { port: 0 }))
  )
  const { address } = Context.get(yield* Layer.build(served), HttpServer.HttpServer)
  return address._tag === "UnixPathAddress" ? 0 : address.port
})

describe("the spans of Effect's HTTP server", () => {
  const recorded = (query: string, init: RequestInit = {}, store = TransactionStore.layerMemory, at: string = path) =>
    Effect.gen(function* () {
      const spans: Array<Tracer.NativeSpan> = []
      const port = yield* serving(
        Tracer.make({
          span: (options) => {
            const span = new Tracer.NativeSpan(options)
            spans.push(span)
            return span
          }
        }),
        store
      )
      const response = yield* Effect.promise(() => fetch(`http://127.0.0.1:${port}${at}?${query}`, init))
      const ended = spans.filter(({ kind }) => kind === "server")
      assert.lengthOf(ended, 1)
      const attributes = Object.fromEntries(ended[0]?.attributes ?? [])
      return { status: response.status, attributes, all: inspect(spans, { depth: 12 }) }
    })

  const queries = [
    "callbackToken=CANARY-token&transactionId=CANARY-id&merchantBizId=CANARY-biz&passed=Y&subCode=200",
    `callbackToken=${token}&transactionId=CANARY`,
    "own=1?callbackToken=CANARY&transactionId=CANARY&passed=Y",
    "own=1%3FcallbackToken=CANARY",
    "CALLBACKTOKEN=CANARY&callback%54oken=CANARY&passed=CANARY-is-too-long",
    "CANARY"
  ]
  it.live.each(queries)("show nothing of it without the user's doing: %s", (query) =>
    Effect.gen(function* () {
      for (const init of [{}, { method: "POST", body: query }, { method: "HEAD" }, { method: "PUT" }]) {
        const { all, attributes } = yield* recorded(query, init)
        assert.notInclude(all, "CANARY")
        assert.notInclude(all, token)
        assert.include(String(attributes["url.full"]), `${path}?`)
        assert.strictEqual(String(attributes["url.query"]).includes("passed=Y"), query.includes("passed=Y"))
      }
    })
  )

  it.live.each([`${path}/`, `/${path}`, path.toUpperCase(), `${path}/more`, "/"])("show nothing of it at %s", (at) =>
    Effect.gen(function* () {
      for (const query of queries.slice(0, -1)) {
        const { all, attributes } = yield* recorded(query, {}, TransactionStore.layerMemory, at)
        assert.notInclude(all, "CANARY")
        assert.notInclude(all, token)
        assert.include(String(attributes["url.full"]), "REDACTED")
      }
    })
  )

  it.live("show the query of other requests", () =>
    Effect.gen(function* () {
      const { attributes } = yield* recorded("page=2", {}, TransactionStore.layerMemory, "/orders")
      assert.strictEqual(attributes["url.query"], "page=2")
    })
  )

  it.live("show nothing of it if the store fails", () =>
    Effect.gen(function* () {
      const failing = Layer.effect(
        TransactionStore,
        Effect.map(TransactionStore, (store) => ({
          ...store,
          notified: () =>
            Effect.fail(new TransactionStoreError({ operation: "notified", underlying: Redacted.make("") }))
        }))
      ).pipe(Layer.provide(TransactionStore.layerMemory))
      const { all, status } = yield* recorded(`callbackToken=${token}&transactionId=CANARY`, {}, failing)
      assert.strictEqual(status, 503)
      assert.notInclude(all, "CANARY")
      assert.notInclude(all, token)
    })
  )
})
