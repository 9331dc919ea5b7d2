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
 * Tokens that all calls of a client share. Each retry takes some. If too few are left, the call fails with its error. This
 * keeps many clients from overloading a service that is down. An attempt that was never sent costs nothing.
 *
 * @category models
 * @since 0.1.0
 */
export interface Budget {
  /** How many tokens there are. */
  readonly capacity: number
  /** What a transient retry takes. A call that succeeds pays back what its last retry took. */
  readonly transientCost: number
  /** What a throttled retry takes. */
  readonly throttleCost: number
  /** What a call that succeeds without a retry pays back. */
  readonly successRefund: number
}

/**
 * A time limit: one for every call, or another one for calls that ask for images, whose answers are a hundred times as
 * long.
 *
 * @example
 * import * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
 *
 * const both: RetryPolicy.TimeLimit = "20 seconds"
 * const longerWithImages: RetryPolicy.TimeLimit = { plain: "5 seconds", withImages: "1 minute" }
 *
 * @category models
 * @since 0.1.0
 */
export type TimeLimit = Duration.Input | { readonly plain: Duration.Input; readonly withImages: Duration.Input }

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
  /**
   * A reused connection broke without an answer, most often because the server had closed it while it was idle. These retries
   * cost no budget. They come before the `transient` ones and do not count as such.
   */
  readonly staleConnection: RetrySchedule
  /** `undefined` for none. It counts transient and throttled retries. */
  readonly budget: Budget | undefined
  /** How long one attempt may take from the moment it has a connection, if the transport knows that, to the last byte. */
  readonly attemptTimeout: TimeLimit
  /**
   * How long the whole call may take: its waits for the quota, a connection and a credential, its attempts, and the waits
   * between them. The call fails at once if its next retry would come later.
   */
  readonly deadline: TimeLimit
}

/**
 * A part of a policy; the rest stays as it is.
 *
 * @category models
 * @since 0.1.0
 */
export type Override = Partial<RetryPolicy>

/** A limit may be an object of Effect's durations, too. */
const limitKeys: Options.Keys<{ plain: unknown; withImages: unknown } & Duration.DurationObject> = {
  plain: true,
  withImages: true,
  weeks: true,
  days: true,
  hours: true,
  minutes: true,
  seconds: true,
  milliseconds: true,
  microseconds: true,
  nanoseconds: true
}

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
  staleConnection: true,
  budget: { capacity: true, transientCost: true, throttleCost: true, successRefund: true },
  attemptTimeout: limitKeys,
  deadline: limitKeys
}

/**
 * A limit in milliseconds.
 *
 * @example
 * import * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
 *
 * RetryPolicy.limitMillis(RetryPolicy.standard.deadline, { withImages: true }) // => 60000
 *
 * @category getters
 * @since 0.1.0
 */
export const limitMillis = (limit: TimeLimit, { withImages }: { readonly withImages: boolean }): number => {
  const isPair = typeof limit === "object" && "withImages" in limit
  return Duration.toMillis(isPair ? (withImages ? limit.withImages : limit.plain) : limit)
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

/** How much longer than the schedule's wait a server's may be, in milliseconds. */
const longestHint = 5000

/**
 * As long as the server asks to wait (`x-acs-retry-after`, `Retry-After`), but at least the schedule's wait and at most
 * 5 seconds more. Without such a hint: the schedule's wait. A hint that reaches beyond the call's deadline ends the call
 * at once, whatever the schedule.
 *
 * @category constructors
 * @since 0.1.0
 */
export const honourRetryAfter = (schedule: RetrySchedule): RetrySchedule =>
  Schedule.modifyDelay(schedule, ({ duration, input }) => {
    const backoff = Duration.toMillis(duration)
    const hint = "retryAfter" in input ? (input.retryAfter ?? backoff) : backoff
    return Effect.succeed(Duration.millis(Math.min(Math.max(hint, backoff), backoff + longestHint)))
  })

const never: RetrySchedule = Schedule.recurs(0)
const once: RetrySchedule = Schedule.recurs(1)

/**
 * The default: base, cap, jitter and budget are those of the AWS SDKs since November 2026.
 *
 * Transient failures: 3 retries, exponential from 50 ms. Throttling: 8 retries, exponential from 1 s. Both with full
 * jitter, capped at 20 s, and by the server's hint if it gives one. A skewed clock, an expired token and a stale
 * connection: once. 10 s an attempt and 30 s in all; 30 s and 60 s for a call that asks for images.
 *
 * @source https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 * @category constants
 * @since 0.1.0
 */
export const standard: RetryPolicy = {
  transient: honourRetryAfter(fullJitter({ base: "50 millis", cap: "20 seconds", times: 3 })),
  throttle: honourRetryAfter(fullJitter({ base: "1 second", cap: "20 seconds", times: 8 })),
  clock: once,
  credentials: once,
  staleConnection: once,
  budget: { capacity: 500, transientCost: 14, throttleCost: 5, successRefund: 1 },
  attemptTimeout: { plain: Duration.seconds(10), withImages: Duration.seconds(30) },
  deadline: { plain: Duration.seconds(30), withImages: Duration.seconds(60) }
}

/**
 * No retries at all; the timeouts stay.
 *
 * @category constants
 * @since 0.1.0
 */
export const none: RetryPolicy = {
  ...standard,
  transient: never,
  throttle: never,
  clock: never,
  credentials: never,
  staleConnection: never
}

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
 * The default polling of `awaitResult`: after 3 s, each time 1.6 times as long, up to every minute, for as long as the wait
 * goes on. Up to a fifth is added at random, so that users who began together don't ask together. 15 polls in ten
 * minutes at most, with the one at the beginning.
 *
 * @category constants
 * @since 0.1.0
 */
export const polling: RetrySchedule = Schedule.min([
  Schedule.exponential("3 seconds", 1.6),
  Schedule.spaced("1 minute")
]).pipe(spread)

/**
 * The default polling of `awaitStored` if a callback is expected: every 5 minutes, in case the callback is lost. Up to
 * a fifth is added at random.
 *
 * @category constants
 * @since 0.1.0
 */
export const pollingBesideCallback: RetrySchedule = Schedule.spaced("5 minutes").pipe(spread)

/** Adds up to a fifth: never less, so that the polls in a given time have an upper bound. */
function spread(schedule: RetrySchedule): RetrySchedule {
  return Schedule.modifyDelay(schedule, ({ duration }) =>
    Effect.map(Random.next, (random) => Duration.millis(Duration.toMillis(duration) * (1 + random / 5)))
  )
}
