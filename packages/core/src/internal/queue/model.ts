/** What a queue of ids to collect keeps, and what it can do. */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import type * as Document from "../../Document.ts"
import type { Expectation } from "../../Expectation.ts"
import type { Due } from "../../Feasibility.ts"
import { hidden, taggedError } from "../errorClass.ts"

/**
 * The queue's database failed.
 *
 * @category errors
 * @since 0.1.0
 */
export class CollectQueueError extends taggedError<CollectQueueError>()(
  "CollectQueueError",
  {
    /** What the queue was asked to do. */
    operation: Schema.String.annotate({ description: "What the queue was asked to do." }),
    /** Whether it may work a moment later: the connection broke, or another process held a lock. */
    isPassing: Schema.Boolean.annotate({
      description: "Whether it may work a moment later: the connection broke, or another process held a lock."
    }),
    /** The database's own error. It may quote ids: reveal with care. Absent after decoding. */
    underlying: hidden(Schema.Unknown)
  },
  503,
  ({ isPassing, operation }: { readonly isPassing: boolean; readonly operation: string }) =>
    `the queue's database failed (${operation})${isPassing ? "; try again" : ""}. Its own error is in underlying.`
) {}

/**
 * An id to collect.
 *
 * @category models
 * @since 0.1.0
 */
export interface Item {
  readonly transactionId: string
  readonly merchantBizId: string
  /** Which document it is, if that is known. */
  readonly document?: Document.Name | undefined
  /** What Initialize asked for: the result is held against it. */
  readonly expectation?: Expectation | undefined
  /**
   * When the user was checked, in milliseconds since 1970: the vendor's 30 days start there. Default: when the transaction
   * began, as far as `expectation` says so, or else when the id came into the queue.
   */
  readonly authenticatedAt?: number | undefined
  /** The span of its Initialize, as W3C's `traceparent`: the span of the call links to it. */
  readonly traceparent?: string | undefined
}

/**
 * An id that this process asks for.
 *
 * @category models
 * @since 0.1.0
 */
export interface Leased extends Item {
  /** When the vendor deletes the result, in milliseconds since 1970. */
  readonly deadline: number
  /** How often it was leased and neither ended nor given back, this time included: its process died, or is busy with it. */
  readonly attempts: number
  /** Why it has no result yet, if it was asked for before: an error's tag, or `RowUnreadable` for an earlier version. */
  readonly reason: string | undefined
}

/**
 * An id that was set aside, and why.
 *
 * @category models
 * @since 0.1.0
 */
export interface SetAside extends Item {
  /** The error's tag, for example `TransactionIdInvalid`; `LeftUnfinished` if each process that asked for it ended. */
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
  | { readonly _tag: "Collected"; readonly transactionId: string }
  | ({ readonly _tag: "SetAside"; readonly transactionId: string } & Pick<SetAside, "error" | "code" | "requestId">)

/**
 * Where an id is: it waits or is under way (`Pending`), was set aside (`Failed`), has a result (`Stored`), or had one that was
 * deleted (`Purged`).
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
 * What an addition did.
 *
 * @category models
 * @since 0.1.0
 */
export interface Added {
  /** Ids that the queue did not have. */
  readonly added: number
  /** Ids that it had without a result. */
  readonly again: number
  /** Ids that it had with a result, now or once: they are not asked again. */
  readonly done: ReadonlyArray<string>
}

/**
 * How ids are added.
 *
 * @category models
 * @since 0.1.0
 */
export interface AddOptions {
  /** Whether ids that were set aside are asked again. Default `true`. */
  readonly retryFailed?: boolean | undefined
}

/**
 * How ids are given back.
 *
 * @category models
 * @since 0.1.0
 */
export interface Release {
  readonly transactionId: string
  /** How long no process asks for it. */
  readonly pause: Duration.Input
  /** The error's tag, if there was one. */
  readonly reason?: string | undefined
  /** Whether the lease counts as an attempt. An outage is not the id's fault. */
  readonly isAttempt: boolean
}

/**
 * What a queue can do. All times are of the database's clock, which all processes share.
 *
 * @category models
 * @since 0.1.0
 */
export interface Operations {
  /** Makes ids pending, unless they have a result. Durable once it returns. Each may occur once. */
  readonly add: (items: ReadonlyArray<Item>, options?: AddOptions) => Effect.Effect<Added, CollectQueueError>
  /** Makes all ids that were set aside pending again, and says how many. */
  readonly retryFailed: Effect.Effect<number, CollectQueueError>
  /** Ends all pauses: what failed for a passing reason is asked for now. */
  readonly wake: Effect.Effect<void, CollectQueueError>
  /**
   * Takes up to `limit` free ids for a time, the earliest deadline first; those whose deadline is over come last. No
   * other process gets them before the time is over. An id that comes later with an earlier deadline waits for up to 10 seconds.
   */
  readonly lease: (
    owner: string,
    limit: number,
    time: Duration.Input
  ) => Effect.Effect<ReadonlyArray<Leased>, CollectQueueError>
  /** Prolongs the leases of these ids that the owner still has. */
  readonly renew: (
    owner: string,
    transactionIds: ReadonlyArray<string>,
    time: Duration.Input
  ) => Effect.Effect<void, CollectQueueError>
  /** Gives ids back that the owner still has. */
  readonly release: (owner: string, released: ReadonlyArray<Release>) => Effect.Effect<void, CollectQueueError>
  /** Gives back all that the owner still has, at once. */
  readonly releaseAll: (owner: string) => Effect.Effect<void, CollectQueueError>
  /**
   * Ends ids in one transaction. `save` runs in it for each id that is collected now, once: not if another process had its
   * result first. An id is set aside only if the owner still has it.
   */
  readonly settle: <E, R>(
    owner: string,
    ended: ReadonlyArray<Ended>,
    save: (transactionId: string) => Effect.Effect<void, E, R>
  ) => Effect.Effect<void, E | CollectQueueError, R>
  /** Whether any id is leased. */
  readonly isBusy: Effect.Effect<boolean, CollectQueueError>
  readonly counts: Effect.Effect<Counts, CollectQueueError>
  /** The pending ids by the hour in which the vendor deletes them, for `Feasibility.of`; and the database's time. */
  readonly outlook: Effect.Effect<{ readonly due: ReadonlyArray<Due>; readonly now: number }, CollectQueueError>
  /** The ids that were set aside, in the order in which they came. */
  readonly setAside: Stream.Stream<SetAside, CollectQueueError>
}
