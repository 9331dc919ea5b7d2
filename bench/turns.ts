/** A workload's CPU time and speed: the clients take turns, at most three at a time. */
import type { Worker } from "./processes.ts"
import type { Commands, Load } from "./protocol.ts"
import { load, open } from "./run.ts"
import type { Bench } from "./run.ts"
import type { ClientName } from "./stage.ts"
import { median, rotated, spread } from "./statistics.ts"
import type { Workload } from "./workloads.ts"

export interface Measured {
  readonly cpuMicrosPerCall: number
  readonly callsPerSecond: number
  readonly peakRssMiB: number
  readonly eventLoopDelayP99Millis: number
  /** Half the distance between the quartiles of the rounds' CPU figures, as a part of their median. */
  readonly spread: number
  /** CPU time of a call in every round, and that of ours in the same round: both ran in the same seconds. */
  readonly rounds: ReadonlyArray<{ readonly cpuMicros: number; readonly oursCpuMicros: number | undefined }>
}

/**
 * Who lives as long as a block; the others come one after another and take turns with them. Of small answers a process that
 * sleeps long between its turns needs up to twice the CPU time, so at most three live at a time.
 */
const isLasting = (client: ClientName, { answer }: Workload): boolean =>
  answer !== "small" || client === "limit" || client === "ours"

/** Those that no goal needs are in the first block alone. */
const once: ReadonlyArray<ClientName> = ["oursSampledOut", "oursAlone", "effectPlain", "vendorOlder", "fetch"]

/**
 * What V8 makes of the same code differs between processes by a tenth and more, which is as much as tracing costs: one call
 * and 16 calls at a time are measured in two blocks, each with new processes.
 */
const blocksOf = (bench: Bench, { name }: Workload): number =>
  bench.speed === "full" && (name === "small1" || name === "small16") ? 2 : 1

/** A client's process, and what each of its rounds gave. */
interface Lane extends AsyncDisposable {
  readonly worker: Worker
  readonly rounds: Array<Measured["rounds"][number]>
  readonly callsPerSecond: Array<number>
}

const warmed = async (bench: Bench, client: ClientName, workload: Workload): Promise<Lane> => {
  const worker = await open(bench, client, workload)
  await worker.ask("warm", load(workload, workload.warmCalls[bench.speed]))
  return { worker, rounds: [], callsPerSecond: [], [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose]() }
}

/** The first of one round is the last of the next. */
const takeTurns = async (bench: Bench, lanes: ReadonlyArray<Lane>, measured: Load): Promise<void> => {
  for (let round = 0; round < bench.rounds; round++) {
    const turns = new Array<{ readonly lane: Lane } & Commands["round"]["output"]>()
    for (const lane of rotated(lanes, round)) turns.push({ lane, ...(await lane.worker.ask("round", measured)) })
    const ours = turns.find(({ lane }) => lane.worker.client === "ours")?.cpuMicrosPerCall
    for (const { callsPerSecond, cpuMicrosPerCall, lane } of turns) {
      lane.rounds.push({ cpuMicros: cpuMicrosPerCall, oursCpuMicros: ours })
      lane.callsPerSecond.push(callsPerSecond)
    }
  }
}

const measuredOf = async ({ callsPerSecond, rounds, worker }: Lane, measured: Load): Promise<Measured> => {
  const cpu = rounds.map(({ cpuMicros }) => cpuMicros)
  const { p99Millis } = await worker.ask("delay", measured)
  return {
    cpuMicrosPerCall: median(cpu),
    callsPerSecond: median(callsPerSecond),
    peakRssMiB: (await worker.ask("peakRss", undefined)).mib,
    eventLoopDelayP99Millis: p99Millis,
    spread: spread(cpu),
    rounds
  }
}

type Figures = ReadonlyArray<readonly [ClientName, Measured]>

const block = async (
  bench: Bench,
  clients: ReadonlyArray<ClientName>,
  workload: Workload,
  number: number
): Promise<Figures> => {
  const measured = load(workload, workload.calls[bench.speed])
  const figures = new Array<Figures[number]>()
  const beside = new Array<Lane>()
  await using stack = new AsyncDisposableStack()
  for (const client of clients.filter((name) => isLasting(name, workload))) {
    beside.push(stack.use(await warmed(bench, client, workload)))
  }
  const others = clients.filter((client) => !isLasting(client, workload))
  for (const client of rotated(others, number)) {
    await using lane = await warmed(bench, client, workload)
    await takeTurns(bench, [...beside, lane], measured)
    figures.push([client, await measuredOf(lane, measured)])
  }
  if (others.length === 0) await takeTurns(bench, beside, measured)
  for (const lane of beside) figures.push([lane.worker.client, await measuredOf(lane, measured)])
  return figures
}

/** Of two blocks the mean. */
const together = (blocks: ReadonlyArray<Measured>): Measured => {
  const of = (figure: (block: Measured) => number): number => median(blocks.map(figure))
  const rounds = blocks.flatMap((block) => block.rounds)
  return {
    cpuMicrosPerCall: of((block) => block.cpuMicrosPerCall),
    callsPerSecond: of((block) => block.callsPerSecond),
    peakRssMiB: of((block) => block.peakRssMiB),
    eventLoopDelayP99Millis: of((block) => block.eventLoopDelayP99Millis),
    spread: spread(rounds.map(({ cpuMicros }) => cpuMicros)),
    rounds
  }
}

/** One workload for all clients, in blocks. */
export const workload = async (
  bench: Bench,
  clients: ReadonlyArray<ClientName>,
  workload: Workload
): Promise<Partial<Record<ClientName, Measured>>> => {
  const figures = new Array<Figures[number]>()
  for (let number = 0; number < blocksOf(bench, workload); number++) {
    const taking = number === 0 ? clients : clients.filter((client) => !once.includes(client))
    figures.push(...(await block(bench, taking, workload, number)))
  }
  return Object.fromEntries(
    clients.map((client) => [
      client,
      together(figures.filter(([name]) => name === client).map(([, measured]) => measured))
    ])
  )
}
