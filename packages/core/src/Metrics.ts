/**
 * The client's metrics. A client records them as Effect's metrics, so Effect's OTLP exporter
 * (`effect/observability/Otlp`), `PrometheusMetrics`, or `NodeSdk.layer` of `@effect/opentelemetry` export them without
 * further setup. `CloudauthOtel.layerGlobal` of `@effect-cloudauth/otel` records them on OpenTelemetry's meter instead.
 *
 * Durations are in seconds and sizes in bytes. No metric carries an id, and every attribute has a closed set of values:
 * what is not known beforehand becomes `other`.
 *
 * @example
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import * as Effect from "effect/Effect"
 * import * as PrometheusMetrics from "effect/observability/PrometheusMetrics"
 *
 * const program = Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb0000" }).pipe(
 *   Effect.andThen(PrometheusMetrics.format())
 * )
 *
 * @since 0.1.0
 */
import { recordInMetrics } from "./internal/telemetry/effectMetrics.ts"
import * as meters from "./internal/telemetry/onMeter.ts"
import * as recording from "./internal/telemetry/recordingObserver.ts"
import type * as Telemetry from "./Telemetry.ts"

export { type Instrument, table } from "./internal/telemetry/instrumentTable.ts"
export type { Name } from "./internal/telemetry/instruments.ts"
export type { Labels } from "./internal/telemetry/labels.ts"
export type { InstrumentOptions, Meter } from "./internal/telemetry/onMeter.ts"
export type { RecordValue } from "./internal/telemetry/recordingObserver.ts"

/**
 * An observer that turns what happens into values of the instruments, and gives each to `record`. For a metrics system
 * that is neither Effect's nor OpenTelemetry's.
 *
 * @example
 * import * as Metrics from "@effect-cloudauth/core/Metrics"
 * import * as Telemetry from "@effect-cloudauth/core/Telemetry"
 * import * as Layer from "effect/Layer"
 *
 * declare const statsd: { readonly record: (name: string, value: number, labels: Metrics.Labels) => void }
 *
 * const layer = Layer.succeed(Telemetry.Observer, Metrics.observer(statsd.record))
 *
 * @category constructors
 * @since 0.1.0
 */
export const observer: (record: recording.RecordValue) => Telemetry.Observer = recording.observer

/**
 * An observer that records on an OpenTelemetry meter. It creates the instruments at once; each histogram brings advice on
 * its buckets.
 *
 * @example
 * import * as Metrics from "@effect-cloudauth/core/Metrics"
 * import * as Telemetry from "@effect-cloudauth/core/Telemetry"
 * import * as Layer from "effect/Layer"
 *
 * // `metrics` of @opentelemetry/api.
 * declare const metrics: { readonly getMeter: (name: string) => Metrics.Meter }
 *
 * const layer = Layer.succeed(Telemetry.Observer, Metrics.onMeter(metrics.getMeter("my-service")))
 *
 * @category constructors
 * @since 0.1.0
 */
export const onMeter: (meter: meters.Meter) => Telemetry.Observer = meters.onMeter

/**
 * An observer that records Effect's metrics, as a client does by default. For a program that has an observer of its own
 * and wants both.
 *
 * @example
 * import * as Metrics from "@effect-cloudauth/core/Metrics"
 * import * as Telemetry from "@effect-cloudauth/core/Telemetry"
 *
 * const metrics = Metrics.effectObserver()
 * const observer = Telemetry.makeObserver({
 *   ...metrics,
 *   attemptEnded: (facts, context) => {
 *     metrics.attemptEnded(facts, context)
 *     console.log(facts.httpStatus)
 *   }
 * })
 *
 * @category constructors
 * @since 0.1.0
 */
export const effectObserver: () => Telemetry.Observer = recordInMetrics
