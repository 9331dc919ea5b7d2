/**
 * Dates as they stand on a document: a real calendar date where the text is one, else the text.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 */
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"

const Raw = {
  /** The text as it came. */
  raw: Schema.String
}

/** A date that exists in the calendar. */
export const CalendarDate = Schema.TaggedStruct("CalendarDate", {
  year: Schema.Int,
  /** 1 to 12. */
  month: Schema.Int,
  /** 1 to 31. */
  day: Schema.Int,
  ...Raw
})
export type CalendarDate = typeof CalendarDate.Type

/** A month of a year, as the Hong Kong card gives its first registration. */
export const YearMonth = Schema.TaggedStruct("YearMonth", {
  year: Schema.Int,
  /** 1 to 12. */
  month: Schema.Int,
  ...Raw
})
export type YearMonth = typeof YearMonth.Type

/** Text that is not a date in the documented form. The result has a warning for it. */
export const Unreadable = Schema.TaggedStruct("Unreadable", Raw)
export type Unreadable = typeof Unreadable.Type

/** A date of a document. */
export type DocumentDate = CalendarDate | YearMonth | Unreadable

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
const daysIn = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31

/** The number that the digits between two places are. */
const numberAt = (text: string, from: number, to: number): number => {
  let number = 0
  for (let at = from; at < to; at++) number = number * 10 + text.charCodeAt(at) - 48
  return number
}

/**
 * Reads `yyyy-MM-dd` (and, for months, `yyyy-MM`). Never fails.
 *
 * @example
 * import * as DocumentDate from "@effect-cloudauth/core/DocumentDate"
 *
 * DocumentDate.parse("1990-02-21")._tag // => "CalendarDate"
 * DocumentDate.parse("1990-02-30")._tag // => "Unreadable"
 */
export const parse = (raw: string): DocumentDate => {
  const text = raw.trim()
  if (!/^\d{4}-\d{2}(?:-\d{2})?$/.test(text)) return { _tag: "Unreadable", raw }
  const [year, month] = [numberAt(text, 0, 4), numberAt(text, 5, 7)]
  if (year === 0 || month < 1 || month > 12) return { _tag: "Unreadable", raw }
  if (text.length === 7) return { _tag: "YearMonth", year, month, raw }
  const day = numberAt(text, 8, 10)
  return day >= 1 && day <= daysIn(year, month)
    ? { _tag: "CalendarDate", year, month, day, raw }
    : { _tag: "Unreadable", raw }
}

/** Reads `yyyy-MM-dd` alone. Never fails. */
export const parseDay = (raw: string): CalendarDate | Unreadable => {
  const date = parse(raw)
  return date._tag === "YearMonth" ? { _tag: "Unreadable", raw } : date
}

/** A day: text on the wire. */
export const Day = Schema.String.pipe(
  Schema.decodeTo(Schema.Union([CalendarDate, Unreadable]), {
    decode: SchemaGetter.transform(parseDay),
    encode: SchemaGetter.transform((date) => date.raw)
  })
)

/** A month, or a day where the document gives one: text on the wire. */
export const Month = Schema.String.pipe(
  Schema.decodeTo(Schema.Union([YearMonth, CalendarDate, Unreadable]), {
    decode: SchemaGetter.transform(parse),
    encode: SchemaGetter.transform((date) => date.raw)
  })
)
