/** The retries of the Promise client, as options and as the core's policy. */
import * as OwnOptions from "@effect-cloudauth/core/Options"
import * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
import { refuse, wholeNumber } from "./refuse.ts"

/**
 * How often and how long failures are retried. Times are milliseconds.
 *
 * @category models
 * @since 0.1.0
 */
export interface Retry {
  /** How often a failure of the network or of the service is retried. Default 3. */
  readonly transient?: number | undefined
  /** How often a throttled call is retried. Default 8. */
  readonly throttle?: number | undefined
  /** How long one attempt may take from the moment it has a connection. Default 10000; 30000 if it asks for images. */
  readonly attemptTimeout?: number | undefined
  /** How long the whole call may take, every wait included. Default 30000; 60000 if it asks for images. */
  readonly deadline?: number | undefined
}

export const retryKeys: OwnOptions.Keys<Retry> = {
  transient: true,
  throttle: true,
  attemptTimeout: true,
  deadline: true
}

const times = (path: string, base: "50 millis" | "1 second", count: number): RetryPolicy.RetrySchedule =>
  RetryPolicy.honourRetryAfter(RetryPolicy.fullJitter({ base, cap: "20 seconds", times: wholeNumber(path, count, 0) }))

/** No retries; the time limits stay as they are. */
const none = (): RetryPolicy.Override => {
  const { attemptTimeout: _attemptTimeout, budget: _budget, deadline: _deadline, ...schedules } = RetryPolicy.none
  return schedules
}

/** What differs from the retries in force. */
export const retryOverride = (retry: Retry | false | undefined): RetryPolicy.Override => {
  if (retry === undefined) return {}
  if (retry === false) return none()
  if (typeof retry !== "object" || retry === null) return refuse("retry", "false, or an object with numbers")
  const { attemptTimeout, deadline, throttle, transient } = OwnOptions.ownOrThrow(retryKeys, retry, "retry")
  return {
    ...(transient !== undefined && { transient: times("retry.transient", "50 millis", transient) }),
    ...(throttle !== undefined && { throttle: times("retry.throttle", "1 second", throttle) }),
    ...(attemptTimeout !== undefined && { attemptTimeout: wholeNumber("retry.attemptTimeout", attemptTimeout, 0, 1) }),
    ...(deadline !== undefined && { deadline: wholeNumber("retry.deadline", deadline, 0, 1) })
  }
}
