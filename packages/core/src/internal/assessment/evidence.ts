/** The parts of a result that the checks look at: the fields of each side, if they are there. */
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import type * as Document from "../../Document.ts"
import * as DocumentDate from "../../DocumentDate.ts"
import { isTold } from "../document/field.ts"
import { partsOf } from "../document/interpret.ts"
import { type Name, names } from "../document/kinds.ts"
import { plainKey } from "../document/plainKey.ts"

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
  /** The keys and values as they came. */
  readonly raw: Readonly<Record<string, unknown>>
  readonly keys: ReadonlyArray<string>
}

/** A side of a result. A copy without personal data, or a value that is not a reading, is unreadable. */
export const pageOf = (side: Page["side"], reading: Document.Reading | undefined): Page => {
  if (reading?._tag === "NotRead") return empty(side, "notRead")
  if (reading?._tag !== "Read" && reading?._tag !== "Ambiguous") return empty(side, "unreadable")
  const raw = shown(reading.raw)
  if (raw === undefined) return empty(side, "unreadable")
  if (!Object.values(raw).some(isSaid)) return empty(side, "notRead")
  const name = reading._tag === "Read" ? reading.document : reading.candidates[0]
  const dates = datesOf(raw)
  const parts = name === undefined || !names.includes(name) ? undefined : partsOf(name, raw)
  return {
    side,
    state: "read",
    name,
    isUndecided: reading._tag === "Ambiguous",
    fields: { ...dates, ...parts?.fields },
    unreadable: [...new Set([...dateKeysWithoutText(raw), ...Object.keys(parts?.unreadable ?? {})])],
    raw,
    keys: Object.keys(raw)
  }
}

/** Whether a value says something: blanks, dashes and empty lists don't. */
const isSaid = (value: unknown): boolean => isTold(typeof value === "string" ? value : (JSON.stringify(value) ?? ""))

/** The keys of dates, without their spelling: also those that other OCR services have, as on the back of the PRC's card. */
const dateKeys = {
  birthDate: /^birthdate$/,
  issueDate: /^issuedate$/,
  expiryDate: /^(?:validperiod|validdate|enddate|expir.+date|dateofexpiry)$/
}

/** The first day of a period, in front of its last day. */
const periodStart = /^\s*\d{4}\D?\d\d?\D?\d\d?\D+(?=\d{4}|长|長)/

const readDay = Schema.decodeSync(DocumentDate.Day)

/** Dates that stand on a page though its kind has no such field: the vendor has no table for the back. */
const datesOf = (raw: Page["raw"]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    dateEntries(raw).flatMap(([field, value]) =>
      isText(value) ? [[field, readDay(String(value).replace(periodStart, ""))]] : []
    )
  )

/** Such dates that are no text. */
const dateKeysWithoutText = (raw: Page["raw"]): ReadonlyArray<string> =>
  dateEntries(raw).flatMap(([field, value]) => (isText(value) ? [] : [field]))

const dateEntries = (raw: Page["raw"]): ReadonlyArray<readonly [field: string, value: unknown]> =>
  Object.entries(raw).flatMap(([key, value]) => {
    const plain = plainKey(key)
    const field = Struct.keys(dateKeys).find((name) => dateKeys[name].test(plain))
    const isBlank = value === null || (typeof value === "string" && value.trim() === "")
    return field === undefined || isBlank ? [] : [[field, value] as const]
  })

const isText = (value: unknown): boolean => typeof value === "string" || typeof value === "number"

const empty = (side: Page["side"], state: "notRead" | "unreadable"): Page => ({
  side,
  state,
  name: undefined,
  isUndecided: false,
  fields: {},
  unreadable: [],
  raw: {},
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
