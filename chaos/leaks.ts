/** What is left behind: heap, handles, timers, fibers. */
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import type * as Metric from "effect/Metric"

setFlagsFromString("--expose-gc")
// The flag adds `gc` to contexts that are made after it.
const gc = runInNewContext("gc") as () => void

const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis))

export interface Left {
  /** Bytes in use after a collection. */
  readonly heap: number
  readonly external: number
  readonly resident: number
  /** Handles and requests that keep the process alive, by type. */
  readonly resources: Readonly<Record<string, number>>
}

/** Counts after everything that ends by itself has ended. */
export const measure = async (): Promise<Left> => {
  // Finalisers run in turns of their own.
  for (let turn = 0; turn < 3; turn++) {
    gc()
    await pause(15)
  }
  const { external, heapUsed, rss } = process.memoryUsage()
  const resources: Record<string, number> = {}
  for (const type of process.getActiveResourcesInfo()) resources[type] = (resources[type] ?? 0) + 1
  return { heap: heapUsed, external, resident: rss, resources }
}

/** What there is more of than there was, by type. */
export const more = (before: Left, after: Left): ReadonlyArray<readonly [string, number]> =>
  Object.entries(after.resources)
    .map(([type, count]) => [type, count - (before.resources[type] ?? 0)] as const)
    .filter(([, count]) => count > 0)

/** Counts until there is no more than before: a timer of the test runner's may be under way. After two seconds it stays as it is. */
export const settled = async (before: Left): Promise<Left> => {
  const end = performance.now() + 2000
  for (;;) {
    const left = await measure()
    if (more(before, left).length === 0 || performance.now() > end) return left
  }
}

/** Counts live fibers: Effect's runtime tells of each that starts and ends. */
export class LiveFibers implements Metric.FiberRuntimeMetricsService {
  started = 0
  ended = 0
  recordFiberStart(): void {
    this.started++
  }
  recordFiberEnd(): void {
    this.ended++
  }
  get live(): number {
    return this.started - this.ended
  }
}

const median = (values: ReadonlyArray<number>): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

/**
 * How much a series grows from its first to its last third, by their medians, the first measurement left out: caches and compiled code have settled
 * after it.
 */
export const growth = (series: ReadonlyArray<number>): number => {
  const settled = series.slice(1)
  const third = Math.ceil(settled.length / 3)
  return settled.length < 3 ? 0 : median(settled.slice(-third)) - median(settled.slice(0, third))
}
