import { assert, describe, it } from "@effect/vitest"
import * as Equal from "effect/Equal"
import * as Schema from "effect/Schema"
import * as DocumentDate from "../src/DocumentDate.ts"
import { constantFrom, joined, oneOf, utf16 } from "./fixtures/arbitraries.ts"

const two = (n: number): string => String(n).padStart(2, "0")

/** The Gregorian calendar by its rule, apart from the runtime's `Date`. */
const daysOf = (year: number): ReadonlyArray<number> => {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
}

const decodeDay = Schema.decodeSync(DocumentDate.Day)
const decodeMonth = Schema.decodeSync(DocumentDate.Month)

const unreadable = (raw: string) => ({ _tag: "Unreadable", raw, expected: "yyyy-MM-dd" }) as const

describe("DocumentDate.Day", () => {
  it("agrees with the calendar for every day from 1900 to 2100, and for the days that do not exist", () => {
    const disagreements: Array<string> = []
    for (let year = 1900; year <= 2100; year++) {
      const days = daysOf(year)
      for (let month = 0; month <= 13; month++) {
        for (let day = 0; day <= 32; day++) {
          const raw = `${year}-${two(month)}-${two(day)}`
          const exists = day >= 1 && day <= (days[month - 1] ?? 0)
          const expected = exists ? { _tag: "CalendarDate", year, month, day, raw } : unreadable(raw)
          if (!Equal.equals(decodeDay(raw), expected)) disagreements.push(raw)
        }
      }
    }
    assert.deepStrictEqual(disagreements, [])
  })

  it.each([
    "1990-02-21",
    "1990/02/21",
    "1990/2/21",
    "1990.02.21",
    "1990.2.21",
    "1990年02月21日",
    "1990年2月21日",
    "19900221",
    " 1990-02-21\n",
    "1990-02-21T00:00:00Z",
    "1990-02-21T15:59:59.999+00:00",
    "1990-02-21T23:59+0800",
    "1990-02-21 10:11",
    "1990/02/21 10:11:12.345+08:00",
    "19900221 00:00:00"
  ])("reads %j, and keeps the text", (raw) => {
    assert.deepStrictEqual(decodeDay(raw), { _tag: "CalendarDate", year: 1990, month: 2, day: 21, raw })
  })

  it.each(["长期", "長期", "long-term", "LONG TERM", "Longterm", " 长期 "])("reads %j as no expiry", (raw) => {
    assert.deepStrictEqual(decodeDay(raw), { _tag: "LongTerm", raw })
  })

  it.each(["0001-01-01", "0004-02-29", "9999-12-31", "2000-02-29"])("reads %j", (raw) => {
    assert.strictEqual(decodeDay(raw)._tag, "CalendarDate")
  })

  it.each([
    "",
    "0000-01-01",
    "1990-2-21",
    "90-02-21",
    "23-09-10",
    "(09-99)",
    "21-02-1990",
    "02/21/1990",
    "21.02.1990",
    "1990-02/21",
    "1990-02-21 x",
    "1990-02-21T",
    "1990-02-21 99:99",
    "1990-02-21 24:00",
    "1990-02-21T23:60:00Z",
    "1990-02-21T10:00:00+99:00",
    "1990-02-20T16:00:00Z",
    "1990-02-20T16:00:00.000+0000",
    "1990-02-21T00:00:00+09:00",
    "1990-02",
    "1990-02-30",
    "1900-02-29",
    "19901321",
    "199002",
    "-1990-01-01",
    "１９９０-０２-２１",
    "1990-02-21\u00001",
    "永久"
  ])("keeps %j as it is, unreadable", (raw) => {
    assert.deepStrictEqual(decodeDay(raw), unreadable(raw))
  })
})

describe("DocumentDate.Month", () => {
  it.each(["2003-06", "2003/06", "2003/6", "2003.06", "2003年06月", "2003年6月"])("reads %j", (raw) => {
    assert.deepStrictEqual(decodeMonth(raw), { _tag: "YearMonth", year: 2003, month: 6, raw })
  })

  it("reads a day if the document gives one, and keeps a malformed one", () => {
    assert.strictEqual(decodeMonth("2003-06-05")._tag, "CalendarDate")
    for (const raw of ["06-2003", "2003-13", "(09-99)"]) {
      assert.deepStrictEqual(decodeMonth(raw), { _tag: "Unreadable", raw, expected: "yyyy-MM" })
    }
  })
})

describe("a date", () => {
  const almost = oneOf(
    utf16,
    joined(constantFrom("1", "9", "0", "2", "-", "/", ".", "年", "月", "日", " ", "T", ":"), 14)
  )

  it.prop("never fails to decode, keeps its text, and encodes to it", [almost], ([raw]) => {
    const [day, month] = [decodeDay(raw), decodeMonth(raw)]
    assert.deepStrictEqual([day.raw, month.raw], [raw, raw])
    assert.strictEqual(Schema.encodeSync(DocumentDate.Day)(day), raw)
    assert.strictEqual(Schema.encodeSync(DocumentDate.Month)(month), raw)
  })

  it.prop("is generated with a text that is that date", [DocumentDate.Day, DocumentDate.Month], ([day, month]) => {
    assert.deepStrictEqual(decodeDay(day.raw), day)
    assert.deepStrictEqual(decodeMonth(month.raw), month)
  })
})
