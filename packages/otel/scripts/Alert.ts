/** What an alert is made of. */
import type { Series } from "./series.ts"

export interface Alert {
  readonly name: string
  readonly severity: "page" | "ticket"
  readonly expr: string
  readonly for: string
  /** What has happened, in one line. */
  readonly summary: string
  /** What to do. */
  readonly action: string
  /** Series that raise it after 10 hours, for each case. */
  readonly fires: Readonly<Record<string, ReadonlyArray<Series>>>
  /** The labels of the raised alert, besides its severity. */
  readonly labels?: Readonly<Record<string, string>>
  /** Series that do not raise it. */
  readonly rests: Readonly<Record<string, ReadonlyArray<Series>>>
}
