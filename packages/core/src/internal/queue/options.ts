/** How a queue is collected: the options of a run, and what it reports. */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as CloudauthError from "../../CloudauthError.ts"
import type * as Options from "../../Options.ts"
import * as RetryPolicy from "../../RetryPolicy.ts"
import type { Assessed, Store } from "../../TransactionStore.ts"
import { taggedError } from "../errorClass.ts"
import type { Leased } from "./model.ts"

/**
 * A result that has come.
 *
 * @category models
 * @since 0.1.0
 */
export interface Collected {
  readonly item: Leased
  readonly result: Assessed
  /** Milliseconds since 1970. */
  readonly collectedAt: number
  /** How long the call took with its retries, in milliseconds. */
  readonly duration: number
}

/**
 * What a run tells. `Collected`, `SetAside` and `Left` (still pending) come once they are durable; `error` is the error's tag.
 *
 * @category models
 * @since 0.1.0
 */
export type Event =
  | { readonly _tag: "Collected"; readonly collected: Collected }
  | { readonly _tag: "SetAside"; readonly item: Leased; readonly error: string }
  | { readonly _tag: "Left"; readonly item: Leased; readonly error: CloudauthError.CloudauthError["_tag"] }
  | { readonly _tag: "Throttled" }
  | { readonly _tag: "Retried" }

/**
 * How a queue is collected. `P` is what `prepare` makes of a result; `E2` and `R2` are its errors and requirements.
 *
 * @category models
 * @since 0.1.0
 */
export interface RunOptions<P, E, R, E2 = E, R2 = R> {
  /**
   * Stores a result, in the transaction that marks its id as collected: what it writes through the same `SqlClient` is there
   * exactly once. It should be quick, as the transaction holds others up. If it fails, the run ends and the id stays
   * pending. An error with `isPassing: true`, and a `SqlError` that is retryable or says that PostgreSQL restarts, is full or is a
   * replica, is tried again for three minutes. So is a `save` that has not ended after 30 seconds.
   */
  readonly save: (collected: Collected, prepared: P) => Effect.Effect<void, E, R>
  /** What takes longer, such as storing images: it runs before the transaction, and perhaps more than once. */
  readonly prepare?: ((collected: Collected) => Effect.Effect<P, E2, R2>) | undefined
  /**
   * When the run ends. `empty`: when no id is left that can be asked now. It fails with `Stopped` if only failures come that are not
   * the ids' fault. `interrupted` (default): it waits for new ids, and through outages.
   */
  readonly until?: "empty" | "interrupted" | undefined
  /** How many ids are under way at once. Default 16. No more is taken, so a process that dies repeats no more calls. */
  readonly concurrency?: number | undefined
  /** Whether to ask for the images. Default `false`. */
  readonly isReturnImage?: boolean | undefined
  /** Told what became of its transactions. With `until: "interrupted"` what it holds is taken over each minute. */
  readonly transactions?: Store | undefined
  /** What differs from `CollectQueue.retryPolicy`. */
  readonly retry?: RetryPolicy.Override | undefined
  /**
   * After this time without a sign of life the ids of a process go to others. Default 30 seconds. A process gives three signs in
   * that time.
   */
  readonly lease?: Duration.Input | undefined
  /** How long calls under way may go on when the run is interrupted. Default 30 seconds. */
  readonly drainTimeout?: Duration.Input | undefined
  /** How often an empty queue is looked at. Default 1 second. */
  readonly every?: Duration.Input | undefined
  /** Hears what happens, for figures. It must not throw. */
  readonly onEvent?: ((event: Event) => void) | undefined
}

export const keys: Options.Keys<RunOptions<unknown, unknown, unknown>> = {
  save: true,
  prepare: true,
  until: true,
  concurrency: true,
  isReturnImage: true,
  transactions: true,
  retry: RetryPolicy.keys,
  lease: true,
  drainTimeout: true,
  every: true,
  onEvent: true
}

/**
 * The run ended because calls failed in a row, without a success, for reasons that are not the ids': no credential, no
 * permission, no service. All ids without a result stay pending.
 *
 * @category errors
 * @since 0.1.0
 */
export class Stopped extends taggedError<Stopped>()(
  "Stopped",
  {
    /** The error that stopped it. */
    because: CloudauthError.CloudauthError
  },
  503,
  ({ because }: { readonly because: { readonly _tag: string; readonly message: string } }) =>
    `too many calls failed in a row; the ids without a result stay pending. ${because._tag}: ${because.message}`
) {}

/**
 * Retries for long, because no user waits: throttled calls wait as long as the server says, for up to ten minutes.
 *
 * @category models
 * @since 0.1.0
 */
export const retryPolicy: RetryPolicy.Override = {
  transient: RetryPolicy.fullJitter({ base: "200 millis", cap: "10 seconds", times: 5 }),
  throttle: RetryPolicy.honourRetryAfter(
    Schedule.min([Schedule.exponential("500 millis"), Schedule.spaced("5 seconds")]).pipe(
      Schedule.jittered,
      Schedule.upTo({ times: 200 })
    )
  ),
  budget: undefined,
  deadline: "10 minutes"
}
