/**
 * One client in one process. Arguments: the client's module, the target as JSON. It answers one command at a time
 * (`protocol.ts`) and is idle between them, so that several workers can take turns.
 */
import { writeFileSync } from "node:fs"
import { Session } from "node:inspector/promises"
import { constants, monitorEventLoopDelay, PerformanceObserver } from "node:perf_hooks"
import { setImmediate as turn } from "node:timers/promises"
import type { BenchClient, CreateClient } from "./clients/BenchClient.ts"
import * as memory from "./memory.ts"
import type { Commands, Load, Reply, Request } from "./protocol.ts"
import { median } from "./statistics.ts"

const [modulePath = "", target = ""] = process.argv.slice(2)
const { create }: { readonly create: CreateClient } = await import(modulePath)
const client: BenchClient = await create(JSON.parse(target)).catch((error: unknown) => {
  process.send?.({ error: String(error) } satisfies Reply)
  process.exit(1)
})

const run = async ({ calls, concurrency, workload }: Load): Promise<void> => {
  let left = calls
  const lane = async (): Promise<void> => {
    while (left-- > 0) await client.call(workload)
  }
  await Promise.all(Array.from({ length: concurrency }, lane))
}

const handlers: {
  readonly [Kind in keyof Commands]: (input: Commands[Kind]["input"]) => Promise<Commands[Kind]["output"]>
} = {
  warm: async (load) => {
    await run(load)
    return undefined
  },

  round: async (load) => {
    const cpu = process.cpuUsage()
    const start = performance.now()
    await run(load)
    const millis = performance.now() - start
    const { system, user } = process.cpuUsage(cpu)
    return { cpuMicrosPerCall: (user + system) / load.calls, callsPerSecond: (load.calls / millis) * 1000 }
  },

  delay: async (load) => {
    const resolution = 1
    const histogram = monitorEventLoopDelay({ resolution })
    histogram.enable()
    await run(load)
    histogram.disable()
    // The histogram holds whole intervals; what is above the timer's own is the delay.
    return { p99Millis: Math.max(0, histogram.percentile(99) / 1e6 - resolution) }
  },

  collections: async (load) => {
    let major = 0
    let minor = 0
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        // The types lack what an entry of the type "gc" has.
        const { kind } = (entry as unknown as { readonly detail: { readonly kind: number } }).detail
        if (kind === constants.NODE_PERFORMANCE_GC_MAJOR) major++
        if (kind === constants.NODE_PERFORMANCE_GC_MINOR) minor++
      }
    })
    observer.observe({ entryTypes: ["gc"] })
    const { minorPageFault } = process.resourceUsage()
    const cpu = process.cpuUsage()
    await run(load)
    const { system, user } = process.cpuUsage(cpu)
    // Entries come a turn later.
    await turn()
    observer.disconnect()
    const of100 = (count: number): number => Math.round((count * 100) / load.calls)
    return {
      cpuMicrosPerCall: (user + system) / load.calls,
      major: of100(major),
      minor: of100(minor),
      pageFaults: of100(process.resourceUsage().minorPageFault - minorPageFault)
    }
  },

  peakRss: async () => ({ mib: process.resourceUsage().maxRSS / 1024 }),

  allocation: async (load) => {
    const { allocated } = await memory.measure(() => run(load))
    return { bytesPerCall: allocated / load.calls }
  },

  imageMemory: async ({ calls, workload }) => {
    const one = () => client.call(workload)
    const all: Array<number> = []
    const beyondYoung: Array<number> = []
    const resident: Array<number> = []
    for (let i = 0; i < calls; i++) {
      const { peak } = await memory.measure(one)
      all.push(peak.all)
      beyondYoung.push(peak.beyondYoung)
      const growth = await memory.residentGrowth(one)
      if (growth !== undefined) resident.push(growth)
    }
    return {
      heapAndBuffers: median(all),
      beyondYoung: median(beyondYoung),
      resident: resident.length > 0 ? median(resident) : undefined
    }
  },

  profile: async ({ file, ...load }) => {
    // As `--cpu-prof`, but begun after the warm-up: start-up and first compilation would drown the rest.
    using session = disposable(new Session())
    session.connect()
    await session.post("Profiler.enable")
    await session.post("Profiler.setSamplingInterval", { interval: 200 })
    await session.post("Profiler.start")
    await run(load)
    const { profile } = await session.post("Profiler.stop")
    writeFileSync(file, JSON.stringify(profile))
    return undefined
  }
}

function disposable(session: Session): Session & Disposable {
  return Object.assign(session, { [Symbol.dispose]: () => session.disconnect() })
}

const answer = async (request: Request): Promise<Reply> => {
  try {
    // One handler for each kind, and the parent pairs kind and input: the compiler can't follow the pair through the lookup.
    const handler = handlers[request.kind] as (input: unknown) => Promise<unknown>
    return { ok: await handler(request.input) }
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

process.on("message", (request: Request) => void answer(request).then((reply) => process.send?.(reply)))
process.on("disconnect", () => void client.close().finally(() => process.exit(0)))
process.send?.({ ok: undefined } satisfies Reply)
