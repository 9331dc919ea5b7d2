/**
 * OpenTelemetry for the client, as one layer: spans, metrics, and the parent's context in both directions.
 *
 * | layer | take it when |
 * |---|---|
 * | `layerGlobal` | the process has registered a provider: NodeSDK by `--import`, Datadog, Sentry … |
 * | `layerNodeSdk` | nothing has, and the standard `OTEL_*` environment says where to send |
 * | `layerTest` | a test wants to look at spans and metrics |
 *
 * Provide it to the program, outside of the client's own layer: a call takes the tracer of the effect that makes it.
 *
 * @example
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import * as CloudauthOtel from "@effect-cloudauth/otel/CloudauthOtel"
 * import * as Effect from "effect/Effect"
 *
 * const program = Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb0000" }).pipe(
 *   Effect.withSpan("checkout"),
 *   Effect.provide(CloudauthOtel.layerGlobal)
 * )
 *
 * @since 0.1.0
 */
import { hidden } from "@effect-cloudauth/core/CloudauthError"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import * as OtelTracer from "@effect/opentelemetry/OtelTracer"
import * as Otel from "@opentelemetry/api"
import type { MetricData } from "@opentelemetry/sdk-metrics"
import type { NodeSDKConfiguration } from "@opentelemetry/sdk-node"
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Tracer from "effect/Tracer"
import * as Metrics from "./Metrics.ts"
import * as Spans from "./Spans.ts"

/** The instrumentation scope of spans and metrics. */
const scope = "@effect-cloudauth/otel"

const install = (tracer: Otel.Tracer, meter: Otel.Meter): Layer.Layer<OtelTracer.OtelTracer> =>
  Layer.mergeAll(
    Layer.succeed(OtelTracer.OtelTracer, tracer),
    Layer.succeed(Tracer.Tracer, Spans.make(tracer)),
    Metrics.layer(meter)
  )

const installGlobal = Effect.sync(() => install(Otel.trace.getTracer(scope), Otel.metrics.getMeter(scope)))

/**
 * Spans and metrics on whatever providers the process has registered when the layer is built.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerGlobal: Layer.Layer<OtelTracer.OtelTracer> = Layer.unwrap(installGlobal)

/**
 * Lets HTTP instrumentation of the process see the client's requests: its span then nests below the attempt's. It puts
 * the query, with the ids, into its attributes unless a hook removes it (`Privacy.withoutQuery`), and sends
 * `traceparent` to the vendor if a propagator is set; so that the header is never there twice, the client does not send
 * its own (`PropagateTrace` is off).
 *
 * @category layers
 * @since 0.1.0
 */
export const layerNestedTransport: Layer.Layer<never> = Layer.mergeAll(
  Layer.succeed(Telemetry.TransportInstrumentation, "nested"),
  Layer.succeed(Telemetry.PropagateTrace, false)
)

/**
 * `@opentelemetry/sdk-node` is not installed, or does not start.
 *
 * @category errors
 * @since 0.1.0
 */
export class SdkUnavailable extends Schema.TaggedError<SdkUnavailable>("@effect-cloudauth/otel/SdkUnavailable")(
  "SdkUnavailable",
  {
    /** What NodeSDK threw. Absent after decoding. */
    underlying: hidden(Schema.Unknown)
  },
  { httpApiStatus: 500 }
) {
  override readonly name = "SdkUnavailable"
  override get message(): string {
    return "@opentelemetry/sdk-node could not be started: install it beside @effect-cloudauth/otel, in a 0.2xx version."
  }
}

/**
 * A provider is registered already, by `--import`, another SDK or another `layerNodeSdk`.
 *
 * @category errors
 * @since 0.1.0
 */
export class AlreadyRegistered extends Schema.TaggedError<AlreadyRegistered>(
  "@effect-cloudauth/otel/AlreadyRegistered"
)("AlreadyRegistered", {}, { httpApiStatus: 409 }) {
  override readonly name = "AlreadyRegistered"
  override get message(): string {
    return "An OpenTelemetry provider is registered in this process: take CloudauthOtel.layerGlobal, which uses it."
  }
}

/**
 * How the SDK is started.
 *
 * @category models
 * @since 0.1.0
 */
export interface NodeSdkOptions {
  /** What NodeSDK takes, over the environment: instrumentations, a resource, a sampler … */
  readonly configuration?: Partial<NodeSDKConfiguration> | undefined
  /** How long flushing may take when the scope closes. Default 5 seconds. */
  readonly shutdownTimeout?: Duration.Input | undefined
}

/** A proxy stands for the provider until one is registered. */
const isRegistered = (): boolean => {
  const provider = Otel.trace.getTracerProvider()
  return !(provider instanceof Otel.ProxyTracerProvider) || provider.getDelegateTracer(scope) !== undefined
}

/** Shutting down alone loses what a SimpleSpanProcessor holds back until the resource is known. */
const flushSpans = async (): Promise<void> => {
  const provider = Otel.trace.getTracerProvider()
  const registered = provider instanceof Otel.ProxyTracerProvider ? provider.getDelegate() : provider
  if ("forceFlush" in registered && typeof registered.forceFlush === "function") await registered.forceFlush()
}

const startNodeSdk = (options: NodeSdkOptions) =>
  Effect.acquireRelease(
    Effect.gen(function* () {
      if (isRegistered()) return yield* new AlreadyRegistered()
      return yield* Effect.tryPromise({
        try: async () => {
          // Only who starts an SDK pays for loading it.
          const { NodeSDK } = await import("@opentelemetry/sdk-node")
          const sdk = new NodeSDK(options.configuration)
          sdk.start()
          return sdk
        },
        catch: (cause) => new SdkUnavailable({ underlying: Redacted.make(cause, { label: "underlying" }) })
      })
    }),
    (sdk) =>
      Effect.tryPromise(() => flushSpans().then(() => sdk.shutdown())).pipe(
        Effect.timeout(options.shutdownTimeout ?? "5 seconds"),
        Effect.catch(() => Effect.logWarning("OpenTelemetry could not send everything before it was shut down")),
        Effect.andThen(
          Effect.sync(() => {
            Otel.trace.disable()
            Otel.metrics.disable()
            Otel.context.disable()
            Otel.propagation.disable()
          })
        )
      )
  )

/**
 * Starts a NodeSDK by the standard environment (`OTEL_SERVICE_NAME`, `OTEL_EXPORTER_OTLP_ENDPOINT`,
 * `OTEL_EXPORTER_OTLP_PROTOCOL` = `http/protobuf`, `http/json` or `grpc`, `OTEL_TRACES_SAMPLER`,
 * `OTEL_METRICS_EXPORTER` …) and flushes it when the scope closes. Metrics go where `OTEL_METRICS_EXPORTER` says, by
 * default to the same OTLP endpoint.
 *
 * Instrumentations given here patch only modules that are loaded later; to be sure, register them by `--import` and
 * take `layerGlobal`.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerNodeSdk = (
  options: NodeSdkOptions = {}
): Layer.Layer<OtelTracer.OtelTracer, SdkUnavailable | AlreadyRegistered> =>
  Layer.unwrap(
    Effect.andThen(
      startNodeSdk(OwnOptions.ownOrThrow({ configuration: true, shutdownTimeout: true }, options)),
      installGlobal
    )
  )

/**
 * What a test can look at.
 *
 * @category services
 * @since 0.1.0
 */
export class TestTelemetry extends Context.Service<
  TestTelemetry,
  {
    /** The spans that have ended, in that order. */
    readonly spans: Effect.Effect<ReadonlyArray<ReadableSpan>>
    /** The metrics as they are now. */
    readonly metrics: Effect.Effect<ReadonlyArray<MetricData>>
    /** Forgets the spans. */
    readonly reset: Effect.Effect<void>
  }
>()("@effect-cloudauth/otel/TestTelemetry") {}

/**
 * Spans and metrics in memory, for tests: nothing is registered in the process, so that tests can run side by side. It
 * needs `@opentelemetry/sdk-trace-base` and `@opentelemetry/sdk-metrics`.
 *
 * @example
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import * as CloudauthOtel from "@effect-cloudauth/otel/CloudauthOtel"
 * import * as Effect from "effect/Effect"
 *
 * const test = Effect.gen(function* () {
 *   yield* Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb0000" })
 *   const telemetry = yield* CloudauthOtel.TestTelemetry
 *   return (yield* telemetry.spans).map((span) => span.name)
 * }).pipe(Effect.provide(CloudauthOtel.layerTest))
 *
 * @category layers
 * @since 0.1.0
 */
export const layerTest: Layer.Layer<OtelTracer.OtelTracer | TestTelemetry> = Layer.unwrap(
  Effect.gen(function* () {
    const trace = yield* Effect.promise(() => import("@opentelemetry/sdk-trace-base"))
    const { MeterProvider, MetricReader } = yield* Effect.promise(() => import("@opentelemetry/sdk-metrics"))
    const exporter = new trace.InMemorySpanExporter()
    const tracerProvider = new trace.BasicTracerProvider({ spanProcessors: [new trace.SimpleSpanProcessor(exporter)] })
    const reader = new (class extends MetricReader {
      protected override onForceFlush = () => Promise.resolve()
      protected override onShutdown = () => Promise.resolve()
    })()
    const meterProvider = new MeterProvider({ readers: [reader] })
    return Layer.merge(
      install(tracerProvider.getTracer(scope), meterProvider.getMeter(scope)),
      Layer.succeed(TestTelemetry, {
        spans: Effect.map(
          Effect.promise(() => tracerProvider.forceFlush()),
          () => exporter.getFinishedSpans()
        ),
        metrics: Effect.map(
          Effect.promise(() => reader.collect()),
          ({ resourceMetrics }) => resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics)
        ),
        reset: Effect.sync(() => exporter.reset())
      })
    )
  })
)
