/** The metrics' names in Prometheus, as its OTLP endpoint and OpenTelemetry's Collector translate them. */
import * as Metrics from "@effect-cloudauth/core/Metrics"
import type * as Attributes from "../src/Attributes.ts"

const suffixes: Readonly<Record<string, string>> = { s: "_seconds", By: "_bytes", d: "_days" }

/** The name of a metric in Prometheus; of a histogram, without `_bucket`, `_sum` or `_count`. */
export const metric = (name: Metrics.Name): string => {
  const { instrument, unit } = Metrics.table[name]
  return `${name.replaceAll(".", "_")}${suffixes[unit] ?? ""}${instrument === "counter" ? "_total" : ""}`
}

/** The name of an attribute as a label. */
export const label = (name: Attributes.Name): string => name.replaceAll(".", "_")

/**
 * Prometheus' `metric_relabel_configs` for who scrapes the process: OpenTelemetry's exporter for JavaScript leaves the
 * units out of the names, unlike Prometheus' OTLP endpoint and the Collector.
 */
export const relabelling = (Object.keys(Metrics.table) as Array<Metrics.Name>).flatMap((name) => {
  // keys of a literal
  const bare = name.replaceAll(".", "_")
  const suffix = suffixes[Metrics.table[name].unit]
  return suffix === undefined
    ? []
    : [
        {
          source_labels: ["__name__"],
          regex: `${bare}(_bucket|_sum|_count)?`,
          target_label: "__name__",
          replacement: `${bare}${suffix}$1`
        }
      ]
})
