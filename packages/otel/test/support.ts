import * as Canned from "@effect-cloudauth/core/Canned"
import type { Options } from "@effect-cloudauth/core/Cloudauth"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as Transport from "@effect-cloudauth/core/Transport"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { TestClock } from "effect/testing"
import type { RecordedSpan } from "../src/TestTelemetry.ts"

export const error = (code: string, status: number, headers?: Record<string, string>): Canned.Canned =>
  Canned.response(
    JSON.stringify({ RequestId: "8FC3D6AC-9FED-4311-8DA7-C4BF47D9F260", Code: code, Message: code }),
    status,
    headers
  )

export const notCompleted = error("ProcessNotCompleted", 404)
export const throttled = error("Throttling.Api", 403, { "x-acs-retry-after": "20" })

export const passed = Canned.passed()
export const rejected = (code: string): Canned.Canned => Canned.rejected(code)

type Handler = (request: Transport.Request, count: number) => Canned.Canned

/** A transport that answers by a function, within the request's timeout. It keeps the requests. */
export const fakeTransport = (handler: Handler) => {
  const requests: Array<Transport.Request> = []
  const send: Transport.Send = (request) =>
    Effect.suspend(() => {
      requests.push(request)
      return Effect.timeoutOrElse(handler(request, requests.length), {
        duration: request.timeout,
        orElse: () => Effect.fail(new Transport.TimedOut({ httpStatus: undefined, phase: "headers" }))
      })
    })
  return { requests, layer: Layer.succeed(Transport.Transport, { send }) }
}

/** Answers in turn; the last one is repeated. */
export const inTurn =
  (...replies: ReadonlyArray<Canned.Canned>): Handler =>
  (_, count) =>
    replies[Math.min(count, replies.length) - 1] ?? Effect.die("no reply")

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
  const transport = fakeTransport(handler)
  return {
    requests: transport.requests,
    layer: Cloudauth.layerTransport({ quota: "none", ...options }).pipe(Layer.provide([credentials, transport.layer]))
  }
}

export const request = { merchantBizId: "order4711", transactionId: "hksb4711transaction" } as const

export const find = <Span extends RecordedSpan>(spans: ReadonlyArray<Span>, name: string): Span => {
  const span = spans.find((candidate) => candidate.name === name)
  if (span === undefined)
    throw new Error(`no span ${name} among ${spans.map((candidate) => candidate.name).join(", ")}`)
  return span
}
