/** A whole round trip must end as the same call by `HttpClient.execute` does, whatever the server makes of it. */
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import * as Transport from "@effect-cloudauth/core/Transport"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as NodeCloudauth from "../src/NodeCloudauth.ts"
import * as NodeTransport from "../src/NodeTransport.ts"
import { eventually, type Handler, httpServer } from "./support/servers.ts"

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

const handlers: Readonly<Record<string, Handler>> = {
  well: answering(200, success),
  "an informational answer first": (message, response) => {
    response.writeProcessing()
    answering(200, success)(message, response)
  },
  "a code of the table": answering(403, '{"Code":"RamUserAccessDenied","RequestId":"2","Message":"no"}'),
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

/** The client that offers round trips, wrapped: what wraps it must be asked. */
const wrapped = (asked: () => void) =>
  Layer.effect(
    HttpClient.HttpClient,
    Effect.map(
      HttpClient.HttpClient,
      HttpClient.mapRequest((outgoing) => {
        asked()
        return outgoing
      })
    )
  ).pipe(Layer.provide(NodeTransport.layer({ proxy: "none" })))

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
    const exit = yield* Cloudauth.checkResult(request).pipe(
      Effect.map(({ verdict }) => ({ verdict: verdict._tag })),
      Effect.catch(({ _tag, code, httpStatus, message, requestId }) =>
        Effect.succeed({ _tag, code, httpStatus, message, requestId })
      ),
      Effect.provide([live, policy]),
      Effect.provideService(Telemetry.Observer, observer)
    )
    return { exit, attempts }
  })

describe("a whole round trip ends as HttpClient.execute does", () => {
  it.live.each(Object.keys(handlers))("%s", (name) =>
    Effect.gen(function* () {
      const server = yield* httpServer((message, response) => handlers[name]?.(message, response))
      let asked = 0
      const general = yield* ending(
        server.origin,
        wrapped(() => asked++)
      )
      const whole = yield* ending(server.origin, NodeTransport.layer({ proxy: "none" }))
      assert.isAbove(asked, 0)
      assert.deepStrictEqual(whole, general)
      yield* eventually("the connections are closed", () => server.open() === 0)
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

  it.live.each(["silent", "silent in the body"])("an interrupted call ends its connection: %s", (name) =>
    Effect.gen(function* () {
      let arrived = 0
      const server = yield* httpServer((message, response) => {
        arrived++
        handlers[name]?.(message, response)
      })
      const live = NodeCloudauth.layer({
        url: server.origin,
        credentials: Credentials.layerStatic({ accessKeyId: "id", accessKeySecret: "secret" }),
        transport: { proxy: "none" }
      })
      yield* Effect.gen(function* () {
        const call = yield* Effect.forkChild(Cloudauth.checkResult(request))
        yield* eventually("it is under way", () => arrived === 1)
        yield* Fiber.interrupt(call)
        yield* eventually("the connection is closed", () => server.open() === 0)
        assert.strictEqual(arrived, 1)
      }).pipe(Effect.provide(live))
    })
  )
})
