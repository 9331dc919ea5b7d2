import type { Workload } from "../workloads.ts"

/** Where the server is. The certificate of `https` is trusted by the process (NODE_EXTRA_CA_CERTS), as for any client. */
export interface Target {
  readonly protocol: "http" | "https"
  /** Host and port, as in the Host header. */
  readonly host: string
}

/**
 * The plug of the benchmark. `call` does one whole CheckResult: sign, send, read, parse every nested level, turn the
 * images to bytes, retry when throttled, and hand the result to `checkAnswer`. It rejects when anything is wrong.
 */
export interface BenchClient {
  readonly name: string
  readonly call: (workload: Workload) => Promise<void>
  readonly close: () => Promise<void>
}

/** Each module in this folder that is a client exports this as `create`. */
export type CreateClient = (target: Target) => Promise<BenchClient>

/** Not secret: the server takes any key. */
export const accessKey = { id: "LTAI5tBenchmarkOnly000001", secret: "BenchmarkOnly0000000000000000000001" }

/** Open connections never are what a client waits for: as many as the largest concurrency. */
export const maxConnections = 128
