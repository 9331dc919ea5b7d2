import type * as http from "node:http"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import * as Transport from "@effect-cloudauth/core/Transport"
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as UrlParams from "effect/http/UrlParams"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as NodeTransport from "../src/NodeTransport.ts"
import { readBody } from "./support/bodies.ts"
import {
  authority,
  eventually,
  http2Server,
  httpServer,
  httpsServer,
  proxyServer,
  withEnvironment
} from "./support/servers.ts"

const noProxy = {
  HTTP_PROXY: undefined,
  HTTPS_PROXY: undefined,
  NO_PROXY: undefined,
  http_proxy: undefined,
  https_proxy: undefined,
  no_proxy: undefined
}

const size = (pieces: ReadonlyArray<Uint8Array>) => pieces.reduce((sum, piece) => sum + piece.byteLength, 0)

const textOf = (pieces: ReadonlyArray<Uint8Array>) => Buffer.concat(pieces).toString("utf8")

const read = (client: HttpClient.HttpClient, url: string, limit = 1_000_000) =>
  Effect.flatMap(client.post(url), (response) => readBody(response, limit))

const readText = (client: HttpClient.HttpClient, url: string) => Effect.map(read(client, url), textOf)

/** The client of a layer that lives as long as the test. */
const clientOf = <E>(layer: Layer.Layer<HttpClient.HttpClient, E>) =>
  Effect.map(Layer.build(layer), (context) => Context.get(context, HttpClient.HttpClient))

/** The transport's words and codes, all of them. */
const wordsOf = (error: unknown): string => {
  const words: Array<string> = []
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    words.push(cause.name, cause.message, "code" in cause ? String(cause.code) : "")
  }
  return words.join(" ")
}

let answered = 0
const echo = (request: http.IncomingMessage, response: http.ServerResponse) => {
  const chunks: Array<Buffer> = []
  request.on("data", (chunk: Buffer) => chunks.push(chunk))
  request.on("end", () => {
    response.writeHead(201, { "x-acs-request-id": `R-${++answered}`, "set-cookie": ["a=1", "b=2"], "X-Upper": "Yes" })
    response.end(
      JSON.stringify({
        method: request.method,
        url: request.url,
        host: request.headers.host,
        type: request.headers["content-type"],
        body: Buffer.concat(chunks).toString("utf8")
      })
    )
  })
}

const transports = {
  undici: () => NodeTransport.layer(),
  "node:http": () => NodeTransport.layerNodeHttp(),
  fetch: () => NodeTransport.layerFetch
}

describe.each(Object.entries(transports))("%s", (name, transport) => {
  const isFetch = name === "fetch"

  it.live("sends what it is given and reads every part of the answer", () =>
    Effect.gen(function* () {
      const server = yield* httpServer(echo)
      const client = yield* clientOf(transport())
      const response = yield* client.execute(
        HttpClientRequest.post(`${server.origin}/some/path?a=1`, {
          urlParams: UrlParams.fromInput({ b: "x y" }),
          body: HttpBody.text("grüße", "text/plain")
        })
      )
      assert.strictEqual(response.status, 201)
      assert.match(response.headers["x-acs-request-id"] ?? "", /^R-\d+$/)
      assert.strictEqual(response.headers["x-upper"], "Yes")
      assert.strictEqual(Transport.protocolVersion(response), isFetch ? undefined : "1.1")
      assert.deepStrictEqual(Object.keys(response.cookies.cookies), ["a", "b"])
      const expected = {
        method: "POST",
        url: "/some/path?a=1&b=x+y",
        host: `127.0.0.1:${server.port}`,
        type: "text/plain",
        body: "grüße"
      }
      assert.deepStrictEqual(yield* response.json, expected)
      // A body that was read can be read again.
      assert.deepStrictEqual(JSON.parse(yield* response.text), expected)
      assert.strictEqual((yield* response.arrayBuffer).byteLength, JSON.stringify(expected).length + 2)
    })
  )

  it.live("sends streams and forms", () =>
    Effect.gen(function* () {
      const server = yield* httpServer(echo)
      const client = yield* clientOf(transport())
      const streamed = yield* client.post(server.origin, {
        body: HttpBody.stream(Stream.make(new Uint8Array([104]), new Uint8Array([105])), "text/plain")
      })
      assert.include(yield* streamed.text, '"body":"hi"')
      const form = new FormData()
      form.set("field", "value")
      const posted = yield* client.post(server.origin, { body: HttpBody.formData(form) })
      const answer = yield* posted.text
      assert.include(answer, "multipart/form-data; boundary=")
      assert.include(answer, "value")
    })
  )

  it.live("gives the body as a stream, and as a form", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((request, response) => {
        if (request.url === "/form") {
          response.writeHead(200, { "content-type": "application/x-www-form-urlencoded" }).end("a=1&b=%20x")
        } else response.end("x".repeat(300_000))
      })
      const client = yield* clientOf(transport())
      const response = yield* client.get(server.origin)
      const received = yield* Stream.runFold(
        response.stream,
        () => 0,
        (sum, chunk) => sum + chunk.byteLength
      )
      assert.strictEqual(received, 300_000)
      const form = yield* Effect.flatMap(client.get(`${server.origin}/form`), (answer) => answer.formData)
      assert.strictEqual(form.get("b"), " x")
      const params = yield* Effect.flatMap(client.get(`${server.origin}/form`), (answer) => answer.urlParamsBody)
      assert.deepStrictEqual(UrlParams.getAll(params, "a"), ["1"])
    })
  )

  it.live("stops reading at the limit and ends the connection, declared or not", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((request, response) => {
        if (request.url === "/declared") response.setHeader("content-length", 50_000_000)
        const timer = setInterval(() => response.write("x".repeat(40_000)), 1)
        response.on("close", () => clearInterval(timer))
      })
      const client = yield* clientOf(transport())
      for (const path of ["/declared", "/endless"]) {
        const error = yield* Effect.flip(read(client, `${server.origin}${path}`, 100_000))
        assert.deepStrictEqual(error, Transport.bodyTooLarge(100_000))
        yield* eventually("the connection is closed", () => server.open() === 0)
      }
    })
  )

  it.live("interruption ends the connection: while connecting, before the headers, and in the body", () =>
    Effect.gen(function* () {
      let asked = 0
      const server = yield* httpServer((request, response) => {
        asked++
        if (request.url === "/body") response.write("first")
      })
      const client = yield* clientOf(transport())
      for (const path of ["/headers", "/body"]) {
        const before = asked
        const fiber = yield* Effect.forkChild(read(client, `${server.origin}${path}`), { startImmediately: true })
        yield* eventually("the request arrives", () => asked > before)
        if (path === "/body") yield* Effect.sleep(50)
        yield* Fiber.interrupt(fiber)
        yield* eventually("the connection is closed", () => server.open() === 0)
      }
      const early = yield* Effect.forkChild(read(client, server.origin), { startImmediately: true })
      yield* Fiber.interrupt(early)
      yield* eventually("nothing is left", () => server.open() === 0)
    })
  )

  it.live("fails with a TransportError where nobody listens, whose words hold no part of the query", () =>
    Effect.gen(function* () {
      const client = yield* clientOf(transport())
      const server = yield* Effect.scoped(httpServer(echo))
      const error = yield* Effect.flip(client.post(`${server.origin}/?TransactionId=hksb-secret&MerchantBizId=m1`))
      assert.strictEqual(error.reason._tag, "TransportError")
      assert.include(wordsOf(error), "ECONNREFUSED")
      assert.notInclude(wordsOf(error.cause), "hksb-secret")
    })
  )

  it.live("fails where the connection breaks before and within the body", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((request, response) => {
        if (request.url === "/body") {
          response.setHeader("content-length", 100)
          response.write("part")
          setTimeout(() => response.destroy(), 20)
        } else request.socket.destroy()
      })
      const client = yield* clientOf(transport())
      const before = yield* Effect.flip(client.post(server.origin))
      assert.strictEqual(before.reason._tag, "TransportError")
      const within = yield* Effect.flip(read(client, `${server.origin}/body`))
      assert.strictEqual(within._tag, "HttpClientError")
    })
  )

  it.live("does not follow redirects", () =>
    Effect.gen(function* () {
      const target: Array<string> = []
      const elsewhere = yield* httpServer((request, response) => {
        target.push(request.url ?? "")
        response.end()
      })
      const server = yield* httpServer((_, response) =>
        response.writeHead(307, { location: `${elsewhere.origin}/stolen` }).end()
      )
      const client = yield* clientOf(transport())
      const response = yield* client.post(server.origin)
      assert.strictEqual(response.status, 307)
      assert.deepStrictEqual(target, [])
    })
  )

  it.live("reuses connections", () =>
    Effect.gen(function* () {
      const server = yield* httpServer(echo)
      const client = yield* clientOf(transport())
      yield* Effect.forEach(Array.from({ length: 50 }), () => read(client, server.origin), { discard: true })
      // undici frees a connection a turn of the event loop after its answer: a caller that is faster takes a second.
      assert.isAtMost(server.opened(), 2)
    })
  )

  it.live("answers many at once", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((request, response) => response.end(request.url))
      const client = yield* clientOf(transport())
      const texts = yield* Effect.forEach(
        Array.from({ length: 300 }, (_, index) => `/${index}`),
        (path) => Effect.map(readText(client, server.origin + path), (text) => text === path),
        { concurrency: 64 }
      )
      assert.isTrue(texts.every((isRight) => isRight))
    })
  )

  it.live("leaves a big response that nobody reads on the wire", () =>
    Effect.gen(function* () {
      let written = 0
      const server = yield* httpServer((_, response) => {
        const more = () => {
          for (let takes = true; takes && written < 50_000_000; written += 100_000) {
            takes = response.write("x".repeat(100_000))
          }
        }
        response.on("drain", more)
        more()
      })
      const client = yield* clientOf(transport())
      const response = yield* client.get(server.origin)
      let before = -1
      yield* eventually(
        "the server waits",
        () => {
          const isStill = written === before
          before = written
          return isStill
        },
        200
      )
      // What is in flight sits in the sockets' buffers of both sides.
      assert.isBelow(written, 20_000_000)
      assert.strictEqual(
        yield* Effect.flip(readBody(response, 1000)).pipe(Effect.map((error) => error._tag)),
        "BodyTooLarge"
      )
    })
  )

  it.live("closing a stream early ends the connection", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((_, response) => {
        const timer = setInterval(() => response.write("x".repeat(10_000)), 1)
        response.on("close", () => clearInterval(timer))
      })
      const client = yield* clientOf(transport())
      const response = yield* client.get(server.origin)
      yield* Stream.runDrain(Stream.take(response.stream, 2))
      yield* eventually("the connection is closed", () => server.open() === 0)
    })
  )

  if (isFetch) return

  it.live("lets requests under way end when the scope closes, then closes its connections", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((_, response) => {
        response.write("begun ")
        setTimeout(() => response.end("and done"), 150)
      })
      const scope = yield* Scope.make()
      const client = Context.get(yield* Layer.buildWithScope(transport(), scope), HttpClient.HttpClient)
      const fiber = yield* Effect.forkChild(readText(client, server.origin), { startImmediately: true })
      yield* eventually("the request is under way", () => server.open() === 1)
      yield* Effect.sleep(30)
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual(yield* Fiber.join(fiber), "begun and done")
      yield* eventually("the connection is closed", () => server.open() === 0)
    })
  )

  it.live("closing waits for the first request, though it came just before", () =>
    Effect.gen(function* () {
      const server = yield* httpServer(echo)
      const ways = [
        (client: HttpClient.HttpClient) => readText(client, server.origin),
        (client: HttpClient.HttpClient) =>
          Effect.flatMap(client.execute(HttpClientRequest.post(server.origin)), (response) => response.text)
      ]
      for (const send of ways) {
        const scope = yield* Scope.make()
        const client = yield* Effect.provideService(clientOf(transport()), Scope.Scope, scope)
        const fibers = [
          yield* Effect.forkChild(send(client), { startImmediately: true }),
          yield* Effect.forkChild(send(client), { startImmediately: true })
        ]
        yield* Scope.close(scope, Exit.void)
        for (const fiber of fibers) assert.include(yield* Fiber.join(fiber), '"method":"POST"')
      }
    })
  )

  it.live("ends what does not end by itself after the drain timeout", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((_, response) => void response.write("for ever"))
      const options = { drainTimeout: "100 millis" } as const
      const layer = name === "undici" ? NodeTransport.layer(options) : NodeTransport.layerNodeHttp(options)
      const scope = yield* Scope.make()
      const client = Context.get(yield* Layer.buildWithScope(layer, scope), HttpClient.HttpClient)
      const fiber = yield* Effect.forkChild(Effect.exit(read(client, server.origin)), { startImmediately: true })
      yield* eventually("the request is under way", () => server.open() === 1)
      yield* Scope.close(scope, Exit.void)
      const exit = yield* Fiber.join(fiber)
      assert.isTrue(Exit.isFailure(exit) && Cause.hasFails(exit.cause))
      yield* eventually("the connection is closed", () => server.open() === 0)
    })
  )

  it.live("limits its connections", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((_, response) => void setTimeout(() => response.end("ok"), 10))
      const options = { connections: 3 }
      const client = yield* clientOf(
        name === "undici" ? NodeTransport.layer(options) : NodeTransport.layerNodeHttp(options)
      )
      yield* Effect.forEach(Array.from({ length: 20 }), () => read(client, server.origin), {
        concurrency: "unbounded",
        discard: true
      })
      assert.isAtMost(server.opened(), 3)
    })
  )

  it.live("closes idle connections after the time set, where the server says nothing", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((_, response) => {
        response.setHeader("connection", "keep-alive")
        response.setHeader("keep-alive", "max=100")
        response.end("ok")
      })
      const options = { keepAlive: 100 }
      const client = yield* clientOf(
        name === "undici" ? NodeTransport.layer(options) : NodeTransport.layerNodeHttp(options)
      )
      assert.strictEqual(yield* readText(client, server.origin), "ok")
      assert.strictEqual(server.open(), 1)
      yield* eventually("the connection is closed", () => server.open() === 0)
    })
  )

  it.live("a request that is interrupted in the queue leaves the connection to the others", () =>
    Effect.gen(function* () {
      const urls: Array<string | undefined> = []
      const server = yield* httpServer((request, response) => {
        urls.push(request.url)
        setTimeout(() => response.end("ok"), 50)
      })
      const options = { connections: 1 }
      const client = yield* clientOf(
        name === "undici" ? NodeTransport.layer(options) : NodeTransport.layerNodeHttp(options)
      )
      const first = yield* Effect.forkChild(readText(client, `${server.origin}/1`), { startImmediately: true })
      const queued = yield* Effect.forkChild(readText(client, `${server.origin}/2`), { startImmediately: true })
      const last = yield* Effect.forkChild(readText(client, `${server.origin}/3`), { startImmediately: true })
      yield* Effect.sleep(10)
      yield* Fiber.interrupt(queued)
      assert.strictEqual(yield* Fiber.join(first), "ok")
      assert.strictEqual(yield* Fiber.join(last), "ok")
      assert.deepStrictEqual(urls, ["/1", "/3"])
      assert.strictEqual(server.opened(), 1)
    })
  )

  it.live("checks certificates: unknown authority refused, own authority accepted, other names refused", () =>
    Effect.gen(function* () {
      const { cert: ca, issue } = yield* authority
      const good = yield* Effect.promise(() => issue("127.0.0.1"))
      const other = yield* Effect.promise(() => issue("example.com"))
      const server = yield* httpsServer(good, echo)
      const wrongName = yield* httpsServer(other, echo)
      const layerOf = name === "undici" ? NodeTransport.layer : NodeTransport.layerNodeHttp
      const plain = yield* clientOf(layerOf())
      assert.include(wordsOf(yield* Effect.flip(plain.post(server.origin))), "UNABLE_TO_VERIFY_LEAF_SIGNATURE")
      const own = yield* clientOf(layerOf({ tls: { ca } }))
      assert.include(yield* readText(own, server.origin), '"method":"POST"')
      assert.include(wordsOf(yield* Effect.flip(own.post(wrongName.origin))), "ERR_TLS_CERT_ALTNAME_INVALID")
      const named = yield* clientOf(layerOf({ tls: { ca: [ca], servername: "example.com" } }))
      assert.include(yield* readText(named, wrongName.origin), '"method":"POST"')
    })
  )

  it.live("NODE_TLS_REJECT_UNAUTHORIZED does not turn the check off; the loud option does", () =>
    Effect.gen(function* () {
      const { issue } = yield* authority
      const server = yield* httpsServer(yield* Effect.promise(() => issue("127.0.0.1")), echo)
      const layerOf = name === "undici" ? NodeTransport.layer : NodeTransport.layerNodeHttp
      const plain = yield* clientOf(layerOf())
      const error = yield* Effect.flip(plain.post(server.origin))
      assert.include(wordsOf(error), "UNABLE_TO_VERIFY_LEAF_SIGNATURE")
      const careless = yield* clientOf(layerOf({ tls: { dangerouslyAcceptAnyCertificate: true } }))
      assert.include(yield* readText(careless, server.origin), '"method":"POST"')
    }).pipe(withEnvironment({ NODE_TLS_REJECT_UNAUTHORIZED: "0" }))
  )

  it.live("shows a client certificate", () =>
    Effect.gen(function* () {
      const { cert: ca, issue } = yield* authority
      const server = yield* httpsServer(
        { ...(yield* Effect.promise(() => issue("127.0.0.1"))), ca, requestCert: true, rejectUnauthorized: true },
        echo
      )
      const mine = yield* Effect.promise(() => issue("merchant.example"))
      const layerOf = name === "undici" ? NodeTransport.layer : NodeTransport.layerNodeHttp
      const client = yield* clientOf(layerOf({ tls: { ca, cert: mine.cert, key: Buffer.from(mine.key) } }))
      assert.include(yield* readText(client, server.origin), '"method":"POST"')
      const without = yield* clientOf(layerOf({ tls: { ca } }))
      assert.strictEqual((yield* Effect.flip(read(without, server.origin)))._tag, "HttpClientError")
    })
  )

  it.effect("refuses wrong options by name", () =>
    Effect.gen(function* () {
      const layerOf = name === "undici" ? NodeTransport.layer : NodeTransport.layerNodeHttp
      const refused = (options: object) => Effect.map(Effect.flip(clientOf(layerOf(options))), (error) => error.message)
      assert.include(yield* refused({ tls: { rejectUnauthorized: false } }), "tls.rejectUnauthorized must be left out")
      assert.include(yield* refused({ tls: { checkServerIdentity: () => undefined } }), "tls.checkServerIdentity")
      assert.include(yield* refused({ tls: { dangerouslyAcceptAnyCertificate: "yes" } }), "left out, or true")
      assert.include(yield* refused({ connections: 0 }), "connections must be")
      assert.include(yield* refused({ connectTimeout: "soon" }), "connectTimeout must be")
      assert.include(yield* refused({ keepAlive: -1 }), "keepAlive must be")
      assert.include(yield* refused({ drainTimeout: Infinity }), "drainTimeout must be")
    })
  )
})

describe("undici alone", () => {
  it.live("speaks HTTP/2 where it may and the server offers it", () =>
    Effect.gen(function* () {
      const { cert: ca, issue } = yield* authority
      const certificate = yield* Effect.promise(() => issue("127.0.0.1"))
      const both = yield* http2Server(certificate, (request, response) => {
        response.writeHead(200, { "x-version": request.httpVersion })
        response.end(`${request.headers[":authority"] ?? request.headers["host"]} ${"x".repeat(200_000)}`)
      })
      const old = yield* httpsServer(certificate, (request, response) => response.end(request.httpVersion))
      const h2 = yield* clientOf(NodeTransport.layer({ http2: true, tls: { ca } }))
      const h1 = yield* clientOf(NodeTransport.layer({ tls: { ca } }))
      const versionOf = (client: HttpClient.HttpClient) =>
        Effect.flatMap(client.post(both.origin), (response) =>
          Effect.as(response.text, [response.headers["x-version"], Transport.protocolVersion(response)])
        )
      assert.deepStrictEqual(yield* versionOf(h1), ["1.1", "1.1"])
      const before = both.opened()
      assert.deepStrictEqual(yield* versionOf(h2), ["2.0", undefined])
      const bodies = yield* Effect.forEach(Array.from({ length: 30 }), () => read(h2, both.origin), {
        concurrency: "unbounded"
      })
      assert.isTrue(bodies.every((body) => size(body) > 200_000))
      assert.strictEqual(both.opened() - before, 1)
      assert.strictEqual(yield* readText(h2, old.origin), "1.1")
    })
  )

  it.live("interruption over HTTP/2 ends the request and leaves the connection", () =>
    Effect.gen(function* () {
      const { cert: ca, issue } = yield* authority
      let aborted = 0
      const server = yield* http2Server(yield* Effect.promise(() => issue("127.0.0.1")), (request, response) => {
        if (request.url === "/endless") {
          response.write("begun")
          response.stream.on("close", () => aborted++)
        } else response.end("ok")
      })
      const client = yield* clientOf(NodeTransport.layer({ http2: true, tls: { ca } }))
      assert.strictEqual(yield* readText(client, server.origin), "ok")
      const fiber = yield* Effect.forkChild(read(client, `${server.origin}/endless`), { startImmediately: true })
      yield* Effect.sleep(50)
      yield* Fiber.interrupt(fiber)
      yield* eventually("the stream is closed", () => aborted === 1)
      assert.strictEqual(yield* readText(client, server.origin), "ok")
      assert.strictEqual(server.opened(), 1)
    })
  )

  it.live("goes through the proxy of the environment, but not to hosts of NO_PROXY", () =>
    Effect.gen(function* () {
      const { cert: ca, issue } = yield* authority
      const server = yield* httpsServer(yield* Effect.promise(() => issue("127.0.0.1", "localhost")), echo)
      const seen: Array<string> = []
      const proxy = yield* proxyServer(seen)
      const environment = { ...noProxy, HTTPS_PROXY: proxy.origin, NO_PROXY: "localhost" }
      const client = yield* clientOf(NodeTransport.layer({ tls: { ca } })).pipe(withEnvironment(environment))
      assert.include(yield* readText(client, `${server.origin}/?a=1`), '"url":"/?a=1"')
      assert.deepStrictEqual(seen, [`CONNECT 127.0.0.1:${server.port}`])
      assert.include(yield* readText(client, `https://localhost:${server.port}/`), '"method":"POST"')
      assert.strictEqual(seen.length, 1)
      const direct = yield* clientOf(NodeTransport.layer({ tls: { ca }, proxy: "none" })).pipe(
        withEnvironment(environment)
      )
      yield* read(direct, server.origin)
      assert.strictEqual(seen.length, 1)
    })
  )

  it.live("goes through a proxy that is given, with its password, and says so when the proxy refuses", () =>
    Effect.gen(function* () {
      const { cert: ca, issue } = yield* authority
      const server = yield* httpsServer(yield* Effect.promise(() => issue("127.0.0.1")), echo)
      const seen: Array<string> = []
      const proxy = yield* proxyServer(seen, `Basic ${Buffer.from("user:p@ss").toString("base64")}`)
      const allowed = yield* clientOf(
        NodeTransport.layer({ tls: { ca }, proxy: `http://user:p%40ss@127.0.0.1:${proxy.port}` })
      )
      assert.include(yield* readText(allowed, server.origin), '"method":"POST"')
      const refused = yield* clientOf(NodeTransport.layer({ tls: { ca }, proxy: proxy.origin }))
      const error = yield* Effect.flip(refused.post(`${server.origin}/?TransactionId=hksb-secret`))
      assert.include(wordsOf(error), "407")
      assert.notInclude(wordsOf(error.cause), "hksb-secret")
      // An authority that is not trusted stays refused behind a proxy.
      const untrusting = yield* clientOf(NodeTransport.layer({ proxy: `http://user:p%40ss@127.0.0.1:${proxy.port}` }))
      assert.include(wordsOf(yield* Effect.flip(untrusting.post(server.origin))), "UNABLE_TO_VERIFY_LEAF_SIGNATURE")
      assert.strictEqual((yield* Effect.flip(clientOf(NodeTransport.layer({ proxy: "proxy:8080" })))).path, "proxy")
    })
  )

  it.live("keeps its time limits", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((request, response) => {
        if (request.url === "/body") response.write("begun")
      })
      const client = yield* clientOf(NodeTransport.layer({ headersTimeout: 50, bodyTimeout: "50 millis" }))
      assert.include(wordsOf(yield* Effect.flip(client.post(server.origin))), "UND_ERR_HEADERS_TIMEOUT")
      assert.include(wordsOf(yield* Effect.flip(read(client, `${server.origin}/body`))), "UND_ERR_BODY_TIMEOUT")
    })
  )

  it.live("fails, and does not throw, for requests that cannot be sent", () =>
    Effect.gen(function* () {
      const client = yield* clientOf(NodeTransport.layer())
      assert.strictEqual((yield* Effect.flip(client.get("not a url"))).reason._tag, "InvalidUrlError")
      assert.strictEqual((yield* Effect.flip(client.get("ftp://localhost/"))).reason._tag, "InvalidUrlError")
      const broken = HttpClientRequest.get("http://localhost/").pipe(HttpClientRequest.setHeader("x", "a\nb"))
      assert.strictEqual((yield* Effect.flip(client.execute(broken))).reason._tag, "TransportError")
    })
  )

  it.live("a closed transport refuses further requests", () =>
    Effect.gen(function* () {
      const server = yield* httpServer(echo)
      const client = yield* Effect.scoped(clientOf(NodeTransport.layer()))
      const error = yield* Effect.flip(client.post(server.origin))
      assert.include(wordsOf(error), "ERR_TRANSPORT_CLOSED")
      assert.strictEqual(server.opened(), 0)
    })
  )

  it.live("ends the connection of a response that was dropped unread", () =>
    Effect.gen(function* () {
      setFlagsFromString("--expose-gc")
      const collect: unknown = runInNewContext("gc")
      const server = yield* httpServer((_, response) => void response.write("begun"))
      const client = yield* clientOf(NodeTransport.layer())
      yield* Effect.forEach([1, 2, 3], () => Effect.asVoid(client.post(server.origin)), { discard: true })
      yield* eventually("the connections are closed", () => {
        if (typeof collect === "function") collect()
        return server.open() === 0
      })
    })
  )
})
