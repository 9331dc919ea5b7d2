/** The wait for one result: polls, wakes and its end. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type * as CheckResultRequest from "../../CheckResultRequest.ts"
import * as CloudauthError from "../../CloudauthError.ts"
import type * as Document from "../../Document.ts"
import * as Options from "../../Options.ts"
import * as ResponseCode from "../../ResponseCode.ts"
import * as RetryPolicy from "../../RetryPolicy.ts"
import * as monotonic from "../monotonic.ts"
import * as scheduleDelays from "../scheduleDelays.ts"
import { originOf } from "./links.ts"
import {
  mostPolls,
  type PendingResult,
  type Waiting,
  WaitTimedOut,
  whatIsAsked,
  type WhatIsAsked
} from "./pendingResult.ts"

/** How a wait goes. */
export interface Settings {
  readonly polling?: RetryPolicy.RetrySchedule | undefined
  readonly timeout?: Duration.Input | undefined
  readonly initialDelay?: Duration.Input | undefined
  readonly wake?: Effect.Effect<void> | undefined
  readonly onProgress?: ((waiting: Waiting) => Effect.Effect<void>) | undefined
}

/** The user's 30 minutes, and as long again for an outage. */
const defaultTimeout = Duration.hours(1)

/** A time of the settings in milliseconds, refused if it is no finite time. */
const millisOf = (
  path: "timeout" | "initialDelay",
  input: Duration.Input | undefined,
  otherwise: number
): Result.Result<number, CloudauthError.InvalidRequest> => {
  if (input === undefined) return Result.succeed(otherwise)
  const millis = Option.map(Duration.fromInput(input), Duration.toMillis)
  return Option.isSome(millis) && millis.value >= 0 && Number.isFinite(millis.value)
    ? Result.succeed(millis.value)
    : Result.fail(CloudauthError.invalidRequest(path, "a finite time of 0 or more"))
}

/**
 * What can be set for a wait that begins as data.
 *
 * @category models
 * @since 0.1.0
 */
export interface PendingOptions {
  /** How long to wait in all. Default: 1 hour, the user's 30 minutes and as long again for an outage. */
  readonly timeout?: Duration.Input | undefined
}

/** A wait as data, for a request and options that may be refused. */
export const beginWait = (
  request: CheckResultRequest.WithDocument<Document.Kind | undefined>,
  options: PendingOptions = {}
): Effect.Effect<PendingResult, CloudauthError.InvalidRequest> =>
  Effect.gen(function* () {
    const own = yield* Effect.fromResult(Options.own<PendingOptions>({ timeout: true }, options))
    return yield* begin(yield* Effect.fromResult(whatIsAsked(request)), own)
  })

/** A wait that begins now. */
export const begin = (
  what: WhatIsAsked,
  { timeout }: Settings
): Effect.Effect<PendingResult, CloudauthError.InvalidRequest> =>
  Effect.gen(function* () {
    const limit = yield* Effect.fromResult(millisOf("timeout", timeout, Duration.toMillis(defaultTimeout)))
    const startedAt = Math.trunc(yield* Clock.currentTimeMillis)
    const traceparent = yield* originOf
    return {
      ...what,
      startedAt,
      deadline: startedAt + Math.ceil(limit),
      polls: 0,
      ...(traceparent === undefined ? {} : { traceparent })
    }
  })

/** A wait that goes on: to its deadline, or as long again if that is over. */
export const goOn = (
  pending: PendingResult,
  { timeout }: Settings
): Effect.Effect<PendingResult, CloudauthError.InvalidRequest> =>
  Effect.gen(function* () {
    const now = Math.trunc(yield* Clock.currentTimeMillis)
    const left = pending.deadline > now ? pending.deadline - now : pending.deadline - pending.startedAt
    const limit = yield* Effect.fromResult(millisOf("timeout", timeout, left))
    return { ...pending, deadline: now + Math.ceil(limit) }
  })

/** Polls until a result, an error that no later poll can cure, or the end of the wait. */
export const wait = <A>(
  first: PendingResult,
  poll: Effect.Effect<A, CloudauthError.CloudauthError>,
  settings: Settings
): Effect.Effect<A, CloudauthError.CloudauthError | WaitTimedOut> =>
  Effect.gen(function* () {
    const delay = yield* Effect.fromResult(millisOf("initialDelay", settings.initialDelay, 0))
    const state: State = { pending: first, last: undefined }
    const left = first.deadline - (yield* Clock.currentTimeMillis)
    return yield* Effect.timeoutOrElse(polls(state, poll, delay, settings), {
      duration: Math.max(0, left),
      orElse: () => Effect.fail(timedOut(state))
    })
  })

interface State {
  pending: PendingResult
  /** How the last poll ended. */
  last: CloudauthError.CloudauthError | undefined
}

const polls = <A>(
  state: State,
  poll: Effect.Effect<A, CloudauthError.CloudauthError>,
  initialDelay: number,
  { onProgress, polling = RetryPolicy.polling, wake: awake = Effect.never }: Settings
) =>
  Effect.gen(function* () {
    let wake = awake
    let nextDelay = yield* delays(polling, state.pending)
    let delay: number | undefined = initialDelay
    while (delay !== undefined) {
      if (yield* sleptOrWoken(delay, wake)) {
        // Once is enough: the result may follow the callback by a moment.
        wake = Effect.never
        nextDelay = yield* delays(RetryPolicy.polling, { ...state.pending, polls: 0 })
      }
      const polled = yield* Effect.result(poll)
      if (Result.isSuccess(polled)) return polled.success
      if (!canChange(polled.failure)) return yield* polled.failure
      state.last = polled.failure
      state.pending = { ...state.pending, polls: Math.min(mostPolls, state.pending.polls + 1) }
      if (onProgress !== undefined)
        yield* tell(onProgress, { _tag: "Waiting", pending: state.pending, reason: polled.failure._tag })
      delay = yield* nextDelay(polled.failure)
    }
    return yield* timedOut(state)
  })

/** Whether a later poll can end otherwise: the user has not finished, or the network, the service or the quota failed. */
const canChange = (error: CloudauthError.CloudauthError): boolean =>
  error._tag === "ProcessNotCompleted" || CloudauthError.isOf(error, "retryable")

/** Whether the sleep ended by a wake. */
const sleptOrWoken = (millis: number, wake: Effect.Effect<void>): Effect.Effect<boolean> =>
  millis <= 0 ? Effect.succeed(false) : Effect.raceFirst(Effect.as(Effect.sleep(millis), false), Effect.as(wake, true))

/** Calls `onProgress`. Its failure must not end the wait. */
const tell = (onProgress: (waiting: Waiting) => Effect.Effect<void>, waiting: Waiting): Effect.Effect<void> =>
  Effect.catchCause(
    Effect.suspend(() => onProgress(waiting)),
    () => Effect.void
  )

/** The delays of a schedule in milliseconds, after those that the wait has had; `undefined` after the last. */
const delays = (schedule: RetryPolicy.RetrySchedule, { polls, startedAt }: PendingResult) =>
  Effect.gen(function* () {
    const now = monotonic.steady(yield* Clock.Clock)
    const next = yield* scheduleDelays.start(schedule)
    // Made once: an error is dear, and there may be many polls.
    const error = unfinished()
    for (let past = 0; past < polls; past++) yield* next(startedAt, error)
    return (error: CloudauthError.CloudauthError) => next(now(), error)
  })

/** How the polls of an earlier process ended, as a rule. */
const unfinished = () =>
  new CloudauthError.ProcessNotCompleted({
    code: "ProcessNotCompleted",
    httpStatus: 404,
    requestId: undefined,
    attempts: 1,
    advice: ResponseCode.table.ProcessNotCompleted.advice,
    serverMessage: undefined
  })

const timedOut = ({ last, pending }: State): WaitTimedOut =>
  new WaitTimedOut({
    code: "WaitTimedOut",
    httpStatus: last?.httpStatus,
    requestId: last?.requestId,
    polls: pending.polls,
    reason: last?._tag,
    advice: "Resume the wait with pending, or let the callback or a later checkResult bring the result.",
    pending: Redacted.make(pending, { label: "pending" })
  })
