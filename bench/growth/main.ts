/**
 * `pnpm bench growth`: how memory and time grow with waiting users, queued ids, stored rows and processes, to `growth.json`
 * and the tables of `docs/explanation/growth.md`.
 *
 * --postgres URL     a server whose role may create a database; without it SQLite alone is measured
 * --rows N           the most rows of a collection, by default a million; the others are a tenth and a hundredth
 * --users N          how many users wait, by default 10,000
 * --seconds N        how long the processes call, by default 10
 * --print            writes nothing
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { cpus, loadavg, tmpdir, totalmem } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { askOnce, start, startServer, startWorker } from "../processes.ts"
import { median, rotated } from "../statistics.ts"
import { workloads } from "../workloads.ts"
import type { Collecting, Collections, Database, Growth, Images, Shared, Waiting } from "./figures.ts"
import * as page from "./page.ts"
import { databaseAt } from "./postgres.ts"

const here = import.meta.dirname
const quota = 20

const say = (text: string): void => console.error(`${(performance.now() / 1000).toFixed(0).padStart(5)} s  ${text}`)

const waiting = async (users: number, way: "awaitResult" | "awaitStored"): Promise<Waiting> => {
  say(`${users} users in ${way}`)
  // waiting.ts sends this one message.
  return (await askOnce(join(here, "waiting.ts"), [String(users), way], ["--expose-gc"])) as Waiting
}

const collecting = async (store: string, rows: number): Promise<ReadonlyArray<Collecting>> => {
  say(`${rows} rows in ${store.startsWith("postgres") ? "PostgreSQL" : "SQLite"}`)
  // collecting.ts sends this one message.
  return (await askOnce(
    join(here, "collecting.ts"),
    [store, String(rows)],
    ["--expose-gc"]
  )) as ReadonlyArray<Collecting>
}

const images = async (): Promise<Images> => {
  say("images from memory")
  // images.ts sends this one message.
  return (await askOnce(join(here, "images.ts"), [], ["--expose-gc"])) as Images
}

/** Images over a socket, by client and by how far V8 lets the heap grow; the processes take turns. */
const collections = async (): Promise<ReadonlyArray<Collections>> => {
  say("images over a socket")
  await using server = await startServer(join(here, "..", "server.ts"))
  await using stack = new AsyncDisposableStack()
  const cases = [
    { client: "ours", flags: "" },
    { client: "ours", flags: "--heap-growing-percent=400" },
    { client: "limit", flags: "" }
  ] as const
  const lanes = await Promise.all(
    cases.map(async ({ client, flags }) => {
      const worker = await startWorker({
        workerFile: join(here, "..", "worker.ts"),
        client,
        clientFile: join(here, "..", "clients", `${client}.ts`),
        target: { protocol: "http", host: server.httpHost },
        execArgv: flags === "" ? [] : [flags]
      })
      return { client, flags, worker: stack.use(worker), rounds: new Array<Omit<Collections, "client" | "flags">>() }
    })
  )
  const load = { workload: workloads.images, calls: 100, concurrency: 4 }
  // So long that the first major collection has been; the other client has them from the beginning.
  for (const { client, worker } of lanes) await worker.ask("warm", { ...load, calls: client === "ours" ? 400 : 50 })
  for (let round = 0; round < 3; round++) {
    for (const { rounds, worker } of rotated(lanes, round)) {
      const { cpuMicrosPerCall, ...counts } = await worker.ask("collections", load)
      rounds.push({ cpuMicros: Math.round(cpuMicrosPerCall), ...counts })
    }
  }
  const of = (rounds: ReadonlyArray<Omit<Collections, "client" | "flags">>, name: keyof (typeof rounds)[number]) =>
    median(rounds.map((round) => round[name]))
  return lanes.map(({ client, flags, rounds }) => ({
    client,
    flags,
    cpuMicros: of(rounds, "cpuMicros"),
    major: of(rounds, "major"),
    minor: of(rounds, "minor"),
    pageFaults: of(rounds, "pageFaults")
  }))
}

interface Answered {
  readonly answered: ReadonlyArray<number>
  readonly cpuMicros: number
}

/** The most of these times that lie within one second. */
const mostInASecond = (times: ReadonlyArray<number>): number => {
  const sorted = times.toSorted((a, b) => a - b)
  let first = 0
  return sorted.reduce((most, time, index) => {
    while (time - (sorted[first] ?? time) >= 1000) first++
    return Math.max(most, index - first + 1)
  }, 0)
}

const shared = async (store: string, processes: number, seconds: number): Promise<Shared> => {
  say(`${processes} processes, a quota of ${quota} in ${store.startsWith("postgres") ? "PostgreSQL" : "SQLite"}`)
  await using server = await startServer(join(here, "..", "server.ts"))
  const args = [`http://${server.httpHost}`, store, String(quota), String(seconds)]
  const callers: Array<ReturnType<typeof start>> = []
  // One after another: the first makes the tables.
  for (let index = 0; index < processes; index++) {
    const caller = start(join(here, "caller.ts"), { args })
    await caller.next()
    callers.push(caller)
  }
  const ended = callers.map((caller) => caller.next())
  for (const caller of callers) caller.process.send("begin")
  // caller.ts sends this after its "ready".
  const all = (await Promise.all(ended)) as ReadonlyArray<Answered>
  const times = all.flatMap(({ answered }) => answered)
  return {
    processes,
    quota,
    callsPerSecond: Number((times.length / seconds).toFixed(1)),
    mostInASecond: mostInASecond(times),
    cpuMicros: Math.round(all.reduce((sum, { cpuMicros }) => sum + cpuMicros, 0) / times.length)
  }
}

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    postgres: { type: "string" },
    rows: { type: "string", default: "1000000" },
    users: { type: "string", default: "10000" },
    seconds: { type: "string", default: "10" },
    print: { type: "boolean", default: false }
  }
})

const [loadBefore = Number.NaN] = loadavg()
const directory = mkdtempSync(join(tmpdir(), "cloudauth-growth-"))
const stores: Partial<Record<Database, string>> = { SQLite: join(directory, "growth.db") }
await using database = values.postgres === undefined ? undefined : await databaseAt(values.postgres)
if (database !== undefined) stores.PostgreSQL = database.url

const users = Number(values.users)
const waits = { awaitResult: await waiting(users, "awaitResult"), awaitStored: await waiting(users, "awaitStored") }
const collected: Growth["collecting"] = {}
const called: Growth["shared"] = {}
// Object.entries widens the keys to string.
for (const [name, store] of Object.entries(stores) as Array<[Database, string]>) {
  called[name] = [await shared(store, 1, Number(values.seconds)), await shared(store, 2, Number(values.seconds))]
  collected[name] = await collecting(store, Number(values.rows))
}
rmSync(directory, { recursive: true })

const growth: Growth = {
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus()[0]?.model ?? "unknown CPU"}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
  node: process.versions.node,
  loadBefore: Number(loadBefore.toFixed(1)),
  waiting: waits,
  images: await images(),
  collections: await collections(),
  collecting: collected,
  shared: called
}
console.log(page.tables(growth))
if (!values.print) {
  writeFileSync(join(here, "..", "growth.json"), `${JSON.stringify(growth, null, 2)}\n`)
  page.write(growth)
}
