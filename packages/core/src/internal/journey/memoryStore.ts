/** The store of transactions in memory. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { MerchantBizIdTaken, TransactionConflict, TransactionNotStored } from "../../TransactionStoreError.ts"
import * as monotonic from "../monotonic.ts"
import * as notices from "./notices.ts"
import { precedes } from "./steps.ts"
import { overdueMillis, type Store, type StoredTransaction } from "./store.ts"
import { expectationOfDocType, isInRegion } from "./storedRequest.ts"

interface Kept {
  readonly transaction: StoredTransaction
  readonly claims: number
  /** When it can be claimed, in milliseconds of the monotonic clock: a wait, not a date. */
  readonly claimableFrom: number
  /** When it is asked for without a notification, likewise. */
  readonly overdueFrom: number
}

/** One moment: as a date, in milliseconds since 1970, and for waits. */
interface Now {
  readonly wall: number
  readonly monotonic: number
}

/** A new store in this process's memory. */
export const inMemory: Effect.Effect<Store> = Effect.sync(() => make())

const make = (): Store => {
  // In the order of their putting.
  const kept = new Map<string, Kept>()
  const users = new Map<string, string>()
  const waiting = notices.make()
  const now = Effect.clockWith((clock) =>
    Effect.sync((): Now => ({ wall: clock.currentTimeMillisUnsafe(), monotonic: monotonic.millis(clock) }))
  )

  const change = (transactionId: string, update: (kept: Kept, now: Now) => Kept | undefined) =>
    Effect.map(now, (now) => {
      const before = kept.get(transactionId)
      const after = before === undefined ? undefined : update(before, now)
      if (after !== undefined) kept.set(transactionId, after)
      return Option.fromUndefinedOr(after)
    })

  const isOpen = ({ collectedAt, endedAt }: StoredTransaction) => collectedAt === undefined && endedAt === undefined

  const isClaimable = ({ claimableFrom, transaction }: Kept, now: Now) =>
    isOpen(transaction) && claimableFrom <= now.monotonic

  const isDue = ({ overdueFrom, transaction }: Kept, now: Now) =>
    transaction.notifiedAt !== undefined || overdueFrom <= now.monotonic

  return {
    reserve: (merchantBizId, merchantUserId) =>
      Effect.suspend(() => {
        const user = users.get(merchantBizId) ?? merchantUserId
        users.set(merchantBizId, user)
        return user === merchantUserId ? Effect.void : Effect.fail(new MerchantBizIdTaken({ merchantBizId }))
      }),
    put: ({ docType, expectation, expectsCallback, merchantBizId, owner, traceparent, transactionId }) =>
      Effect.flatMap(now, (now) => {
        const before = kept.get(transactionId)?.transaction
        if (before !== undefined) {
          return before.merchantBizId === merchantBizId ? Effect.void : Effect.fail(new TransactionConflict({}))
        }
        const transaction: StoredTransaction = {
          transactionId,
          merchantBizId,
          docType,
          expectation: expectation ?? expectationOfDocType(docType),
          owner,
          expectsCallback,
          createdAt: now.wall,
          notifiedAt: undefined,
          collectedAt: undefined,
          endedAt: undefined,
          ending: undefined,
          step: "begun",
          traceparent
        }
        kept.set(transactionId, {
          transaction,
          claims: 0,
          claimableFrom: -Infinity,
          overdueFrom: now.monotonic + overdueMillis
        })
        return Effect.void
      }),
    get: (transactionId) =>
      Effect.suspend(() => {
        const found = kept.get(transactionId)
        return found === undefined
          ? Effect.fail(new TransactionNotStored({ by: "transactionId" }))
          : Effect.succeed(found.transaction)
      }),
    byMerchantBizId: (merchantBizId) =>
      Effect.sync(() =>
        Array.from(kept.values(), ({ transaction }) => transaction)
          .filter((transaction) => transaction.merchantBizId === merchantBizId)
          .toReversed()
      ),
    notified: (transactionId) =>
      Effect.map(
        change(transactionId, (kept, now) =>
          kept.transaction.notifiedAt === undefined
            ? {
                ...kept,
                transaction: { ...kept.transaction, notifiedAt: now.wall, endedAt: undefined, ending: undefined }
              }
            : kept
        ),
        (changed) => {
          waiting.tell(transactionId)
          return Option.map(changed, ({ transaction }) => transaction)
        }
      ),
    awaitNotified: (transactionId) =>
      Effect.suspend(() =>
        kept.get(transactionId)?.transaction.notifiedAt === undefined ? waiting.await(transactionId) : Effect.void
      ),
    claim: (transactionId, lease) =>
      Effect.map(
        change(transactionId, (kept, now) =>
          isClaimable(kept, now)
            ? { ...kept, claims: kept.claims + 1, claimableFrom: now.monotonic + Duration.toMillis(lease) }
            : undefined
        ),
        Option.map(({ claims }) => claims)
      ),
    release: (transactionId, delay) =>
      Effect.asVoid(
        change(transactionId, (kept, now) => ({ ...kept, claimableFrom: now.monotonic + Duration.toMillis(delay) }))
      ),
    collected: (transactionId) =>
      Effect.asVoid(
        change(transactionId, (kept, now) => ({
          ...kept,
          transaction: { ...kept.transaction, collectedAt: kept.transaction.collectedAt ?? now.wall }
        }))
      ),
    ended: (transactionId, ending) =>
      Effect.asVoid(
        change(transactionId, (kept, now) =>
          isOpen(kept.transaction)
            ? { ...kept, transaction: { ...kept.transaction, endedAt: now.wall, ending } }
            : undefined
        )
      ),
    pending: (limit, region) =>
      Effect.map(now, (now) =>
        [...kept.values()]
          .filter((kept) => isInRegion(kept.transaction, region) && isDue(kept, now) && isClaimable(kept, now))
          .sort((one, other) => one.claimableFrom - other.claimableFrom)
          .slice(0, limit)
          .map(({ transaction }) => transaction)
      ),
    reached: (transactionId, step) =>
      Effect.flatMap(now, ({ wall }) =>
        Effect.map(
          change(transactionId, (kept) =>
            precedes(kept.transaction.step, step) ? { ...kept, transaction: { ...kept.transaction, step } } : undefined
          ),
          Option.map(({ transaction }) => wall - transaction.createdAt)
        )
      )
  }
}
