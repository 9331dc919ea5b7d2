/** Repeats attempts by the retry policy: by class of failure, within the budget and the deadline. */
import * as Effect from "effect/Effect"
import * as CloudauthError from "../../CloudauthError.ts"
import type { RetryClass } from "../../ResponseCode.ts"
import * as RetryPolicy from "../../RetryPolicy.ts"
import type * as Telemetry from "../../Telemetry.ts"
import * as monotonic from "../monotonic.ts"
import * as scheduleDelays from "../scheduleDelays.ts"
import type { Pairs } from "./canonicalRequest.ts"
import type { Call } from "./client.ts"
import * as observe from "./observe.ts"
import * as spans from "./spans.ts"
import { callTimeout, type Limits, timeLeft } from "./transportErrors.ts"

/** The limits of a call that begins now. */
export const limitsOf = ({ clock, policy }: Call, query: Pairs): Limits => {
  const withImages = query.some(asksForImages)
  const deadline = RetryPolicy.limitMillis(policy.deadline, { withImages })
  return {
    attemptTimeout: RetryPolicy.limitMillis(policy.attemptTimeout, { withImages }),
    deadline,
    end: monotonic.millis(clock) + deadline
  }
}

const asksForImages = ([name, value]: Pairs[number]): boolean =>
  (name === "IsReturnImage" && /^[yt]$/i.test(value)) || (name === "ExtraImageControlList" && value !== "")

/** The schedules of a policy. */
type Retried = Exclude<RetryClass, "never" | "poll"> | "staleConnection"

/** A retry that the policy allows: after how many milliseconds, and how many tokens of the budget it takes. */
interface Retry {
  readonly class: Exclude<RetryClass, "never" | "poll">
  readonly delay: number
  readonly cost: number
}

/** Runs `attempt` until it succeeds, fails for good, or the policy ends. Attempts are counted from 1. */
export const retrying = <A>(
  call: Call,
  limits: Limits,
  attempt: (number: number) => Effect.Effect<A, CloudauthError.CloudauthError>
): Effect.Effect<A, CloudauthError.CloudauthError> => {
  const { client, policy } = call
  const { budget } = policy
  let nextRetry: ReturnType<typeof retriesOf> | undefined
  let lastCost: number | undefined

  const payBack = () => {
    if (budget !== undefined) client.spentTokens = Math.max(0, client.spentTokens - (lastCost ?? budget.successRefund))
  }

  const recover = (error: CloudauthError.CloudauthError, number: number) =>
    Effect.gen(function* () {
      // A service that says "the user has not finished" is healthy.
      if (CloudauthError.retryClass(error) === "poll") payBack()
      nextRetry ??= retriesOf(call)
      const retry = yield* nextRetry(error)
      if (retry === undefined) return yield* error
      if (Math.max(retry.delay, hintOf(error)) >= timeLeft(call, limits)) return yield* error
      if (budget !== undefined && retry.cost > 0) {
        if (client.spentTokens + retry.cost > budget.capacity) return yield* error
        client.spentTokens += retry.cost
        lastCost = retry.cost
      }
      if (!(yield* correct(call, { error, class: retry.class, delay: retry.delay, attempt: number }))) {
        return yield* error
      }
      if (retry.delay > 0 && !client.isTest) yield* Effect.sleep(retry.delay)
      return yield* run(number + 1)
    })

  const run = (number: number): Effect.Effect<A, CloudauthError.CloudauthError> => {
    // A machine that slept, or was busy, ends a wait late.
    if (number > 1 && timeLeft(call, limits) <= 0) {
      return Effect.fail(callTimeout(call, limits, "deadline", "backoff"))
    }
    return Effect.catch(attempt(number), (error) => recover(error, number))
  }

  return Effect.map(run(1), (answer) => {
    payBack()
    return answer
  })
}

/** How long the server asks to wait, in milliseconds; 0 if it does not say. */
const hintOf = (error: CloudauthError.CloudauthError): number => ("retryAfter" in error ? (error.retryAfter ?? 0) : 0)

/** The retries of a call by its policy's schedules; `undefined` after the last. */
const retriesOf = (call: Call) => {
  const { budget } = call.policy
  const nextDelay = delaysOf(call)
  return (error: CloudauthError.CloudauthError): Effect.Effect<Retry | undefined> =>
    Effect.gen(function* () {
      const retryClass = CloudauthError.retryClass(error)
      if (retryClass === "never" || retryClass === "poll") return undefined
      const free = isStale(error) ? yield* nextDelay("staleConnection", error) : undefined
      if (free !== undefined) return { class: retryClass, delay: free, cost: 0 }
      const delay = yield* nextDelay(retryClass, error)
      if (delay === undefined) return undefined
      const costs = { transient: budget?.transientCost, throttle: budget?.throttleCost, clock: 0, credentials: 0 }
      return { class: retryClass, delay, cost: CloudauthError.wasSent(error) ? (costs[retryClass] ?? 0) : 0 }
    })
}

/** Whether a reused connection broke before any part of an answer came. */
const isStale = (error: CloudauthError.CloudauthError): boolean =>
  error._tag === "TransportError" && error.isReusedConnection && error.phase === "headers"

/** The delays of a call's schedules, in milliseconds; `undefined` after the last. */
const delaysOf = ({ clock, policy }: Call) => {
  const started = new Map<Retried, scheduleDelays.NextDelay>()
  const now = monotonic.steady(clock)
  return (schedule: Retried, error: CloudauthError.CloudauthError) =>
    Effect.gen(function* () {
      const next = started.get(schedule) ?? (yield* scheduleDelays.start(policy[schedule]))
      started.set(schedule, next)
      return yield* next(now(), error)
    })
}

/** Fixes the cause (an expired token) before a retry. Succeeds with `false` if a retry can't help. */
const correct = (call: Call, retry: Telemetry.RetryFacts): Effect.Effect<boolean> => {
  const { error } = retry
  // Without the server's time, the next request would have the same date.
  if (error._tag === "ClockSkewed" && error.skew === undefined) return Effect.succeed(false)
  observe.retry(call, retry)
  spans.retry(call, retry)
  const { client, credential } = call
  if (error._tag !== "SecurityTokenExpired" || credential === undefined) return Effect.succeed(true)
  client.refused = credential
  return Effect.as(client.credentials.invalidate(credential), true)
}
