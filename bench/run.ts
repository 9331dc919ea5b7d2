/** The measurements, one function each. They share the server and the prepared clients. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Target } from "./clients/BenchClient.ts"
import type { ColdStart } from "./cold.ts"
import { askOnce, startWorker } from "./processes.ts"
import type { Server, Worker } from "./processes.ts"
import type { ImageMemory, Load } from "./protocol.ts"
import type { ClientName, SignerName, Stage } from "./stage.ts"
import { median, rotated } from "./statistics.ts"
import { workloads } from "./workloads.ts"
import type { Workload, WorkloadName } from "./workloads.ts"

export interface Bench {
  readonly stage: Stage
  readonly server: Server
  readonly speed: "full" | "quick"
  readonly rounds: number
  readonly coldRuns: number
}

const target = ({ server }: Bench, tls: boolean): Target =>
  tls ? { protocol: "https", host: server.httpsHost } : { protocol: "http", host: server.httpHost }

/** A client's process, for a workload. */
export const open = (
  bench: Bench,
  client: ClientName,
  workload: Workload,
  execArgv: ReadonlyArray<string> = [],
  env: NodeJS.ProcessEnv = {}
): Promise<Worker> => {
  const certificate = join(bench.stage.directory, "server.pem")
  if (workload.tls) writeFileSync(certificate, bench.server.certificate)
  return startWorker({
    workerFile: bench.stage.entry("worker"),
    client,
    clientFile: bench.stage.client(client),
    target: target(bench, workload.tls),
    execArgv,
    env: workload.tls ? { ...env, NODE_EXTRA_CA_CERTS: certificate } : env
  })
}

export const load = (workload: Workload, calls: number): Load => ({
  workload,
  calls,
  concurrency: workload.concurrency
})

/** Runs `f` for all values, so many at a time. */
export const eachOf = async <A>(
  values: ReadonlyArray<A>,
  lanes: number,
  f: (value: A) => Promise<unknown>
): Promise<void> => {
  const waiting = [...values]
  const lane = async (): Promise<void> => {
    for (let value = waiting.shift(); value !== undefined; value = waiting.shift()) await f(value)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

/** Sums are exact only without V8's helper threads (`memory.ts`). */
const forMemory = ["--expose-gc", "--single-threaded-gc"]

/** Bytes that one call allocates, in each workload. One process for all: what is allocated does not depend on the past. */
export const allocation = async (
  bench: Bench,
  client: ClientName,
  measured: ReadonlyArray<Workload>
): Promise<Partial<Record<WorkloadName, number>>> => {
  const results: Partial<Record<WorkloadName, number>> = {}
  for (const tls of [false, true]) {
    const sameTarget = measured.filter((workload) => workload.tls === tls)
    const [first] = sameTarget
    if (first === undefined) continue
    await using worker = await open(bench, client, first, forMemory)
    for (const workload of sameTarget) {
      const work = load(workload, bench.speed === "quick" ? workload.calls.quick : workload.calls.quick * 2)
      await worker.ask("warm", work)
      results[workload.name] = (await worker.ask("allocation", work)).bytesPerCall
    }
  }
  return results
}

/** Memory of one call with images, one at a time. */
export const imageMemory = async (bench: Bench, client: ClientName): Promise<ImageMemory> => {
  const workload = workloads.images
  // Freed memory goes back to the system at once, so that the resident set shows each call's own need.
  const env = { MALLOC_MMAP_THRESHOLD_: "65536", MALLOC_TRIM_THRESHOLD_: "0" }
  await using worker = await open(bench, client, workload, forMemory, env)
  await worker.ask("warm", { workload, calls: 10, concurrency: 1 })
  return await worker.ask("imageMemory", { workload, calls: bench.speed === "quick" ? 3 : 15, concurrency: 1 })
}

export interface ColdCase {
  readonly module: string
  readonly loadedBefore?: ReadonlyArray<string>
}

/** Cold starts of several cases, in turn; medians. */
export const coldStarts = async <Name extends string>(
  bench: Bench,
  cases: Partial<Record<Name, ColdCase>>
): Promise<Partial<Record<Name, ColdStart>>> => {
  // Object.entries widens the keys to string.
  const named = (Object.entries(cases) as Array<[Name, ColdCase]>).map(([name, coldCase]) => ({
    name,
    coldCase,
    runs: new Array<ColdStart>()
  }))
  for (let round = 0; round < bench.coldRuns; round++) {
    for (const { coldCase, runs } of rotated(named, round)) {
      const args = [coldCase.module, JSON.stringify(target(bench, false)), JSON.stringify(coldCase.loadedBefore ?? [])]
      const execArgv = coldCase.loadedBefore === undefined ? [] : ["--expose-gc"]
      // cold.ts sends this one message.
      runs.push((await askOnce(bench.stage.entry("cold"), args, execArgv)) as ColdStart)
    }
  }
  const results: Partial<Record<Name, ColdStart>> = {}
  for (const { name, runs } of named) {
    results[name] = {
      importMs: median(runs.map((run) => run.importMs)),
      importAndConstructMs: median(runs.map((run) => run.importAndConstructMs)),
      firstCallMs: median(runs.map((run) => run.firstCallMs))
    }
  }
  return results
}

/** Microseconds for one signature. */
export const signing = async (
  bench: Bench,
  signers: ReadonlyArray<SignerName>
): Promise<Partial<Record<SignerName, number>>> => {
  const args = [String(bench.rounds), ...signers.map(bench.stage.signer)]
  // signing.ts sends this one message, in the order of its arguments.
  const micros = (await askOnce(bench.stage.entry("signing"), args)) as ReadonlyArray<number>
  return Object.fromEntries(signers.map((name, index) => [name, micros[index]]))
}

/** Profiles one client, warmed; gives the file and how many calls it holds. */
export const profile = async (
  bench: Bench,
  client: ClientName,
  workload: Workload
): Promise<{ readonly file: string; readonly calls: number }> => {
  await using worker = await open(bench, client, workload)
  await worker.ask("warm", load(workload, workload.warmCalls.full))
  const calls = workload.calls.full * 2
  const file = join(bench.stage.directory, `${client}-${workload.name}.cpuprofile`)
  await worker.ask("profile", { ...load(workload, calls), file })
  return { file, calls }
}
