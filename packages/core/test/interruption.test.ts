/** Interrupts a call before each of its steps in turn: nothing of it is left. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Scheduler from "effect/Scheduler"
import * as Tracer from "effect/Tracer"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import { Credentials } from "../src/Credentials.ts"
import * as HttpTransport from "../src/HttpTransport.ts"
import { SignatureCrypto } from "../src/SignatureCrypto.ts"
import * as Telemetry from "../src/Telemetry.ts"
import * as Transport from "../src/Transport.ts"
import { failure, success } from "./fixtures/answers.ts"
import { key, syncCrypto } from "./fixtures/server.ts"

/** A retry, then a poll, then the result. */
const answer = (asked: number) =>
  asked === 1
    ? { status: 503, body: failure("ServiceUnavailable") }
    : asked === 2
      ? { status: 404, body: failure("ProcessNotCompleted") }
      : { status: 200, body: success({ ocrIdPassed: "Y" }) }

/** A service, and how many of its requests have not ended. */
const service = () => {
  let asked = 0
  let inFlight = 0
  const respond = <A, E>(use: (body: string, status: number) => Effect.Effect<A, E>) =>
    Effect.acquireUseRelease(
      Effect.sync(() => {
        inFlight++
        return answer(++asked)
      }),
      ({ body, status }) => use(body, status),
      () => Effect.sync(() => inFlight--)
    )
  return { respond, inFlight: () => inFlight }
}

type Service = ReturnType<typeof service>

const transports = {
  "a transport": ({ respond }: Service) => Layer.succeed(Transport.Transport, { send: () => respond(Canned.response) }),
  "an HttpClient": ({ respond }: Service) =>
    HttpTransport.layer.pipe(
      Layer.provide(
        Layer.succeed(
          HttpClient.HttpClient,
          HttpClient.make((request) =>
            respond((body, status) =>
              Effect.succeed(HttpClientResponse.fromWeb(request, new Response(body, { status })))
            )
          )
        )
      )
    )
}

/** Spans, and how many of them have not ended. */
const tracing = () => {
  let open = 0
  class Counted extends Tracer.NativeSpan {
    override end(endTime: bigint, exit: Exit.Exit<unknown, unknown>): void {
      open--
      super.end(endTime, exit)
    }
  }
  const tracer = Tracer.make({
    span: (options) => {
      open++
      return new Counted(options)
    }
  })
  return { tracer, open: () => open }
}

/** What is left of a call that is interrupted before one of its steps, and whether it had fewer. */
const leftOf = (step: number, transportOf: (service: Service) => Layer.Layer<Transport.Transport>) =>
  Effect.gen(function* () {
    const { inFlight, respond } = service()
    const { open, tracer } = tracing()
    let operations = 0
    const observer = Telemetry.makeObserver({
      operationStarted: () => operations++,
      operationEnded: () => operations--
    })
    let caller: Fiber.Fiber<unknown, unknown> | undefined
    let steps = 0
    const scheduler: Scheduler.Scheduler = {
      executionMode: "async",
      shouldYield: () => {
        if (caller !== undefined && ++steps === step) caller.interruptUnsafe()
        return false
      },
      makeDispatcher: () => new Scheduler.MixedScheduler().makeDispatcher()
    }
    const cloudauth = yield* Effect.provide(
      Cloudauth,
      // So many that the places are soon there.
      Cloudauth.layerTransport({ quota: 100_000 }).pipe(
        Layer.provide([
          Credentials.layerStatic(key),
          transportOf({ inFlight, respond }),
          Layer.succeed(SignatureCrypto, syncCrypto)
        ])
      )
    )
    const call = Effect.withFiber((fiber) => {
      caller = fiber
      return cloudauth.awaitResult(
        { merchantBizId: "order1", transactionId: "hksb1" },
        { polling: Schedule.spaced(0), retry: { transient: Schedule.spaced(0) } }
      )
    })
    let span: Tracer.AnySpan | undefined
    const look = Effect.withFiber((fiber) => {
      caller = undefined
      span = fiber.cache.span
      return Effect.void
    })
    const exit = yield* Effect.uninterruptibleMask((restore) => Effect.ensuring(restore(call), look)).pipe(
      Effect.provideService(Telemetry.Observer, observer),
      Effect.provideService(Tracer.Tracer, tracer),
      Effect.provideService(Scheduler.Scheduler, scheduler),
      // In a fiber of its own: the interruption is not the test's.
      Effect.forkChild,
      Effect.flatMap(Fiber.await)
    )
    return { isOver: Exit.isSuccess(exit), left: { span: span?._tag, spans: open(), operations, requests: inFlight() } }
  })

describe("a call that is interrupted", () => {
  it.live.each(Object.entries(transports))("leaves nothing behind at any step, over %s", ([, transportOf]) =>
    Effect.gen(function* () {
      for (let step = 1, isOver = false; !isOver; step++) {
        const end = yield* leftOf(step, transportOf)
        assert.deepStrictEqual({ step, ...end.left }, { step, span: undefined, spans: 0, operations: 0, requests: 0 })
        isOver = end.isOver
      }
    })
  )
})
