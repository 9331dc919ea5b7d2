/** Days as numbers: 20261130. They compare as the calendar does. */
import * as DateTime from "effect/DateTime"
import type { CalendarDate } from "../../DocumentDate.ts"

/** The day of a date. */
export const dayOf = ({ day, month, year }: Pick<CalendarDate, "day" | "month" | "year">): number =>
  year * 10_000 + month * 100 + day

/** Hong Kong, Macao, Beijing and Taipei share one time. */
const issuersOffset = 8 * 3_600_000

/** Today: in the zone of `now` if it has one, else in Hong Kong's, the place of most of these documents. */
export const todayOf = (now: number | DateTime.DateTime): number => {
  if (typeof now !== "number" && DateTime.isZoned(now)) return dayOf(DateTime.toParts(now))
  const date = new Date((typeof now === "number" ? now : DateTime.toEpochMillis(now)) + issuersOffset)
  return dayOf({ day: date.getUTCDate(), month: date.getUTCMonth() + 1, year: date.getUTCFullYear() })
}

/** Completed years between two days. */
export const yearsBetween = (from: number, to: number): number => Math.floor((to - from) / 10_000)

/** The days from one day to another. */
export const daysBetween = (from: number, to: number): number => Math.round((utc(to) - utc(from)) / 86_400_000)

const utc = (day: number): number => Date.UTC(Math.floor(day / 10_000), (Math.floor(day / 100) % 100) - 1, day % 100)
