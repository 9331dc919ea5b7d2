/**
 * The client's metrics on the OpenTelemetry Metrics API, as an `Observer` in place of the one for Effect's metrics. Durations are in seconds and sizes in bytes,
 * as the conventions want them; each histogram brings advice on its buckets.
 *
 * No metric carries an id, and every attribute has a closed set of values: what is not known beforehand becomes
 * `other`.
 *
 * @example
 * import * as Metrics from "@effect-cloudauth/otel/Metrics"
 * import { metrics } from "@opentelemetry/api"
 *
 * const layer = Metrics.layer(metrics.getMeter("my-service"))
 *
 * @since 0.1.0
 */
import * as CoreMetrics from "@effect-cloudauth/core/Metrics"
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import type * as Otel from "@opentelemetry/api"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/**
 * Creates the instruments on a meter, and an observer that records on them.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: (meter: Otel.Meter) => Telemetry.Observer = CoreMetrics.onMeter

/**
 * Records the client's metrics on a meter.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (meter: Otel.Meter): Layer.Layer<never> =>
  Layer.effect(
    Telemetry.Observer,
    Effect.sync(() => make(meter))
  )
