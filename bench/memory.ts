/**
 * Memory of one process, measured inside it. Needs `--expose-gc` and, for exact sums, `--single-threaded-gc`: with
 * helper threads V8 frees buffers beside the pauses, and what was freed between two readings would be lost.
 *
 * How: between two collections the heap only grows, so what was allocated is the sum of the growths, from the end of one
 * collection to the start of the next. `v8.GCProfiler` gives both ends of every collection. Counted are V8's heap and
 * the memory outside that V8 knows of (`externalMemory`: ArrayBuffers, Buffers, large strings).
 * Not counted is memory that native code allocates and frees by itself (OpenSSL, zlib).
 */
import { readFileSync, writeFileSync } from "node:fs"
import { setTimeout as sleep } from "node:timers/promises"
import * as v8 from "node:v8"

const collect = (): void => {
  if (globalThis.gc === undefined) throw new Error("memory is measured with --expose-gc")
  // Twice: the first collection's finalizers free what the second one takes.
  globalThis.gc()
  globalThis.gc()
}

/** Bytes at one moment. */
interface Height {
  readonly all: number
  /** Without the young generation: an area of fixed size that every call uses again, so what lies in it takes no further memory. */
  readonly beyondYoung: number
}

const now = (): Height => {
  const { external_memory, used_heap_size } = v8.getHeapStatistics()
  const young = v8.getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space")?.space_used_size ?? 0
  const all = used_heap_size + external_memory
  return { all, beyondYoung: all - young }
}

const heightOf = ({
  heapSpaceStatistics,
  heapStatistics
}: v8.GCProfilerResult["statistics"][number]["afterGC"]): Height => {
  const young = heapSpaceStatistics.find(({ spaceName }) => spaceName === "new_space")?.spaceUsedSize ?? 0
  const all = heapStatistics.usedHeapSize + heapStatistics.externalMemory
  return { all, beyondYoung: all - young }
}

interface Heights {
  /** Bytes. */
  readonly allocated: number
  /** Above the start, the most at any moment, counting what is not collected yet. */
  readonly peak: Height
}

/** Runs `work` and reads the heap's heights around it. */
export const measure = async (work: () => Promise<void>): Promise<Heights> => {
  collect()
  const profiler = new v8.GCProfiler()
  const start = now()
  profiler.start()
  await work()
  const end = now()
  const { statistics } = profiler.stop()
  let level = start.all
  let allocated = 0
  let { all, beyondYoung } = end
  for (const { afterGC, beforeGC } of statistics) {
    const before = heightOf(beforeGC)
    allocated += before.all - level
    all = Math.max(all, before.all)
    beyondYoung = Math.max(beyondYoung, before.beyondYoung)
    level = heightOf(afterGC).all
  }
  return {
    allocated: allocated + end.all - level,
    peak: { all: all - start.all, beyondYoung: beyondYoung - start.beyondYoung }
  }
}

/**
 * Growth of the resident set while `work` runs, in bytes: Linux keeps the high-water mark (VmHWM) and sets it back on
 * demand. Undefined elsewhere. Run with MALLOC_TRIM_THRESHOLD_ and MALLOC_MMAP_THRESHOLD_ low, or freed memory that the
 * allocator kept hides the next call's.
 */
export const residentGrowth = async (work: () => Promise<void>): Promise<number | undefined> => {
  collect()
  // V8 gives pages back a little later; given back during the call they would hide its growth.
  await sleep(50)
  try {
    writeFileSync("/proc/self/clear_refs", "5")
  } catch {
    await work()
    return undefined
  }
  const start = status("VmRSS")
  await work()
  return status("VmHWM") - start
}

const status = (name: string): number => {
  const line = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(readFileSync("/proc/self/status", "utf8"))
  return Number(line?.[1]) * 1024
}
