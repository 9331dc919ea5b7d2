/** What a person changed by hand of what was read. */
import * as Redacted from "effect/Redacted"
import { fieldsOf, names } from "./documentKinds.ts"
import type { Reading } from "./documentReading.ts"

/** One field that the person changed by hand. */
export interface Difference {
  readonly field: string
  /** What was read, `undefined` where nothing was. */
  readonly read: Redacted.Redacted<unknown>
  /** What the person made of it. */
  readonly edited: Redacted.Redacted<unknown>
}

/**
 * The fields that differ between what was read and what the person made of it on the result page (`ocrEdited`), in the
 * order of the vendor's table; empty where the person edited nothing.
 *
 * @example
 * import type { CheckResult } from "@effect-cloudauth/core/CheckResult"
 * import * as Document from "@effect-cloudauth/core/Document"
 *
 * declare const result: CheckResult
 *
 * const changed = Document.differences(result.ocr, result.ocrEdited).map((difference) => difference.field)
 */
export const differences = (before: Reading, after: Reading): ReadonlyArray<Difference> => {
  if (after._tag === "NotRead") return []
  const read = before._tag === "NotRead" ? {} : Redacted.value(before.raw)
  const edited = Redacted.value(after.raw)
  return [...new Set(names.flatMap(fieldsOf))]
    .filter((field) => Object.hasOwn(edited, field) && (read[field] ?? "") !== (edited[field] ?? ""))
    .map((field) => ({
      field,
      read: Redacted.make(read[field], { label: field }),
      edited: Redacted.make(edited[field], { label: field })
    }))
}
