/** Tells the observer and the log what a call does. An observer that throws changes nothing for the call. */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { CheckResult } from "../../CheckResult.ts"
import type * as CloudauthError from "../../CloudauthError.ts"
import type { Phase } from "../../CloudauthError.ts"
import type * as Document from "../../Document.ts"
import { Attribute, type Observer, type QuotaFacts, type RetryFacts } from "../../Telemetry.ts"
import * as monotonic from "../monotonic.ts"
import { logQuietly, quietly } from "../quietly.ts"
import type { Call, Operation } from "./client.ts"
import { defectType, errorIn, errorOf } from "./failure.ts"

/** What is known of an attempt: how far it has come, and its response. */
export interface Progress {
  phase: Phase
  isSent: boolean
  /** When the request had its connection, in monotonic milliseconds. */
  connectedAt: number | undefined
  httpStatus: number | undefined
  responseBytes: number | undefined
  protocolVersion: string | undefined
}

/** An attempt that begins. */
export const begun = (): Progress => ({
  phase: "queue",
  isSent: false,
  connectedAt: undefined,
  httpStatus: undefined,
  responseBytes: undefined,
  protocolVersion: undefined
})

const tell = ({ context, observer }: Call, what: (observer: Observer, context: Call["context"]) => unknown): void => {
  if (observer !== undefined) quietly(() => what(observer, context))
}

/** Reports a call's start and end to the observer, and its failure to the log. */
export const operation = <A>(
  call: Call,
  operation: Operation<A>,
  use: Effect.Effect<A, CloudauthError.CloudauthError>
): Effect.Effect<A, CloudauthError.CloudauthError> => {
  let started: number | undefined
  const begun = Effect.suspend(() => {
    started = monotonic.millis(call.clock)
    tell(call, (observer, context) => observer.operationStarted(context))
    return use
  })
  return Effect.onExit(begun, (exit) => {
    // An interruption can come before the start: then there is no end to report.
    if (started !== undefined) ended(call, operation, monotonic.millis(call.clock) - started, exit)
    return Exit.isSuccess(exit) ? Effect.void : logFailure(call, exit.cause)
  })
}

const ended = <A>(
  call: Call,
  { action, checked }: Operation<A>,
  duration: number,
  exit: Exit.Exit<A, CloudauthError.CloudauthError>
): void =>
  tell(call, (observer, context) =>
    observer.operationEnded(
      {
        action,
        region: call.client.endpoint.region,
        duration,
        attempts: call.attempts,
        end: Exit.isSuccess(exit) ? "succeeded" : Exit.hasInterrupts(exit) ? "interrupted" : "failed",
        result: Exit.isSuccess(exit) ? checked(exit.value) : undefined,
        error: errorOf(exit)
      },
      context
    )
  )

/** Reports that an attempt got its place under the account's quota. */
export const quotaTaken = (call: Call, facts: QuotaFacts): void => {
  tell(call, (observer, context) => observer.quotaTaken(facts, context))
  if (facts.waited > 0) tell(call, (observer, context) => observer.limiterWaited(facts.waited, context))
}

/** Reports the end of an attempt that begins now to the observer. */
export const attempt = <A>(
  call: Call,
  number: number,
  progress: Progress,
  use: Effect.Effect<A, CloudauthError.CloudauthError>
): Effect.Effect<A, CloudauthError.CloudauthError> => {
  if (call.observer === undefined) return use
  const started = monotonic.millis(call.clock)
  return Effect.onExit(use, (exit) => {
    const ended = monotonic.millis(call.clock)
    tell(call, (observer, context) =>
      observer.attemptEnded(
        {
          action: call.action,
          region: call.client.endpoint.region,
          attempt: number,
          isSent: progress.isSent,
          duration: ended - started,
          exchange: progress.connectedAt === undefined ? undefined : ended - progress.connectedAt,
          httpStatus: progress.httpStatus,
          responseBytes: progress.responseBytes,
          error: errorOf(exit)
        },
        context
      )
    )
    return Effect.void
  })
}

export const retry = (call: Call, facts: RetryFacts): void =>
  tell(call, (observer, context) => observer.retryScheduled(facts, context))

/** `duration` is in milliseconds. */
export const decoded = (call: Call, duration: number, result: CheckResult<Document.Reading> | undefined): void =>
  tell(call, (observer, context) => observer.decoded(duration, result, context))

/**
 * Logs a failed call at level Debug: the caller has the error, and decides whether it is worth a warning. The line has
 * neither the server's text nor a defect's, which can hold personal data.
 */
const logFailure = (call: Call, cause: Cause.Cause<CloudauthError.CloudauthError>): Effect.Effect<void> => {
  const error = errorIn(cause)
  const type = error?._tag ?? defectType(cause)
  if (type === undefined || type === "ProcessNotCompleted") return Effect.void
  return Effect.logDebug(`${call.action} failed`).pipe(
    Effect.annotateLogs({
      [Attribute.errorType]: type,
      ...(error === undefined ? {} : { [Attribute.responseCode]: error.code }),
      [Attribute.attempts]: error?.attempts ?? call.attempts,
      ...(error?.requestId === undefined ? {} : { [Attribute.requestId]: error.requestId }),
      ...(error?.httpStatus === undefined ? {} : { [Attribute.httpResponseStatusCode]: error.httpStatus }),
      ...(call.span === undefined
        ? {}
        : { [Attribute.traceId]: call.span.traceId, [Attribute.spanId]: call.span.spanId })
    }),
    logQuietly
  )
}
