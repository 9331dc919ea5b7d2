/**
 * The proof of what was deleted: for each transaction when, what, and the vendor's id of the request. A tombstone holds
 * nothing of a person; its transaction id leads to one only in your own system.
 *
 * A deletion is noted before it is sent and again when the service has confirmed it. If the process ends in between, the
 * tombstone without `deletedAt` shows that the answer is not known. `TombstonesSql.layer` keeps them in a database.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { hidden, taggedError } from "./internal/errorClass.ts"

/**
 * What is deleted at the vendor: `Img` the images, `Text` what was read and all else but the images, `All` both.
 *
 * @category models
 * @since 0.1.0
 */
export const DeleteType = Schema.Literals(["Img", "Text", "All"])
export type DeleteType = typeof DeleteType.Type

/**
 * One deletion. Times are milliseconds since 1970, by the store's clock.
 *
 * @category models
 * @since 0.1.0
 */
export const Tombstone = Schema.Struct({
  transactionId: Schema.String.annotate({ description: "The transaction whose data were deleted." }),
  /** What was to be deleted. */
  deleteType: DeleteType.annotate({ description: "What was deleted." }),
  /** When the deletion was last asked for. */
  askedAt: Schema.Finite.annotate({ description: "When the deletion was last asked for." }),
  /** When the service confirmed it; `undefined` if it has not. */
  deletedAt: Schema.UndefinedOr(Schema.Finite).annotate({
    description: "When the service confirmed it; undefined if it has not."
  }),
  /** The vendor's id of the confirming request, for its support. */
  requestId: Schema.UndefinedOr(Schema.String).annotate({
    description: "The vendor's id of the confirming request, for its support."
  })
})
export interface Tombstone extends Schema.Schema.Type<typeof Tombstone> {}

/**
 * The store of tombstones failed.
 *
 * @category errors
 * @since 0.1.0
 */
export class TombstonesError extends taggedError<TombstonesError>()(
  "TombstonesError",
  {
    /** What it was asked to do. */
    operation: Schema.String.annotate({ description: "What it was asked to do." }),
    /** The store's own error. It may quote ids: reveal with care. Absent after decoding. */
    underlying: hidden(Schema.Unknown)
  },
  503,
  ({ operation }: { readonly operation: string }) =>
    `the store of tombstones failed (${operation}). Its own error is in underlying.`
) {}

/**
 * What a store of tombstones can do. A transaction has one tombstone for each type.
 *
 * @category models
 * @since 0.1.0
 */
export interface Store {
  /** Notes durably that a deletion is about to be sent. What is confirmed stays so. */
  readonly asked: (transactionId: string, deleteType: DeleteType) => Effect.Effect<void, TombstonesError>
  /** Notes durably that the service has confirmed it, and returns the tombstone. */
  readonly deleted: (
    transactionId: string,
    deleteType: DeleteType,
    requestId: string | undefined
  ) => Effect.Effect<Tombstone, TombstonesError>
  /** The tombstones of one transaction. */
  readonly get: (transactionId: string) => Effect.Effect<ReadonlyArray<Tombstone>, TombstonesError>
  /** All tombstones, the oldest first: the proof for an auditor. */
  readonly all: Effect.Effect<ReadonlyArray<Tombstone>, TombstonesError>
}

/**
 * The store of tombstones.
 *
 * @category services
 * @since 0.1.0
 */
export class Tombstones extends Context.Service<Tombstones, Store>()("@effect-cloudauth/core/Tombstones") {
  /** In this process's memory: for tests. Its proof ends with the process. */
  static readonly layerMemory: Layer.Layer<Tombstones> = Layer.sync(Tombstones, () => inMemory())
}

const inMemory = (): Store => {
  const kept = new Map<string, Tombstone>()
  const keyOf = (transactionId: string, deleteType: DeleteType) => `${deleteType}:${transactionId}`
  const put = (tombstone: Tombstone): Tombstone => {
    kept.set(keyOf(tombstone.transactionId, tombstone.deleteType), tombstone)
    return tombstone
  }
  return {
    asked: (transactionId, deleteType) =>
      Effect.map(Clock.currentTimeMillis, (askedAt) => {
        const before = kept.get(keyOf(transactionId, deleteType))
        put({ transactionId, deleteType, deletedAt: undefined, requestId: undefined, ...before, askedAt })
      }),
    deleted: (transactionId, deleteType, requestId) =>
      Effect.map(Clock.currentTimeMillis, (deletedAt) => {
        const askedAt = kept.get(keyOf(transactionId, deleteType))?.askedAt ?? deletedAt
        return put({ transactionId, deleteType, askedAt, deletedAt, requestId })
      }),
    get: (transactionId) =>
      Effect.sync(() => [...kept.values()].filter((tombstone) => tombstone.transactionId === transactionId)),
    all: Effect.sync(() => [...kept.values()].toSorted((one, other) => one.askedAt - other.askedAt))
  }
}
