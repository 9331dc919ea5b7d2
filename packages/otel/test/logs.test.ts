import { inspect } from "node:util"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import { TestTelemetry } from "../src/TestTelemetry.ts"
import * as support from "./support.ts"

interface Line {
  readonly level: string
  readonly message: unknown
  readonly annotations: Record<string, unknown>
}

/** Makes a call and returns the log's lines, as the JSON logger writes them, and the spans. */
const linesOf = (
  handler: Parameters<typeof support.client>[0],
  call: Effect.Effect<unknown, unknown, Cloudauth> = Cloudauth.checkResult(support.request),
  credentials?: Layer.Layer<Credentials>
) =>
  Effect.gen(function* () {
    const lines: Array<Line> = []
    const logger = Logger.make((options) => {
      lines.push(JSON.parse(Logger.formatJson.log(options)))
    })
    yield* support.settled(
      call.pipe(
        Effect.provide(support.client(handler, undefined, credentials).layer),
        // With Effect's own loggers, as programs have them.
        Effect.provide(Logger.layer([logger], { mergeWithExisting: true })),
        Effect.provideService(References.LogToStderr, true),
        Effect.provideService(References.MinimumLogLevel, "Debug")
      )
    )
    return { lines, spans: yield* (yield* TestTelemetry).spans }
  }).pipe(Effect.provide(TestTelemetry.layer))

describe("the log", () => {
  it.effect("has one line for a call that failed, with the ids of its span", () =>
    Effect.gen(function* () {
      const { lines, spans } = yield* linesOf(support.inTurn(support.error("InternalError", 500)))
      const { spanId, traceId } = support.find(spans, "Cloudauth.checkResult").spanContext()
      assert.lengthOf(lines, 1)
      assert.strictEqual(lines[0]?.level, "DEBUG")
      assert.strictEqual(lines[0]?.message, "CheckResult failed")
      assert.deepStrictEqual(lines[0]?.annotations, {
        "error.type": "ServiceFailed",
        "cloudauth.response.code": "InternalError",
        "cloudauth.attempts": 4,
        "cloudauth.request_id": "8FC3D6AC-9FED-4311-8DA7-C4BF47D9F260",
        "http.response.status_code": 500,
        trace_id: traceId,
        span_id: spanId
      })
    })
  )

  it.effect("has no ids of a span where tracing is off, and then there is none", () =>
    Effect.gen(function* () {
      const { lines, spans } = yield* linesOf(
        support.inTurn(support.error("InternalError", 500)),
        Effect.provideService(Cloudauth.checkResult(support.request), References.TracerEnabled, false)
      )
      assert.deepStrictEqual(spans, [])
      assert.lengthOf(lines, 1)
      assert.notProperty(lines[0]?.annotations, "trace_id")
      assert.notProperty(lines[0]?.annotations, "span_id")
    })
  )

  it.effect("has one for a request that is refused, and one for a defect, without their words", () =>
    Effect.gen(function* () {
      const refused = yield* linesOf(
        support.inTurn(support.passed),
        Cloudauth.checkResult({ ...support.request, merchantBizId: "Li Si!" })
      )
      const { traceId } = support.find(refused.spans, "Cloudauth.checkResult").spanContext()
      assert.lengthOf(refused.lines, 1)
      assert.deepInclude(refused.lines[0]?.annotations, {
        "error.type": "InvalidRequest",
        "cloudauth.attempts": 0,
        trace_id: traceId
      })
      const broken = Layer.succeed(Credentials, {
        get: Effect.die(new RangeError("the key of Li Si")),
        invalidate: () => Effect.void
      })
      const defect = yield* linesOf(support.inTurn(support.passed), undefined, broken)
      assert.lengthOf(defect.lines, 1)
      assert.deepInclude(defect.lines[0]?.annotations, { "error.type": "RangeError", "cloudauth.attempts": 0 })
      assert.notInclude(inspect([refused.lines, defect.lines, refused.spans, defect.spans], { depth: 20 }), "Li Si")
    })
  )

  it.effect("is an event of the operation's span, too, with Effect's own loggers", () =>
    Effect.gen(function* () {
      const { spans } = yield* linesOf(support.inTurn(support.error("Forbidden.AccountAccessDenied", 403)))
      const { events } = support.find(spans, "Cloudauth.checkResult")
      assert.deepStrictEqual(
        events.map(({ name }) => name),
        ["CheckResult failed"]
      )
    })
  )

  it.effect("has none for a success, a rejection, or a user who has not finished", () =>
    Effect.gen(function* () {
      for (const reply of [support.passed, support.rejected("212"), support.notCompleted]) {
        assert.isEmpty((yield* linesOf(support.inTurn(reply))).lines)
      }
    })
  )
})
