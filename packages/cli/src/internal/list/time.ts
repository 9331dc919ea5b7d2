/** Reads the times of a list: right to the millisecond, or not at all. */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"

/** A time in milliseconds since 1970, and what the reader of the list should know of it. */
export interface Read {
  readonly at: number | undefined
  readonly warning: string | undefined
}

const wrong = (warning: string): Read => ({ at: undefined, warning: `is not used: ${warning}` })

const noTime = wrong(
  "it is no time that can only be read in one way: write ISO 8601 with an offset, for example 2026-11-20T08:00:00+08:00"
)
const noSuchTime = wrong("there is no such time: write ISO 8601 with an offset, for example 2026-11-20T08:00:00+08:00")
const noZone = wrong("it has no time zone: name its zone with --time-zone, for example Asia/Hong_Kong")
const noOneTime = wrong("the clocks of --time-zone were changed then, so it happened twice or never: add the offset")
const dateAlone = "has no time of day: it is read as 00:00 UTC, or of the zone that --time-zone names"

/** Seconds, milliseconds, microseconds or nanoseconds since 1970, by the number of digits. */
const sinceEpoch = (text: string): number | undefined => {
  const [, digits = "", fraction = ""] = /^(\d{10}|\d{13}|\d{16}|\d{19})(\.\d+)?$/.exec(text) ?? []
  if (digits === "") return undefined
  const scale = 10 ** (13 - digits.length)
  return Math.floor(Number(digits + fraction) * scale)
}

/** `年月日` and digits without separators, as ISO 8601 writes them. */
const withSeparators = (text: string): string =>
  text
    .replace(/^(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*/, "$1-$2-$3 ")
    .replace(/^(\d{4})(\d\d)(\d\d)(?=$|T|\s|\d)/i, "$1-$2-$3T")
    .replace(/^(\d{4}-\d\d-\d\dT)[T\s]?(\d\d)(\d\d)(\d\d)?/, (_, date: string, h: string, m: string, s?: string) =>
      s === undefined ? `${date}${h}:${m}` : `${date}${h}:${m}:${s}`
    )
    .trimEnd()
    .replace(/T$/, "")

const pattern =
  /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:(?:T|\s+)(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(?![\d:.,])(.*)$/i

/** An offset, which an abbreviation, a region or Go's monotonic reading may follow: the offset says it all. */
const offset =
  /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d\d))?(?:\s+[A-Z]{1,5}|\s+[+-]\d{2,4})?(?:\s*\[[^\]]*\]|\s*\([^)]*\))?(?:\s+m=\S+)?$/i

/** Minutes east of UTC; a zone by its name; `undefined` if there is none; `NaN` for what can't be told. */
const zoneOf = (text: string): number | DateTime.TimeZone | undefined => {
  if (text === "") return undefined
  if (/^(?:Z|UTC|GMT)(?:\[[^\]]*\])?$/i.test(text)) return 0
  const [, sign, hours, minutes = "0"] = offset.exec(text) ?? []
  if (sign !== undefined) {
    const east = Number(hours) * 60 + Number(minutes)
    return Number(minutes) < 60 && east <= 14 * 60 ? (sign === "-" ? -east : east) : Number.NaN
  }
  const region = /^\[([A-Za-z]+\/[A-Za-z_/+-]+\d*)\]$/.exec(text)?.[1]
  return region === undefined ? Number.NaN : Option.getOrElse(DateTime.zoneFromString(region), () => Number.NaN)
}

interface Parts {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly millisecond: number
}

/** As if it were UTC; `undefined` for a day or an hour that the calendar does not have. */
const utcOf = ({ day, hour, millisecond, minute, month, second, year }: Parts): number | undefined => {
  const at = Date.UTC(year, month - 1, day, hour, minute, second, millisecond)
  const date = new Date(at)
  const isReal =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60
  return isReal && year >= 2000 && year <= 2100 ? at : undefined
}

/** Reads a time; one without a zone is in `zone`. */
export const read = (text: string, zone: DateTime.TimeZone | undefined): Read => {
  const stamp = sinceEpoch(text)
  if (stamp !== undefined) return { at: stamp, warning: undefined }
  const match = pattern.exec(withSeparators(text))
  if (match === null) return noTime
  const [, year, , month, day, hour, minute = "0", second = "0", fraction = "0", rest = ""] = match
  const parts: Parts = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour ?? 0),
    minute: Number(minute),
    second: Number(second),
    millisecond: Math.floor(Number(`0.${fraction}`) * 1000)
  }
  const utc = utcOf(parts)
  if (utc === undefined) return noSuchTime
  const written = zoneOf(rest.trim())
  if (typeof written === "number") {
    return Number.isNaN(written) ? noTime : { at: utc - written * 60_000, warning: undefined }
  }
  const isDate = hour === undefined
  const inZone = written ?? zone
  if (inZone === undefined) return isDate ? { at: utc, warning: dateAlone } : noZone
  const local = DateTime.makeZoned(parts, {
    timeZone: inZone,
    adjustForTimeZone: true,
    disambiguation: isDate ? "earlier" : "reject"
  })
  return Option.match(local, {
    onNone: () => noOneTime,
    onSome: (time) => ({ at: DateTime.toEpochMillis(time), warning: undefined })
  })
}
