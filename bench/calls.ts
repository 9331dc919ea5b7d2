/**
 * `pnpm bench`: all measurements of calls, to `latest.json`, `latest.details.json` and `latest.md`.
 *
 * --quick                      under a minute: few rounds, for a first look
 * --write                      writes the files of a selection, too; without it a selection is only printed
 * --source                     ours from its sources, unbuilt: for work in progress, only printed
 * --clients a,b                only these clients
 * --workloads a,b              only these workloads
 * --only workloads,cold,...    only these parts: workloads, memory, cold, signing
 * --rounds N                   rounds of each workload
 * --profile CLIENT WORKLOAD    instead of measuring: a CPU profile of one client, by package and function
 */
import { writeFileSync } from "node:fs"
import { loadavg } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { startServer } from "./processes.ts"
import * as Profile from "./profile.ts"
import * as Report from "./report.ts"
import { coldNames } from "./results.ts"
import type { ColdName, Results } from "./results.ts"
import * as Run from "./run.ts"
import type { Bench } from "./run.ts"
import * as Stage from "./stage.ts"
import type { ClientName } from "./stage.ts"
import * as Turns from "./turns.ts"
import { workloadNames, workloads } from "./workloads.ts"
import type { WorkloadName } from "./workloads.ts"

const parts = ["workloads", "memory", "cold", "signing"] as const

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    source: { type: "boolean", default: false },
    profile: { type: "boolean", default: false },
    clients: { type: "string" },
    workloads: { type: "string" },
    only: { type: "string" },
    rounds: { type: "string" }
  }
})

/** The names in a list like `a,b`; `otherwise` when there is no list. A wrong name ends the run. */
const chosen = <Name extends string>(
  text: string | undefined,
  known: ReadonlyArray<Name>,
  otherwise: ReadonlyArray<Name> = known
): ReadonlyArray<Name> => {
  if (text === undefined) return otherwise
  return text.split(",").map((name) => {
    const found = known.find((candidate) => candidate === name)
    if (found === undefined) throw new Error(`unknown: ${name}; known: ${known.join(", ")}`)
    return found
  })
}

const measuredInAll: ReadonlyArray<ClientName> = ["ours", "vendor", "limit"]

/** Who is measured beside these three: in `small16` and `images` every client, elsewhere those that a goal needs. */
const further: Partial<Record<WorkloadName, ReadonlyArray<ClientName>>> = {
  small1: ["oursTraced"],
  small16: Stage.clientNames,
  small128: ["oursLimited"],
  images: Stage.clientNames.filter((client) => client !== "oursSampledOut")
}

const measuredIn = (client: ClientName, workload: WorkloadName): boolean =>
  measuredInAll.includes(client) || (further[workload] ?? []).includes(client)

const [loadBefore = Number.NaN] = loadavg()

const log = (step: string): void => console.error(`${(performance.now() / 1000).toFixed(1).padStart(6)} s  ${step}`)

const measure = async (bench: Bench): Promise<Results> => {
  const wanted = chosen(values.clients, Stage.clientNames)
  const only = chosen(values.only, parts)
  const skipped: Partial<Record<ClientName, string>> = {}
  const { missingBuilds } = bench.stage
  for (const client of missingBuilds.length > 0 ? wanted.filter(Stage.isOurs) : []) {
    skipped[client] = `packages/${missingBuilds.join(", packages/")} not built, or older than the sources (pnpm build)`
  }
  const clients = wanted.filter((client) => skipped[client] === undefined)
  const wantedWorkloads = chosen(
    values.workloads,
    workloadNames,
    workloadNames.filter((name) => !Report.isDetail(name) || !values.quick)
  )
  const measured: Results["workloads"] = {}
  for (const name of only.includes("workloads") ? wantedWorkloads : []) {
    log(`workload ${name}`)
    const taking = clients.filter((client) => measuredIn(client, name))
    measured[name] = await Turns.workload(bench, taking, workloads[name])
  }
  const allocation: Results["allocation"] = {}
  const imageMemory: Results["imageMemory"] = {}
  // Sums of bytes don't depend on who else runs: two clients at a time.
  await Run.eachOf(only.includes("memory") ? clients : [], 2, async (client) => {
    log(`memory ${client}`)
    const taking = wantedWorkloads.filter((name) => measuredIn(client, name)).map((name) => workloads[name])
    allocation[client] = await Run.allocation(bench, client, taking)
    if (client !== "oursTraced" && client !== "oursSampledOut") {
      imageMemory[client] = await Run.imageMemory(bench, client)
    }
  })
  if (only.includes("signing")) log("signing")
  const signers = Stage.signerNames.filter((signer) => clients.includes(signer))
  return {
    date: new Date().toISOString(),
    quick: values.quick,
    rounds: bench.rounds,
    loadBefore,
    workloads: measured,
    allocation,
    imageMemory,
    imageBodyBytes: bench.server.imageBodyBytes,
    signing: only.includes("signing") ? await Run.signing(bench, signers) : {},
    ...(only.includes("cold")
      ? await coldStarts(bench, clients)
      : { cold: {}, coldBundled: {}, bundleBytes: {}, ownModules: {}, callBundle: undefined }),
    skipped
  }
}

const coldStarts = async (
  bench: Bench,
  clients: ReadonlyArray<ClientName>
): Promise<Pick<Results, "cold" | "coldBundled" | "bundleBytes" | "ownModules" | "callBundle">> => {
  log("cold start")
  const { stage } = bench
  const names = coldNames.filter((name) => clients.includes(name))
  await Stage.bundle(stage, names)
  const forEach = <A>(f: (name: ColdName) => A): Partial<Record<ColdName, A>> =>
    Object.fromEntries(names.map((name) => [name, f(name)]))
  return {
    cold: await Run.coldStarts(
      bench,
      forEach((name) => ({ module: stage.client(name) }))
    ),
    coldBundled: await Run.coldStarts(
      bench,
      forEach((name) => ({ module: stage.bundled(name) }))
    ),
    bundleBytes: forEach((name) => Stage.bundleBytes(stage, name)),
    ownModules: names.includes("ours")
      ? await Run.coldStarts(bench, {
          afterEffect: {
            module: stage.client("ours"),
            loadedBefore: ["effect/Effect", "effect/Schema", "effect/http/HttpClient"]
          },
          afterDependencies: {
            module: stage.client("ours"),
            loadedBefore: await Stage.outsideImports(stage, "ours")
          }
        })
      : {},
    callBundle: await Stage.callBundle(stage)
  }
}

const profile = async (bench: Bench): Promise<void> => {
  const [client] = chosen(positionals[0], Stage.clientNames)
  const [workload] = chosen(positionals[1], workloadNames)
  if (positionals.length !== 2 || client === undefined || workload === undefined) {
    throw new Error("usage: --profile CLIENT WORKLOAD")
  }
  const { calls, file } = await Run.profile(bench, client, workloads[workload])
  console.log(Profile.print(Profile.summarize(file), calls))
  console.log(`\nprofile: ${file}`)
}

const stage = await Stage.prepare({ fromSources: values.source })
await using server = await startServer(stage.entry("server"))
const rounds = Number(values.rounds ?? (values.quick ? 3 : 4))
const bench: Bench = {
  stage,
  server,
  speed: values.quick ? "quick" : "full",
  rounds,
  coldRuns: values.quick ? 3 : 7
}

if (values.profile) await profile(bench)
else {
  const results = await measure(bench)
  console.log(Report.markdown(results))
  const whole = values.clients === undefined && values.workloads === undefined && values.only === undefined
  if ((whole && !values.source) || values.write) {
    const write = (name: string, text: string): void => writeFileSync(join(import.meta.dirname, name), text)
    write("latest.json", `${JSON.stringify(Report.latest(results), null, 2)}\n`)
    write("latest.details.json", `${JSON.stringify(Report.details(results), null, 2)}\n`)
    write("latest.md", Report.markdown(results))
  }
}
