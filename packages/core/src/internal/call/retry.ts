/** Repeats attempts by the retry policy: by class of failure, within the budget and the deadline. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Pull from "effect/Pull"
import * as Schedule from "effect/Schedule"
import * as CloudauthError from "../../CloudauthError.ts"
import type { RetryClass } from "../../ResponseCode.ts"
import type * as Telemetry from "../../Telemetry.ts"
import * as monotonic from "../monotonic.ts"
import type { Call } from "./client.ts"
import * as observe from "./observe.ts"
import * as spans from "./spans.ts"

/** How long an attempt may take: its own limit, or what is left until the deadline. */
export interface TimeLimit {
  readonly name: "attempt" | "deadline"
  /** When the attempt must end, in milliseconds of monotonic time. */
  readonly end: number
  /** The limit as it was set, in milliseconds. */
  readonly limit: number
}

/** What is left of an attempt's time, in milliseconds. */
export const timeLeft = ({ clock }: Call, { end }: TimeLimit): number => end - monotonic.millis(clock)

/** The classes of failure that are retried. */
type Retried = Exclude<RetryClass, "never" | "poll">

type Step = (
  now: number,
  error: CloudauthError.CloudauthError
) => Pull.Pull<[unknown, Duration.Duration], never, unknown>

/** Runs `attempt` until it succeeds, fails for good, or the policy ends. Attempts are counted from 1. */
export const retrying = <A>(
  call: Call,
  attempt: (number: number, limit: TimeLimit) => Effect.Effect<A, CloudauthError.CloudauthError>
): Effect.Effect<A, CloudauthError.CloudauthError> => {
  const { clock, policy } = call
  const attemptTimeout = Duration.toMillis(policy.attemptTimeout)
  const deadline = Duration.toMillis(policy.deadline)
  const end = monotonic.millis(clock) + deadline
  const nextDelay = delays(call)

  const recover = (error: CloudauthError.CloudauthError, number: number) =>
    Effect.gen(function* () {
      const retryClass = CloudauthError.retryClass(error)
      if (retryClass === "never" || retryClass === "poll") return yield* error
      const delay = yield* nextDelay(retryClass, error)
      const now = monotonic.millis(clock)
      if (delay === undefined || now + delay >= end) return yield* error
      const counts = retryClass === "transient" || retryClass === "throttle"
      if (counts && !call.client.retryTokens.take(policy.budget, now)) return yield* error
      if (!(yield* correct(call, { error, class: retryClass, delay, attempt: number }))) return yield* error
      if (delay > 0 && !call.client.isTest) yield* Effect.sleep(delay)
      return yield* run(number + 1)
    })

  const run = (number: number): Effect.Effect<A, CloudauthError.CloudauthError> => {
    const attemptEnd = monotonic.millis(clock) + attemptTimeout
    const limit: TimeLimit =
      end < attemptEnd
        ? { name: "deadline", end, limit: deadline }
        : { name: "attempt", end: attemptEnd, limit: attemptTimeout }
    return Effect.catch(attempt(number, limit), (error) => recover(error, number))
  }

  return run(1)
}

/** The delays of a call's schedules, in milliseconds; `undefined` after the last. */
const delays = ({ clock, policy }: Call) => {
  const steps = new Map<Retried, Step>()
  const now = monotonic.steady(clock)
  return (retryClass: Retried, error: CloudauthError.CloudauthError) =>
    Effect.gen(function* () {
      const step = steps.get(retryClass) ?? (yield* Schedule.toStep(policy[retryClass]))
      steps.set(retryClass, step)
      return yield* step(now(), error).pipe(
        Effect.map(([, delay]) => Duration.toMillis(delay)),
        Pull.catchDone(() => Effect.undefined)
      )
    })
}

/** Fixes the cause (clock skew, expired token) before a retry. Succeeds with `false` if a retry can't help. */
const correct = (call: Call, retry: Telemetry.RetryFacts): Effect.Effect<boolean> => {
  const { error } = retry
  if (error._tag === "ClockSkewed") {
    if (error.skew === undefined) return Effect.succeed(false)
    call.client.skew = error.skew
  }
  observe.retry(call, retry)
  spans.retry(call, retry)
  return error._tag === "SecurityTokenExpired" && call.credential !== undefined
    ? Effect.as(call.client.credentials.invalidate(call.credential), true)
    : Effect.succeed(true)
}
