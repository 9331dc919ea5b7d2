/** The store of transactions in memory. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { MerchantBizIdTaken, TransactionConflict, TransactionNotStored } from "../../TransactionStoreError.ts"
import * as monotonic from "../monotonic.ts"
import * as notices from "./notices.ts"
import { precedes } from "./steps.ts"
import { overdueMillis, type Store, type StoredTransaction, type Transaction } from "./store.ts"
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

/** What a store holds. */
interface State {
  /** In the order of their putting. */
  readonly kept: Map<string, Kept>
  /** The user of each reserved `merchantBizId`. */
  readonly users: Map<string, string>
  readonly waiting: notices.Notices
}

/** A new store in this process's memory. */
export const inMemory: Effect.Effect<Store> = Effect.sync(() => {
  const state: State = { kept: new Map(), users: new Map(), waiting: notices.make() }
  return { ...transactionsOf(state), ...callbacksOf(state), ...collectionOf(state) }
})

const now = Effect.clockWith((clock) =>
  Effect.sync((): Now => ({ wall: clock.currentTimeMillisUnsafe(), monotonic: monotonic.millis(clock) }))
)

/** Replaces a transaction; `None` if there is none, or `update` leaves it as it is. */
const change = ({ kept }: State, transactionId: string, update: (kept: Kept, now: Now) => Kept | undefined) =>
  Effect.map(now, (now) => {
    const before = kept.get(transactionId)
    const after = before === undefined ? undefined : update(before, now)
    if (after !== undefined) kept.set(transactionId, after)
    return Option.fromUndefinedOr(after)
  })

const transactionsOf = ({ kept, users }: State): Pick<Store, "reserve" | "put" | "get" | "byMerchantBizId"> => ({
  reserve: (merchantBizId, merchantUserId) =>
    Effect.suspend(() => {
      const user = users.get(merchantBizId) ?? merchantUserId
      users.set(merchantBizId, user)
      return user === merchantUserId ? Effect.void : Effect.fail(new MerchantBizIdTaken({ merchantBizId }))
    }),
  put: (transaction) =>
    Effect.flatMap(now, (now) => {
      const { merchantBizId, transactionId } = transaction
      const before = kept.get(transactionId)?.transaction
      if (before !== undefined) {
        return before.merchantBizId === merchantBizId ? Effect.void : Effect.fail(new TransactionConflict({}))
      }
      kept.set(transactionId, {
        transaction: begun(transaction, now.wall),
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
    )
})

/** A transaction that begins to be kept. */
const begun = (
  { docType, expectation, expectsCallback, merchantBizId, owner, traceparent, transactionId }: Transaction,
  createdAt: number
): StoredTransaction => ({
  transactionId,
  merchantBizId,
  docType,
  expectation: expectation ?? expectationOfDocType(docType),
  owner,
  expectsCallback,
  createdAt,
  notifiedAt: undefined,
  collectedAt: undefined,
  endedAt: undefined,
  ending: undefined,
  step: "begun",
  traceparent
})

const callbacksOf = (state: State): Pick<Store, "notified" | "awaitNotified" | "reached"> => ({
  notified: (transactionId) =>
    Effect.map(
      change(state, transactionId, (kept, now) =>
        kept.transaction.notifiedAt === undefined
          ? {
              ...kept,
              transaction: { ...kept.transaction, notifiedAt: now.wall, endedAt: undefined, ending: undefined }
            }
          : kept
      ),
      (changed) => {
        state.waiting.tell(transactionId)
        return Option.map(changed, ({ transaction }) => transaction)
      }
    ),
  awaitNotified: (transactionId) =>
    Effect.suspend(() =>
      state.kept.get(transactionId)?.transaction.notifiedAt === undefined
        ? state.waiting.await(transactionId)
        : Effect.void
    ),
  reached: (transactionId, step) =>
    Effect.flatMap(now, ({ wall }) =>
      Effect.map(
        change(state, transactionId, (kept) =>
          precedes(kept.transaction.step, step) ? { ...kept, transaction: { ...kept.transaction, step } } : undefined
        ),
        Option.map(({ transaction }) => wall - transaction.createdAt)
      )
    )
})

const isOpen = ({ collectedAt, endedAt }: StoredTransaction) => collectedAt === undefined && endedAt === undefined

const isClaimable = ({ claimableFrom, transaction }: Kept, now: Now) =>
  isOpen(transaction) && claimableFrom <= now.monotonic

const isDue = ({ overdueFrom, transaction }: Kept, now: Now) =>
  transaction.notifiedAt !== undefined || overdueFrom <= now.monotonic

const collectionOf = (state: State): Pick<Store, "claim" | "release" | "collected" | "ended" | "pending"> => ({
  claim: (transactionId, lease) =>
    Effect.map(
      change(state, transactionId, (kept, now) =>
        isClaimable(kept, now)
          ? { ...kept, claims: kept.claims + 1, claimableFrom: now.monotonic + Duration.toMillis(lease) }
          : undefined
      ),
      Option.map(({ claims }) => claims)
    ),
  release: (transactionId, delay) =>
    Effect.asVoid(
      change(state, transactionId, (kept, now) => ({
        ...kept,
        claimableFrom: now.monotonic + Duration.toMillis(delay)
      }))
    ),
  collected: (transactionId) =>
    Effect.asVoid(
      change(state, transactionId, (kept, now) => ({
        ...kept,
        transaction: { ...kept.transaction, collectedAt: kept.transaction.collectedAt ?? now.wall }
      }))
    ),
  ended: (transactionId, ending) =>
    Effect.asVoid(
      change(state, transactionId, (kept, now) =>
        isOpen(kept.transaction)
          ? { ...kept, transaction: { ...kept.transaction, endedAt: now.wall, ending } }
          : undefined
      )
    ),
  pending: (limit, region) =>
    Effect.map(now, (now) =>
      [...state.kept.values()]
        .filter((kept) => isInRegion(kept.transaction, region) && isDue(kept, now) && isClaimable(kept, now))
        .sort((one, other) => one.claimableFrom - other.claimableFrom)
        .slice(0, limit)
        .map(({ transaction }) => transaction)
    )
})
