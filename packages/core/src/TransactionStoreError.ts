/** What can go wrong between a caller and the store of transactions. No message and no encoded form holds a store's own words. */
import * as Schema from "effect/Schema"
import { hidden, taggedError } from "./internal/errorClass.ts"

/**
 * This server never stored such a transaction. Nothing was sent.
 *
 * @category errors
 * @since 0.1.0
 */
export class TransactionNotStored extends taggedError<TransactionNotStored>()(
  "TransactionNotStored",
  {
    /** By which id it was looked for; `both` if they belong to different transactions. */
    by: Schema.Literals(["transactionId", "merchantBizId", "both"]).annotate({
      description: "By which id it was looked for; both if they belong to different transactions."
    })
  },
  404,
  ({ by }: { readonly by: string }) => {
    const what = by === "both" ? "transactionId that belongs to this merchantBizId" : by
    return `the store holds no such ${what} (not sent). Take ids from Initialize, never from the user's device.`
  }
) {}

/**
 * The transaction id is stored already, for another `merchantBizId`.
 *
 * @category errors
 * @since 0.1.0
 */
export class TransactionConflict extends taggedError<TransactionConflict>()(
  "TransactionConflict",
  {},
  409,
  () => "the transaction is stored already, for another merchantBizId."
) {}

/**
 * Another user has this `merchantBizId` already. Nothing was sent. `MerchantBizId.unique` makes a new one.
 *
 * @category errors
 * @since 0.1.0
 */
export class MerchantBizIdTaken extends taggedError<MerchantBizIdTaken>()(
  "MerchantBizIdTaken",
  { merchantBizId: Schema.String.annotate({ description: "The id that another user has." }) },
  409,
  () => "another user has this merchantBizId (not sent). Give each check its own, for example by MerchantBizId.unique."
) {}

/**
 * The store itself failed.
 *
 * @category errors
 * @since 0.1.0
 */
export class TransactionStoreError extends taggedError<TransactionStoreError>()(
  "TransactionStoreError",
  {
    /** What it was asked to do. */
    operation: Schema.String.annotate({ description: "What it was asked to do." }),
    /** The store's own error. It may quote ids: reveal with care. Absent after decoding. */
    underlying: hidden(Schema.Unknown)
  },
  503,
  ({ operation }: { readonly operation: string }) =>
    `the store of transactions failed (${operation}). Its own error is in underlying.`
) {}

/**
 * The transaction has begun, but the store did not take it. The user must not get it: either `put` what is here once
 * more, or begin again.
 *
 * @category errors
 * @since 0.1.0
 */
export class InitializedNotStored extends taggedError<InitializedNotStored>()(
  "InitializedNotStored",
  {
    /** The transaction that has begun. Absent after decoding. */
    transactionId: hidden(Schema.String),
    merchantBizId: Schema.String.annotate({ description: "The id of the transaction that was not stored." }),
    docType: Schema.UndefinedOr(Schema.String).annotate({ description: "What Initialize asked for." }),
    reason: Schema.Union([TransactionStoreError, TransactionConflict])
  },
  503,
  ({ reason }: { readonly reason: { readonly _tag: string } }) =>
    `a transaction has begun but is not stored (${reason._tag}). Put it once more, or begin again.`
) {}
