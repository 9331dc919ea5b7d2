import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import { assert, describe, it } from "@effect/vitest"
import type * as Otel from "@opentelemetry/api"
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BasicTracerProvider,
  InMemorySpanExporter,
  type Sampler,
  SamplingDecision,
  SimpleSpanProcessor
} from "@opentelemetry/sdk-trace-base"
import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"
import * as Spans from "../src/Spans.ts"
import * as support from "./support.ts"

/** A tracer that counts what is asked of its spans. */
const counting = (tracer: Otel.Tracer) => {
  const counts = { spans: 0, attributes: 0, events: 0 }
  const inner = Spans.make(tracer)
  const counted = Tracer.make({
    ...inner,
    span: (options) => {
      counts.spans++
      const span = inner.span(options)
      return new Proxy(span, {
        get(target, key) {
          if (key === "attribute") counts.attributes++
          if (key === "event") counts.events++
          const value: unknown = Reflect.get(target, key, target)
          return typeof value === "function" ? value.bind(target) : value
        }
      })
    }
  })
  return { counts, tracer: counted }
}

const call = (sampler: Sampler) =>
  Effect.gen(function* () {
    const exporter = new InMemorySpanExporter()
    const provider = new BasicTracerProvider({ sampler, spanProcessors: [new SimpleSpanProcessor(exporter)] })
    const { counts, tracer } = counting(provider.getTracer("test"))
    let idsAsked = 0
    yield* support.settled(
      Cloudauth.checkResult(support.request).pipe(
        Effect.provide(support.client(support.inTurn(support.throttled, support.passed)).layer),
        Effect.provideService(Telemetry.SpanIds, {
          transform: (id) => {
            idsAsked++
            return id
          }
        }),
        Effect.provideService(Tracer.Tracer, tracer)
      )
    )
    const exported = exporter.getFinishedSpans()
    const held = exported.flatMap(({ attributes }) => Object.keys(attributes)).length
    return { ...counts, idsAsked, exported: exported.length, held }
  })

describe("sampling", () => {
  it.effect("that keeps a call builds its attributes", () =>
    Effect.gen(function* () {
      const kept = yield* call(new AlwaysOnSampler())
      assert.deepStrictEqual([kept.spans, kept.exported, kept.events, kept.idsAsked], [3, 3, 1, 2])
      assert.isAbove(kept.held, 20)
    })
  )

  it.effect("sees what is known of a span when it begins, and no id", () =>
    Effect.gen(function* () {
      const seen: Array<readonly [string, Otel.Attributes]> = []
      yield* call({
        shouldSample: (_context, _traceId, name, _kind, attributes) => {
          seen.push([name, { ...attributes }])
          return { decision: SamplingDecision.RECORD_AND_SAMPLED }
        }
      })
      const [operation, attempt] = seen
      assert.strictEqual(operation?.[0], "Cloudauth.checkResult")
      assert.deepInclude(operation?.[1], {
        "rpc.system.name": "alibaba_cloud",
        "rpc.method": "Cloudauth/CheckResult",
        "service.peer.name": "Cloudauth",
        "server.address": "cloudauth-intl.cn-hongkong.aliyuncs.com"
      })
      assert.strictEqual(attempt?.[0], "Cloudauth.attempt")
      assert.deepInclude(attempt?.[1], { "http.request.method": "POST" })
      assert.notMatch(JSON.stringify(seen), /order4711|hksb4711/)
    })
  )

  it.effect("that drops a call builds nothing: no attribute, no event, no hash of an id", () =>
    Effect.gen(function* () {
      const dropped = yield* call(new AlwaysOffSampler())
      assert.deepStrictEqual(dropped, { spans: 3, attributes: 0, events: 0, idsAsked: 0, exported: 0, held: 0 })
    })
  )
})
