/** How long a transaction lives: 30 minutes for the user, then its result is kept for 30 days. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as CheckResultRequest from "../../CheckResultRequest.ts"
import * as CloudauthError from "../../CloudauthError.ts"
import type * as Document from "../../Document.ts"
import { dayMillis, retentionMillis } from "../retention.ts"

/** How long the user has, in milliseconds. */
const userMillis = 30 * 60_000

/**
 * When a result is certainly gone, in milliseconds since 1970. The vendor counts from completion, which is not known,
 * and clocks differ: until a day later the service is asked.
 */
const goneAt = (startedAt: number, retention: number): number => startedAt + userMillis + retention + dayMillis

/** Another clock than the wall's, and when a transaction had begun at the latest. */
export interface Life {
  readonly now: Effect.Effect<number>
  readonly begunBy: number | undefined
}

/**
 * Holds a call against the transaction's life, if it is known when that began. A wait passes its own `life`: its clock
 * makes no jumps, and the transaction began before the wait did.
 */
export const bound = <A>(
  request: CheckResultRequest.WithDocument<Document.Kind | undefined>,
  call: Effect.Effect<A, CloudauthError.CloudauthError>,
  { begunBy, now }: Life = { now: Clock.currentTimeMillis, begunBy: undefined }
): Effect.Effect<A, CloudauthError.CloudauthError> => {
  const expect = (request as typeof request | null | undefined)?.expect // without types it can be anything
  const startedAt = expect?.startedAt ?? begunBy
  if (startedAt === undefined) return call
  const retention = expect?.retentionDays === undefined ? retentionMillis : expect.retentionDays * dayMillis
  return Effect.flatMap(now, (at) => {
    if (at >= goneAt(startedAt, retention)) return Effect.fail(expired(startedAt))
    return Effect.catchTag(call, "ProcessNotCompleted", (error) =>
      Effect.flatMap(now, (at) => {
        // With the status 200 the user has finished, and only the verdict is missing.
        const isOver = at >= startedAt + userMillis && error.httpStatus !== 200
        return Effect.fail(isOver ? abandoned(startedAt, error) : error)
      })
    )
  })
}

const expired = (startedAt: number) =>
  new CloudauthError.TransactionExpired({
    code: "TransactionExpired",
    httpStatus: undefined,
    requestId: undefined,
    attempts: 0,
    advice: "Begin a new transaction. Collect results before they are deleted, 30 days after completion.",
    startedAt
  })

const abandoned = (startedAt: number, { attempts, httpStatus, requestId }: CloudauthError.ProcessNotCompleted) =>
  new CloudauthError.TransactionAbandoned({
    code: "TransactionAbandoned",
    httpStatus,
    requestId,
    attempts,
    advice: "Begin a new transaction: the user's 30 minutes are over.",
    startedAt
  })
