import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import * as OtelTracer from "@effect/opentelemetry/OtelTracer"
import { afterEach, assert, describe, it } from "@effect/vitest"
import * as Otel from "@opentelemetry/api"
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as CloudauthOtel from "../src/CloudauthOtel.ts"
import * as memorySdk from "../src/internal/memorySdk.ts"
import { tree } from "../src/TestTelemetry.ts"
import manifest from "../package.json" with { type: "json" }
import * as support from "./support.ts"

const api = Symbol.for("opentelemetry.js.api.1")

afterEach(() => {
  Otel.trace.disable()
  Otel.metrics.disable()
  Reflect.deleteProperty(globalThis, api)
})

const recording = () => {
  const exporter = new InMemorySpanExporter()
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  const scopes = () =>
    exporter
      .getFinishedSpans()
      .map(({ instrumentationScope: { name, version }, ...span }) => [span.name, name, version])
  return { provider, exporter, scopes }
}

/** Makes a call below a span of the program's own, and returns what was logged. */
const calling = <E>(telemetry: Layer.Layer<never, E>) =>
  Effect.gen(function* () {
    const lines: Array<string> = []
    yield* Cloudauth.checkResult(support.request).pipe(
      Effect.withSpan("checkout"),
      Effect.provide(support.client(support.inTurn(support.passed)).layer),
      Effect.provide(telemetry),
      Effect.provide(Logger.layer([Logger.make(({ message }) => void lines.push(String(message)))]))
    )
    return lines
  })

const duration = "cloudauth.operation.duration"

/** How often Effect's metrics have the duration of a call. */
const count = (metrics: ReadonlyArray<Metric.Metric.Snapshot>): number =>
  metrics.reduce((sum, { id, state }) => (id === duration && "count" in state ? sum + Number(state.count) : sum), 0)

/** How often OpenTelemetry's have it. */
const durations = (sdk: memorySdk.MemorySdk) =>
  Effect.map(
    Effect.promise(() => sdk.metrics()),
    (metrics) =>
      metrics
        .filter(({ descriptor }) => descriptor.name === duration)
        .flatMap(({ dataPoints }) => dataPoints.map(({ value }) => (typeof value === "number" ? value : value.count)))
  )

const whole = "checkout\n  Cloudauth.checkResult\n    Cloudauth.attempt"

describe("layerGlobal", () => {
  it.live("takes the provider of the process, and names itself in the scope of the client's spans alone", () =>
    Effect.gen(function* () {
      const { exporter, provider, scopes } = recording()
      Otel.trace.setGlobalTracerProvider(provider)
      assert.isEmpty(yield* calling(CloudauthOtel.layerGlobal))
      assert.strictEqual(tree(exporter.getFinishedSpans(), { events: false }), whole)
      const [attempt, operation, checkout] = scopes()
      assert.deepStrictEqual(attempt, ["Cloudauth.attempt", "@effect-cloudauth/otel", manifest.version])
      assert.deepStrictEqual(operation, ["Cloudauth.checkResult", "@effect-cloudauth/otel", manifest.version])
      assert.strictEqual(checkout?.[1], "effect")
    })
  )

  it.live("leaves metrics to Effect's exporters until a meter provider is registered", () =>
    Effect.gen(function* () {
      const sdk = yield* Effect.promise(() => memorySdk.make())
      Otel.trace.setGlobalTracerProvider(sdk.tracerProvider)
      const call = Cloudauth.checkResult(support.request)
      yield* Effect.gen(function* () {
        yield* call
        assert.strictEqual(count(yield* Metric.snapshot), 1)
        Otel.metrics.setGlobalMeterProvider(sdk.meterProvider)
        yield* call
        assert.strictEqual(count(yield* Metric.snapshot), 1)
      }).pipe(
        Effect.provide(support.client(support.inTurn(support.passed, support.passed)).layer),
        Effect.provide(CloudauthOtel.layerGlobal),
        Effect.provideService(Metric.MetricRegistry, new Map())
      )
      assert.deepStrictEqual(yield* durations(sdk), [1])
    })
  )

  it.live("records on a meter provider that is registered alone", () =>
    Effect.gen(function* () {
      const sdk = yield* Effect.promise(() => memorySdk.make())
      Otel.metrics.setGlobalMeterProvider(sdk.meterProvider)
      assert.isEmpty(yield* calling(CloudauthOtel.layerGlobal))
      assert.deepStrictEqual(yield* durations(sdk), [1])
    })
  )

  it.live("warns if no provider is registered, and leaves the program's own tracer in place", () =>
    Effect.gen(function* () {
      const { exporter, provider } = recording()
      const own = OtelTracer.layer.pipe(Layer.provide(Layer.succeed(OtelTracer.OtelTracerProvider, provider)))
      const lines = yield* calling(CloudauthOtel.layerGlobal.pipe(Layer.provideMerge(own)))
      assert.lengthOf(lines, 1)
      assert.include(lines[0], "no OpenTelemetry provider is registered")
      assert.strictEqual(tree(exporter.getFinishedSpans(), { events: false }), whole)
    })
  )

  it.live("names the version of the API that registered a provider which this copy can't use", () =>
    Effect.gen(function* () {
      Object.assign(globalThis, { [api]: { version: "1.8.0", trace: recording().provider } })
      const [line] = yield* calling(CloudauthOtel.layerGlobal)
      assert.include(line, "@opentelemetry/api 1.8.0")
    })
  )
})

describe("layer", () => {
  it.live("takes the provider of @effect/opentelemetry in context", () =>
    Effect.gen(function* () {
      const { exporter, provider, scopes } = recording()
      const own = OtelTracer.layer.pipe(Layer.provideMerge(Layer.succeed(OtelTracer.OtelTracerProvider, provider)))
      assert.isEmpty(yield* calling(CloudauthOtel.layer.pipe(Layer.provideMerge(own))))
      assert.strictEqual(tree(exporter.getFinishedSpans(), { events: false }), whole)
      assert.strictEqual(scopes()[0]?.[1], "@effect-cloudauth/otel")
      // Its tracer marks a success as OK; this one leaves the status unset.
      assert.strictEqual(exporter.getFinishedSpans()[2]?.status.code, Otel.SpanStatusCode.UNSET)
    })
  )

  it.live("takes its tracer alone from NodeSdk.layer, which hides the provider", () =>
    Effect.gen(function* () {
      const { exporter, provider } = recording()
      const own = OtelTracer.layer.pipe(Layer.provide(Layer.succeed(OtelTracer.OtelTracerProvider, provider)))
      assert.isEmpty(yield* calling(CloudauthOtel.layer.pipe(Layer.provideMerge(own))))
      assert.strictEqual(tree(exporter.getFinishedSpans(), { events: false }), whole)
      assert.strictEqual(exporter.getFinishedSpans()[2]?.status.code, Otel.SpanStatusCode.UNSET)
    })
  )

  it.live("warns if there is none", () =>
    Effect.gen(function* () {
      const [line] = yield* calling(CloudauthOtel.layer)
      assert.include(line, "no tracer of @effect/opentelemetry is in context")
    })
  )
})
