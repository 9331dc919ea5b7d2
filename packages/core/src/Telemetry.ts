/**
 * What a call shows to traces and metrics: facts about it, never a person's data, a key, a signature or a nonce.
 *
 * Spans go to Effect's `Tracer`. Metrics and logs come from an `Observer`, a plain object that is told what happened;
 * `@effect-cloudauth/otel` has one for OpenTelemetry.
 */
import * as Context from "effect/Context"
import type { CloudauthError } from "./CloudauthError.ts"
import type { CheckResult } from "./CheckResult.ts"
import type * as Document from "./Document.ts"
import type { RetryClass } from "./ResponseCode.ts"

/** How one attempt ended. */
export interface AttemptFacts {
  /** Counted from 1. */
  readonly attempt: number
  /** Milliseconds, from the credential to the last byte. */
  readonly duration: number
  /** The HTTP status, where an answer came. */
  readonly httpStatus: number | undefined
  /** The size of the answer in bytes, where one came. */
  readonly responseBytes: number | undefined
  readonly error: CloudauthError | undefined
}

/** A retry that is about to be waited for. */
export interface RetryFacts {
  readonly class: RetryClass
  /** Milliseconds. */
  readonly delay: number
  /** The attempt that failed, counted from 1. */
  readonly attempt: number
  readonly error: CloudauthError
}

/** How a whole operation ended. */
export interface OperationFacts {
  /** Milliseconds, retries and their waits included. */
  readonly duration: number
  readonly attempts: number
  /** The result, or `undefined` where the call failed or was interrupted. */
  readonly result: CheckResult<Document.Reading> | undefined
  /** The error, or `undefined` where it succeeded or was interrupted. */
  readonly error: CloudauthError | undefined
}

/** Is told what happens. Runs on the calling fiber: it must be quick and must not throw. */
export interface Observer {
  readonly operationStarted: () => void
  readonly operationEnded: (facts: OperationFacts) => void
  readonly attemptEnded: (facts: AttemptFacts) => void
  readonly retryScheduled: (facts: RetryFacts) => void
  /** An answer was decoded; milliseconds. */
  readonly decoded: (duration: number, result: CheckResult<Document.Reading> | undefined) => void
  /** A rate limiter made an attempt wait; milliseconds. */
  readonly limiterWaited: (duration: number) => void
  /** A credential was fetched anew. */
  readonly credentialRefreshed: (duration: number, succeeded: boolean) => void
}

/** The observer in force; none by default. */
export const Observer = Context.Reference<Observer | undefined>("@effect-cloudauth/core/Telemetry/Observer", {
  defaultValue: () => undefined
})

/** Which ids spans carry. They lead to a person, so the default is none. */
export interface SpanIds {
  /** `plain`, or a keyed hash by the function given; `undefined` for none. */
  readonly transform: ((id: string) => string) | undefined
}

/** Which ids spans carry: none by default, so that no trace leads to a person. */
export const SpanIds = Context.Reference<SpanIds>("@effect-cloudauth/core/Telemetry/SpanIds", {
  defaultValue: () => ({ transform: undefined })
})

/**
 * Whether `traceparent` is sent along. Off by default: the service is a third party, and the header tells it which of
 * its calls belong together.
 */
export const PropagateTrace = Context.Reference<boolean>("@effect-cloudauth/core/Telemetry/PropagateTrace", {
  defaultValue: () => false
})
