/** What the orchestrator asks a worker, by IPC, and what comes back. */
import type { Workload } from "./workloads.ts"

export interface Load {
  readonly workload: Workload
  readonly calls: number
  readonly concurrency: number
}

export interface Round {
  /** CPU time of the whole process, all threads, user and system. */
  readonly cpuMicrosPerCall: number
  readonly callsPerSecond: number
}

export interface ImageMemory {
  /** Bytes above the start of the call, heap and buffers, medians of the calls. */
  readonly heapAndBuffers: number
  /** The same without the young generation, whose size is fixed and which every call uses again. */
  readonly beyondYoung: number
  /** Bytes, growth of the resident set; undefined if the system can't tell. */
  readonly resident: number | undefined
}

export interface Commands {
  /** Runs without measuring. */
  readonly warm: { readonly input: Load; readonly output: undefined }
  readonly round: { readonly input: Load; readonly output: Round }
  /** Runs with the event loop's delay measured: apart, because measuring it costs CPU. */
  readonly delay: { readonly input: Load; readonly output: { readonly p99Millis: number } }
  /** Runs with the garbage collections counted. */
  readonly collections: {
    readonly input: Load
    readonly output: {
      readonly cpuMicrosPerCall: number
      /** Of a hundred calls. */
      readonly major: number
      readonly minor: number
      readonly pageFaults: number
    }
  }
  readonly peakRss: { readonly input: undefined; readonly output: { readonly mib: number } }
  readonly allocation: { readonly input: Load; readonly output: { readonly bytesPerCall: number } }
  readonly imageMemory: { readonly input: Load; readonly output: ImageMemory }
  readonly profile: { readonly input: Load & { readonly file: string }; readonly output: undefined }
}

export type Request = {
  readonly [Kind in keyof Commands]: { readonly kind: Kind; readonly input: Commands[Kind]["input"] }
}[keyof Commands]

export type Reply = { readonly ok: unknown } | { readonly error: string }
