/** A wait as data, and how it ends when its time is over. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as CheckResultRequest from "../../CheckResultRequest.ts"
import type { CloudauthError, InvalidRequest } from "../../CloudauthError.ts"
import type * as Document from "../../Document.ts"
import * as Expectation from "../../Expectation.ts"
import { MerchantBizId } from "../../MerchantBizId.ts"
import { TransactionId } from "../../TransactionId.ts"
import { hidden, taggedError } from "../errorClass.ts"
import { Traceparent } from "../traceparent.ts"

/** A wait that goes on replays its schedule so often. */
export const mostPolls = 100_000

/**
 * A wait for one result: whom it is about, what the result is held against, and how far the wait is.
 *
 * It holds the ids that lead to a person's check, encoded, too. Store it as you store the transactions; never log it, and
 * never send it to the user's device. Times are milliseconds since 1970.
 *
 * @category models
 * @since 0.1.0
 */
export const PendingResult = Schema.Struct({
  merchantBizId: MerchantBizId,
  transactionId: TransactionId,
  isReturnImage: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "Whether the answer is to have the images." })
  ),
  extraImageControlList: Schema.optionalKey(
    Schema.String.annotate({ description: "ExtraImageControlList of the request." })
  ),
  returnFiveCategorySpoofResult: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "ReturnFiveCategorySpoofResult of the request." })
  ),
  /** What the result is held against. */
  expectation: Expectation.Expectation,
  /** When the wait began. */
  startedAt: Expectation.Time.annotate({ description: "When the wait began." }),
  /** When the wait is over. */
  deadline: Expectation.Time.annotate({ description: "When the wait is over." }),
  /** How many polls have ended without a result; no more than 100,000 are counted. */
  polls: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: mostPolls })).annotate({
    description: "How many polls have ended without a result; no more than 100,000 are counted."
  }),
  /** The span that the wait's span links to, as W3C's `traceparent`: that of Initialize, or the one that began the wait. */
  traceparent: Schema.optionalKey(
    Traceparent.annotate({
      description:
        "The span that the wait's span links to, as W3C's traceparent: that of Initialize, or the one that began the wait."
    })
  )
}).annotate({ identifier: "PendingResult", title: "A wait for a result" })
export interface PendingResult extends Schema.Schema.Type<typeof PendingResult> {}

/**
 * One poll ended without a result, and the wait goes on.
 *
 * @category models
 * @since 0.1.0
 */
export interface Waiting {
  readonly _tag: "Waiting"
  /** The wait as it is now: keep it to resume it in another process. */
  readonly pending: PendingResult
  /** How the poll ended: `ProcessNotCompleted`, or the error that the next poll may no longer meet. */
  readonly reason: CloudauthError["_tag"]
}

/**
 * The time of a wait is over: its `timeout`, or its schedule, has run out. The user may still finish: `pending` resumes the
 * wait.
 *
 * @category errors
 * @since 0.1.0
 */
export class WaitTimedOut extends taggedError<WaitTimedOut>()(
  "WaitTimedOut",
  {
    code: Schema.Literal("WaitTimedOut").annotate({ description: "The error's own name: no answer brought it." }),
    /** The HTTP status of the last poll's answer. */
    httpStatus: Schema.UndefinedOr(Schema.Int).annotate({ description: "The HTTP status of the last poll's answer." }),
    /** The vendor's id of the last poll's request. */
    requestId: Schema.UndefinedOr(Schema.String).annotate({
      description: "The vendor's id of the last poll's request."
    }),
    /** How many polls were made in all. */
    polls: Schema.Int.annotate({ description: "How many polls were made in all." }),
    /** How the last poll ended; `undefined` if none ended. */
    reason: Schema.UndefinedOr(Schema.String).annotate({
      description: "How the last poll ended; undefined if none ended."
    }),
    /** What the operator or the developer should do. It is no text for the user. */
    advice: Schema.String.annotate({
      description: "What the operator or the developer should do. It is no text for the user."
    }),
    /** The wait, to be resumed. It holds ids. Absent after decoding. */
    pending: hidden(PendingResult)
  },
  409,
  ({
    advice,
    polls,
    reason
  }: {
    readonly polls: number
    readonly reason: string | undefined
    readonly advice: string
  }) => `no result in time (${polls} polls, the last: ${reason ?? "none ended"}). ${advice}`
) {}

/** Whether a value is a wait: callers without types can give anything. */
export const isPending = Schema.is(PendingResult)

/** What a wait is about. */
export type WhatIsAsked = Omit<PendingResult, "startedAt" | "deadline" | "polls" | "traceparent">

/** What a wait for this request keeps of it. */
export const whatIsAsked = (
  request: CheckResultRequest.WithDocument<Document.Kind | undefined>
): Result.Result<WhatIsAsked, InvalidRequest> =>
  Result.map(CheckResultRequest.check(request), ({ expectation }) => {
    const { document: _document, expect: _expect, ...rest } = request
    // The check has seen the ids.
    return { ...(rest as Omit<WhatIsAsked, "expectation">), expectation }
  })

/** The request of a wait. */
export const requestOf = ({
  deadline: _deadline,
  expectation,
  polls: _polls,
  startedAt: _startedAt,
  traceparent: _traceparent,
  ...request
}: PendingResult): CheckResultRequest.WithDocument => ({ ...request, expect: expectation })
