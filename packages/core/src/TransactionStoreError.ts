/** What can go wrong between a caller and the store of transactions. No message holds an id. */
import * as Schema from "effect/Schema"

/** This server never stored such a transaction. Nothing was sent. */
export class TransactionNotStored extends Schema.TaggedError<TransactionNotStored>()("TransactionNotStored", {
  /** By which id it was looked for; `both` where they belong to different transactions. */
  by: Schema.Literals(["transactionId", "merchantBizId", "both"])
}) {
  override get message(): string {
    const what = this.by === "both" ? "transactionId that belongs to this merchantBizId" : this.by
    return `TransactionNotStored: the store holds no such ${what} (not sent). Take ids from Initialize, never from the user's device.`
  }
}

/** The transaction id is stored already, for another `merchantBizId`. */
export class TransactionConflict extends Schema.TaggedError<TransactionConflict>()("TransactionConflict", {}) {
  override get message(): string {
    return "TransactionConflict: the transaction is stored already, for another merchantBizId."
  }
}

/** The store itself failed. */
export class TransactionStoreError extends Schema.TaggedError<TransactionStoreError>()("TransactionStoreError", {
  /** What it was asked to do. */
  operation: Schema.String,
  /** The store's own error. It may quote ids: reveal with care. */
  underlying: Schema.Redacted(Schema.Unknown)
}) {
  override get message(): string {
    return `TransactionStoreError: the store of transactions failed (${this.operation}). Its own error is in underlying.`
  }
}

/**
 * The transaction has begun, but the store did not take it. The user must not get it: either `put` what is here once
 * more, or begin anew.
 */
export class InitializedNotStored extends Schema.TaggedError<InitializedNotStored>()("InitializedNotStored", {
  transactionId: Schema.Redacted(Schema.String),
  merchantBizId: Schema.String,
  docType: Schema.UndefinedOr(Schema.String),
  reason: Schema.Union([TransactionStoreError, TransactionConflict])
}) {
  override get message(): string {
    return `InitializedNotStored: a transaction has begun but is not stored (${this.reason._tag}). Put it once more, or begin anew.`
  }
}
