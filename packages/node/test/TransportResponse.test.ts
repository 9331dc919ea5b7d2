/** What a response offers beside its whole body; `fetch`, which is Effect's own, says what is right. */
import type * as http from "node:http"
import * as net from "node:net"
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as NodeTransport from "../src/NodeTransport.ts"
import { readBody } from "./support/bodies.ts"
import { eventually, httpServer } from "./support/servers.ts"

const clientOf = <E>(layer: Layer.Layer<HttpClient.HttpClient, E>) =>
  Effect.map(Layer.build(layer), (context) => Context.get(context, HttpClient.HttpClient))

const transports = {
  undici: () => NodeTransport.layer(),
  "node:http": () => NodeTransport.layerNodeHttp(),
  fetch: () => NodeTransport.layerFetch
}

/** A way to read a response. */
type Form = (response: HttpClientResponse.HttpClientResponse) => Effect.Effect<unknown, HttpClientError>

const size = 3_000_000

const answer = (request: http.IncomingMessage, response: http.ServerResponse): void => {
  switch (request.url?.split("?")[0]) {
    case "/empty":
      return void response.end()
    case "/json":
      return void response.end('{"a":[1]}')
    case "/broken":
      return void response.writeHead(200, { "content-type": "multipart/form-data; boundary=x" }).end('{"a":')
    case "/hints":
      return response.writeEarlyHints({ link: "</style.css>; rel=preload" }, () => response.end("after hints"))
    case "/big":
      return void response.setHeader("content-length", size).end("x".repeat(size))
    case "/waits":
      return void response.write("begun")
    case "/cut":
      response.writeHead(200, { "content-length": 100, "content-type": "application/x-www-form-urlencoded" })
      response.write("part")
      return void setTimeout(() => response.destroy(), 20)
    default: {
      const chunks: Array<Buffer> = []
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      request.on("end", () => response.end(`${request.headers["content-type"]}|${Buffer.concat(chunks).toString()}`))
    }
  }
}

describe.each(Object.entries(transports))("a response of %s", (name, transport) => {
  it.live("tells where it came from, and its body in every form", () =>
    Effect.gen(function* () {
      const server = yield* httpServer(answer)
      const client = yield* clientOf(transport())
      const response = yield* client.get(`${server.origin}/json?b=2#part`, { urlParams: { c: "x y" } })
      assert.strictEqual(response.url, `${server.origin}/json?b=2&c=x+y`)
      assert.deepStrictEqual(response.remoteAddress, Option.none())
      assert.deepStrictEqual(Object.keys(response.cookies.cookies), [])
      assert.deepStrictEqual(yield* response.json, { a: [1] })
      assert.strictEqual(yield* response.pipe((same) => Effect.succeed(same.status)), 200)
      const shown = JSON.parse(JSON.stringify(response))
      assert.deepInclude(shown, { _id: "HttpClientResponse", status: 200 })
      assert.strictEqual(
        yield* HttpClientResponse.filterStatusOk(response).pipe(Effect.map(({ status }) => status)),
        200
      )
      assert.isNull(yield* Effect.flatMap(client.get(`${server.origin}/empty`), ({ json }) => json))
      assert.strictEqual(yield* Effect.flatMap(client.get(`${server.origin}/hints`), ({ text }) => text), "after hints")
    })
  )

  it.live("without a body, to HEAD, is whole whatever length it declares", () =>
    Effect.gen(function* () {
      const server = yield* httpServer(answer)
      const client = yield* clientOf(transport())
      const response = yield* client.head(`${server.origin}/big`)
      assert.strictEqual(response.headers["content-length"], String(size))
      assert.strictEqual((yield* response.arrayBuffer).byteLength, 0)
    })
  )

  it.live("is a DecodeError where its body is none of what is asked for", () =>
    Effect.gen(function* () {
      const server = yield* httpServer(answer)
      const client = yield* clientOf(transport())
      const forms: ReadonlyArray<Form> = [({ json }) => json, ({ formData }) => formData]
      for (const read of forms) {
        const error = yield* Effect.flip(Effect.flatMap(client.get(`${server.origin}/broken`), read))
        assert.strictEqual(error.reason._tag, "DecodeError")
      }
    })
  )

  it.live("fails, in every form, where its connection breaks", () =>
    Effect.gen(function* () {
      const server = yield* httpServer(answer)
      const client = yield* clientOf(transport())
      const forms: ReadonlyArray<Form> = [
        ({ text }) => text,
        ({ json }) => json,
        ({ arrayBuffer }) => arrayBuffer,
        ({ formData }) => formData,
        ({ urlParamsBody }) => urlParamsBody,
        ({ stream }) => Stream.runDrain(stream)
      ]
      for (const read of forms) {
        const error = yield* Effect.flip(Effect.flatMap(client.get(`${server.origin}/cut`), read))
        assert.strictEqual(error._tag, "HttpClientError")
      }
    })
  )

  it.live("that had to wait for its reader arrives whole", () =>
    Effect.gen(function* () {
      const server = yield* httpServer(answer)
      const client = yield* clientOf(transport())
      for (const read of [
        (response: HttpClientResponse.HttpClientResponse) =>
          Effect.map(readBody(response, size), (chunks) => chunks.reduce((sum, { length }) => sum + length, 0)),
        (response: HttpClientResponse.HttpClientResponse) =>
          Stream.runFold(
            response.stream,
            () => 0,
            (sum, { length }) => sum + length
          )
      ]) {
        const response = yield* client.get(`${server.origin}/big`)
        // Long enough for the connection to be paused.
        yield* Effect.sleep("30 millis")
        assert.strictEqual(yield* read(response), size)
      }
    })
  )

  it.live("ends its connection where the reader of its stream is interrupted", () =>
    Effect.gen(function* () {
      const server = yield* httpServer(answer)
      const client = yield* clientOf(transport())
      const response = yield* client.get(`${server.origin}/waits`)
      let received = 0
      const reading = yield* Effect.forkChild(
        Stream.runForEach(response.stream, ({ length }) => Effect.sync(() => void (received += length))),
        { startImmediately: true }
      )
      yield* eventually("the first piece arrives", () => received === 5)
      yield* Fiber.interrupt(reading)
      yield* eventually("the connection is closed", () => server.open() === 0)
    })
  )

  it.live("answers a body of any kind that fetch takes", () =>
    Effect.gen(function* () {
      const server = yield* httpServer(answer)
      const client = yield* clientOf(transport())
      const send = (body: unknown) =>
        Effect.flatMap(client.post(`${server.origin}/echo`, { body: HttpBody.raw(body) }), ({ text }) => text)
      assert.strictEqual(
        yield* send(new URLSearchParams({ a: "x y" })),
        "application/x-www-form-urlencoded;charset=UTF-8|a=x+y"
      )
      assert.strictEqual(yield* send(new Blob(["hi"], { type: "text/css" })), "text/css|hi")
    })
  )

  if (name === "fetch") return

  it.live("does not hand over its connection, nor its body twice", () =>
    Effect.gen(function* () {
      const server = yield* httpServer(answer)
      const client = yield* clientOf(transport())
      const response = yield* client.get(`${server.origin}/json`)
      const refused = yield* Effect.flip(response.upgrade)
      assert.include(String(refused.message), "does not hand over connections")
      const waiting = yield* client.get(`${server.origin}/waits`)
      const first = yield* Effect.forkChild(Effect.exit(Stream.runDrain(waiting.stream)), { startImmediately: true })
      yield* Effect.sleep("20 millis")
      for (const again of [Stream.runDrain(waiting.stream), readBody(waiting, 100)]) {
        const error = yield* Effect.flip(again)
        assert.include(error._tag === "HttpClientError" ? String(error.reason.cause) : "", "was read before")
      }
      yield* Fiber.interrupt(first)
    })
  )

  it.live("comes to no request whose body can't be sent", () =>
    Effect.gen(function* () {
      const server = yield* httpServer(answer)
      const client = yield* clientOf(transport())
      const used = new Response("used")
      yield* Effect.promise(() => used.text())
      const encoded = yield* Effect.flip(client.post(server.origin, { body: HttpBody.raw(used.body) }))
      assert.strictEqual(encoded.reason._tag, "EncodeError")
      const broken = HttpBody.stream(Stream.fail(new Error("no more")), "text/plain")
      assert.strictEqual(
        (yield* Effect.flip(client.post(server.origin, { body: broken }))).reason._tag,
        "TransportError"
      )
    })
  )
})

describe("node:http", () => {
  it.live("fails, and does not throw, for requests that cannot be sent", () =>
    Effect.gen(function* () {
      const client = yield* clientOf(NodeTransport.layerNodeHttp())
      for (const url of ["not a url", "ftp://localhost/"]) {
        assert.strictEqual((yield* Effect.flip(client.get(url))).reason._tag, "InvalidUrlError")
      }
      const header = client.get("http://localhost/", { headers: { x: "a\nb" } })
      assert.strictEqual((yield* Effect.flip(header)).reason._tag, "TransportError")
    })
  )

  it.live("refuses requests once it is closed", () =>
    Effect.gen(function* () {
      const server = yield* httpServer(answer)
      const client = yield* Effect.scoped(clientOf(NodeTransport.layerNodeHttp()))
      assert.strictEqual((yield* Effect.flip(client.get(server.origin))).reason._tag, "TransportError")
      assert.strictEqual(server.opened(), 0)
    })
  )

  it.live("gives up a handshake that never ends", () =>
    Effect.gen(function* () {
      // Accepts connections, and says nothing.
      const silent = yield* Effect.acquireRelease(
        Effect.promise(
          () =>
            new Promise<net.Server>((resolve) => {
              const server = net.createServer((socket) => socket.on("error", () => {}))
              server.listen(0, "127.0.0.1", () => resolve(server))
            })
        ),
        (server) => Effect.sync(() => server.close())
      )
      const address = silent.address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      const client = yield* clientOf(NodeTransport.layerNodeHttp({ connectTimeout: "50 millis" }))
      const error = yield* Effect.flip(client.get(`https://127.0.0.1:${port}/`))
      assert.include(String(error.reason.cause), "Connecting took too long")
    })
  )
})
