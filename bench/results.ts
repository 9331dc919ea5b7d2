/** Everything that a run of the benchmark measured. */
import type { ColdStart } from "./cold.ts"
import type { ImageMemory } from "./protocol.ts"
import type { ClientName, SignerName } from "./stage.ts"
import type { Measured } from "./turns.ts"
import type { WorkloadName } from "./workloads.ts"

export const coldNames = ["ours", "oursAlone", "effectPlain", "vendor", "limit"] as const
export type ColdName = (typeof coldNames)[number]

export interface Results {
  readonly date: string
  readonly quick: boolean
  readonly rounds: number
  /** Load average of the last minute before the run began: above a half, others had the processor, too. */
  readonly loadBefore: number
  readonly workloads: Partial<Record<WorkloadName, Partial<Record<ClientName, Measured>>>>
  /** Bytes for one call. */
  readonly allocation: Partial<Record<ClientName, Partial<Record<WorkloadName, number>>>>
  readonly cold: Partial<Record<ColdName, ColdStart>>
  readonly coldBundled: Partial<Record<ColdName, ColdStart>>
  readonly bundleBytes: Partial<Record<ColdName, number>>
  /** Bytes after gzip of a bundle that makes one call: what isn't Effect's, and all of it. */
  readonly callBundle: { readonly ours: number; readonly whole: number } | undefined
  /** Our modules where Effect, Schema and HttpClient are loaded, and where everything is that isn't ours. */
  readonly ownModules: Partial<Record<"afterEffect" | "afterDependencies", ColdStart>>
  readonly signing: Partial<Record<SignerName, number>>
  readonly imageMemory: Partial<Record<ClientName, ImageMemory>>
  readonly imageBodyBytes: number
  /** Clients that were asked for and could not be measured, with the reason. */
  readonly skipped: Partial<Record<ClientName, string>>
}
