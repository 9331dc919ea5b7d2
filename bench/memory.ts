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

const now = (): number => {
  const { external_memory, used_heap_size } = v8.getHeapStatistics()
  return used_heap_size + external_memory
}

interface HeapStatistics {
  readonly usedHeapSize: number
  readonly externalMemory: number
}
const sum = (heap: HeapStatistics): number => heap.usedHeapSize + heap.externalMemory

interface Heights {
  /** Bytes. */
  readonly allocated: number
  /** Bytes above the start, the most at any moment, counting what is not collected yet. */
  readonly peak: number
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
  let level = start
  let allocated = 0
  let top = end
  for (const { afterGC, beforeGC } of statistics) {
    const before = sum(beforeGC.heapStatistics)
    allocated += before - level
    top = Math.max(top, before)
    level = sum(afterGC.heapStatistics)
  }
  return { allocated: allocated + end - level, peak: top - start }
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
