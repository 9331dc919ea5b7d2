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
export const make = (meter: Otel.Meter): Telemetry.Observer => {
  const names = Object.keys(CoreMetrics.table) as Array<CoreMetrics.Name> // a literal's keys
  const instruments = new Map(names.map((name) => [name, instrumentOf(meter, name)]))
  return CoreMetrics.observer((name, value, labels) => instruments.get(name)?.(value, labels))
}

const instrumentOf = (
  meter: Otel.Meter,
  name: CoreMetrics.Name
): ((value: number, labels: Otel.Attributes) => void) => {
  const { buckets, description, instrument, unit }: CoreMetrics.Instrument = CoreMetrics.table[name]
  switch (instrument) {
    case "histogram": {
      const advice = buckets === undefined ? {} : { advice: { explicitBucketBoundaries: [...buckets] } }
      const histogram = meter.createHistogram(name, { unit, description, ...advice })
      return (value, labels) => histogram.record(value, labels)
    }
    case "counter": {
      const counter = meter.createCounter(name, { unit, description })
      return (value, labels) => counter.add(value, labels)
    }
    case "updowncounter": {
      const counter = meter.createUpDownCounter(name, { unit, description })
      return (value, labels) => counter.add(value, labels)
    }
  }
}

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
