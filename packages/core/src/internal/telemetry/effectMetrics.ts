/** The instruments as Effect's metrics. */
import * as Metric from "effect/Metric"
import type { Observer } from "./facts.ts"
import { instruments, type Name, type Recorded } from "./instruments.ts"
import type { Labels } from "./labelled.ts"
import { observer } from "./recordingObserver.ts"

/** An observer that records in the metric registry of the calling fiber, with the fiber's metric attributes. */
export const recordInMetrics = (): Observer => {
  // One metric for each set of labels: making one costs ten times as much as recording on it. The sets are closed.
  const metrics = new Map<Name, Map<Labels, Metric.Metric<number, unknown>>>()
  return observer((name, value, labels, context) => {
    const named = metrics.get(name) ?? new Map<Labels, Metric.Metric<number, unknown>>()
    metrics.set(name, named)
    const metric = named.get(labels) ?? make(name, labels)
    named.set(labels, metric)
    metric.updateUnsafe(value, context)
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
