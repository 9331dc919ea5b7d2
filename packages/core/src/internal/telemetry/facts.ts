/** What an observer receives. */
import type * as Context from "effect/Context"
import type { CheckResult } from "../../CheckResult.ts"
import type { CloudauthError } from "../../CloudauthError.ts"
import type * as Document from "../../Document.ts"
import type { RetryClass } from "../../ResponseCode.ts"

import type { Step } from "../journey/store.ts"

type FiberContext = Context.Context<never>

/**
 * How one attempt ended.
 *
 * @category models
 * @since 0.1.0
 */
export interface AttemptFacts {
  /** The action, for example `CheckResult`. */
  readonly action: string
  /** The region that was asked; `undefined` if the endpoint is not the vendor's. */
  readonly region: string | undefined
  /** Counted from 1, with those that were not sent. */
  readonly attempt: number
  /** Whether the request was sent: `false` if it was still waiting for its turn, a credential or a connection. */
  readonly isSent: boolean
  /** Milliseconds, waits included, to the last byte. */
  readonly duration: number
  /** Milliseconds from when the request had its connection to the attempt's end; `undefined` if it never had one. */
  readonly exchange: number | undefined
  /** The HTTP status, if a response came. */
  readonly httpStatus: number | undefined
  /** The size of the answer in bytes, if one came. */
  readonly responseBytes: number | undefined
  readonly error: CloudauthError | undefined
}

/**
 * A retry that is about to be waited for.
 *
 * @category models
 * @since 0.1.0
 */
export interface RetryFacts {
  readonly class: RetryClass
  /** Milliseconds. */
  readonly delay: number
  /** The attempt that failed, counted from 1. */
  readonly attempt: number
  readonly error: CloudauthError
}

/**
 * A place under the account's quota that an attempt has got.
 *
 * @category models
 * @since 0.1.0
 */
export interface QuotaFacts {
  /** How long the attempt waited for its place, in milliseconds. */
  readonly waited: number
  /** How many calls wait behind it. */
  readonly waiting: number
  /** The part of the quota that the last second has used: 1 is all of it. */
  readonly share: number
}

/**
 * How a whole operation ended.
 *
 * @category models
 * @since 0.1.0
 */
export interface OperationFacts {
  /** The action, for example `CheckResult`. */
  readonly action: string
  /** The region that was asked; `undefined` if the endpoint is not the vendor's. */
  readonly region: string | undefined
  /** Milliseconds, retries and their waits included. */
  readonly duration: number
  /** How many requests were sent. */
  readonly attempts: number
  /** `failed` for errors and defects alike. */
  readonly end: "succeeded" | "failed" | "interrupted"
  /** The result of a check, or `undefined` if the call failed, was interrupted, or was not a check. */
  readonly result: CheckResult<Document.Reading> | undefined
  /** The error, or `undefined` if it succeeded or was interrupted. */
  readonly error: CloudauthError | undefined
}

/**
 * A step of a user's journey, reported once for each transaction.
 *
 * @category models
 * @since 0.1.0
 */
export interface JourneyFacts {
  readonly step: Step
  /** Milliseconds since the transaction began, by the store's clock. */
  readonly age: number
  /** Where the transaction began; `undefined` if that is not known. */
  readonly region: string | undefined
  /** The document that was asked for; `undefined` if it is not known, or one of several. */
  readonly document: Document.Name | undefined
  /** With the step `finished`: the result. */
  readonly result: CheckResult<Document.Reading> | undefined
}

/**
 * Receives the events of a client. Runs on the calling fiber, so it must be quick. What it throws is ignored. Each function also gets
 * the fiber's context.
 *
 * @category models
 * @since 0.1.0
 */
export interface Observer {
  readonly operationStarted: (context: FiberContext) => void
  readonly operationEnded: (facts: OperationFacts, context: FiberContext) => void
  readonly attemptEnded: (facts: AttemptFacts, context: FiberContext) => void
  readonly retryScheduled: (facts: RetryFacts, context: FiberContext) => void
  /** An answer was decoded; milliseconds. */
  readonly decoded: (duration: number, result: CheckResult<Document.Reading> | undefined, context: FiberContext) => void
  /** An attempt got its place under the account's quota. */
  readonly quotaTaken: (facts: QuotaFacts, context: FiberContext) => void
  /** The quota, or a rate limiter in front of the transport, made an attempt wait; milliseconds. */
  readonly limiterWaited: (duration: number, context: FiberContext) => void
  /** A credential was fetched again. */
  readonly credentialRefreshed: (duration: number, succeeded: boolean, context: FiberContext) => void
  /** A result was fetched so many days before the vendor deletes it. Reported if the time of the check is known. */
  readonly resultFetched?: ((daysLeft: number, context: FiberContext) => void) | undefined
  /** The store was searched for results to collect; the oldest waits for so many days, 0 if none waits. */
  readonly storeSwept?: ((oldestDays: number, context: FiberContext) => void) | undefined
  /** A user's journey reached its next step. */
  readonly journeyStepped?: ((facts: JourneyFacts, context: FiberContext) => void) | undefined
}
