/**
 * OpenTelemetry for the client, as one layer: spans, metrics, and the parent's context in both directions.
 *
 * | layer | take it when |
 * |---|---|
 * | `layerGlobal` | the process has registered a provider: NodeSDK by `--import`, Datadog, Sentry … |
 * | `layer` | `@effect/opentelemetry` has one in Effect's context: `NodeSdk.layer` |
 * | `OtelNodeSdk.layer` | nothing has one, and the standard `OTEL_*` environment says where to send |
 * | `TestTelemetry.layer` | a test wants to look at spans and metrics |
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
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import * as OtelTracer from "@effect/opentelemetry/OtelTracer"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as install from "./internal/install.ts"
import { isMeterRegistered, isRegistered, otherVersion } from "./internal/registered.ts"
import * as scope from "./internal/scope.ts"

/**
 * Spans and metrics on the providers that the process has registered. If it has none when the layer is built, the layer
 * logs a warning and changes nothing: a tracer that the program has already stays in place.
 *
 * Metrics are recorded as Effect's until a meter provider is registered, which may come later.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerGlobal: Layer.Layer<never> = Layer.unwrap(
  Effect.suspend(() => {
    if (isRegistered()) return Effect.succeed<Layer.Layer<never>>(install.globalProviders())
    return isMeterRegistered()
      ? Effect.succeed(install.globalMetrics)
      : Effect.as(Effect.logWarning(unregistered(otherVersion())), Layer.empty)
  })
)

const unregistered = (version: string | undefined): string =>
  version === undefined
    ? "CloudauthOtel.layerGlobal: no OpenTelemetry provider is registered, so it traces nothing. Register one before the layer is built (node --import), or take CloudauthOtel.layer with @effect/opentelemetry, or OtelNodeSdk.layer."
    : `CloudauthOtel.layerGlobal: the provider was registered by @opentelemetry/api ${version}, which the copy of this package can't use, so it traces nothing. Install one version of @opentelemetry/api (npm ls @opentelemetry/api).`

/**
 * Spans on the tracer of `@effect/opentelemetry` that is in context: its provider's (`OtelTracerProvider`), or its tracer
 * (`OtelTracer`). If neither is there, the layer logs a warning and changes nothing. Metrics need no layer: Effect's own
 * exporters read them.
 *
 * @example
 * import * as CloudauthOtel from "@effect-cloudauth/otel/CloudauthOtel"
 * import * as OtelTracer from "@effect/opentelemetry/OtelTracer"
 * import * as Layer from "effect/Layer"
 *
 * // As well: NodeSdk.layer(() => ({ spanProcessor, metricReader }))
 * const telemetry = CloudauthOtel.layer.pipe(Layer.provideMerge(OtelTracer.layerGlobal))
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<never> = Layer.unwrap(
  Effect.gen(function* () {
    const provider = yield* Effect.serviceOption(OtelTracer.OtelTracerProvider)
    if (Option.isSome(provider)) return install.spans(scope.tracersOf(provider.value))
    const tracer = yield* Effect.serviceOption(OtelTracer.OtelTracer)
    if (Option.isSome(tracer)) return install.spans({ client: tracer.value, others: tracer.value })
    yield* Effect.logWarning(
      "CloudauthOtel.layer: no tracer of @effect/opentelemetry is in context, so it changes nothing. Provide one to it (Layer.provideMerge), or take CloudauthOtel.layerGlobal."
    )
    return Layer.empty
  })
)

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
