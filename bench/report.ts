/** Figures to files and tables. `latest.json` has the published shape; `latest.details.json` has the rest. */
import { cpus, platform, release, totalmem } from "node:os"
import { coldNames } from "./results.ts"
import type { ColdName, Results } from "./results.ts"
import { versionOf } from "./stage.ts"
import type { ClientName } from "./stage.ts"
import { inAll, otelExtra, ratio, targets, verdict } from "./targets.ts"
import type { WorkloadName } from "./workloads.ts"

const round = (value: number, digits = 0): number => Number(value.toFixed(digits))

const entries = <Name extends string, A>(record: Partial<Record<Name, A>>): ReadonlyArray<[Name, A]> =>
  // Object.entries widens the keys to string; with exactOptionalPropertyTypes no value is undefined.
  Object.entries(record) as Array<[Name, A]>

const mapValues = <Name extends string, A, B>(
  record: Partial<Record<Name, A>>,
  f: (value: A, name: Name) => B
): Record<string, B> => Object.fromEntries(entries(record).map(([name, value]) => [name, f(value, name)]))

const published: ReadonlyArray<ClientName> = [
  "ours",
  "oursLimited",
  "oursTraced",
  "effectPlain",
  "vendor",
  "vendorOlder",
  "limit",
  "fetch"
]

const environment = () => ({
  machine: `${cpus()[0]?.model ?? "unknown CPU"}, ${cpus().length} cores, ${round(totalmem() / 2 ** 30)} GiB, ${platform()} ${release()}`,
  versions: {
    node: process.versions.node,
    v8: process.versions.v8,
    "@effect-cloudauth/core": versionOf("@effect-cloudauth/core"),
    effect: versionOf("effect"),
    undici: versionOf("undici"),
    "undici in node (fetch)": process.versions["undici"] ?? "unknown",
    "@effect/platform-node": versionOf("@effect/platform-node"),
    "@alicloud/openapi-core": versionOf("@alicloud/openapi-core"),
    "@alicloud/openapi-client": versionOf("@alicloud/openapi-client"),
    "@opentelemetry/sdk-trace-base": versionOf("@opentelemetry/sdk-trace-base"),
    esbuild: versionOf("esbuild")
  }
})

/** A workload that explains another: only in the details and the tables. */
export const isDetail = (name: WorkloadName): boolean => name === "imagesLatin"

const withoutDetails = (all: Results["workloads"]): Results["workloads"] =>
  Object.fromEntries(entries(all).filter(([name]) => !isDetail(name)))

/** The published file. Of clients that were not measured there is no key. */
export const latest = (results: Results) => ({
  ...environment(),
  date: results.date,
  workloads: mapValues(withoutDetails(results.workloads), (clients, workload) =>
    Object.fromEntries(
      published.flatMap((client) => {
        const measured = clients[client]
        if (measured === undefined) return []
        const figures = {
          cpuMicrosPerCall: round(measured.cpuMicrosPerCall, 1),
          callsPerSecond: round(measured.callsPerSecond),
          peakRssMiB: round(measured.peakRssMiB, 1),
          allocatedBytesPerCall: round(results.allocation[client]?.[workload] ?? Number.NaN)
        }
        return [[client, figures]]
      })
    )
  ),
  cold: mapValues(results.cold, ({ firstCallMs, importAndConstructMs }) => ({
    importAndConstructMs: round(importAndConstructMs, 1),
    firstCallMs: round(firstCallMs, 1)
  })),
  // The limit's signing is in the details.
  signing: Object.fromEntries(
    (["ours", "vendor"] as const).flatMap((signer) => {
      const micros = results.signing[signer]
      return micros === undefined ? [] : [[signer, { microsPerSignature: round(micros, 2) }]]
    })
  )
})

/** Everything else that was measured, and each round's figures. */
export const details = (results: Results) => ({ ...environment(), ...results })

type Cell = string | number | undefined

const cell = (value: Cell): string =>
  value === undefined ? "" : typeof value === "string" ? value : Number.isNaN(value) ? "" : String(value)

const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<Cell>>): string =>
  [head, head.map((_, index) => (index === 0 ? "---" : "--:")), ...rows.map((row) => row.map(cell))]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n")

const showRatio = (value: number | undefined): Cell => (value === undefined ? undefined : value.toFixed(2))

const showMiB = (bytes: number | undefined, body: number): Cell =>
  bytes === undefined ? undefined : `${(bytes / 2 ** 20).toFixed(2)} MiB = ${(bytes / body).toFixed(2)} × body`

/** All tables, as Markdown. */
export const markdown = (results: Results): string => {
  const { machine, versions } = environment()
  const workloadRows = entries(results.workloads).flatMap(([workload, clients]) =>
    entries(clients).map(([client, measured]): ReadonlyArray<Cell> => [
      workload,
      client,
      round(measured.cpuMicrosPerCall, 1),
      `±${(measured.spread * 100).toFixed(0)} %`,
      showRatio(ratio(measured.cpuMicrosPerCall, clients.limit?.cpuMicrosPerCall)),
      showRatio(ratio(measured.cpuMicrosPerCall, clients.vendor?.cpuMicrosPerCall)),
      round(measured.callsPerSecond),
      round(measured.peakRssMiB, 1),
      round((results.allocation[client]?.[workload] ?? Number.NaN) / 1024, 1),
      round(measured.eventLoopDelayP99Millis, 2)
    ])
  )
  const vendorOf = (cold: Results["cold"]) => cold.vendor && inAll(cold.vendor)
  const coldCells = (cold: Results["cold"], client: ColdName): ReadonlyArray<Cell> => {
    const start = cold[client]
    return [
      start && round(start.importAndConstructMs, 1),
      start && round(start.firstCallMs, 1),
      start && showRatio(ratio(inAll(start), vendorOf(cold)))
    ]
  }
  const coldRows = coldNames.map((client): ReadonlyArray<Cell> => [
    client,
    ...coldCells(results.cold, client),
    ...coldCells(results.coldBundled, client),
    results.bundleBytes[client] && round((results.bundleBytes[client] ?? 0) / 1024)
  ])
  const parts = [
    `# Benchmark${results.quick ? " (quick: few rounds, for a first look only)" : ""}`,
    `${results.date.slice(0, 10)}, ${results.rounds} rounds, ${machine}  \n` +
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(", "),
    ...(results.loadBefore > 0.5
      ? [`**The machine was busy** (load ${results.loadBefore.toFixed(1)} before the run): not for publication.`]
      : []),
    ...Object.entries(results.skipped).map(([client, reason]) => `**${client} was not measured**: ${reason}.`),
    "## Targets",
    table(
      ["target", "measured by", "measured", "must", "aim", "result"],
      targets(results).map((row) => [
        row.what,
        row.source,
        row.value === undefined ? undefined : `${row.value.toFixed(2)}${row.unit === undefined ? "" : ` ${row.unit}`}`,
        `≤ ${row.must}`,
        row.aim === undefined ? undefined : `≤ ${row.aim}`,
        verdict(row)
      ])
    ),
    "## Workloads",
    table(
      [
        "workload",
        "client",
        "CPU µs/call",
        "rounds",
        "÷ limit",
        "÷ vendor",
        "calls/s",
        "peak RSS MiB",
        "allocated KiB/call",
        "loop delay p99 ms"
      ],
      workloadRows
    ),
    "## OpenTelemetry, extra CPU per call against no tracer",
    table(
      ["workload", "batch exporter that discards, µs", "sampled out, µs"],
      (["small1", "small16"] as const).map((name) => [
        name,
        otelExtra(results, name, "oursTraced")?.toFixed(1),
        otelExtra(results, name, "oursSampledOut")?.toFixed(1)
      ])
    ),
    "## Memory of one call with images, above the start of the call",
    table(
      ["client", "heap and buffers", "with the young generation's garbage", "resident set"],
      Object.entries(results.imageMemory).map(([client, memory]) => [
        client,
        showMiB(memory.beyondYoung, results.imageBodyBytes),
        showMiB(memory.heapAndBuffers, results.imageBodyBytes),
        showMiB(memory.resident, results.imageBodyBytes)
      ])
    ),
    "## Cold start, ms",
    table(
      [
        "client",
        "import + construct",
        "first call",
        "both ÷ vendor",
        "bundled: import + construct",
        "bundled: first call",
        "both ÷ vendor",
        "bundle KiB"
      ],
      coldRows
    ),
    ...(results.ownModules.afterEffect === undefined
      ? []
      : [
          `Our own modules: ${results.ownModules.afterEffect.importMs.toFixed(1)} ms where Effect, Schema and HttpClient are loaded, ` +
            `${results.ownModules.afterDependencies?.importMs.toFixed(1)} ms where everything is that isn't ours.`
        ]),
    "## Signing, µs for one signature (nonce, date, payload hash, Authorization)",
    table(
      ["signer", "µs", "÷ vendor"],
      Object.entries(results.signing).map(([signer, micros]) => [
        signer,
        round(micros, 2),
        showRatio(ratio(micros, results.signing.vendor))
      ])
    )
  ]
  return `${parts.join("\n\n")}\n`
}
