import * as Canned from "@effect-cloudauth/core/Canned"
import type { Options } from "@effect-cloudauth/core/Cloudauth"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base"
import * as NodeCrypto from "@effect-cloudauth/node/NodeCrypto"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import { TestClock } from "effect/testing"

/** What a fake server answers. */
export interface Reply {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body: string
}

export const error = (code: string, status: number, headers?: Record<string, string>): Reply => ({
  status,
  ...(headers === undefined ? {} : { headers }),
  body: JSON.stringify({ RequestId: "8FC3D6AC-9FED-4311-8DA7-C4BF47D9F260", Code: code, Message: code })
})

export const notCompleted = error("ProcessNotCompleted", 404)
export const throttled = error("Throttling.Api", 403, { "x-acs-retry-after": "20" })

/** A passed check's body. */
export const passed = Effect.orDie(Effect.map(Canned.passed(), (body): Reply => ({ body })))
export const rejected = (code: string) => Effect.orDie(Effect.map(Canned.rejected(code), (body): Reply => ({ body })))

type Handler = (request: HttpClientRequest.HttpClientRequest, count: number) => Effect.Effect<Reply, HttpClientError>

/** An `HttpClient` that answers by a function; it keeps the requests. */
export const fakeHttp = (handler: Handler) => {
  const requests: Array<HttpClientRequest.HttpClientRequest> = []
  const client = HttpClient.make((request) => {
    requests.push(request)
    return Effect.map(handler(request, requests.length), ({ body, headers, status }) =>
      HttpClientResponse.fromWeb(request, new Response(body, { status: status ?? 200, headers: headers ?? {} }))
    )
  })
  return { requests, layer: Layer.succeed(HttpClient.HttpClient, client) }
}

/** Answers in turn; the last one is repeated. */
export const inTurn =
  (...replies: ReadonlyArray<Effect.Effect<Reply, HttpClientError> | Reply>): Handler =>
  (_, count) => {
    const reply = replies[Math.min(count, replies.length) - 1]
    if (reply === undefined) return Effect.die("no reply")
    return Effect.isEffect(reply) ? reply : Effect.succeed(reply)
  }

export const key = { accessKeyId: "LTAI5tFakeKeyId", accessKeySecret: "fakeSecret" }

/**
 * Runs a program to its end under the test clock. Time moves on in small steps, and only after what is really
 * asynchronous (a body that is read) has had its turns.
 */
export const settled = <A, E, R>(program: Effect.Effect<A, E, R>): Effect.Effect<Exit.Exit<A, E>, never, R> =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(program)
    while (fiber.pollUnsafe() === undefined) {
      for (let turn = 0; turn < 8; turn++) yield* Effect.promise(() => new Promise((done) => setImmediate(done)))
      if (fiber.pollUnsafe() === undefined) yield* TestClock.adjust("200 millis")
    }
    return yield* Fiber.await(fiber)
  })

/** The client over a fake server. */
export const client = (handler: Handler, options?: Options, credentials = Credentials.layerStatic(key)) => {
  const http = fakeHttp(handler)
  return {
    requests: http.requests,
    layer: Cloudauth.layer(options).pipe(Layer.provide([credentials, http.layer, NodeCrypto.layer]))
  }
}

export const request = { merchantBizId: "order4711", transactionId: "hksb4711transaction" } as const

export const find = (spans: ReadonlyArray<ReadableSpan>, name: string): ReadableSpan => {
  const span = spans.find((candidate) => candidate.name === name)
  if (span === undefined)
    throw new Error(`no span ${name} among ${spans.map((candidate) => candidate.name).join(", ")}`)
  return span
}

/** The tree as text, one span a line, children below their parents in the order of their beginnings. */
export const tree = (spans: ReadonlyArray<ReadableSpan>): ReadonlyArray<string> => {
  const ids = new Set(spans.map((span) => span.spanContext().spanId))
  const nanos = (span: ReadableSpan) => span.startTime[0] * 1e9 + span.startTime[1]
  const below = (parent: string | undefined, depth: number): ReadonlyArray<string> =>
    spans
      .filter((span) => {
        const id = span.parentSpanContext?.spanId
        return parent === undefined ? id === undefined || !ids.has(id) : id === parent
      })
      .toSorted((left, right) => nanos(left) - nanos(right))
      .flatMap((span) => ["  ".repeat(depth) + span.name, ...below(span.spanContext().spanId, depth + 1)])
  return below(undefined, 0)
}
