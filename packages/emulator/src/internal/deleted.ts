/** Which parts of a transaction were deleted, and which parts of its verdict are left. */
import type { Verdict } from "./scenario/model.ts"

export type Part = "Img" | "Text"

export interface Deleted {
  /** What is deleted of a transaction. */
  readonly of: (transactionId: string) => ReadonlySet<Part>
  /** Notes that CheckResult has given the result away: `DeleteAfterQuery=Y` needs that. */
  readonly queried: (transactionId: string) => void
}

/** A verdict without what was deleted. The verdict itself stays, as long as not all is gone. */
export const without = (verdict: Verdict, deleted: ReadonlySet<Part>): Verdict => {
  if (deleted.has("Img")) return { ...verdict, images: { ...verdict.images, missing: ["front", "back"] } }
  if (!deleted.has("Text")) return verdict
  const absent = { ocrIdInfo: "absent", ocrIdEditInfo: "absent", ocrIdBackInfo: "absent" } as const
  return { ...verdict, nesting: { ...verdict.nesting, ...absent } }
}
