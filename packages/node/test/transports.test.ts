/** What each transport makes of what a server does. */
import { Socket } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { eventually, type Handler, httpServer } from "./support/servers.ts"
import { sendOver, textOf, transports, wordsOf } from "./support/transports.ts"

const text = "x".repeat(500)

/** Bytes as they are, without what Node's server makes sure of. */
const raw =
  (...pieces: ReadonlyArray<string>): Handler =>
  (_, { socket }) => {
    for (const piece of pieces) socket?.write(piece)
  }

const reset: Handler = (_, { socket }) => void (socket instanceof Socket && socket.resetAndDestroy())

type Outcome =
  | { readonly status: number; readonly body: string }
  | { readonly failure: string; readonly httpStatus: number | undefined }

const failed = (failure: string, httpStatus?: number): Outcome => ({ failure, httpStatus })

const behaviours: ReadonlyArray<readonly [name: string, handler: Handler, outcome: Outcome]> = [
  ["a response", (_, response) => response.end(text), { status: 200, body: text }],
  ["an error status", (_, response) => response.writeHead(503).end(text), { status: 503, body: text }],
  ["no body", (_, response) => response.writeHead(204).end(), { status: 204, body: "" }],
  [
    "a body in pieces",
    (_, response) => {
      response.write(text.slice(0, 1))
      setImmediate(() => response.end(text.slice(1)))
    },
    { status: 200, body: text }
  ],
  [
    "a body that ends with the connection",
    (_, { socket }) => void socket?.end(`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${text}`),
    { status: 200, body: text }
  ],
  [
    "early hints first",
    (_, response) => {
      response.writeEarlyHints({ link: "</a>; rel=preload" })
      response.end(text)
    },
    { status: 200, body: text }
  ],
  ["a body at the limit", (_, response) => response.end("x".repeat(1000)), { status: 200, body: "x".repeat(1000) }],
  [
    "a body over the limit, as declared",
    (_, response) => response.writeHead(200, { "content-length": "1001" }).end("x".repeat(1001)),
    failed("BodyTooLarge", 200)
  ],
  [
    "a body over the limit, in chunks",
    (_, response) => {
      for (let index = 0; index < 20; index++) response.write("x".repeat(100))
      response.end()
    },
    failed("BodyTooLarge", 200)
  ],
  [
    "two lengths",
    raw("HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!"),
    failed("ConnectionFailed")
  ],
  ["no HTTP", (_, { socket }) => void socket?.end("hello\r\n\r\n"), failed("ConnectionFailed")],
  ["a reset before the headers", reset, failed("ConnectionFailed")],
  ["an end before the headers", (_, response) => void response.destroy(), failed("ConnectionFailed")],
  [
    "broken chunks",
    (_, { socket }) => {
      socket?.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n")
      setTimeout(() => socket?.write("zz\r\n"), 20)
    },
    failed("ConnectionFailed", 200)
  ],
  [
    "an end within the body",
    (_, response) => {
      response.writeHead(200, { "content-length": "500" }).write("{")
      setTimeout(() => response.destroy(), 20)
    },
    failed("ConnectionFailed", 200)
  ]
]

const silences: ReadonlyArray<readonly [name: string, handler: Handler, httpStatus: number | undefined]> = [
  ["before the headers", () => {}, undefined],
  ["after early hints", (_, response) => response.writeEarlyHints({ link: "</a>; rel=preload" }), undefined],
  ["within the body", (_, response) => void response.writeHead(200).write("{"), 200]
]

describe.each(Object.entries(transports))("%s", (_, transport) => {
  it.live.each(behaviours)("gives its outcome for %s, and keeps no broken connection", ([, handler, expected]) =>
    Effect.gen(function* () {
      const server = yield* httpServer(handler)
      yield* Effect.gen(function* () {
        const send = yield* sendOver(transport)
        const outcome = yield* send(server.origin, { maxBodyBytes: 1000 }).pipe(
          Effect.map((response): Outcome => ({ status: response.status, body: textOf(response) })),
          Effect.catch(({ _tag, httpStatus }) => Effect.succeed(failed(_tag, httpStatus)))
        )
        assert.deepStrictEqual(outcome, expected)
        if ("failure" in expected) yield* eventually("the connection is closed", () => server.open() === 0)
      }).pipe(Effect.scoped)
    })
  )

  it.live.each(silences)("ends a silent exchange in time, and its connection: %s", ([, handler, httpStatus]) =>
    Effect.gen(function* () {
      const server = yield* httpServer(handler)
      const send = yield* sendOver(transport)
      // The headers need time to come on a busy machine.
      const timeout = httpStatus === undefined ? 200 : 2000
      const failure = yield* Effect.flip(send(server.origin, { timeout }))
      assert.strictEqual(failure._tag, "TimedOut")
      assert.strictEqual(failure.httpStatus, httpStatus)
      yield* eventually("the connection is closed", () => server.open() === 0)
    })
  )

  it.live.each(silences)("interruption ends the connection: %s", ([, handler]) =>
    Effect.gen(function* () {
      let arrived = 0
      const server = yield* httpServer((request, response) => {
        handler(request, response)
        arrived++
      })
      const send = yield* sendOver(transport)
      const fiber = yield* Effect.forkChild(send(server.origin), { startImmediately: true })
      yield* eventually("the request arrives", () => arrived === 1)
      yield* Fiber.interrupt(fiber)
      yield* eventually("the connection is closed", () => server.open() === 0)
      assert.strictEqual(arrived, 1)
    })
  )

  it.live("sends the path and the headers as they are, and gives headers by lower-case names", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((request, response) => {
        response.setHeader("X-Upper", "Yes")
        response.end(`${request.method} ${request.url} ${request.headers["x-acs-action"]}`)
      })
      const send = yield* sendOver(transport)
      const response = yield* send(`${server.origin}/?A=x%20y%2Bz`, { headers: { "x-acs-action": "CheckResult" } })
      assert.strictEqual(textOf(response), "POST /?A=x%20y%2Bz CheckResult")
      assert.strictEqual(response.headers["x-upper"], "Yes")
    })
  )

  it.live("says that no server listens, without the query", () =>
    Effect.gen(function* () {
      const { origin } = yield* Effect.scoped(httpServer(() => {}))
      const send = yield* sendOver(transport)
      const failure = yield* Effect.flip(send(`${origin}/?TransactionId=hksb-secret`))
      assert.include(wordsOf(failure), "ECONNREFUSED")
      assert.isUndefined(failure.httpStatus)
      assert.notInclude(JSON.stringify(failure) + String(failure), "hksb-secret")
    })
  )

  it.live("reuses connections, and gives each of many requests its own response", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((request, response) => response.end(request.url))
      const send = yield* sendOver(transport)
      const paths = Array.from({ length: 300 }, (_, index) => `/${index}`)
      const bodies = yield* Effect.forEach(paths, (path) => Effect.map(send(server.origin + path), textOf), {
        concurrency: 16
      })
      assert.deepStrictEqual(bodies, paths)
      assert.isBelow(server.opened(), 100)
    })
  )
})
