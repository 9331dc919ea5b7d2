/** A whole round trip must end as the same call by `HttpClient.execute` does, whatever the server makes of it. */
import { AsyncLocalStorage } from "node:async_hooks"
import type { IncomingMessage } from "node:http"
import * as http2 from "node:http2"
import { Socket } from "node:net"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as ResponseCode from "@effect-cloudauth/core/ResponseCode"
import * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import * as Transport from "@effect-cloudauth/core/Transport"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as Tracer from "effect/Tracer"
import * as NodeCloudauth from "../src/NodeCloudauth.ts"
import * as NodeTransport from "../src/NodeTransport.ts"
import { authority, eventually, type Handler, http2Server, httpServer, proxyServer } from "./support/servers.ts"

const request = { merchantBizId: "order1", transactionId: "hksb1" }

const success = JSON.stringify({
  RequestId: "1",
  Code: "Success",
  Result: { Passed: "Y", SubCode: "200", ExtIdInfo: "{}" }
})

const answering =
  (status: number, body: string, headers: Record<string, string> = {}): Handler =>
  (_, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body)
  }

/** Bytes as they are, without what Node's server makes sure of. */
const raw =
  (...pieces: ReadonlyArray<string>): Handler =>
  (_, { socket }) => {
    for (const piece of pieces) socket?.write(piece)
  }

const handlers: Readonly<Record<string, Handler>> = {
  well: answering(200, success),
  "well, in pieces": (_, response) => {
    const [first = "", ...rest] = success
    response.write(first)
    setImmediate(() => {
      for (const letter of rest) response.write(letter)
      response.end()
    })
  },
  "well, until the connection closes": (_, { socket }) => {
    socket?.end(`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${success}`)
  },
  "an informational answer first": (message, response) => {
    response.writeProcessing()
    answering(200, success)(message, response)
  },
  "informational answers, and never another": (_, response) => {
    response.writeProcessing()
    response.writeEarlyHints({ link: "</a>; rel=preload" })
  },
  ...Object.fromEntries(
    Object.entries(ResponseCode.table).map(([code, { status }]) => [
      `the code ${code}`,
      answering(status, JSON.stringify({ Code: code, RequestId: "3" }), { date: "Sat, 01 Jan 2028 00:00:00 GMT" })
    ])
  ),
  "a code of its own": answering(403, '{"Code":"RamUserAccessDenied","RequestId":"2","Message":"no"}'),
  throttled: answering(403, '{"Code":"Throttling.Api"}', { "x-acs-retry-after": "1" }),
  "not ready": answering(404, '{"Code":"ProcessNotCompleted"}'),
  "no JSON": answering(502, "<html>bad gateway</html>"),
  "no JSON, status 200": answering(200, "hello"),
  "a redirect": answering(302, "", { location: "http://127.0.0.1:1/" }),
  "too large, declared": answering(200, "x".repeat(2000)),
  "too large, in chunks": (_, response) => {
    response.writeHead(200)
    for (let i = 0; i < 20; i++) response.write("y".repeat(100))
    response.end()
  },
  "longer than declared": raw("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n", success),
  "with two lengths": raw("HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!"),
  "with chunks that are none": raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\nzz\r\n"),
  "without a body": answering(204, ""),
  "reset before the head": (_, { socket }) => void (socket instanceof Socket && socket.resetAndDestroy()),
  "reset in the body": (_, response) => {
    response.writeHead(200, { "content-length": "500" })
    response.write("{")
    setImmediate(() => response.socket instanceof Socket && response.socket.resetAndDestroy())
  },
  "cut off in the body": (_, response) => {
    response.writeHead(200, { "content-length": "500" })
    response.write("{")
    setImmediate(() => response.destroy())
  },
  "cut off before the head": (_, response) => void response.destroy(),
  "no HTTP": (_, response) => void response.socket?.end("hello\r\n\r\n"),
  silent: () => {},
  "silent in the body": (_, response) => {
    response.writeHead(200)
    response.write("{")
  }
}

/** One retry at once, so that both ways make as many attempts. */
const once = Schedule.recurs(1)
const policy = RetryPolicy.layer({
  ...RetryPolicy.standard,
  transient: once,
  throttle: once,
  attemptTimeout: "300 millis"
})

/** Nothing may be under way when a scope closes: the transport would wait for it, longer than a test may take. */
const options: NodeTransport.Options = { proxy: "none", drainTimeout: "10 minutes" }

/** The client that offers round trips, wrapped: what wraps it must be asked. */
const wrapped = (asked: () => void, transport: NodeTransport.Options = options) =>
  Layer.effect(
    HttpClient.HttpClient,
    Effect.map(
      HttpClient.HttpClient,
      HttpClient.mapRequest((outgoing) => {
        asked()
        return outgoing
      })
    )
  ).pipe(Layer.provide(NodeTransport.layer(transport)))

/** A client over undici as it is. */
const client = (origin: string, transport: NodeTransport.Options = options) =>
  NodeCloudauth.layer({
    url: origin,
    credentials: Credentials.layerStatic({ accessKeyId: "id", accessKeySecret: "secret" }),
    transport
  })

/** How a call ends: its exit, what an observer is told, and what spans show of each attempt. */
const ending = (origin: string, transport: Layer.Layer<HttpClient.HttpClient, unknown>) =>
  Effect.gen(function* () {
    const attempts: Array<object> = []
    const observer = Telemetry.makeObserver({
      attemptEnded: ({ attempt, error, httpStatus, responseBytes }) =>
        attempts.push({ attempt, error: error?._tag, httpStatus, responseBytes })
    })
    const live = NodeCloudauth.layer({
      url: origin,
      maxBodyBytes: 1000,
      credentials: Credentials.layerStatic({ accessKeyId: "id", accessKeySecret: "secret" }),
      transport
    })
    const spans: Array<Tracer.NativeSpan> = []
    const tracer = Tracer.make({
      span: (options) => {
        const span = new Tracer.NativeSpan(options)
        spans.push(span)
        return span
      }
    })
    const exit = yield* Cloudauth.checkResult(request).pipe(
      Effect.map(({ verdict }) => ({ verdict: verdict._tag })),
      Effect.catch(({ _tag, code, httpStatus, message, requestId }) =>
        Effect.succeed({ _tag, code, httpStatus, message, requestId })
      ),
      Effect.provide([live, policy]),
      Effect.provideService(Telemetry.Observer, observer),
      Effect.provideService(Tracer.Tracer, tracer)
    )
    const shown = spans
      .filter(({ name }) => name === "Cloudauth.attempt")
      .map(({ attributes }) => Object.fromEntries(attributes))
    return { exit, attempts, shown }
  })

/** Has both ways end alike at one server. */
const endsAlike = (origin: string, transport: NodeTransport.Options = options) =>
  Effect.gen(function* () {
    let asked = 0
    const general = yield* ending(
      origin,
      wrapped(() => asked++, transport)
    )
    const whole = yield* ending(origin, NodeTransport.layer(transport))
    assert.strictEqual(asked, general.attempts.length)
    assert.deepStrictEqual(whole, general)
    return whole
  })

describe("a whole round trip ends as HttpClient.execute does", () => {
  it.live.each(Object.keys(handlers))("%s", (name) =>
    Effect.gen(function* () {
      const server = yield* httpServer((message, response) => handlers[name]?.(message, response))
      yield* endsAlike(server.origin)
      yield* eventually("the connections are closed", () => server.open() === 0)
    })
  )

  it.live("where an answer comes twice over one connection", () =>
    Effect.gen(function* () {
      const server = yield* httpServer(answering(503, "", { "x-acs-request-id": "always the same" }))
      const { attempts, exit } = yield* endsAlike(server.origin, { ...options, connections: 1 })
      assert.deepInclude(exit, { _tag: "TransportError" })
      assert.deepStrictEqual(
        attempts.map((attempt) => ("httpStatus" in attempt ? attempt.httpStatus : "none")),
        [503, undefined]
      )
    })
  )

  it.live("where nobody listens", () =>
    Effect.gen(function* () {
      const { origin } = yield* Effect.scoped(httpServer(() => {}))
      const { exit, shown } = yield* endsAlike(origin)
      assert.deepInclude(exit, { _tag: "TransportError" })
      assert.deepInclude(exit, { httpStatus: undefined })
      for (const attributes of shown) assert.notProperty(attributes, "network.protocol.version")
    })
  )

  type Handler2 = (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => void

  const answering2 =
    (status: number, body: string): Handler2 =>
    (_, response) => {
      response.writeHead(status, { "content-type": "application/json" })
      response.end(body)
    }

  const handlers2: Readonly<Record<string, Handler2>> = {
    well: answering2(200, success),
    "hints first": (message, response) => {
      response.writeEarlyHints({ link: "</a>; rel=preload" })
      answering2(200, success)(message, response)
    },
    throttled: answering2(403, '{"Code":"Throttling.Api"}'),
    "no JSON": answering2(502, "<html>bad gateway</html>"),
    "too large, declared": (_, response) => {
      response.writeHead(200, { "content-length": "2000" })
      response.end("x".repeat(2000))
    },
    "too large, in pieces": (_, response) => {
      for (let i = 0; i < 20; i++) response.write("y".repeat(100))
      response.end()
    },
    "longer than declared": (_, response) => {
      response.stream.respond({ ":status": 200, "content-length": "5" })
      response.stream.end(success)
    },
    "shorter than declared": (_, response) => {
      response.stream.respond({ ":status": 200, "content-length": "500" })
      response.stream.end("{}")
    },
    "reset before the head": (_, { stream }) => stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR),
    refused: (_, { stream }) => stream.close(http2.constants.NGHTTP2_REFUSED_STREAM),
    "reset in the body": (_, response) => {
      response.write("{")
      setImmediate(() => response.stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR))
    },
    "cut off before the head": (_, { stream }) => void stream.session?.destroy(),
    "cut off in the body": (_, response) => {
      response.write("{")
      setImmediate(() => response.stream.session?.destroy())
    },
    silent: () => {},
    "silent in the body": (_, response) => void response.write("{")
  }

  it.live.each(Object.keys(handlers2))("over HTTP/2: %s", (name) =>
    Effect.gen(function* () {
      const { cert: ca, issue } = yield* authority
      const server = yield* http2Server(yield* Effect.promise(() => issue("127.0.0.1")), (message, response) => {
        response.stream.on("error", () => {})
        handlers2[name]?.(message, response)
      })
      yield* endsAlike(server.origin, { ...options, http2: true, tls: { ca } })
      yield* eventually("the connections are closed", () => server.open() === 0)
    })
  )

  it.live.each(["asks for no password", "refuses"])("through a proxy that %s", (does) =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      const server = yield* httpServer(answering(200, success))
      const proxy = yield* proxyServer(seen, does === "refuses" ? "never this" : undefined)
      const { exit } = yield* endsAlike(server.origin, { ...options, proxy: proxy.origin })
      assert.isNotEmpty(seen)
      assert.strictEqual("verdict" in exit, does !== "refuses")
    })
  )

  it.live("in its caller's AsyncLocalStorage", () =>
    Effect.gen(function* () {
      const server = yield* httpServer(answering(200, success))
      const context = yield* Layer.build(client(server.origin, { ...options, connections: 1 }))
      const storage = new AsyncLocalStorage<number>()
      const check = Effect.provideContext(
        Effect.andThen(
          Cloudauth.checkResult(request),
          Effect.sync(() => storage.getStore())
        ),
        context
      )
      const callers = [1, 2, 3, 4]
      const found = yield* Effect.promise(() =>
        Promise.all(callers.map((caller) => storage.run(caller, () => Effect.runPromise(check))))
      )
      assert.deepStrictEqual(found, callers)
    })
  )

  it.live("where it is signed by Web Crypto", () =>
    Effect.gen(function* () {
      const server = yield* httpServer(answering(200, success))
      const live = Cloudauth.layer({ url: server.origin }).pipe(
        Layer.provide([
          Credentials.layerStatic({ accessKeyId: "id", accessKeySecret: "secret" }),
          NodeTransport.layer(options)
        ])
      )
      const result = yield* Effect.provide(Cloudauth.checkResult(request), live)
      assert.strictEqual(result.verdict._tag, "Passed")
    })
  )
})

describe("round trips", () => {
  it.effect("are a client's own: a copy with another execute offers none", () =>
    Effect.gen(function* () {
      const http = yield* HttpClient.HttpClient
      assert.isDefined(Transport.roundTripsOf(http))
      assert.isUndefined(Transport.roundTripsOf({ ...http, execute: () => Effect.never }))
      assert.isUndefined(Transport.roundTripsOf(Object.create(http)))
      assert.isUndefined(Transport.roundTripsOf(HttpClient.mapRequest(http, (outgoing) => outgoing)))
    }).pipe(Effect.provide(NodeTransport.layer()))
  )

  const idOf = (message: IncomingMessage) =>
    new URL(message.url ?? "", "http://127.0.0.1").searchParams.get("TransactionId") ?? ""

  const checkOf = (transactionId: string) => Cloudauth.checkResult({ ...request, transactionId })

  it.live("that are interrupted in the queue are never sent, and leave the connection to the others", () =>
    Effect.gen(function* () {
      const arrived: Array<string> = []
      const answer: Array<() => void> = []
      const server = yield* httpServer((message, response) => {
        arrived.push(idOf(message))
        answer.push(() => answering(200, success)(message, response))
      })
      yield* Effect.gen(function* () {
        const first = yield* Effect.forkChild(checkOf("first"), { startImmediately: true })
        const queued = yield* Effect.forkChild(checkOf("queued"), { startImmediately: true })
        const last = yield* Effect.forkChild(checkOf("last"), { startImmediately: true })
        yield* eventually("the first is under way", () => answer.length === 1)
        yield* Fiber.interrupt(queued)
        answer[0]?.()
        yield* Fiber.join(first)
        yield* eventually("the last is under way", () => answer.length === 2)
        answer[1]?.()
        yield* Fiber.join(last)
        assert.deepStrictEqual(arrived, ["first", "last"])
        assert.strictEqual(server.opened(), 1)
        // The scope closes now: of the one in the queue, too, nothing is left that it would wait for.
      }).pipe(Effect.provide(client(server.origin, { ...options, connections: 1 })))
    })
  )

  it.live("that are interrupted while undici loads open no connection", () =>
    Effect.gen(function* () {
      const server = yield* httpServer(() => {})
      yield* Effect.gen(function* () {
        const call = yield* Effect.forkChild(checkOf("early"), { startImmediately: true })
        yield* Fiber.interrupt(call)
      }).pipe(Effect.provide(client(server.origin)))
      assert.strictEqual(server.opened(), 0)
    })
  )

  it.live("that are interrupted before a connection is made are never sent", () =>
    Effect.gen(function* () {
      const arrived: Array<string> = []
      const server = yield* httpServer((message, response) => {
        arrived.push(idOf(message))
        answering(200, success, { connection: "close" })(message, response)
      })
      yield* Effect.gen(function* () {
        yield* checkOf("first")
        const call = yield* Effect.forkChild(checkOf("early"), { startImmediately: true })
        yield* Fiber.interrupt(call)
        yield* eventually("the connection was made", () => server.opened() === 2)
      }).pipe(Effect.provide(client(server.origin)))
      assert.deepStrictEqual(arrived, ["first"])
    })
  )

  it.live("over HTTP/2: an interrupted call ends alone", () =>
    Effect.gen(function* () {
      const { cert: ca, issue } = yield* authority
      let closed = 0
      let begun = 0
      const server = yield* http2Server(yield* Effect.promise(() => issue("127.0.0.1")), (message, response) => {
        response.stream.on("close", () => closed++)
        if (message.url.includes("endless")) {
          response.write("{")
          begun++
        } else response.end(success)
      })
      yield* Effect.gen(function* () {
        yield* checkOf("first")
        const call = yield* Effect.forkChild(checkOf("endless"))
        yield* eventually("it is under way", () => begun === 1)
        yield* Fiber.interrupt(call)
        yield* eventually("its stream is closed", () => closed === 2)
        yield* checkOf("last")
        assert.strictEqual(server.opened(), 1)
      }).pipe(Effect.provide(client(server.origin, { ...options, http2: true, tls: { ca } })))
    })
  )

  /** A call under way, and the client whose scope can be closed meanwhile. */
  const underWay = (origin: string, transport: NodeTransport.Options) =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(client(origin, transport), scope)
      const check = checkOf("one").pipe(
        Effect.provide(RetryPolicy.layer(RetryPolicy.none)),
        Effect.provideContext(context),
        Effect.exit
      )
      return { scope, check, call: yield* Effect.forkChild(check, { startImmediately: true }) }
    })

  it.live("under way when the scope closes end well; later ones are refused", () =>
    Effect.gen(function* () {
      const answer: Array<() => void> = []
      const server = yield* httpServer((message, response) => {
        answer.push(() => answering(200, success)(message, response))
      })
      const { call, check, scope } = yield* underWay(server.origin, options)
      yield* eventually("it is under way", () => answer.length === 1)
      const closing = yield* Effect.forkChild(Scope.close(scope, Exit.void), { startImmediately: true })
      const refused = yield* check
      assert.include(String(refused), "ERR_TRANSPORT_CLOSED")
      assert.strictEqual(server.open(), 1)
      answer[0]?.()
      assert.isTrue(Exit.isSuccess(yield* Fiber.join(call)))
      yield* Fiber.join(closing)
      yield* eventually("the connection is closed", () => server.open() === 0)
      assert.include(String(yield* check), "ERR_TRANSPORT_CLOSED")
    })
  )

  it.live.each(["silent", "silent in the body"])("that outlast the drain timeout fail, and do not hang: %s", (name) =>
    Effect.gen(function* () {
      let arrived = 0
      const server = yield* httpServer((message, response) => {
        arrived++
        handlers[name]?.(message, response)
      })
      const { call, scope } = yield* underWay(server.origin, { ...options, drainTimeout: 10 })
      yield* eventually("it is under way", () => arrived === 1)
      yield* Scope.close(scope, Exit.void)
      assert.include(String(yield* Fiber.join(call)), "TransportError")
      yield* eventually("the connection is closed", () => server.open() === 0)
    })
  )

  it.live.each(["silent", "silent in the body"])("an interrupted call ends its connection: %s", (name) =>
    Effect.gen(function* () {
      let arrived = 0
      const server = yield* httpServer((message, response) => {
        arrived++
        handlers[name]?.(message, response)
      })
      yield* Effect.gen(function* () {
        const call = yield* Effect.forkChild(Cloudauth.checkResult(request))
        yield* eventually("it is under way", () => arrived === 1)
        yield* Fiber.interrupt(call)
        yield* eventually("the connection is closed", () => server.open() === 0)
        assert.strictEqual(arrived, 1)
      }).pipe(Effect.provide(client(server.origin)))
    })
  )
})
