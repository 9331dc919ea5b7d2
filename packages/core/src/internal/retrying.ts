/** Drives attempts by a policy: which class of failure, which schedule, the budget, the deadline. */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Pull from "effect/Pull"
import * as Schedule from "effect/Schedule"
import * as CloudauthError from "../CloudauthError.ts"
import type { Budget, RetryPolicy } from "../RetryPolicy.ts"
import * as monotonic from "./monotonic.ts"

/** The tokens of a budget, shared by all calls of a client. */
export class RetryTokens {
  #tokens: number | undefined
  #at = 0

  /** Takes a token, if there is one. `now` is in milliseconds of the monotonic clock. */
  take(budget: Budget | undefined, now: number): boolean {
    if (budget === undefined) return true
    const earned = this.#tokens === undefined ? budget.capacity : ((now - this.#at) / 1000) * budget.refillPerSecond
    const tokens = Math.min(budget.capacity, (this.#tokens ?? 0) + Math.max(0, earned))
    this.#at = now
    this.#tokens = tokens >= 1 ? tokens - 1 : tokens
    return tokens >= 1
  }
}

/** What a retry is about to do. */
export interface Retry {
  readonly error: CloudauthError.CloudauthError
  readonly class: "transient" | "throttle" | "clock" | "credentials"
  /** Milliseconds. */
  readonly delay: number
  /** The attempt that failed, counted from 1. */
  readonly attempt: number
}

type Step = (
  now: number,
  error: CloudauthError.CloudauthError
) => Pull.Pull<[unknown, Duration.Duration], never, unknown>

/**
 * Runs `attempt` until it succeeds, fails for good, or the policy ends. `attempt` gets its number, counted from 1, and
 * the milliseconds it may take. `correct` runs before each wait (it mends the clock, or invalidates the credential) and
 * says whether trying again is of use.
 */
export const retrying = <A>(
  clock: Clock.Clock,
  policy: RetryPolicy,
  tokens: RetryTokens,
  correct: (retry: Retry) => Effect.Effect<boolean>,
  attempt: (
    number: number,
    timeout: number,
    limit: "attempt" | "deadline"
  ) => Effect.Effect<A, CloudauthError.CloudauthError>
): Effect.Effect<A, CloudauthError.CloudauthError> => {
  const attemptTimeout = Duration.toMillis(policy.attemptTimeout)
  const now = monotonic.steady(clock)
  const end = now() + Duration.toMillis(policy.deadline)
  const steps: Partial<Record<Retry["class"], Step>> = {}

  const nextDelay = (retryClass: Retry["class"], error: CloudauthError.CloudauthError) =>
    Effect.gen(function* () {
      let step = Object.hasOwn(steps, retryClass) ? steps[retryClass] : undefined
      if (step === undefined) {
        step = yield* Schedule.toStep(policy[retryClass])
        steps[retryClass] = step
      }
      return yield* step(now(), error).pipe(
        Effect.map(([, delay]) => Duration.toMillis(delay)),
        Pull.catchDone(() => Effect.undefined)
      )
    })

  // Plain functions: most calls never come here, and `Effect.fnUntraced` costs every call that makes one.
  const recover = (error: CloudauthError.CloudauthError, number: number) =>
    Effect.gen(function* () {
      const retryClass = CloudauthError.retryClass(error)
      if (retryClass === "never" || retryClass === "poll") return yield* error
      const delay = yield* nextDelay(retryClass, error)
      if (delay === undefined || now() + delay >= end) return yield* error
      const counts = retryClass === "transient" || retryClass === "throttle"
      if (counts && !tokens.take(policy.budget, monotonic.millis(clock))) return yield* error
      if (!(yield* correct({ error, class: retryClass, delay, attempt: number }))) return yield* error
      if (delay > 0) yield* Effect.sleep(delay)
      return yield* run(number + 1)
    })

  const run = (number: number): Effect.Effect<A, CloudauthError.CloudauthError> => {
    const left = end - now()
    return Effect.catch(
      left < attemptTimeout ? attempt(number, left, "deadline") : attempt(number, attemptTimeout, "attempt"),
      (error) => recover(error, number)
    )
  }

  return run(1)
}
