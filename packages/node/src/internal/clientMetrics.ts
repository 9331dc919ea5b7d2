/** The Promise client's metrics, on the OpenTelemetry meter provider that the process has registered. */
import * as Metrics from "@effect-cloudauth/core/Metrics"
import type { Observer } from "@effect-cloudauth/core/Telemetry"
import { type OtelMeter, type OtelMeterProvider, schemaUrl } from "./openTelemetry.ts"
import { version } from "./version.ts"

/** An observer that records on the provider's instruments: those of the Effect API. */
export const observerOn = (provider: OtelMeterProvider): Observer => {
  const meter = provider.getMeter("@effect-cloudauth/node", version, { schemaUrl })
  const names = Object.keys(Metrics.table) as Array<Metrics.Name> // a literal's keys
  const instruments = new Map(names.map((name) => [name, instrumentOf(meter, name)]))
  return Metrics.observer((name, value, labels) => instruments.get(name)?.(value, labels))
}

const instrumentOf = (meter: OtelMeter, name: Metrics.Name): ((value: number, labels: Metrics.Labels) => void) => {
  const { buckets, description, instrument, unit }: Metrics.Instrument = Metrics.table[name]
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
