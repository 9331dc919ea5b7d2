/**
 * Keeps an account under the vendor's quota: 10 calls a second of each action in a region, 3 in Kuala Lumpur and Jakarta. A
 * client of the service's own hosts has it by default, a client with your own URL only if you set its `quota` option.
 *
 * Each call, retry and poll waits for its turn before it is signed. Calls go out evenly spaced. Those of one priority go first
 * come, first served. A call that can't get its place before its deadline fails at once. If the service still throttles a call,
 * calls go out 30 % slower; full speed is back after 10 seconds.
 *
 * All clients of a process that name the same `account` (by default all) share one quota for each region and action,
 * however often their layer is built. Several processes each need their part: `quota: 5` for two.
 *
 * @example
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import * as Quota from "@effect-cloudauth/core/Quota"
 * import * as Effect from "effect/Effect"
 *
 * // Calls for a person who waits go first.
 * const nightly = Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb0000" }).pipe(
 *   Quota.withPriority("batch")
 * )
 *
 * @since 0.1.0
 */
import type * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import * as Layer from "effect/Layer"
import * as lane from "./internal/quota/lane.ts"
import { perClock } from "./internal/perClock.ts"
import { priorities as all } from "./internal/quota/turns.ts"

export type { Asked, Lane, Place } from "./internal/quota/lane.ts"
export type { Limits } from "./internal/quota/pace.ts"
export { check, documented, type Given, keys, type Options, type Settings } from "./internal/quota/settings.ts"

/**
 * Who waits for a call's answer.
 *
 * - `interactive`: a person in front of a screen. The default.
 * - `wait`: a wait in the background. The polls of `awaitResult`.
 * - `batch`: no one. Collecting a list.
 *
 * @category models
 * @since 0.1.0
 */
export type Priority = "interactive" | "wait" | "batch"

/**
 * The priorities, the most urgent first.
 *
 * @category constants
 * @since 0.1.0
 */
export const priorities: ReadonlyArray<Priority> = all

/**
 * The priority of the calls of a fiber. A more urgent call goes first. Of twenty places one is kept for `wait` and one for
 * `batch`, so that no call waits for ever.
 *
 * @category services
 * @since 0.1.0
 */
export const Priority = Context.Reference<Priority>("@effect-cloudauth/core/Quota/Priority", {
  defaultValue: () => "interactive"
})

/**
 * Runs calls with this priority.
 *
 * @example
 * import * as Quota from "@effect-cloudauth/core/Quota"
 * import * as Effect from "effect/Effect"
 *
 * const program = Quota.withPriority(Effect.log("all calls in here are of the batch"), "batch")
 *
 * @category combinators
 * @since 0.1.0
 */
export const withPriority: {
  (priority: Priority): <A, E, R>(use: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  <A, E, R>(use: Effect.Effect<A, E, R>, priority: Priority): Effect.Effect<A, E, R>
} = dual(2, <A, E, R>(use: Effect.Effect<A, E, R>, priority: Priority) =>
  Effect.provideService(use, Priority, priority)
)

/**
 * The quotas of a program, with the places that its calls have used.
 *
 * @category models
 * @since 0.1.0
 */
export interface Quotas {
  /** The calls of one account, region and action, on one clock. */
  readonly lane: (owner: string, action: string, clock: Clock.Clock) => lane.Lane
}

/**
 * New quotas: no call has used a place.
 *
 * @category constructors
 * @since 0.1.0
 */
export const makeUnsafe = (): Quotas => {
  const lanes = perClock(lane.make)
  return { lane: (owner, action, clock) => lanes(clock, `${owner} ${action}`) }
}

/**
 * The quotas in force: those that the whole process shares, unless a layer says otherwise.
 *
 * @category services
 * @since 0.1.0
 */
export const Quotas = Context.Reference<Quotas>("@effect-cloudauth/core/Quota/Quotas", { defaultValue: makeUnsafe })

/**
 * Quotas that only the clients built together with this layer share: for a test.
 *
 * @example
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import * as Quota from "@effect-cloudauth/core/Quota"
 * import * as Layer from "effect/Layer"
 *
 * const alone = Cloudauth.layerTransport({ region: "cn-hongkong" }).pipe(Layer.provide(Quota.layerFresh))
 *
 * @category layers
 * @since 0.1.0
 */
export const layerFresh: Layer.Layer<never> = Layer.effect(Quotas, Effect.sync(makeUnsafe))
