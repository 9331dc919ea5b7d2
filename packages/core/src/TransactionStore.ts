/**
 * Which transactions this server began, tied to the ids that it gave them.
 *
 * A transaction id that comes from a user's device may be somebody else's passed check. With a store the ids never leave
 * the server: `initialize` begins and stores in one step, `checkStored` and `awaitStored` take what it holds and fail
 * before anything is sent where it holds nothing.
 *
 * @example
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import * as DocType from "@effect-cloudauth/core/DocType"
 * import { TransactionStore } from "@effect-cloudauth/core/TransactionStore"
 * import * as Effect from "effect/Effect"
 * import * as Redacted from "effect/Redacted"
 *
 * const begin = TransactionStore.initialize({
 *   merchantBizId: "order1",
 *   merchantUserId: "5e884898da28047151d0e56f8dc6292773603d0d",
 *   docType: DocType.GlobalPassport
 * }).pipe(Effect.map(({ transactionUrl }) => transactionUrl && Redacted.value(transactionUrl)))
 *
 * const decide = TransactionStore.awaitStored({ merchantBizId: "order1" }).pipe(
 *   Effect.map((result) => result.verdict._tag),
 *   Effect.catchTag("TransactionNotStored", () => Effect.succeed("no such order"))
 * )
 *
 * const program = Effect.provide(decide, TransactionStore.layerMemory)
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { CheckResult } from "./CheckResult.ts"
import * as CheckResultRequest from "./CheckResultRequest.ts"
import { Cloudauth } from "./Cloudauth.ts"
import type { AwaitOptions, CallOptions } from "./Cloudauth.ts"
import * as CloudauthError from "./CloudauthError.ts"
import type { DocType } from "./DocType.ts"
import type * as Document from "./Document.ts"
import type { Initialized } from "./Initialize.ts"
import type { InitializeRequest } from "./InitializeRequest.ts"
import * as monotonic from "./internal/monotonic.ts"
import { retentionMillis } from "./internal/retention.ts"
import { requestOf } from "./internal/storedRequest.ts"
import * as Options from "./Options.ts"
import { InitializedNotStored, TransactionConflict, TransactionNotStored } from "./TransactionStoreError.ts"
import type { TransactionStoreError } from "./TransactionStoreError.ts"

/** A transaction to be kept. */
export interface Transaction {
  readonly transactionId: string
  readonly merchantBizId: string
  /** The code of the document, by which its answer is read; `undefined` where it is not known. */
  readonly docType?: DocType | undefined
}

/** A transaction as it is kept. Times are milliseconds since 1970. */
export interface StoredTransaction {
  readonly transactionId: string
  readonly merchantBizId: string
  readonly docType: string | undefined
  readonly createdAt: number
  /** When the platform first said that the user is done; `undefined` while it has not. */
  readonly notifiedAt: number | undefined
  /** When the result was collected; `undefined` while it was not. */
  readonly collectedAt: number | undefined
}

/** What a store can do. Of its operations only `notified` and those after it are the callback's. */
export interface Store {
  /**
   * Keeps a transaction. Once more is no error and changes nothing; the same transaction id for another `merchantBizId`
   * is a `TransactionConflict`.
   */
  readonly put: (transaction: Transaction) => Effect.Effect<void, TransactionStoreError | TransactionConflict>
  readonly get: (
    transactionId: string
  ) => Effect.Effect<StoredTransaction, TransactionNotStored | TransactionStoreError>
  /** The transactions of one `merchantBizId`, newest first: several where the user began anew. */
  readonly byMerchantBizId: (
    merchantBizId: string
  ) => Effect.Effect<ReadonlyArray<StoredTransaction>, TransactionStoreError>
  /** Notes durably that the user is done, and tells what is known; `None` where the store does not hold the transaction. */
  readonly notified: (transactionId: string) => Effect.Effect<Option.Option<StoredTransaction>, TransactionStoreError>
  /**
   * Takes the right to collect a result for the time of `lease`; `None` where it is collected, or another has the right.
   * Of any number that ask at once, on any number of machines, one gets it. The number counts the claims, from 1.
   */
  readonly claim: (
    transactionId: string,
    lease: Duration.Input
  ) => Effect.Effect<Option.Option<number>, TransactionStoreError>
  /** Gives the right back, to be had again after `delay`. */
  readonly release: (transactionId: string, delay: Duration.Input) => Effect.Effect<void, TransactionStoreError>
  /** Notes durably that the result is collected: nobody can claim it any more. */
  readonly collected: (transactionId: string) => Effect.Effect<void, TransactionStoreError>
  /**
   * Up to `limit` transactions that were notified, are not collected and can be claimed now; those that wait longest
   * first. What was notified 30 days ago is left out: the vendor has deleted its result.
   */
  readonly pending: (limit: number) => Effect.Effect<ReadonlyArray<StoredTransaction>, TransactionStoreError>
}

/**
 * Which stored transaction is meant: that with the transaction id, or the newest of the `merchantBizId`. Where both are
 * given they must belong together.
 */
export type Which =
  | { readonly merchantBizId: string; readonly transactionId?: string | undefined }
  | { readonly transactionId: string; readonly merchantBizId?: string | undefined }

/**
 * A request about a stored transaction, and which document it is where the caller knows. Without one the document is
 * read as the stored `docType` says, or inferred where that is not confirmed.
 */
export type StoredRequest<K extends Document.Kind | undefined = undefined> = Omit<
  CheckResultRequest.CheckResultRequest,
  "merchantBizId" | "transactionId"
> &
  Which &
  CheckResultRequest.About<K>

type Failure = CloudauthError.CloudauthError | TransactionNotStored | TransactionStoreError

/** The store of transactions. */
export class TransactionStore extends Context.Service<TransactionStore, Store>()(
  "@effect-cloudauth/core/TransactionStore"
) {
  /**
   * In this process's memory, for tests and demonstrations: it grows without end, and forgets all when the process
   * ends. `TransactionStoreSql.layer` is durable.
   */
  static readonly layerMemory: Layer.Layer<TransactionStore> = Layer.sync(TransactionStore, () => inMemory())

  /**
   * Begins a user's way and stores its transaction, in one step: the user can't get what is not stored. Fails with
   * `InitializedNotStored` where the transaction has begun but the store did not take it.
   */
  static readonly initialize: (
    request: InitializeRequest,
    options?: CallOptions
  ) => Effect.Effect<Initialized, CloudauthError.CloudauthError | InitializedNotStored, Cloudauth | TransactionStore> =
    Effect.fnUntraced(function* (request, options) {
      const store = yield* TransactionStore
      const initialized = yield* Cloudauth.initialize(request, options)
      const { docType, merchantBizId } = Options.ownData(request)
      const { transactionId } = initialized
      yield* Effect.mapError(
        store.put({ transactionId, merchantBizId, docType }),
        (reason) =>
          new InitializedNotStored({
            transactionId: Redacted.make(transactionId, { label: "transactionId" }),
            merchantBizId,
            docType,
            reason
          })
      )
      return initialized
    })

  /** `Cloudauth.checkResult` of a stored transaction. Fails with `TransactionNotStored` before anything is sent. */
  static readonly checkStored = <K extends Document.Kind | undefined = undefined>(
    request: StoredRequest<K>,
    options?: CallOptions
  ): Effect.Effect<CheckResult<Document.Expected<K>>, Failure, Cloudauth | TransactionStore> =>
    Effect.flatMap(resolve(request), (resolved) => Cloudauth.checkResult(resolved, options))

  /** `Cloudauth.awaitResult` of a stored transaction. Fails with `TransactionNotStored` before anything is sent. */
  static readonly awaitStored = <K extends Document.Kind | undefined = undefined>(
    request: StoredRequest<K>,
    options?: AwaitOptions
  ): Effect.Effect<CheckResult<Document.Expected<K>>, Failure, Cloudauth | TransactionStore> =>
    Effect.flatMap(resolve(request), (resolved) => Cloudauth.awaitResult(resolved, options))
}

const find = ({ merchantBizId, transactionId }: { readonly [K in keyof Which]: string | undefined }) =>
  Effect.flatMap(TransactionStore, (store): Effect.Effect<StoredTransaction, Failure> => {
    if (transactionId !== undefined) {
      return Effect.filterOrFail(
        store.get(transactionId),
        (stored) => merchantBizId === undefined || stored.merchantBizId === merchantBizId,
        () => new TransactionNotStored({ by: "both" })
      )
    }
    // Callers without types can leave out both.
    if (merchantBizId === undefined) {
      return Effect.fail(CloudauthError.invalidRequest("merchantBizId", "given, or else transactionId"))
    }
    return Effect.flatMap(store.byMerchantBizId(merchantBizId), ([newest]) =>
      newest === undefined ? Effect.fail(new TransactionNotStored({ by: "merchantBizId" })) : Effect.succeed(newest)
    )
  })

const resolve = <K extends Document.Kind | undefined>(request: StoredRequest<K>) => {
  // The keys are the same for every kind.
  const keys = CheckResultRequest.keys as Options.Keys<StoredRequest<K>>
  return Effect.flatMap(Effect.fromResult(Options.own(keys, request)), (own) =>
    Effect.map(find(own), (stored) => requestOf<K>(stored, own))
  )
}

interface Kept {
  readonly transaction: StoredTransaction
  readonly claims: number
  /** When it can be claimed, in milliseconds of the monotonic clock: a wait, not a date. */
  readonly claimableFrom: number
}

/** One moment: as a date, in milliseconds since 1970, and for waits. */
interface Now {
  readonly wall: number
  readonly monotonic: number
}

const inMemory = (): Store => {
  // In the order of their putting.
  const kept = new Map<string, Kept>()
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

  const isClaimable = ({ claimableFrom, transaction }: Kept, now: Now) =>
    transaction.collectedAt === undefined && claimableFrom <= now.monotonic

  return {
    put: ({ docType, merchantBizId, transactionId }) =>
      Effect.flatMap(now, (now) => {
        const before = kept.get(transactionId)?.transaction
        if (before !== undefined) {
          return before.merchantBizId === merchantBizId ? Effect.void : Effect.fail(new TransactionConflict({}))
        }
        const transaction: StoredTransaction = {
          transactionId,
          merchantBizId,
          docType,
          createdAt: now.wall,
          notifiedAt: undefined,
          collectedAt: undefined
        }
        kept.set(transactionId, { transaction, claims: 0, claimableFrom: -Infinity })
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
        change(transactionId, (kept, now) => ({
          ...kept,
          transaction: { ...kept.transaction, notifiedAt: kept.transaction.notifiedAt ?? now.wall }
        })),
        Option.map(({ transaction }) => transaction)
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
    pending: (limit) =>
      Effect.map(now, (now) =>
        [...kept.values()]
          .filter(
            (kept) =>
              kept.transaction.notifiedAt !== undefined &&
              kept.transaction.notifiedAt > now.wall - retentionMillis &&
              isClaimable(kept, now)
          )
          .sort((one, other) => one.claimableFrom - other.claimableFrom)
          .slice(0, limit)
          .map(({ transaction }) => transaction)
      )
  }
}
