/** What a store of transactions keeps, and what it can do. */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { DocType } from "../../DocType.ts"
import * as Expectation from "../../Expectation.ts"
import type {
  MerchantBizIdTaken,
  TransactionConflict,
  TransactionNotStored,
  TransactionStoreError
} from "../../TransactionStoreError.ts"
import { Traceparent } from "../traceparent.ts"

/**
 * A transaction to be kept.
 *
 * @category models
 * @since 0.1.0
 */
export interface Transaction {
  readonly transactionId: string
  readonly merchantBizId: string
  /** The code of the document; `undefined` if it is not known. */
  readonly docType?: DocType | undefined
  /** What Initialize asked for: its results are held against it. Default: only the document, by `docType`. */
  readonly expectation?: Expectation.Expectation | undefined
  /** Whose transaction it is in your own system: a user's or a session's id. `CloudauthApi` answers others with 404. */
  readonly owner?: string | undefined
  /**
   * Whether the platform calls when the user is done. `awaitStored` polls rarely then. Default: it does if a `Callback`
   * route of this process notes callbacks in the store.
   */
  readonly expectsCallback?: boolean | undefined
  /** The span of its Initialize, as W3C's `traceparent`: later spans link to it. */
  readonly traceparent?: string | undefined
}

/**
 * Why no result will come: the user did not finish in 30 minutes, or the vendor has deleted the result.
 *
 * @category models
 * @since 0.1.0
 */
export const Ending = Schema.Literals(["Abandoned", "Expired"])
export type Ending = typeof Ending.Type

/**
 * How far a user's way has come. The user begins, and then has finished (the result is known), has given up (`abandoned`), or
 * the vendor has deleted the result (`expired`). What is decided on a result is `passed`, `retaken`, `reviewed` or `declined`.
 *
 * @category models
 * @since 0.1.0
 */
export const Step = Schema.Literals([
  "begun",
  "finished",
  "passed",
  "retaken",
  "reviewed",
  "declined",
  "abandoned",
  "expired"
])
export type Step = typeof Step.Type

/**
 * After this time, in milliseconds, a transaction that was not notified is asked for: the user's 30 minutes are over, and
 * the platform has stopped calling.
 */
export const overdueMillis = 60 * 60_000

/**
 * A transaction as it is kept. Times are milliseconds since 1970, by the store's clock: a database's own.
 *
 * @category models
 * @since 0.1.0
 */
export const StoredTransaction = Schema.Struct({
  transactionId: Schema.String,
  merchantBizId: Schema.String,
  docType: Schema.UndefinedOr(Schema.String),
  /** What Initialize asked for. */
  expectation: Expectation.Expectation,
  owner: Schema.UndefinedOr(Schema.String),
  /** Whether the platform calls when the user is done; `undefined` if that is not known. */
  expectsCallback: Schema.UndefinedOr(Schema.Boolean).annotate({
    description: "Whether the platform calls when the user is done; undefined if that is not known."
  }),
  createdAt: Schema.Finite,
  /** When the platform first said that the user is done; `undefined` while it has not. */
  notifiedAt: Schema.UndefinedOr(Schema.Finite).annotate({
    description: "When the platform first said that the user is done; undefined while it has not."
  }),
  /** When the result was collected; `undefined` while it was not. */
  collectedAt: Schema.UndefinedOr(Schema.Finite).annotate({
    description: "When the result was collected; undefined while it was not."
  }),
  /** When it was found that no result will come. */
  endedAt: Schema.UndefinedOr(Schema.Finite).annotate({ description: "When it was found that no result will come." }),
  /** Why no result will come. */
  ending: Schema.UndefinedOr(Ending).annotate({ description: "Why no result will come." }),
  /** How far the user's way has come; `undefined` if it began before the store noted that. */
  step: Schema.UndefinedOr(Step).annotate({
    description: "How far the user's way has come; undefined if it began before the store noted that."
  }),
  /** The span of its Initialize, as W3C's `traceparent`; `undefined` if it was not traced. */
  traceparent: Schema.UndefinedOr(Traceparent).annotate({
    description: "The span of its Initialize, as W3C's traceparent; undefined if it was not traced."
  })
})
export interface StoredTransaction extends Schema.Schema.Type<typeof StoredTransaction> {}

/**
 * What a store can do. `notified` and the operations after it are for the callback.
 *
 * @category models
 * @since 0.1.0
 */
export interface Store {
  /**
   * Reserves a `merchantBizId` for a user before Initialize is sent. The same user again is a retry; another user is a
   * `MerchantBizIdTaken`.
   */
  readonly reserve: (
    merchantBizId: string,
    merchantUserId: string
  ) => Effect.Effect<void, TransactionStoreError | MerchantBizIdTaken>
  /**
   * Stores a transaction. Storing it again changes nothing; the same transaction id for another `merchantBizId`
   * is a `TransactionConflict`.
   */
  readonly put: (transaction: Transaction) => Effect.Effect<void, TransactionStoreError | TransactionConflict>
  readonly get: (
    transactionId: string
  ) => Effect.Effect<StoredTransaction, TransactionNotStored | TransactionStoreError>
  /** The transactions of one `merchantBizId`, newest first: several if the user began again. */
  readonly byMerchantBizId: (
    merchantBizId: string
  ) => Effect.Effect<ReadonlyArray<StoredTransaction>, TransactionStoreError>
  /**
   * Stores durably that the user is done, wakes the waits for it, and returns the transaction; `None` if the store does not have it. A
   * transaction that had ended without a result is open again.
   */
  readonly notified: (transactionId: string) => Effect.Effect<Option.Option<StoredTransaction>, TransactionStoreError>
  /**
   * Waits until the user is done. It returns at once if this process notes that, and within two seconds if another process
   * does. For an unknown transaction it waits for ever.
   */
  readonly awaitNotified: (transactionId: string) => Effect.Effect<void>
  /**
   * Claims a result for `lease`, by the store's clock; `None` if it is collected, has ended, or is claimed. If many processes
   * ask at once, one gets the claim. The number counts the claims, from 1.
   */
  readonly claim: (
    transactionId: string,
    lease: Duration.Input
  ) => Effect.Effect<Option.Option<number>, TransactionStoreError>
  /** Gives the claim back. It is free again after `delay`. */
  readonly release: (transactionId: string, delay: Duration.Input) => Effect.Effect<void, TransactionStoreError>
  /** Notes durably that the result is collected: it can't be claimed any more. */
  readonly collected: (transactionId: string) => Effect.Effect<void, TransactionStoreError>
  /** Notes durably that no result will come: it can't be claimed any more, unless a callback comes after all. */
  readonly ended: (transactionId: string, ending: Ending) => Effect.Effect<void, TransactionStoreError>
  /**
   * Up to `limit` transactions to be asked for: notified, or begun an hour ago; not collected, not ended, and free to be
   * claimed now. Those that wait longest come first. With a `region`, those that began in another one are left out: they must not
   * fill the page of a client that can't ask for them.
   */
  readonly pending: (
    limit: number,
    region?: string | undefined
  ) => Effect.Effect<ReadonlyArray<StoredTransaction>, TransactionStoreError>
  /**
   * Stores durably that the transaction reached a step, for the metrics. Returns the time since its beginning in milliseconds, or
   * `None` if it had come that far before: of several processes one gets the time.
   */
  readonly reached: (
    transactionId: string,
    step: Exclude<Step, "begun">
  ) => Effect.Effect<Option.Option<number>, TransactionStoreError>
}
