/** The queue and the store of transactions: what the queue takes over, and what the store learns. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type { Client } from "../../Cloudauth.ts"
import * as Telemetry from "../../Telemetry.ts"
import type { Store, StoredTransaction } from "../../TransactionStore.ts"
import type { TransactionStoreError } from "../../TransactionStoreError.ts"
import { ended, reach } from "../journey/steps.ts"
import { isInRegion, oldestOf } from "../journey/storedRequest.ts"
import { logQuietly } from "../quietly.ts"
import type { CollectQueueError, Item, Operations } from "./model.ts"
import type { Finished } from "./work.ts"

/** How many transactions are taken over at once. */
const page = 500

/** How long a transaction that was taken over is left to the queue, before it is looked at again. */
const claim = "1 hour"

const itemOf = ({ createdAt, expectation, merchantBizId, traceparent, transactionId }: StoredTransaction): Item => ({
  transactionId,
  merchantBizId,
  traceparent,
  expectation: { startedAt: Math.trunc(createdAt), ...expectation }
})

/**
 * Takes over all that is to be asked for: notified, or begun an hour ago and never notified. Says how many came new. What the
 * queue has collected before is marked now: its process may have ended between the two.
 */
export const takeOver = (
  queue: Operations,
  store: Store,
  { region }: Pick<Client, "region">
): Effect.Effect<number, CollectQueueError | TransactionStoreError> =>
  Effect.gen(function* () {
    let taken = 0
    for (let isFirst = true; ; isFirst = false) {
      const open = yield* store.pending(page, region)
      // Another server, of the transaction's own region, collects the others.
      const own = open.filter((transaction) => isInRegion(transaction, region))
      if (isFirst) yield* Telemetry.storeSwept(oldestOf(own))
      const claimed = yield* Effect.filter(own, (transaction) =>
        Effect.map(store.claim(transaction.transactionId, claim), Option.isSome)
      )
      // A page can be short though more are open: the store leaves out what it can't read.
      if (claimed.length === 0) return taken
      const { added, done } = yield* queue.add(claimed.map(itemOf), { retryFailed: false })
      yield* Effect.forEach(done, store.collected, { discard: true })
      taken += added
    }
  })

const briefly = Schedule.exponential("100 millis").pipe(Schedule.upTo({ times: 5 }))

/** Tells the store what became of a transaction. If that fails, `takeOver` does it later. */
export const told = (store: Store | undefined, finished: Finished<unknown>): Effect.Effect<void> => {
  if (store === undefined || finished._tag === "Left") return Effect.void
  const { transactionId } = finished.item
  const tell =
    finished._tag === "Collected"
      ? store.collected(transactionId)
      : finished.ending === undefined
        ? Effect.void
        : store.ended(transactionId, finished.ending)
  return Effect.andThen(stepped(store, finished), tell).pipe(
    Effect.retry(briefly),
    Effect.catch((error) => warn("Could not update the transaction store; trying again later", error))
  )
}

/** The step of a transaction that the store holds. */
const stepped = (store: Store, finished: Exclude<Finished<unknown>, { readonly _tag: "Left" }>): Effect.Effect<void> =>
  Effect.matchEffect(store.get(finished.item.transactionId), {
    onSuccess: (transaction) => {
      if (finished._tag === "Collected") return reach(store, transaction, "finished", finished.collected.result)
      return finished.ending === undefined ? Effect.void : ended(store, transaction, finished.ending)
    },
    onFailure: () => Effect.void
  })

export const warn = (message: string, error: { readonly _tag: string }): Effect.Effect<void> =>
  logQuietly(Effect.annotateLogs(Effect.logWarning(message), { "error.type": error._tag }))
