import { describe, expect, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"
import * as DocumentDate from "../src/DocumentDate.ts"
import { utf16 } from "./fixtures/text.ts"

const two = (n: number): string => String(n).padStart(2, "0")

/** The Gregorian calendar by its rule, apart from the runtime's `Date`. */
const daysOf = (year: number): ReadonlyArray<number> => {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
}

const decodeDay = Schema.decodeUnknownSync(DocumentDate.Day)
const decodeMonth = Schema.decodeUnknownSync(DocumentDate.Month)

describe("DocumentDate.parse", () => {
  it("agrees with the calendar for every day from 1900 to 2100, and for the days that do not exist", () => {
    const disagreements: Array<string> = []
    for (let year = 1900; year <= 2100; year++) {
      const days = daysOf(year)
      for (let month = 0; month <= 13; month++) {
        const length = days[month - 1] ?? 0
        for (let day = 0; day <= 32; day++) {
          const raw = `${year}-${two(month)}-${two(day)}`
          const date = DocumentDate.parse(raw)
          const agrees =
            day >= 1 && day <= length
              ? date._tag === "CalendarDate" && date.year === year && date.month === month && date.day === day
              : date._tag === "Unreadable"
          if (!agrees || date.raw !== raw) disagreements.push(raw)
        }
      }
    }
    expect(disagreements).toEqual([])
  })

  it.each(["0001-01-01", "0004-02-29", "0096-02-29", "9999-12-31"])("reads %j", (raw) => {
    expect(DocumentDate.parse(raw)._tag).toBe("CalendarDate")
  })

  it.each(["2000-02-29", "2024-02-29"])("knows that %s is in a leap year", (raw) => {
    expect(DocumentDate.parse(raw)._tag).toBe("CalendarDate")
  })

  it.each(["1900-02-29", "2100-02-29", "2023-02-29"])("knows that %s is not", (raw) => {
    expect(DocumentDate.parse(raw)._tag).toBe("Unreadable")
  })

  it("reads a month", () => {
    expect(DocumentDate.parse("2003-06")).toEqual({ _tag: "YearMonth", year: 2003, month: 6, raw: "2003-06" })
  })

  it.each([
    "",
    " ",
    "0000-01-01",
    "1990-2-21",
    "90-02-21",
    "1990/02/21",
    "21-02-1990",
    "1990-02-21T00:00:00Z",
    "1990-02-21 x",
    "19900221",
    "1990-02-",
    "1990-13",
    "1990-00",
    "-1990-01-01",
    "+1990-01-01",
    "１９９０-０２-２１",
    "1990年02月21日",
    "LONG TERM",
    "长期",
    "1990-02-21\u00001"
  ])("keeps %j as it is, unreadable", (raw) => {
    expect(DocumentDate.parse(raw)).toEqual({ _tag: "Unreadable", raw })
  })

  it("drops white space around the date, and keeps the text", () => {
    expect(DocumentDate.parse(" 1990-02-21\n")).toMatchObject({ _tag: "CalendarDate", raw: " 1990-02-21\n" })
  })

  it("is what the documented form says, for any text", () => {
    const specified = (raw: string): DocumentDate.DocumentDate => {
      const [, year = 0, month = 0, day] = (/^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(raw.trim()) ?? []).map((part) =>
        part === undefined ? undefined : Number(part)
      )
      if (year < 1 || month < 1 || month > 12) return { _tag: "Unreadable", raw }
      if (day === undefined) return { _tag: "YearMonth", year, month, raw }
      return day < 1 || day > (daysOf(year)[month - 1] ?? 0)
        ? { _tag: "Unreadable", raw }
        : { _tag: "CalendarDate", year, month, day, raw }
    }
    const digit = fc.constantFrom(..."0123456789", "٣", "９")
    const space = fc.constantFrom("", "", " ", "\t\n", "\u00a0", "\ufeff", "\u2028", "\u0000", "\u200b")
    const part = (length: number) =>
      fc.oneof(
        { weight: 9, arbitrary: fc.array(digit, { minLength: length, maxLength: length }) },
        { weight: 1, arbitrary: fc.array(digit, { maxLength: 5 }) }
      )
    const shaped = fc
      .tuple(space, part(4), part(2), fc.option(part(2), { nil: undefined }), space)
      .map(([before, year, month, day, after]) =>
        [
          before,
          [year, month, ...(day === undefined ? [] : [day])].map((digits) => digits.join("")).join("-"),
          after
        ].join("")
      )
    const date = fc
      .date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10))
    fc.assert(
      fc.property(fc.oneof(shaped, date, utf16), (raw) => {
        expect(DocumentDate.parse(raw)).toEqual(specified(raw))
      }),
      { numRuns: 2000 }
    )
  })

  it("never throws, and never loses the text", () => {
    fc.assert(
      fc.property(
        fc.oneof(utf16, fc.stringMatching(/^\d{1,5}-\d{1,3}(-\d{1,3})?$/)),
        (raw) => DocumentDate.parse(raw).raw === raw
      )
    )
  })
})

describe("the schemas of dates", () => {
  it("Day takes a day, not a month", () => {
    expect(decodeDay("1990-02-21")._tag).toBe("CalendarDate")
    expect(decodeDay("1990-02")).toEqual({ _tag: "Unreadable", raw: "1990-02" })
  })

  it("Month takes a month, and a day where the document gives one", () => {
    expect(decodeMonth("2003-06")._tag).toBe("YearMonth")
    expect(decodeMonth("2003-06-01")._tag).toBe("CalendarDate")
    expect(decodeMonth("06-2003")._tag).toBe("Unreadable")
  })

  it("encode to the text that came", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^(19|20)\d\d-[01]\d(-[0-3]\d)?$/)), (raw) => {
        expect(Schema.encodeSync(DocumentDate.Day)(decodeDay(raw))).toBe(raw)
        expect(Schema.encodeSync(DocumentDate.Month)(decodeMonth(raw))).toBe(raw)
      })
    )
  })
})
