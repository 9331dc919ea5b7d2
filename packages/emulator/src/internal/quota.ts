/** Counts calls in each second of the emulator's clock, as the vendor's QPS limits do. */
import type * as Answers from "./answers.ts"

/** The limits of an account; `undefined`: no limit. */
interface Limits {
  /** Calls a second of one action. */
  readonly qps: number | undefined
  /** Calls a second over all actions. */
  readonly userQps: number | undefined
}

export const make = () => {
  const counts = new Map<string, { second: number; count: number }>()

  /** `undefined` if the call is within the limit, else the milliseconds until the next second starts. */
  const take = (key: string, limit: number | undefined, now: number): number | undefined => {
    if (limit === undefined) return undefined
    const second = Math.floor(now / 1000)
    const entry = counts.get(key)
    if (entry === undefined || entry.second !== second) {
      counts.set(key, { second, count: 1 })
      return undefined
    }
    entry.count += 1
    return entry.count > limit ? (second + 1) * 1000 - now : undefined
  }

  return {
    /** The error of a call beyond a limit. */
    refusal: (
      limits: Limits,
      account: string,
      action: string | undefined,
      now: number
    ): Answers.ErrorAnswer | undefined => {
      const user = take(account, limits.userQps, now)
      if (user !== undefined) return { code: "Throttling.User", retryAfterMillis: user }
      const api = take(`${account}\n${action ?? ""}`, limits.qps, now)
      return api === undefined ? undefined : { code: "Throttling.Api", retryAfterMillis: api }
    }
  }
}
