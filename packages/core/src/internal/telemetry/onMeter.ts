/** The instruments on a meter of OpenTelemetry's API, by its shape: no dependency on it. */
import { type Instrument, table } from "./instrumentTable.ts"
import type { Name } from "./instruments.ts"
import type { Labels } from "./labels.ts"
import { observer } from "./recordingObserver.ts"
import type { Observer } from "./facts.ts"

/**
 * What is used of an OpenTelemetry meter.
 *
 * @category models
 * @since 0.1.0
 */
export interface Meter {
  readonly createHistogram: (name: string, options: InstrumentOptions) => { readonly record: RecordOn }
  readonly createCounter: (name: string, options: InstrumentOptions) => { readonly add: RecordOn }
  readonly createUpDownCounter: (name: string, options: InstrumentOptions) => { readonly add: RecordOn }
}

type RecordOn = (value: number, attributes: Labels) => void

/**
 * The options of an instrument on an OpenTelemetry meter.
 *
 * @category models
 * @since 0.1.0
 */
export interface InstrumentOptions {
  readonly unit: string
  readonly description: string
  readonly advice?: { readonly explicitBucketBoundaries: Array<number> }
}

export const onMeter = (meter: Meter): Observer => {
  const names = Object.keys(table) as Array<Name> // a literal's keys
  const instruments = new Map(names.map((name) => [name, instrumentOf(meter, name)]))
  return observer((name, value, labels) => instruments.get(name)?.(value, labels))
}

const instrumentOf = (meter: Meter, name: Name): RecordOn => {
  const { buckets, description, instrument, unit }: Instrument = table[name]
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
