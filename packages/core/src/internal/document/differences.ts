/** What the user changed in the fields that were read. */
import * as Redacted from "effect/Redacted"
import { bySpelling, lookUp } from "./plainKey.ts"
import { type Reading, revealRedacted } from "./reading.ts"

/**
 * One field that the user changed.
 *
 * @category models
 * @since 0.1.0
 */
export interface Difference {
  /** The field's key as it came. */
  readonly field: string
  /** What was read, `undefined` if nothing was. */
  readonly read: Redacted.Redacted<unknown>
  /** What the user changed it to. */
  readonly edited: Redacted.Redacted<unknown>
}

const fieldsIn = (reading: Reading): Readonly<Record<string, unknown>> =>
  reading._tag === "Read" || reading._tag === "Ambiguous" ? revealRedacted(reading.raw) : {}

/**
 * The fields that the user changed on the result page (`ocrEdited`), also those that are not in the vendor's table. Empty
 * if the user changed nothing.
 *
 * @example
 * import type { CheckResult } from "@effect-cloudauth/core/CheckResult"
 * import * as Document from "@effect-cloudauth/core/Document"
 *
 * declare const result: CheckResult
 *
 * const changed = Document.differences(result.ocr, result.ocrEdited).map((difference) => difference.field)
 *
 * @category combinators
 * @since 0.1.0
 */
export const differences = (before: Reading, after: Reading): ReadonlyArray<Difference> => {
  const fields = bySpelling(Object.entries(fieldsIn(before)))
  return Object.entries(fieldsIn(after))
    .map(([field, edited]) => ({ field, read: lookUp(fields, field), edited }))
    .filter(({ edited, read }) => JSON.stringify(read ?? "") !== JSON.stringify(edited ?? ""))
    .map(({ edited, field, read }) => ({
      field,
      read: Redacted.make(read, { label: "field" }),
      edited: Redacted.make(edited, { label: "field" })
    }))
}
