/** The options of the Promise client's calls, and what they become. */
import type { AwaitOptions as CoreAwaitOptions, CallOptions as CoreCallOptions } from "@effect-cloudauth/core/Cloudauth"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import type { PendingOptions, Waiting } from "@effect-cloudauth/core/PendingResult"
import * as Quota from "@effect-cloudauth/core/Quota"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { OnResponse, type RawResponse } from "./clientResponse.ts"
import { type Retry, retryKeys, retryOverride } from "./clientRetry.ts"
import { optionalFunction, refuse, tell, wholeNumber } from "./refuse.ts"

/**
 * What can be set for every call.
 *
 * @category models
 * @since 0.1.0
 */
interface AnyCallOptions {
  /** Aborting it ends the call and its connection; the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /**
   * Who waits for the answer: a person (`interactive`), a wait in the background (`wait`) or no one (`batch`). The more urgent
   * call passes the others that wait for the account's quota. Default: `interactive`, and `wait` for `awaitResult`.
   */
  readonly priority?: Quota.Priority | undefined
  /** The retries that differ for this call; `false` for none. */
  readonly retry?: Retry | false | undefined
  /** Takes the response of each attempt as it came, before it is read. */
  readonly onResponse?: ((response: RawResponse) => void) | undefined
}

/**
 * What can be set for one call. Times are milliseconds.
 *
 * @category models
 * @since 0.1.0
 */
export interface CallOptions extends AnyCallOptions {
  /** How long the call may take in all. Default 30000; 60000 if it asks for images. */
  readonly timeout?: number | undefined
}

/**
 * What can be set for `initialize`.
 *
 * @category models
 * @since 0.1.0
 */
export interface InitializeOptions extends CallOptions {
  /** Whose transaction it is in your own system. */
  readonly owner?: string | undefined
}

/**
 * What can be set for one wait. Times are milliseconds.
 *
 * @category models
 * @since 0.1.0
 */
export interface AwaitOptions extends AnyCallOptions {
  /** How long to wait between two polls. Default: 3000, growing to 60000. */
  readonly interval?: number | undefined
  /** How long to wait in all. Default 3600000. */
  readonly timeout?: number | undefined
  /** How long to wait before the first poll. Default 0; for a stored transaction with a callback, until it is a minute old. */
  readonly initialDelay?: number | undefined
  /** Runs after each poll that ended without a result. What it throws is ignored. */
  readonly onProgress?: ((waiting: Waiting) => void) | undefined
}

const anyKeys: OwnOptions.Keys<AnyCallOptions> = { signal: true, priority: true, retry: retryKeys, onResponse: true }
const callKeys: OwnOptions.Keys<CallOptions> = { ...anyKeys, timeout: true }
const initializeKeys: OwnOptions.Keys<InitializeOptions> = { ...callKeys, owner: true }
const awaitKeys: OwnOptions.Keys<AwaitOptions> = {
  ...anyKeys,
  interval: true,
  timeout: true,
  initialDelay: true,
  onProgress: true
}

/** A call with its settings: what the core takes, how it runs, and what ends it. */
export interface Settings<O> {
  readonly options: O
  readonly signal: AbortSignal | undefined
  readonly around: <A, E, R>(call: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

const around = ({ onResponse, priority, signal }: AnyCallOptions): Settings<never>["around"] => {
  if (priority !== undefined && !Quota.priorities.includes(priority)) refuse("priority", Quota.priorities.join(", "))
  // Not by its class: a test's environment can have another one.
  if (signal !== undefined && typeof signal?.throwIfAborted !== "function") refuse("signal", "an AbortSignal")
  optionalFunction("onResponse", onResponse)
  return (call) => {
    const observed = onResponse === undefined ? call : Effect.provideService(call, OnResponse, onResponse)
    return priority === undefined ? observed : Quota.withPriority(observed, priority)
  }
}

const callOptions = ({ retry, timeout }: CallOptions): CoreCallOptions => ({
  retry: {
    ...retryOverride(retry),
    ...(timeout !== undefined && { deadline: wholeNumber("timeout", timeout, 0, 1) })
  }
})

/** The settings of a call. Throws `InvalidRequest` if an option is wrong. */
export const ofCall = (given: CallOptions = {}): Settings<CoreCallOptions> => {
  const own = OwnOptions.ownOrThrow(callKeys, given)
  return { options: callOptions(own), signal: own.signal, around: around(own) }
}

/** The settings of `initialize`. */
export const ofInitialize = (given: InitializeOptions = {}) => {
  const { owner, ...own } = OwnOptions.ownOrThrow(initializeKeys, given)
  return { options: { ...callOptions(own), owner }, signal: own.signal, around: around(own) }
}

/** The settings of a wait. */
export const ofWait = (given: AwaitOptions = {}): Settings<CoreAwaitOptions> => {
  const own = OwnOptions.ownOrThrow(awaitKeys, given)
  const { initialDelay, interval, onProgress, retry, timeout } = own
  optionalFunction("onProgress", onProgress)
  const options: CoreAwaitOptions = {
    retry: retryOverride(retry),
    ...(interval !== undefined && { polling: Schedule.spaced(wholeNumber("interval", interval, 0, 1)) }),
    ...(timeout !== undefined && { timeout: wholeNumber("timeout", timeout, 0) }),
    ...(initialDelay !== undefined && { initialDelay: wholeNumber("initialDelay", initialDelay, 0) }),
    ...(onProgress !== undefined && { onProgress: (waiting: Waiting) => Effect.sync(() => tell(onProgress, waiting)) })
  }
  return { options, signal: own.signal, around: around(own) }
}

/** The settings of a wait as data. */
export const ofPending = (given: Pick<AwaitOptions, "timeout"> = {}): Settings<PendingOptions> => {
  const { timeout } = OwnOptions.ownOrThrow({ timeout: true }, given)
  const options = timeout === undefined ? {} : { timeout: wholeNumber("timeout", timeout, 0) }
  return { options, signal: undefined, around: (call) => call }
}
