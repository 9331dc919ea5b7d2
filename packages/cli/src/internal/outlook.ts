/** Whether a collection can end in time, as sentences that can be translated: core's own are in English. */
import * as Feasibility from "@effect-cloudauth/core/Feasibility"
import type { Language } from "../Language.ts"
import { say, type Value } from "./language/say.ts"

const number = (n: number): string => n.toLocaleString("en")

const oneDecimal = (n: number): string => String(Math.round(n * 10) / 10)

/** The largest unit of which there are two, or the hour. */
const time = (millis: number): Value =>
  millis >= 2 * 86_400_000
    ? say`${oneDecimal(millis / 86_400_000)} days`
    : millis >= 3_600_000
      ? say`${oneDecimal(millis / 3_600_000)} h`
      : millis >= 60_000
        ? say`${oneDecimal(millis / 60_000)} min`
        : say`${oneDecimal(millis / 1000)} s`

const need = ({ duration, firstExpiry, ids, perSecond }: Feasibility.Feasibility): Value => {
  const length = time(duration)
  return firstExpiry === undefined
    ? say`${number(ids)} ids at ${oneDecimal(perSecond)}/s need ${length}.`
    : say`${number(ids)} ids at ${oneDecimal(perSecond)}/s need ${length}; the first expire in ${time(firstExpiry)}.`
}

/** The figures in a sentence or two. */
const text = (feasibility: Feasibility.Feasibility): Value => {
  const { expired, late } = feasibility
  const withLate =
    late === 0 ? need(feasibility) : say`${need(feasibility)} ${number(late)} ids will expire before their turn.`
  return expired === 0 ? withLate : say`${withLate} ${number(expired)} ids should have expired already: they come last.`
}

const advice = ({ needed }: Feasibility.Feasibility): Value =>
  say`No id would be late at ${oneDecimal(Math.ceil(needed * 10) / 10)} calls a second: ask the vendor for a higher quota and set it, and let nothing else use the account meanwhile. A second process does not help, as it shares the quota. The earliest deadlines come first, so as few as possible are lost.`

/** The outlook, and what to do if ids will be late. */
export const lines = (feasibility: Feasibility.Feasibility, language: Language): ReadonlyArray<Value> =>
  language === "en"
    ? [Feasibility.text(feasibility), Feasibility.advice(feasibility) ?? []].flat()
    : [text(feasibility), ...(feasibility.late === 0 ? [] : [advice(feasibility)])]
