/**
 * Where a collection lives: the ids that were asked for, and what became of each. The ids are those of the `CollectQueue` in the
 * same database, so that an id is never 'done' without its result, nor the other way round.
 *
 * | store | take it if |
 * |---|---|
 * | SQLite (`Stores.parse("results.db")`) | one machine collects: one file, nothing to install |
 * | PostgreSQL (`Stores.parse("postgres://…")`) | several machines collect, or look at the results |
 *
 * `Export.write` makes files of a store, for other tools.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { SqlClient } from "effect/sql/SqlClient"
import type * as Stream from "effect/Stream"
import { hidden } from "@effect-cloudauth/core/CloudauthError"
import type { CollectQueue } from "@effect-cloudauth/core/CollectQueue"
import type { Name } from "@effect-cloudauth/core/Document"
import type { StoredResult, View } from "./StoredResult.ts"

/**
 * The store cannot do what was asked.
 *
 * @category errors
 * @since 0.1.0
 */
export class StoreError extends Schema.TaggedError<StoreError>("@effect-cloudauth/cli/StoreError")(
  "StoreError",
  {
    /** What was asked of it. */
    operation: Schema.String,
    /** Why it failed, in words that hold no value. */
    reason: Schema.String,
    /** Whether it may work a moment later: the connection broke, or another process held a lock. */
    isPassing: Schema.optionalKey(Schema.Boolean),
    /** The underlying error. It may quote values. Absent after decoding. */
    underlying: hidden(Schema.Unknown)
  },
  { httpApiStatus: 503 }
) {
  override readonly name = "StoreError"
  override get message(): string {
    return `The store failed at '${this.operation}': ${this.reason}.`
  }
}

/**
 * An id to collect.
 *
 * @category models
 * @since 0.1.0
 */
export interface Item {
  readonly transactionId: string
  /** Made when the id is first registered, and the same whenever it is asked again. */
  readonly merchantBizId: string
  readonly document: Name | undefined
  /** When the user was checked, in milliseconds since 1970, if it is known: the vendor's 30 days start there. */
  readonly authenticatedAt: number | undefined
}

/**
 * An id that waits for its result.
 *
 * @category models
 * @since 0.1.0
 */
export interface Pending extends Item {
  /** Its place in the order of registration. */
  readonly sequence: number
  /** When it failed last, in milliseconds since 1970, if it did. */
  readonly failedAt?: number | undefined
}

/**
 * An id without a result, and why.
 *
 * @category models
 * @since 0.1.0
 */
export interface Failed extends Item {
  /** The error's tag, for example `TransactionIdInvalid`. */
  readonly error: string
  /** The response code. */
  readonly code: string
  readonly requestId: string | undefined
  /** Milliseconds since 1970. */
  readonly failedAt: number
}

/**
 * What became of an id.
 *
 * @category models
 * @since 0.1.0
 */
export type Ended =
  | { readonly _tag: "Stored"; readonly result: StoredResult }
  | { readonly _tag: "Failed"; readonly failed: Failed }

/**
 * What became of an id. `Purged`: it had a result, which was deleted here; it is not asked for again.
 *
 * @category models
 * @since 0.1.0
 */
export const State = Schema.Literals(["Pending", "Failed", "Stored", "Purged"])
export type State = typeof State.Type

/**
 * How many ids are in each state.
 *
 * @category models
 * @since 0.1.0
 */
export type Counts = Readonly<Record<State, number>>

/**
 * An id without a result, and when the vendor deletes it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Uncollected extends Item {
  readonly state: "Pending" | "Failed"
  /** Milliseconds since 1970. */
  readonly registeredAt: number
}

/**
 * What a registration did.
 *
 * @category models
 * @since 0.1.0
 */
export interface Registered {
  /** Ids that the store did not have. */
  readonly added: number
  /** Ids that it had without a result: they are asked again. */
  readonly again: number
  /** Ids that it had with a result, now or once: they are not asked again. */
  readonly done: number
}

/**
 * What a store can do.
 *
 * @category models
 * @since 0.1.0
 */
export interface Operations {
  /** The place of the store, without any password. */
  readonly description: string
  /** Makes ids pending, unless they have a result. Durable once it returns. Each id may occur once. */
  readonly register: (items: ReadonlyArray<Item>) => Effect.Effect<Registered, StoreError>
  /** Makes failed ids pending again, and says how many. */
  readonly retryFailed: Effect.Effect<number, StoreError>
  /** Pending ids after a sequence number, in order. */
  readonly pending: (after: number, limit: number) => Effect.Effect<ReadonlyArray<Pending>, StoreError>
  /**
   * Keeps results and failures of registered ids. All are durable once it returns; an id that has a result keeps its first. Of an
   * id that was purged or forgotten meanwhile nothing is kept.
   */
  readonly save: (ended: ReadonlyArray<Ended>) => Effect.Effect<void, StoreError>
  readonly counts: Effect.Effect<Counts, StoreError>
  readonly find: (transactionId: string) => Effect.Effect<StoredResult | undefined, StoreError>
  /** In the order of registration. */
  readonly results: Stream.Stream<StoredResult, StoreError>
  readonly failures: Stream.Stream<Failed, StoreError>
  readonly uncollected: Stream.Stream<Uncollected, StoreError>
  /** The facts of results that were collected before a time (milliseconds since 1970). */
  readonly collectedBefore: (time: number) => Stream.Stream<View, StoreError>
  /** Deletes results. Their ids stay as `Purged`, or are forgotten, too. */
  readonly purge: (transactionIds: ReadonlyArray<string>, forget: boolean) => Effect.Effect<void, StoreError>
}

/**
 * The store of a collection.
 *
 * @category services
 * @since 0.1.0
 */
export class ResultStore extends Context.Service<ResultStore, Operations>()("@effect-cloudauth/cli/ResultStore") {}

/**
 * What a store brings: the results, the queue of the ids that have none yet, and the database of both.
 *
 * @category services
 * @since 0.1.0
 */
export type Collection = ResultStore | CollectQueue | SqlClient
