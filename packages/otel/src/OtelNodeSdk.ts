/**
 * A ready-made OpenTelemetry SDK, for a process that has none: started when the layer is built, flushed when its scope
 * closes.
 *
 * @example
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import * as OtelNodeSdk from "@effect-cloudauth/otel/OtelNodeSdk"
 * import * as Effect from "effect/Effect"
 *
 * // OTEL_SERVICE_NAME=checkout OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318
 * const program = Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb0000" }).pipe(
 *   Effect.withSpan("checkout"),
 *   Effect.provide(OtelNodeSdk.layer())
 * )
 *
 * @since 0.1.0
 */
import { hidden } from "@effect-cloudauth/core/CloudauthError"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import type * as OtelTracer from "@effect/opentelemetry/OtelTracer"
import * as Otel from "@opentelemetry/api"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as install from "./internal/install.ts"
import { isMeterRegistered, isRegistered } from "./internal/registered.ts"

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
    return "@opentelemetry/sdk-node could not be started: install it beside @effect-cloudauth/otel, 0.219 or later."
  }
}

/**
 * A provider is registered already, by `--import`, another SDK or another `OtelNodeSdk.layer`.
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
 * An SDK that registers its providers when it starts: a `NodeSDK`, of any version.
 *
 * @category models
 * @since 0.1.0
 */
export interface Sdk {
  readonly start: () => void
  readonly shutdown: () => Promise<void>
}

/**
 * How the SDK is started.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** Makes the SDK: `() => new NodeSDK({ instrumentations, sampler })`. Default: a `NodeSDK` by the environment alone. */
  readonly sdk?: (() => Sdk) | undefined
  /** How long flushing may take when the scope closes. Default 5 seconds. */
  readonly shutdownTimeout?: Duration.Input | undefined
}

/**
 * Starts a NodeSDK by the standard environment (`OTEL_SERVICE_NAME`, `OTEL_EXPORTER_OTLP_ENDPOINT`,
 * `OTEL_EXPORTER_OTLP_PROTOCOL` = `http/protobuf`, `http/json` or `grpc`, `OTEL_TRACES_SAMPLER`,
 * `OTEL_METRICS_EXPORTER` …), or the SDK that `sdk` makes, and flushes it when the scope closes. Metrics go where
 * `OTEL_METRICS_EXPORTER` says, by default to the same OTLP endpoint.
 *
 * Instrumentations given to it patch only modules that are loaded later; to be sure, register them by `--import` and
 * take `CloudauthOtel.layerGlobal`.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: Options = {}): Layer.Layer<OtelTracer.OtelTracer, SdkUnavailable | AlreadyRegistered> =>
  Layer.unwrap(
    Effect.map(start(OwnOptions.ownOrThrow({ sdk: true, shutdownTimeout: true }, options)), install.globalProviders)
  )

const start = ({ sdk = byEnvironment, shutdownTimeout = "5 seconds" }: OptionsOrDefault) =>
  Effect.acquireRelease(
    Effect.gen(function* () {
      if (isRegistered() || isMeterRegistered()) return yield* new AlreadyRegistered()
      return yield* Effect.tryPromise({
        try: async () => {
          const started = await sdk()
          started.start()
          return started
        },
        catch: (cause) => new SdkUnavailable({ underlying: Redacted.make(cause, { label: "underlying" }) })
      })
    }),
    (started) =>
      Effect.tryPromise(() => flushSpans().then(() => started.shutdown())).pipe(
        Effect.timeout(shutdownTimeout),
        Effect.catch(() => Effect.logWarning("OpenTelemetry could not send everything before it was shut down")),
        Effect.andThen(Effect.sync(unregister))
      )
  )

interface OptionsOrDefault extends Omit<Options, "sdk"> {
  readonly sdk?: (() => Sdk | Promise<Sdk>) | undefined
}

/** Only who starts an SDK pays for loading it. */
const byEnvironment = async (): Promise<Sdk> => {
  const { NodeSDK } = await import("@opentelemetry/sdk-node")
  return new NodeSDK()
}

/** Shutting down alone loses what a SimpleSpanProcessor holds back until the resource is known. */
const flushSpans = async (): Promise<void> => {
  const provider = Otel.trace.getTracerProvider()
  const registered = provider instanceof Otel.ProxyTracerProvider ? provider.getDelegate() : provider
  if ("forceFlush" in registered && typeof registered.forceFlush === "function") await registered.forceFlush()
}

const unregister = (): void => {
  Otel.trace.disable()
  Otel.metrics.disable()
  Otel.context.disable()
  Otel.propagation.disable()
}
