/** What is the Node transport's own: connections, closing, certificates, proxies, options. */
import { AsyncLocalStorage } from "node:async_hooks"
import type * as http from "node:http"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as NodeTransport from "../src/NodeTransport.ts"
import { authority, eventually, httpServer, httpsServer, proxyServer, withEnvironment } from "./support/servers.ts"
import { sendOver, textOf, wordsOf } from "./support/transports.ts"

const noProxy = {
  HTTP_PROXY: undefined,
  HTTPS_PROXY: undefined,
  NO_PROXY: undefined,
  http_proxy: undefined,
  https_proxy: undefined,
  no_proxy: undefined
}

/** Sending with these options, until the scope closes. */
const sendWith = (options: NodeTransport.Options = {}) => sendOver(NodeTransport.layer({ proxy: "none", ...options }))

/** Sending with these options until `scope` is closed. */
const sendUntil = (scope: Scope.Closeable, options: NodeTransport.Options = {}) =>
  Effect.provideService(sendWith({ drainTimeout: "10 minutes", ...options }), Scope.Scope, scope)

const ok = (_: http.IncomingMessage, response: http.ServerResponse) => void response.end("ok")

/** A server that answers a request when the test says so. */
const answering = Effect.gen(function* () {
  const arrived: Array<string | undefined> = []
  const answers: Array<() => void> = []
  const server = yield* httpServer((request, response) => {
    arrived.push(request.url)
    answers.push(() => response.end("ok"))
  })
  return { ...server, arrived, answer: (index: number) => answers[index]?.() }
})

describe("connections", () => {
  it.live("are no more than the limit", () =>
    Effect.gen(function* () {
      const server = yield* httpServer(ok)
      const send = yield* sendWith({ connections: 3 })
      yield* Effect.forEach(Array.from({ length: 20 }), () => send(server.origin), { concurrency: "unbounded" })
      assert.isAtMost(server.opened(), 3)
    })
  )

  it.live("are closed when they were idle for the time set, if the server says nothing", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((request, response) => {
        response.setHeader("keep-alive", "max=100")
        ok(request, response)
      })
      const send = yield* sendWith({ keepAlive: 100 })
      yield* send(server.origin)
      yield* eventually("the connection is closed", () => server.open() === 0)
    })
  )

  it.live("go to the next request if the one in the queue is interrupted", () =>
    Effect.gen(function* () {
      const server = yield* answering
      const send = yield* sendWith({ connections: 1 })
      const [first, queued, last] = yield* Effect.forEach(["/1", "/2", "/3"], (path) =>
        Effect.forkChild(send(server.origin + path), { startImmediately: true })
      )
      yield* eventually("the first is under way", () => server.arrived.length === 1)
      if (queued !== undefined) yield* Fiber.interrupt(queued)
      server.answer(0)
      if (first !== undefined) yield* Fiber.join(first)
      yield* eventually("the last is under way", () => server.arrived.length === 2)
      server.answer(1)
      if (last !== undefined) yield* Fiber.join(last)
      assert.deepStrictEqual(server.arrived, ["/1", "/3"])
      assert.strictEqual(server.opened(), 1)
    })
  )

  it.live("carry no request that was interrupted before they were made", () =>
    Effect.gen(function* () {
      const server = yield* answering
      const send = yield* sendWith({ connections: 1 })
      const early = yield* Effect.forkChild(send(`${server.origin}/early`), { startImmediately: true })
      yield* Fiber.interrupt(early)
      const late = yield* Effect.forkChild(send(`${server.origin}/late`), { startImmediately: true })
      yield* eventually("the later request is under way", () => server.arrived.length === 1)
      server.answer(0)
      yield* Fiber.join(late)
      assert.deepStrictEqual(server.arrived, ["/late"])
    })
  )

  it.live("keep each caller's AsyncLocalStorage", () =>
    Effect.gen(function* () {
      const server = yield* httpServer(ok)
      const send = yield* sendWith({ connections: 1 })
      const storage = new AsyncLocalStorage<number>()
      const found = Effect.andThen(
        send(server.origin),
        Effect.sync(() => storage.getStore())
      )
      const callers = [1, 2, 3, 4]
      const seen = yield* Effect.promise(() =>
        Promise.all(callers.map((caller) => storage.run(caller, () => Effect.runPromise(found))))
      )
      assert.deepStrictEqual(seen, callers)
    })
  )
})

describe("the time limit", () => {
  it.live("fails a request at once if no time is left, and sends nothing", () =>
    Effect.gen(function* () {
      const server = yield* httpServer(ok)
      const send = yield* sendWith()
      assert.strictEqual((yield* Effect.flip(send(server.origin, { timeout: 0 })))._tag, "TimedOut")
      assert.strictEqual(server.opened(), 0)
    })
  )

  it.live("of the headers and of a pause in the body can be set", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((request, response) => {
        if (request.url === "/body") response.write("begun")
      })
      const send = yield* sendWith({ headersTimeout: 50, bodyTimeout: "50 millis" })
      assert.include(wordsOf(yield* Effect.flip(send(server.origin))), "UND_ERR_HEADERS_TIMEOUT")
      assert.include(wordsOf(yield* Effect.flip(send(`${server.origin}/body`))), "UND_ERR_BODY_TIMEOUT")
    })
  )
})

describe("closing", () => {
  it.live("waits for the requests under way, and refuses later ones", () =>
    Effect.gen(function* () {
      const server = yield* answering
      const scope = yield* Scope.make()
      const send = yield* sendUntil(scope)
      const underWay = yield* Effect.forkChild(send(server.origin), { startImmediately: true })
      yield* eventually("the request is under way", () => server.arrived.length === 1)
      const closing = yield* Effect.forkChild(Scope.close(scope, Exit.void), { startImmediately: true })
      assert.include(wordsOf(yield* Effect.flip(send(server.origin))), "ERR_TRANSPORT_CLOSED")
      server.answer(0)
      assert.strictEqual(textOf(yield* Fiber.join(underWay)), "ok")
      yield* Fiber.join(closing)
      yield* eventually("the connection is closed", () => server.open() === 0)
      assert.include(wordsOf(yield* Effect.flip(send(server.origin))), "ERR_TRANSPORT_CLOSED")
    })
  )

  it.live("waits for the first request, even if it came just before", () =>
    Effect.gen(function* () {
      const server = yield* httpServer(ok)
      const scope = yield* Scope.make()
      const send = yield* sendUntil(scope)
      const first = yield* Effect.forkChild(send(server.origin), { startImmediately: true })
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual(textOf(yield* Fiber.join(first)), "ok")
    })
  )

  it.live.each(["/headers", "/body"])("ends what outlasts the drain timeout: %s", (path) =>
    Effect.gen(function* () {
      let arrived = 0
      const server = yield* httpServer((request, response) => {
        arrived++
        if (request.url === "/body") response.write("begun")
      })
      const scope = yield* Scope.make()
      const send = yield* sendUntil(scope, { drainTimeout: 10 })
      const underWay = yield* Effect.forkChild(Effect.flip(send(server.origin + path)), { startImmediately: true })
      yield* eventually("the request is under way", () => arrived === 1)
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual((yield* Fiber.join(underWay))._tag, "ConnectionFailed")
      yield* eventually("the connection is closed", () => server.open() === 0)
    })
  )
})

describe("certificates", () => {
  it.live("of an unknown authority or another name are refused; those of an authority given are accepted", () =>
    Effect.gen(function* () {
      const { cert: ca, issue } = yield* authority
      const server = yield* httpsServer(yield* Effect.promise(() => issue("127.0.0.1")), ok)
      const wrongName = yield* httpsServer(yield* Effect.promise(() => issue("example.com")), ok)
      const plain = yield* sendWith()
      assert.include(wordsOf(yield* Effect.flip(plain(server.origin))), "UNABLE_TO_VERIFY_LEAF_SIGNATURE")
      const own = yield* sendWith({ tls: { ca } })
      assert.strictEqual(textOf(yield* own(server.origin)), "ok")
      assert.include(wordsOf(yield* Effect.flip(own(wrongName.origin))), "ERR_TLS_CERT_ALTNAME_INVALID")
      const named = yield* sendWith({ tls: { ca: [ca], servername: "example.com" } })
      assert.strictEqual(textOf(yield* named(wrongName.origin)), "ok")
    })
  )

  it.live("are checked even with NODE_TLS_REJECT_UNAUTHORIZED; the loud option turns the check off", () =>
    Effect.gen(function* () {
      const { issue } = yield* authority
      const server = yield* httpsServer(yield* Effect.promise(() => issue("127.0.0.1")), ok)
      const plain = yield* sendWith()
      assert.include(wordsOf(yield* Effect.flip(plain(server.origin))), "UNABLE_TO_VERIFY_LEAF_SIGNATURE")
      const careless = yield* sendWith({ tls: { dangerouslyAcceptAnyCertificate: true } })
      assert.strictEqual(textOf(yield* careless(server.origin)), "ok")
    }).pipe(withEnvironment({ NODE_TLS_REJECT_UNAUTHORIZED: "0" }))
  )

  it.live("of the client are shown to the server", () =>
    Effect.gen(function* () {
      const { cert: ca, issue } = yield* authority
      const certificate = yield* Effect.promise(() => issue("127.0.0.1"))
      const server = yield* httpsServer({ ...certificate, ca, requestCert: true, rejectUnauthorized: true }, ok)
      const mine = yield* Effect.promise(() => issue("merchant.example"))
      const send = yield* sendWith({ tls: { ca, cert: mine.cert, key: Buffer.from(mine.key) } })
      assert.strictEqual(textOf(yield* send(server.origin)), "ok")
      const without = yield* sendWith({ tls: { ca } })
      assert.strictEqual((yield* Effect.flip(without(server.origin)))._tag, "ConnectionFailed")
    })
  )
})

describe("proxies", () => {
  it.live("of the environment are used, but not for hosts of NO_PROXY", () =>
    Effect.gen(function* () {
      const { cert: ca, issue } = yield* authority
      const server = yield* httpsServer(yield* Effect.promise(() => issue("127.0.0.1", "localhost")), ok)
      const seen: Array<string> = []
      const proxy = yield* proxyServer(seen)
      const environment = { ...noProxy, HTTPS_PROXY: proxy.origin, NO_PROXY: "localhost" }
      const send = yield* sendOver(NodeTransport.layer({ tls: { ca } })).pipe(withEnvironment(environment))
      yield* send(server.origin)
      yield* send(`https://localhost:${server.port}/`)
      const direct = yield* sendWith({ tls: { ca } }).pipe(withEnvironment(environment))
      yield* direct(server.origin)
      assert.deepStrictEqual(seen, [`CONNECT 127.0.0.1:${server.port}`])
    })
  )

  it.live("that are given get their password, and the error of a refusal has no query", () =>
    Effect.gen(function* () {
      const { cert: ca, issue } = yield* authority
      const server = yield* httpsServer(yield* Effect.promise(() => issue("127.0.0.1")), ok)
      const proxy = yield* proxyServer([], `Basic ${Buffer.from("user:p@ss").toString("base64")}`)
      const withPassword = `http://user:p%40ss@127.0.0.1:${proxy.port}`
      const allowed = yield* sendWith({ tls: { ca }, proxy: withPassword })
      assert.strictEqual(textOf(yield* allowed(server.origin)), "ok")
      const refused = yield* sendWith({ tls: { ca }, proxy: proxy.origin })
      const failure = yield* Effect.flip(refused(`${server.origin}/?TransactionId=hksb-secret`))
      assert.include(wordsOf(failure), "407")
      assert.notInclude(wordsOf(failure), "hksb-secret")
      // An unknown authority stays refused behind a proxy.
      const untrusting = yield* sendWith({ proxy: withPassword })
      assert.include(wordsOf(yield* Effect.flip(untrusting(server.origin))), "UNABLE_TO_VERIFY_LEAF_SIGNATURE")
    })
  )
})

describe("options", () => {
  it.effect("that are wrong are refused by name", () =>
    Effect.gen(function* () {
      const refused = (options: object) => Effect.map(Effect.flip(sendWith(options)), (error) => error.message)
      assert.include(yield* refused({ tls: { rejectUnauthorized: false } }), "tls.rejectUnauthorized must be left out")
      assert.include(yield* refused({ tls: { checkServerIdentity: () => undefined } }), "tls.checkServerIdentity")
      assert.include(yield* refused({ tls: { dangerouslyAcceptAnyCertificate: "yes" } }), "left out, or true")
      assert.include(yield* refused({ connections: 0 }), "connections must be")
      assert.include(yield* refused({ connectTimeout: "soon" }), "connectTimeout must be")
      assert.include(yield* refused({ keepAlive: -1 }), "keepAlive must be")
      assert.include(yield* refused({ drainTimeout: Infinity }), "drainTimeout must be")
      assert.include(yield* refused({ proxy: "proxy:8080" }), "proxy must be")
    })
  )
})
