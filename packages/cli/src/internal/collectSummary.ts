/** What `collect` did, for the person at the terminal. */
import type * as Collector from "../Collector.ts"
import type * as Export from "../Export.ts"
import { type Language, render } from "../Language.ts"
import * as Output from "../Output.ts"
import * as Progress from "../Progress.ts"
import type { Counts } from "../ResultStore.ts"
import * as deleteAtVendor from "./deleteAtVendor.ts"
import { say, type Value } from "./language/say.ts"

export interface Collected {
  readonly figures: Collector.Progress
  /** Milliseconds. */
  readonly elapsed: number
  readonly inStore: Counts
  readonly byError: ReadonlyArray<readonly [error: string, count: number]>
  readonly exported: Export.Written | undefined
  readonly deletion: deleteAtVendor.Figures | undefined
  readonly failedFile: string
  readonly bad: { readonly file: string; readonly lines: number }
}

/** How many ids got a result or failed, a second. */
export const rate = ({ failed, stored }: Collector.Progress, elapsed: number): number =>
  elapsed === 0 ? 0 : ((stored + failed) * 1000) / elapsed

export const text = (collected: Collected, language: Language): string => {
  const { elapsed, figures } = collected
  const { Inconclusive, Passed, Rejected } = figures.verdicts
  const head = say`Stored ${figures.stored} in ${Progress.clock(elapsed)} (${rate(figures, elapsed).toFixed(0)}/s): ${Passed} passed, ${Rejected} rejected, ${Inconclusive} inconclusive; ${figures.billed} billed authentications`
  const rows = rowsOf(collected).map(([name, value]) => [render(name, language), render(value, language)] as const)
  return `${render(head, language)}\n${Output.columns(rows)}`
}

type Row = readonly [name: Value, value: Value]

const rowsOf = ({ bad, byError, deletion, exported, failedFile, figures, inStore }: Collected): ReadonlyArray<Row> => [
  [say`in the store`, say`${inStore.Stored} results, ${inStore.Pending} pending, ${inStore.Failed} failed`],
  [say`retries`, say`${figures.retries}, throttled ${figures.throttles} times`],
  ...Object.entries(figures.left).map(([error, count]): Row => [error, say`${count} left pending`]),
  ...byError.map(([error, count]): Row => [error, say`${count} failed`]),
  ...row(exported && [say`exported`, say`${exported.results} results, ${exported.images} images`]),
  ...row(deletion && [say`at the vendor`, deleteAtVendor.summary(deletion)]),
  ...row(inStore.Failed > 0 ? [say`failed ids`, failedFile] : undefined),
  ...row(bad.lines > 0 ? [say`bad lines`, say`${bad.lines}, in ${bad.file}`] : undefined)
]

const row = (value: Row | undefined): ReadonlyArray<Row> => (value === undefined ? [] : [value])
