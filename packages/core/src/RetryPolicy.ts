/**
 * How often and how patiently each class of failure is retried: schedules as data, replaceable whole or in part, as a
 * layer or per call.
 *
 * @example
 * import * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
 * import * as Schedule from "effect/Schedule"
 *
 * const patient = RetryPolicy.layer({
 *   ...RetryPolicy.standard,
 *   throttle: RetryPolicy.honourRetryAfter(Schedule.spaced("1 second").pipe(Schedule.upTo({ times: 20 }))),
 *   deadline: "2 minutes"
 * })
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import type { CloudauthError } from "./CloudauthError.ts"
import * as Options from "./Options.ts"

/**
 * A schedule that sees the error it retries.
 *
 * @category models
 * @since 0.1.0
 */
export type RetrySchedule = Schedule.Schedule<unknown, CloudauthError>

/**
 * A token bucket over all calls of a client: each retry takes a token, and without one the error stands. It keeps a
 * fleet from storming a service that is down.
 *
 * @category models
 * @since 0.1.0
 */
export interface Budget {
  /** How many retries may come at once. */
  readonly capacity: number
  /** How many retries a second are earned back. */
  readonly refillPerSecond: number
}

/**
 * How each class of failure is retried, and how long a call may take.
 *
 * @category models
 * @since 0.1.0
 */
export interface RetryPolicy {
  /** The network or the service stumbled. */
  readonly transient: RetrySchedule
  /** The account is above its quota. */
  readonly throttle: RetrySchedule
  /** The clock was off; it has been corrected from the server's Date header. */
  readonly clock: RetrySchedule
  /** The temporary credential had expired; it has been refreshed. */
  readonly credentials: RetrySchedule
  /** `undefined` for none. It counts transient and throttled retries; the corrections happen once by their schedules. */
  readonly budget: Budget | undefined
  /** How long one attempt may take, from signing to the last byte. */
  readonly attemptTimeout: Duration.Input
  /** How long the whole call may take, waits included. A retry that would come later is not waited for. */
  readonly deadline: Duration.Input
}

/**
 * A part of a policy; the rest stays as it is.
 *
 * @category models
 * @since 0.1.0
 */
export type Override = Partial<RetryPolicy>

/**
 * The keys of a policy.
 *
 * @category constants
 * @since 0.1.0
 */
export const keys: Options.Keys<RetryPolicy> = {
  transient: true,
  throttle: true,
  clock: true,
  credentials: true,
  budget: { capacity: true, refillPerSecond: true },
  attemptTimeout: true,
  deadline: true
}

/**
 * How `fullJitter` waits.
 *
 * @category models
 * @since 0.1.0
 */
export interface JitterOptions {
  readonly base: Duration.Input
  readonly cap: Duration.Input
  readonly times: number
}

/**
 * Exponential from `base`, capped, each delay a random part of the whole ("full jitter").
 *
 * @category constructors
 * @since 0.1.0
 */
export const fullJitter = (options: JitterOptions): RetrySchedule => {
  const { base, cap, times } = Options.ownOrThrow({ base: true, cap: true, times: true }, options)
  return Schedule.min([Schedule.exponential(base), Schedule.spaced(cap)]).pipe(
    Schedule.modifyDelay(({ duration }) =>
      Effect.map(Random.next, (random) => Duration.millis(Duration.toMillis(duration) * random))
    ),
    Schedule.upTo({ times })
  )
}

/**
 * The server's own wait (`x-acs-retry-after`, milliseconds) if it gives one, else the schedule's.
 *
 * @category constructors
 * @since 0.1.0
 */
export const honourRetryAfter = (schedule: RetrySchedule): RetrySchedule =>
  Schedule.modifyDelay(schedule, ({ duration, input }) =>
    Effect.succeed(
      input._tag === "Throttled" && input.retryAfter !== undefined ? Duration.millis(input.retryAfter) : duration
    )
  )

const never: RetrySchedule = Schedule.recurs(0)
const once: RetrySchedule = Schedule.recurs(1)

/**
 * Transient failures: 3 retries, exponential from 100 ms with full jitter, capped at 5 s. Throttling: 8 retries, as
 * long as the server says, else from 500 ms. A skewed clock and an expired token: corrected once. 10 s an attempt, 30 s
 * in all.
 *
 * @category constructors
 * @since 0.1.0
 */
export const standard: RetryPolicy = {
  transient: fullJitter({ base: "100 millis", cap: "5 seconds", times: 3 }),
  throttle: honourRetryAfter(
    Schedule.min([Schedule.exponential("500 millis"), Schedule.spaced("5 seconds")]).pipe(
      Schedule.jittered,
      Schedule.upTo({ times: 8 })
    )
  ),
  clock: once,
  credentials: once,
  budget: { capacity: 100, refillPerSecond: 10 },
  attemptTimeout: Duration.seconds(10),
  deadline: Duration.seconds(30)
}

/**
 * No retries at all; the timeouts stay.
 *
 * @category constructors
 * @since 0.1.0
 */
export const none: RetryPolicy = { ...standard, transient: never, throttle: never, clock: never, credentials: never }

/** The policy in force: `standard` unless a layer says otherwise. */
export const RetryPolicy = Context.Reference<RetryPolicy>("@effect-cloudauth/core/RetryPolicy", {
  defaultValue: () => standard
})

/**
 * Puts a policy in force for a client.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (policy: RetryPolicy): Layer.Layer<never> => Layer.succeed(RetryPolicy, policy)

/**
 * The default polling of `awaitResult`: after 2 s, growing to every 10 s, for 10 minutes in all.
 *
 * @category constructors
 * @since 0.1.0
 */
export const polling: RetrySchedule = Schedule.min([
  Schedule.exponential("2 seconds", 1.25),
  Schedule.spaced("10 seconds")
]).pipe(Schedule.upTo({ duration: "10 minutes" }))
