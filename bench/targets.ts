/** What the figures must reach: each goal with what is measured, and where. */
import type { ColdStart } from "./cold.ts"
import type { Results } from "./results.ts"
import type { ClientName } from "./stage.ts"
import { median } from "./statistics.ts"
import type { WorkloadName } from "./workloads.ts"

interface Target {
  readonly what: string
  /** What the figure is made of: a workload, or the part of the benchmark or the command that measures it. */
  readonly source: string
  readonly value: number | undefined
  readonly unit?: string
  readonly must: number
  readonly aim?: number
}

export const ratio = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a / b

/** Until the first answer is there: what is loaded by the first call is in it. */
export const inAll = ({ firstCallMs, importAndConstructMs }: ColdStart): number => importAndConstructMs + firstCallMs

const totalOf = (start: ColdStart | undefined): number | undefined => start && inAll(start)

/** Extra CPU per call of a traced client, in microseconds. */
export const otelExtra = (results: Results, workload: WorkloadName, client: ClientName): number | undefined => {
  const traced = results.workloads[workload]?.[client]
  const extras = (traced?.rounds ?? []).flatMap(({ cpuMicros, oursCpuMicros }) =>
    oursCpuMicros === undefined ? [] : [cpuMicros - oursCpuMicros]
  )
  return extras.length > 0 ? median(extras) : undefined
}

const cpu = (results: Results, workload: WorkloadName, client: ClientName): number | undefined =>
  results.workloads[workload]?.[client]?.cpuMicrosPerCall

export const targets = (results: Results): ReadonlyArray<Target> => [
  ...smallCalls(results),
  {
    what: "two 400 KB images to bytes, CPU ÷ hand-written",
    source: "images: ours ÷ limit",
    value: ratio(cpu(results, "images", "ours"), cpu(results, "images", "limit")),
    must: 0.25,
    aim: 0.15
  },
  {
    what: "peak extra memory of an image call ÷ body",
    source: "memory of one call: ours",
    value: ratio(results.imageMemory.ours?.beyondYoung, results.imageBodyBytes),
    must: 1.78,
    aim: 1.3
  },
  ...coldStarts(results),
  ...weights(results)
]

const smallCalls = (results: Results): ReadonlyArray<Target> => {
  const small = ["small1", "small16", "small128"] as const
  return [
    {
      what: "2 KB call with a quota, 16 in flight, CPU ÷ hand-written",
      source: "small16: oursLimited ÷ limit",
      value: ratio(cpu(results, "small16", "oursLimited"), cpu(results, "small16", "limit")),
      must: 1.5,
      aim: 1.3
    },
    ...small.map((name) => ({
      what: "2 KB call, CPU ÷ hand-written",
      source: `${name}: ours ÷ limit`,
      value: ratio(cpu(results, name, "ours"), cpu(results, name, "limit")),
      must: 1.5,
      aim: 1.3
    })),
    ...small.map((name) => ({
      what: "2 KB call, CPU ÷ the vendor's core",
      source: `${name}: ours ÷ vendor`,
      value: ratio(cpu(results, name, "ours"), cpu(results, name, "vendor")),
      must: 0.5,
      aim: 0.4
    })),
    ...(["small1", "small16"] as const).map((name) => ({
      what: "OpenTelemetry on, extra CPU of a call",
      source: `${name}: oursTraced − ours`,
      value: otelExtra(results, name, "oursTraced"),
      unit: "µs",
      must: 45,
      aim: 20
    }))
  ]
}

const coldStarts = ({ cold, coldBundled, ownModules }: Results): ReadonlyArray<Target> => [
  {
    what: "import, construct, first call ÷ the same by Effect without this library",
    source: "cold start: ours ÷ effectPlain",
    value: ratio(totalOf(cold.ours), totalOf(cold.effectPlain)),
    must: 1.15
  },
  {
    what: "the same ÷ the vendor's core, from node_modules",
    source: "cold start: ours ÷ vendor",
    value: ratio(totalOf(cold.ours), totalOf(cold.vendor)),
    must: 1.8,
    aim: 1.2
  },
  {
    what: "the same ÷ the vendor's core, both bundled",
    source: "cold start, bundled: ours ÷ vendor",
    value: ratio(totalOf(coldBundled.ours), totalOf(coldBundled.vendor)),
    must: 1
  },
  {
    what: "the same for the client with everything inside",
    source: "cold start, bundled: oursAlone ÷ vendor",
    value: ratio(totalOf(coldBundled.oursAlone), totalOf(coldBundled.vendor)),
    must: 1
  },
  {
    what: "our own modules, with Effect, Schema and HttpClient loaded",
    source: "cold start: our own modules",
    value: ownModules.afterEffect?.importMs,
    unit: "ms",
    must: 20,
    aim: 8
  }
]

const weights = ({ callBundle }: Results): ReadonlyArray<Target> => [
  {
    what: "a bundle of one call after gzip, without Effect",
    source: "size/ours.js; budget: pnpm run size",
    value: callBundle && callBundle.ours / 1000,
    unit: "KB",
    must: 22.5
  },
  {
    what: "the same with Effect",
    source: "size/ours.js; budget: pnpm run size",
    value: callBundle && callBundle.whole / 1000,
    unit: "KB",
    must: 76
  },
  {
    what: "type-check of a consumer, 1000 instantiations more than plain Effect",
    source: "not here: the compiler's own count",
    value: undefined,
    must: 20
  }
]

export const verdict = ({ aim = -Infinity, must, value }: Target): string => {
  if (value === undefined) return "not measured"
  if (value <= aim) return "aim reached"
  return value <= must ? "reached" : "**not reached**"
}
