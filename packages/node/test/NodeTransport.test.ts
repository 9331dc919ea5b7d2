/** What is the Node transport's own: connections, failures, closing, certificates. */
import { AsyncLocalStorage } from "node:async_hooks"
import * as diagnostics from "node:diagnostics_channel"
import type * as http from "node:http"
import { Socket } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as NodeTransport from "../src/NodeTransport.ts"
import { authority, eventually, httpServer, httpsServer, withEnvironment } from "./support/servers.ts"
import { sendOver, textOf, wordsOf } from "./support/transports.ts"

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

  it.live("show a request when it has one: a wait in the queue is not the server's time", () =>
    Effect.gen(function* () {
      const server = yield* answering
      const send = yield* sendWith({ connections: 1 })
      const told: Array<string> = []
      const sent = yield* Effect.forEach(["/1", "/2"], (path) =>
        Effect.forkChild(send(server.origin + path, { onConnected: () => told.push(path) }), { startImmediately: true })
      )
      yield* eventually("the first is under way", () => server.arrived.length === 1)
      assert.deepStrictEqual(told, ["/1"])
      server.answer(0)
      yield* eventually("the second is under way", () => server.arrived.length === 2)
      assert.deepStrictEqual(told, ["/1", "/2"])
      server.answer(1)
      yield* Effect.forEach(sent, Fiber.join)
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
})

describe("a failure", () => {
  /** The second request of a connection is reset. */
  const resetting = httpServer((request, response) => {
    const { socket } = request
    if (request.url === "/reset" && socket instanceof Socket) socket.resetAndDestroy()
    else response.end("ok")
  })

  it.live("says whether the connection had carried a request before", () =>
    Effect.gen(function* () {
      const server = yield* resetting
      const send = yield* sendWith({ connections: 1 })
      const first = yield* Effect.flip(send(`${server.origin}/reset`))
      assert.deepInclude({ ...first }, { phase: "headers", isReusedConnection: false })
      yield* send(server.origin)
      const second = yield* Effect.flip(send(`${server.origin}/reset`))
      assert.deepInclude({ ...second }, { phase: "headers", isReusedConnection: true })
      assert.deepInclude({ ...(yield* Effect.flip(send(`${server.origin}/reset`))) }, { isReusedConnection: false })
    })
  )

  it.live("says how far the request had come", () =>
    Effect.gen(function* () {
      const server = yield* answering
      const { origin: closed } = yield* Effect.scoped(httpServer(ok))
      const send = yield* sendWith({ connections: 1 })
      assert.deepInclude({ ...(yield* Effect.flip(send(closed))) }, { _tag: "ConnectionFailed", phase: "connect" })
      const first = yield* Effect.forkChild(send(server.origin), { startImmediately: true })
      yield* eventually("the first is under way", () => server.arrived.length === 1)
      const queued = yield* Effect.flip(send(server.origin, { queueTimeout: 30 }))
      assert.deepInclude({ ...queued }, { _tag: "TimedOut", phase: "queue" })
      server.answer(0)
      yield* Fiber.join(first)
      const silent = yield* Effect.flip(send(server.origin, { timeout: 30 }))
      assert.deepInclude({ ...silent }, { _tag: "TimedOut", phase: "headers" })
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
})

describe("the asynchronous context", () => {
  it.live("of a request is outside of the application's, and the caller goes on in its own", () =>
    Effect.gen(function* () {
      const storage = new AsyncLocalStorage<string>()
      const seen: Array<unknown> = []
      // What New Relic, Elastic APM and OpenTelemetry listen to.
      const onCreate = () => seen.push(storage.getStore())
      yield* Effect.acquireRelease(
        Effect.sync(() => diagnostics.subscribe("undici:request:create", onCreate)),
        () => Effect.sync(() => diagnostics.unsubscribe("undici:request:create", onCreate))
      )
      const server = yield* httpServer(ok)
      const send = yield* sendWith({ connections: 1 })
      const calls = ["one", "two", "three"].map((name) =>
        storage.run(name, () =>
          Effect.runPromise(
            Effect.andThen(
              send(server.origin),
              Effect.sync(() => storage.getStore())
            )
          )
        )
      )
      assert.deepStrictEqual(yield* Effect.promise(() => Promise.all(calls)), ["one", "two", "three"])
      assert.deepStrictEqual(seen, [undefined, undefined, undefined])
    })
  )
})
