/** One id: the call, and what its end means. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Client } from "../../Cloudauth.ts"
import type { CloudauthError } from "../../CloudauthError.ts"
import * as Document from "../../Document.ts"
import * as Quota from "../../Quota.ts"
import type { Store } from "../../TransactionStore.ts"
import { assessed } from "../journey/assessed.ts"
import { linked } from "../journey/links.ts"
import type { Ending } from "../journey/store.ts"
import { requestOf } from "../journey/storedRequest.ts"
import * as monotonic from "../monotonic.ts"
import { retentionMillis } from "../retention.ts"
import type { Ended, Leased, Release } from "./model.ts"
import * as options from "./options.ts"
import { concernsId, isOwnQueue, pauseAfter } from "./outcome.ts"

/** The outcome of a call. */
export type Finished<P> =
  | { readonly _tag: "Collected"; readonly item: Leased; readonly collected: options.Collected; readonly prepared: P }
  | {
      readonly _tag: "SetAside"
      readonly item: Leased
      readonly ended: Ended & { readonly _tag: "SetAside" }
      readonly ending: Ending | undefined
    }
  | { readonly _tag: "Left"; readonly item: Leased; readonly error: CloudauthError; readonly release: Release }

/** An id whose process ended so often while it was under way is set aside: it may be what ends them. */
const mostAttempts = 20

/** Set aside without a call, if it was tried too often. */
export const worn = (item: Leased): Finished<never> | undefined =>
  item.attempts <= mostAttempts
    ? undefined
    : setAside(item, { error: item.reason ?? "LeftUnfinished", code: "", requestId: undefined }, undefined)

const setAside = (
  item: Leased,
  why: { readonly error: string; readonly code: string; readonly requestId: string | undefined },
  ending: Ending | undefined
): Finished<never> => ({
  _tag: "SetAside",
  item,
  ended: { _tag: "SetAside", transactionId: item.transactionId, ...why },
  ending
})

const left = (item: Leased, error: CloudauthError, pause: number, isAttempt: boolean): Finished<never> => ({
  _tag: "Left",
  item,
  error,
  release: { transactionId: item.transactionId, pause, reason: error._tag, isAttempt }
})

interface Settings {
  readonly isReturnImage?: boolean | undefined
  readonly retry?: options.RunOptions<never, never, never>["retry"]
  readonly transactions?: Store | undefined
}

/** Asks for an id's result, with the priority of a batch. */
export const ask = (client: Client, item: Leased, { isReturnImage = false, retry }: Settings) =>
  Effect.gen(function* () {
    const document = item.document === undefined ? undefined : Document.kinds[item.document]
    const createdAt = item.deadline - retentionMillis
    const { expectation, merchantBizId, transactionId } = item
    const request =
      expectation === undefined
        ? { merchantBizId, transactionId, document, isReturnImage }
        : requestOf({ createdAt, expectation, merchantBizId, transactionId }, { document, isReturnImage })
    const clock = yield* Clock.Clock
    const started = monotonic.millis(clock)
    const call = client.checkResult(request, { retry: { ...options.retryPolicy, ...retry } })
    const result = yield* linked(item.traceparent, assessed(request, call))
    const duration = Math.round(monotonic.millis(clock) - started)
    return { item, result, collectedAt: clock.currentTimeMillisUnsafe(), duration }
  }).pipe(Quota.withPriority("batch"))

/** What a failed call means for its id. */
export const failed = (
  item: Leased,
  error: CloudauthError,
  { transactions }: Settings
): Effect.Effect<Finished<never>> => {
  if (isOwnQueue(error)) return Effect.succeed(left(item, error, 1000, false))
  if (!concernsId(error)) return Effect.succeed(left(item, error, pauseAfter(item.attempts), false))
  const why = { error: error._tag, code: error.code, requestId: error.requestId }
  const expired = setAside(item, why, error._tag === "TransactionExpired" ? "Expired" : undefined)
  // A list's ids are of users who have finished: only a transaction that was begun here can be too early.
  const isBegun = item.expectation?.startedAt !== undefined
  const isUnfinished = error._tag === "ProcessNotCompleted" || error._tag === "TransactionAbandoned"
  if (!isBegun || !isUnfinished) return Effect.succeed(expired)
  if (error._tag === "ProcessNotCompleted") return Effect.succeed(left(item, error, pauseAfter(item.attempts), true))
  // The platform has said that the user of a notified one is done: its result is late.
  return Effect.map(isNotified(transactions, item), (notified) =>
    notified ? left(item, error, pauseAfter(item.attempts), true) : setAside(item, why, "Abandoned")
  )
}

const isNotified = (transactions: Store | undefined, { transactionId }: Leased): Effect.Effect<boolean> =>
  transactions === undefined
    ? Effect.succeed(false)
    : Effect.match(transactions.get(transactionId), {
        onSuccess: ({ notifiedAt }) => notifiedAt !== undefined,
        // A store that can't say: the id is asked again.
        onFailure: ({ _tag }) => _tag === "TransactionStoreError"
      })
