/** What of a result can be looked at: the fields of each side, as far as they are there. */
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as Document from "../../Document.ts"
import * as DocumentDate from "../../DocumentDate.ts"
import { partsOf } from "../document/interpret.ts"
import { type Name, names } from "../document/kinds.ts"
import { bySpelling, lookUp } from "../document/plainKey.ts"

/** One side of a document. */
export interface Page {
  readonly side: "front" | "back"
  readonly state: "read" | "notRead" | "unreadable"
  /** The kind; the first of those that fit if it is undecided. */
  readonly name: Name | undefined
  readonly isUndecided: boolean
  /** The decoded fields, by name. */
  readonly fields: Readonly<Record<string, unknown>>
  /** The fields whose value is no text. */
  readonly unreadable: ReadonlyArray<string>
  /** The keys as they came. */
  readonly keys: ReadonlyArray<string>
}

/** A side of a result. A copy that has lost the person, or a value that is no reading, is unreadable. */
export const pageOf = (side: Page["side"], reading: Document.Reading | undefined): Page => {
  if (reading?._tag === "NotRead") return empty(side, "notRead")
  if (reading?._tag !== "Read" && reading?._tag !== "Ambiguous") return empty(side, "unreadable")
  const raw = shown(reading.raw)
  if (raw === undefined) return empty(side, "unreadable")
  const name = reading._tag === "Read" ? reading.document : reading.candidates[0]
  const parts = name === undefined || !names.includes(name) ? undefined : partsOf(name, raw)
  return {
    side,
    state: "read",
    name,
    isUndecided: reading._tag === "Ambiguous",
    fields: { ...datesOf(raw), ...parts?.fields },
    unreadable: Object.keys(parts?.unreadable ?? {}),
    keys: Object.keys(raw)
  }
}

const dateKeys: ReadonlyMap<string, string> = bySpelling(
  ["birthDate", "issueDate", "expiryDate"].map((field) => [field, field])
)

const readDay = Schema.decodeSync(DocumentDate.Day)

/** Dates that stand on a page though its kind has no such field: the vendor has no table for the back. */
const datesOf = (raw: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(raw).flatMap(([key, value]) => {
      const field = lookUp(dateKeys, key)
      return field === undefined || typeof value !== "string" || value.trim() === "" ? [] : [[field, readDay(value)]]
    })
  )

const empty = (side: Page["side"], state: "notRead" | "unreadable"): Page => ({
  side,
  state,
  name: undefined,
  isUndecided: false,
  fields: {},
  unreadable: [],
  keys: []
})

/** The value of a `Redacted`; `undefined` if it is a copy, or was wiped. */
export const shown = <A>(hidden: Redacted.Redacted<A>): A | undefined => {
  try {
    return Redacted.isRedacted(hidden) ? Redacted.value(hidden) : undefined
  } catch {
    return undefined
  }
}

/** A text field of a page. */
export const textOf = ({ fields }: Page, field: string): string | undefined => {
  const value = fields[field]
  return typeof value === "string" ? value : undefined
}
