/** The instruments as Effect's metrics. */
import { memoize } from "effect/Function"
import * as Metric from "effect/Metric"
import type { Observer } from "./facts.ts"
import { instruments, type Name, type Recorded } from "./instruments.ts"
import type { Labels } from "./labels.ts"
import { observer } from "./recordingObserver.ts"

/** An observer that records in the metric registry of the calling fiber, with the fiber's metric attributes. */
export const recordInMetrics = (): Observer => {
  // One metric for each set of labels: making one costs ten times as much as recording on it. The sets are closed.
  const metrics = new Map<Name, (labels: Labels) => Metric.Metric<number, unknown>>()
  return observer((name, value, labels, context) => {
    let metricOf = metrics.get(name)
    if (metricOf === undefined) metrics.set(name, (metricOf = memoize((labels) => make(name, labels))))
    metricOf(labels).updateUnsafe(value, context)
  })
}

const make = (name: Name, labels: Labels): Metric.Metric<number, unknown> => {
  const { buckets, description, instrument, unit }: Recorded = instruments[name]
  const attributes = {
    // Effect's exporters read the unit from this attribute.
    unit,
    ...Object.fromEntries(Object.entries(labels).map(([label, value]) => [label, String(value)]))
  }
  switch (instrument) {
    case "histogram":
      return Metric.histogram(name, { description, attributes, boundaries: buckets ?? [] })
    case "counter":
      return Metric.counter(name, { description, attributes, incremental: true })
    case "updowncounter":
      return Metric.counter(name, { description, attributes })
  }
}
