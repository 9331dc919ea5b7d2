/**
 * Whether a collection can end in time: how long the ids take at the account's quota, which of them the vendor deletes
 * before their turn, and what to do. Pure.
 *
 * @example
 * import * as Feasibility from "@effect-cloudauth/core/Feasibility"
 *
 * const hour = 3_600_000
 * const feasibility = Feasibility.of({
 *   due: [
 *     { deadline: 9 * hour, ids: 1_000 },
 *     { deadline: 72 * hour, ids: 411_000 }
 *   ],
 *   perSecond: 8,
 *   now: 0
 * })
 *
 * Feasibility.text(feasibility) // => "412,000 ids at 8/s need 14.3 h; the first expire in 9 h."
 *
 * @since 0.1.0
 */

/**
 * Ids that the vendor deletes together.
 *
 * @category models
 * @since 0.1.0
 */
export interface Due {
  /** When the vendor deletes their results, in milliseconds since 1970. */
  readonly deadline: number
  readonly ids: number
}

/**
 * What is to be collected, and how fast.
 *
 * @category models
 * @since 0.1.0
 */
export interface Workload {
  /** In any order. */
  readonly due: ReadonlyArray<Due>
  /** Calls a second that go out, above 0. A quota of 10 with its margin of 100 ms lets 9.09 out: `paceOf`. */
  readonly perSecond: number
  /** Milliseconds since 1970. */
  readonly now: number
}

/**
 * The outlook of a collection that asks for the earliest deadline first, and for expired ids last.
 *
 * @category models
 * @since 0.1.0
 */
export interface Feasibility {
  readonly ids: number
  readonly perSecond: number
  /** How long all calls take, in milliseconds. */
  readonly duration: number
  /** How long until the first ids expire, in milliseconds; `undefined` if none of them is still to expire. */
  readonly firstExpiry: number | undefined
  /** Ids whose time is over already. */
  readonly expired: number
  /** Ids that expire before their turn. */
  readonly late: number
  /** The calls a second with which no id would be late. */
  readonly needed: number
}

/**
 * The calls a second that a quota lets out with its margin in milliseconds, see `Quota.Options`.
 *
 * @category getters
 * @since 0.1.0
 */
export const paceOf = (perSecond: number, margin = 100): number => (perSecond * 1000) / (1000 + margin)

/**
 * Works out whether a collection ends in time.
 *
 * @category constructors
 * @since 0.1.0
 */
export const of = ({ due, now, perSecond }: Workload): Feasibility => {
  const ids = due.reduce((sum, part) => sum + part.ids, 0)
  const open = due.filter(({ deadline }) => deadline > now).toSorted((one, other) => one.deadline - other.deadline)
  let late = 0
  let asked = 0
  let waiting = 0
  let needed = 0
  for (const part of open) {
    const seconds = (part.deadline - now) / 1000
    waiting += part.ids
    needed = Math.max(needed, waiting / seconds)
    const inTime = Math.min(part.ids, Math.max(0, Math.floor(seconds * perSecond) - asked))
    asked += inTime
    late += part.ids - inTime
  }
  return {
    ids,
    perSecond,
    duration: (ids / perSecond) * 1000,
    firstExpiry: open[0] === undefined ? undefined : open[0].deadline - now,
    expired: ids - waiting,
    late,
    needed
  }
}

const count = (n: number, noun: string): string => `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`

const oneDecimal = (n: number): string => String(Math.round(n * 10) / 10)

const units = [
  [86_400_000, "days"],
  [3_600_000, "h"],
  [60_000, "min"]
] as const

/** The largest unit of which there are two, or the hour: `14.3 h`, `20 min`, `2.5 days`. */
const time = (millis: number): string => {
  const [length, unit] = units.find(([length, unit]) => millis >= (unit === "days" ? 2 : 1) * length) ?? [1000, "s"]
  return `${oneDecimal(millis / length)} ${unit}`
}

/**
 * The figures in a sentence or two, for a log or a person.
 *
 * @category getters
 * @since 0.1.0
 */
export const text = ({ duration, expired, firstExpiry, ids, late, perSecond }: Feasibility): string => {
  if (ids === 0) return "No ids are to be collected."
  const need = `${count(ids, "id")} at ${oneDecimal(perSecond)}/s need${ids === 1 ? "s" : ""} ${time(duration)}`
  return [
    firstExpiry === undefined ? `${need}.` : `${need}; the first expire in ${time(firstExpiry)}.`,
    ...(late === 0 ? [] : [`${count(late, "id")} will expire before their turn.`]),
    ...(expired === 0 ? [] : [`${count(expired, "id")} should have expired already: they come last.`])
  ].join(" ")
}

/**
 * What to do so that no id expires before its turn; `undefined` if none will.
 *
 * @category getters
 * @since 0.1.0
 */
export const advice = ({ late, needed }: Feasibility): string | undefined =>
  late === 0
    ? undefined
    : `No id would be late at ${oneDecimal(Math.ceil(needed * 10) / 10)} calls a second: ask the vendor for a higher quota and set it, and let nothing else use the account meanwhile. A second process does not help, as it shares the quota. The earliest deadlines come first, so as few as possible are lost.`
