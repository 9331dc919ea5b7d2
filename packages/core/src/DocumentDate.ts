/**
 * Dates as they stand on a document: a real calendar date if the text is one, else the text.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import { generatedFrom, textLike } from "./internal/generated.ts"

const Raw = {
  /** The text as it came. */
  raw: Schema.String.annotate({ description: "The text as it came." })
}

const year = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 9999 })).annotate({ description: "1 to 9999." })
const month = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 12 })).annotate({ description: "1 to 12." })

const unreadable = <const Forms extends ReadonlyArray<"yyyy-MM-dd" | "yyyy-MM">>(...forms: Forms) =>
  Schema.TaggedStruct("Unreadable", {
    ...Raw,
    /** What should have stood there. */
    expected: Schema.Literals(forms).annotate({ description: "What should have stood there." })
  })

/** The shapes of dates. */
const shapes = {
  CalendarDate: Schema.TaggedStruct("CalendarDate", {
    year,
    /** 1 to 12. */
    month,
    /** 1 to 31. */
    day: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 31 })).annotate({ description: "1 to 31." }),
    ...Raw
  }),
  YearMonth: Schema.TaggedStruct("YearMonth", {
    year,
    /** 1 to 12. */
    month,
    ...Raw
  }),
  LongTerm: Schema.TaggedStruct("LongTerm", Raw),
  UnreadableDay: unreadable("yyyy-MM-dd"),
  UnreadableMonth: unreadable("yyyy-MM"),
  Unreadable: unreadable("yyyy-MM-dd", "yyyy-MM")
}

/** Texts to draw dates from. */
const texts = {
  CalendarDate: textLike(/^(?:(?:19|20)\d\d-(?:0[1-9]|1[0-2])-[0-2]\d|(?:19|20)\d\d年1?[12]月2?[1-8]日)$/u),
  YearMonth: textLike(/^(?:19|20)\d\d-(?:0[1-9]|1[0-2])$/u),
  LongTerm: Schema.Literals(["长期", "長期", "long-term"]),
  Unreadable: textLike(/^\(\d\d-\d\d\)$/u)
}

/**
 * A date that exists in the calendar.
 *
 * @category models
 * @since 0.1.0
 */
export const CalendarDate = generatedFrom(shapes.CalendarDate, texts.CalendarDate, (raw): unknown => parse(raw))
export type CalendarDate = typeof CalendarDate.Type

/**
 * A month of a year, as the Hong Kong card gives its first registration.
 *
 * @category models
 * @since 0.1.0
 */
export const YearMonth = generatedFrom(shapes.YearMonth, texts.YearMonth, (raw): unknown => parse(raw))
export type YearMonth = typeof YearMonth.Type

/**
 * The document does not expire: `长期`, `長期`, `long-term`.
 *
 * @category models
 * @since 0.1.0
 */
export const LongTerm = generatedFrom(shapes.LongTerm, texts.LongTerm, (raw): unknown => parse(raw))
export type LongTerm = typeof LongTerm.Type

/**
 * Text that is not a date, or can be read in two ways. The result has a warning for it.
 *
 * @category models
 * @since 0.1.0
 */
export const Unreadable = generatedFrom(
  // One shape: a union of two with the same tag has no binary form.
  shapes.Unreadable,
  texts.Unreadable,
  (raw): unknown => parseDay(raw)
)
export type Unreadable = typeof Unreadable.Type

/**
 * A date of a document.
 *
 * @category models
 * @since 0.1.0
 */
export type DocumentDate = CalendarDate | YearMonth | LongTerm | Unreadable

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
const daysIn = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31

/** The forms in which a date stands on these cards; the year comes first, so none can be read in two ways. */
const forms: ReadonlyArray<RegExp> = [
  /^(\d{4})-(\d{2})(?:-(\d{2}))?$/,
  /^(\d{4})\/(\d{1,2})(?:\/(\d{1,2}))?$/,
  /^(\d{4})\.(\d{1,2})(?:\.(\d{1,2}))?$/,
  /^(\d{4})年(\d{1,2})月(?:(\d{1,2})日)?$/,
  /^(\d{4})(\d{2})(\d{2})$/
]

/**
 * A time behind a date says nothing about the document, unless its zone could move the day: 16:00 UTC is the next day where
 * these cards are issued.
 */
const time =
  /[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:\+08:?00|(?<=[T ](?:0\d|1[0-5]):.*)(?:Z|[+-]00:?00))?$/

const longTerm = /^(?:长期|長期|long[- ]?term)$/i

/** Reads a date or a month. Never fails. */
const parse = (raw: string): CalendarDate | YearMonth | LongTerm | undefined => {
  const text = raw.trim()
  const digits = digitsOf(text) ?? digitsOf(text.replace(time, ""))
  if (digits !== undefined) return ofNumbers(digits, raw)
  return longTerm.test(text) ? { _tag: "LongTerm", raw } : undefined
}

const digitsOf = (text: string): RegExpExecArray | undefined => {
  for (const form of forms) {
    const digits = form.exec(text)
    if (digits !== null) return digits
  }
  return undefined
}

const ofNumbers = (digits: RegExpExecArray, raw: string): CalendarDate | YearMonth | undefined => {
  const [year, month] = [Number(digits[1]), Number(digits[2])]
  const day = digits[3] === undefined ? undefined : Number(digits[3])
  if (year === 0 || month < 1 || month > 12) return undefined
  if (day === undefined) return { _tag: "YearMonth", year, month, raw }
  return day >= 1 && day <= daysIn(year, month) ? { _tag: "CalendarDate", year, month, day, raw } : undefined
}

/** The values of a day: one declaration, since a union of declarations tries each in turn. */
const DayValue = generatedFrom(
  Schema.Union([shapes.CalendarDate, shapes.LongTerm, shapes.UnreadableDay]),
  Schema.Union([texts.CalendarDate, texts.LongTerm, texts.Unreadable]),
  (raw): unknown => parseDay(raw)
)

const MonthValue = generatedFrom(
  Schema.Union([shapes.YearMonth, shapes.CalendarDate, shapes.LongTerm, shapes.UnreadableMonth]),
  Schema.Union([texts.YearMonth, texts.CalendarDate, texts.LongTerm, texts.Unreadable]),
  (raw): unknown => parseMonth(raw)
)

const parseDay = (raw: string): typeof DayValue.Type => {
  const date = parse(raw)
  return date === undefined || date._tag === "YearMonth" ? { _tag: "Unreadable", raw, expected: "yyyy-MM-dd" } : date
}

const parseMonth = (raw: string): typeof MonthValue.Type =>
  parse(raw) ?? { _tag: "Unreadable", raw, expected: "yyyy-MM" }

/**
 * A day: text on the wire. Read are `yyyy-MM-dd` and the other forms that stand on these cards: `yyyy/MM/dd`,
 * `yyyy.MM.dd`, `yyyy年MM月dd日`, `yyyyMMdd`, each with a time behind it or without. Anything else is `Unreadable`, also a
 * time in UTC that is another day in Hong Kong, and one of any other zone.
 *
 * @example
 * import * as DocumentDate from "@effect-cloudauth/core/DocumentDate"
 * import * as Schema from "effect/Schema"
 *
 * Schema.decodeSync(DocumentDate.Day)("1990年02月21日")._tag // => "CalendarDate"
 * Schema.decodeSync(DocumentDate.Day)("1990-02-30")._tag // => "Unreadable"
 *
 * @category schemas
 * @since 0.1.0
 */
export const Day = Schema.String.pipe(
  Schema.decodeTo(DayValue, {
    decode: SchemaGetter.transform(parseDay),
    encode: SchemaGetter.transform((date) => date.raw)
  })
)

/**
 * A month, or a day if the document gives one: text on the wire.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Month = Schema.String.pipe(
  Schema.decodeTo(MonthValue, {
    decode: SchemaGetter.transform(parseMonth),
    encode: SchemaGetter.transform((date) => date.raw)
  })
)
