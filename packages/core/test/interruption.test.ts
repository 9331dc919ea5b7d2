/** A call that is interrupted, before each of its steps in turn: nothing of it is left. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Scheduler from "effect/Scheduler"
import * as Tracer from "effect/Tracer"
import { Cloudauth } from "../src/Cloudauth.ts"
import { Credentials } from "../src/Credentials.ts"
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

/** A service over either way to send, and how many of its requests have not ended. */
const service = (isWhole: boolean) => {
  let asked = 0
  let underWay = 0
  const next = () => {
    underWay++
    return answer(++asked)
  }
  const execute = HttpClient.make((request) =>
    Effect.acquireUseRelease(
      Effect.sync(next),
      ({ body, status }) => Effect.succeed(HttpClientResponse.fromWeb(request, new Response(body, { status }))),
      () => Effect.sync(() => underWay--)
    )
  )
  const send: Transport.Send = (_, __, done) => {
    const { body, status } = next()
    let isOver = false
    const end = () => {
      if (isOver) return
      isOver = true
      underWay--
    }
    queueMicrotask(() => {
      if (isOver) return
      end()
      done({ _tag: "Answered", headers: () => ({}), body: [new TextEncoder().encode(body)] })
    })
    return { status, protocolVersion: undefined, cancel: end }
  }
  return { http: isWhole ? Transport.withRoundTrips(execute, send) : execute, underWay: () => underWay }
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
const leftOf = (step: number, isWhole: boolean) =>
  Effect.gen(function* () {
    const { http, underWay } = service(isWhole)
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
      Cloudauth.layer().pipe(
        Layer.provide([
          Credentials.layerStatic(key),
          Layer.succeed(HttpClient.HttpClient, http),
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
    return { isOver: Exit.isSuccess(exit), left: { span: span?._tag, spans: open(), operations, requests: underWay() } }
  })

describe("a call that is interrupted", () => {
  it.live.each([
    ["whole round trips", true],
    ["any HttpClient", false]
  ] as const)("over %s leaves nothing behind, wherever it was", ([, isWhole]) =>
    Effect.gen(function* () {
      for (let step = 1, isOver = false; !isOver; step++) {
        const end = yield* leftOf(step, isWhole)
        expect({ step, ...end.left }).toEqual({ step, span: undefined, spans: 0, operations: 0, requests: 0 })
        isOver = end.isOver
      }
    })
  )
})
