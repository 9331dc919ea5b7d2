/**
 * When to try again, as data. A workflow is replayed from its beginning, perhaps on another machine and days later, so
 * a wait must follow from the number of the attempt alone: a `Schedule`, which remembers, cannot serve here.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"

/**
 * How long to wait between attempts.
 *
 * @category models
 * @since 0.1.0
 */
export interface Patience {
  /** The wait after the first attempt. */
  readonly first: Duration.Input
  /** What each further wait is multiplied with. */
  readonly factor: number
  /** The longest wait. */
  readonly cap: Duration.Input
}

/**
 * The wait after an attempt, counted from 1.
 *
 * @category operations
 * @since 0.1.0
 */
export const after = (patience: Patience, attempt: number): Duration.Duration => {
  const wait = Duration.toMillis(patience.first) * patience.factor ** (attempt - 1)
  return Duration.millis(Math.min(wait, Duration.toMillis(patience.cap)))
}

/**
 * How many attempts fit into a time.
 *
 * @category operations
 * @since 0.1.0
 */
export const attempts = (patience: Patience, time: Duration.Input): number => {
  const end = Duration.toMillis(time)
  let count = 1
  for (let at = 0; ; count++) {
    at += Math.max(1, Duration.toMillis(after(patience, count)))
    if (at >= end) return count
  }
}

/**
 * How a user who has not finished is waited for: 10 s, half as long again each time, at most 6 hours. A user who needs
 * five minutes costs 7 calls, one who never comes 137 in 30 days.
 *
 * @category references
 * @since 0.1.0
 */
export const Polling = Context.Reference<Patience>("@effect-cloudauth/cluster/Polling", {
  defaultValue: () => ({ first: "10 seconds", factor: 1.5, cap: "6 hours" })
})

/**
 * How a store that failed, after its own quick retries, is tried again: 30 s, doubled each time, at most 30 minutes.
 *
 * @category references
 * @since 0.1.0
 */
export const Storing = Context.Reference<Patience>("@effect-cloudauth/cluster/Storing", {
  defaultValue: () => ({ first: "30 seconds", factor: 2, cap: "30 minutes" })
})
