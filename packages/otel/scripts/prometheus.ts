/** The metrics' names in Prometheus, as its OTLP endpoint and OpenTelemetry's Collector translate them. */
import type * as Attributes from "../src/Attributes.ts"
import * as Metrics from "../src/Metrics.ts"

const suffixes: Readonly<Record<string, string>> = { s: "_seconds", By: "_bytes", d: "_days" }

/** The name of a metric in Prometheus; of a histogram, without `_bucket`, `_sum` or `_count`. */
export const metric = (name: Metrics.Name): string => {
  const { instrument, unit } = Metrics.table[name]
  return `${name.replaceAll(".", "_")}${suffixes[unit] ?? ""}${instrument === "counter" ? "_total" : ""}`
}

/** The name of an attribute as a label. */
export const label = (name: Attributes.Name): string => name.replaceAll(".", "_")
