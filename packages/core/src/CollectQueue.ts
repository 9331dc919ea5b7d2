/**
 * A durable queue of ids whose results are to be collected before the vendor deletes them: one process or many, in the
 * database that you already have, SQLite or PostgreSQL, through Effect's `SqlClient`.
 *
 * - The earliest deadline comes first; what is over comes last.
 * - A process leases an id while it asks for it, by the database's clock. If the process dies, another one asks for the id when
 *   the lease ends.
 * - A process leases only the ids that it asks for at once, so its death repeats only the calls in flight.
 * - A result is stored in the transaction that marks its id: it is stored once, or the id is still pending.
 * - If the service's answer is about the id, the queue sets the id aside with the reason. An outage of the service or of the
 *   database sets nothing aside. The queue also sets aside an id that was in flight twenty times when its process died.
 * - An interruption, such as by SIGTERM, lets calls under way end and stores their results.
 *
 * Calls have the priority `batch` under the account's quota (`Quota`). `SqlQuota` shares the quota of all processes through the same
 * database. The table is `cloudauth_collect_queue`: ids stand there in the clear.
 *
 * @example
 * import { CollectQueue } from "@effect-cloudauth/core/CollectQueue"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import { SqlClient } from "effect/sql/SqlClient"
 *
 * // For example PgClient.layer of @effect/sql-pg.
 * declare const database: Layer.Layer<SqlClient>
 *
 * const program = Effect.gen(function* () {
 *   const sql = yield* SqlClient
 *   const queue = yield* CollectQueue
 *   yield* queue.add([{ transactionId: "hksb0000", merchantBizId: "order1" }])
 *   yield* CollectQueue.run({
 *     save: ({ item, result }) =>
 *       sql`INSERT INTO verdicts (order_id, verdict) VALUES (${item.merchantBizId}, ${result.verdict._tag})`.pipe(Effect.asVoid)
 *   })
 * }).pipe(Effect.provide(CollectQueue.layer.pipe(Layer.provideMerge(database))))
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { SqlClient } from "effect/sql/SqlClient"
import { Cloudauth } from "./Cloudauth.ts"
import type { CollectQueueError, Operations } from "./internal/queue/model.ts"
import { keys, type RunOptions, type Stopped } from "./internal/queue/options.ts"
import { run } from "./internal/queue/run.ts"
import { make } from "./internal/queue/sqlQueue.ts"
import { takeOver } from "./internal/queue/transactions.ts"
import * as Options from "./Options.ts"
import { TransactionStore } from "./TransactionStore.ts"
import type { TransactionStoreError } from "./TransactionStoreError.ts"

export {
  type Added,
  type AddOptions,
  CollectQueueError,
  type Counts,
  type Ended,
  type Item,
  type Leased,
  type Operations,
  type Release,
  type SetAside,
  State
} from "./internal/queue/model.ts"
export { type Collected, type Event, retryPolicy, type RunOptions, Stopped } from "./internal/queue/options.ts"
export { concernsId } from "./internal/queue/outcome.ts"

/**
 * The queue of ids to collect.
 *
 * @category services
 * @since 0.1.0
 */
export class CollectQueue extends Context.Service<CollectQueue, Operations>()("@effect-cloudauth/core/CollectQueue") {
  /** The queue in the database of the `SqlClient` in context. Fails if its table can't be made. */
  static readonly layer: Layer.Layer<CollectQueue, CollectQueueError, SqlClient> = Layer.effect(CollectQueue, make)

  /**
   * Asks for the queue's ids and stores what comes, until the queue is empty or for ever: see `RunOptions`. Any number of processes
   * can do so at once. Fails with what `save` or `prepare` fails with, with `CollectQueueError` if the database is away
   * for more than three minutes, and with `Stopped`.
   */
  static readonly run = <E, R, P = void, E2 = never, R2 = never>(
    options: RunOptions<P, E, R, E2, R2>
  ): Effect.Effect<void, E | E2 | CollectQueueError | Stopped, R | R2 | Cloudauth | CollectQueue> =>
    Effect.gen(function* () {
      const own = Options.ownOrThrow<RunOptions<P, E | E2, R | R2>>(
        keys as Options.Keys<RunOptions<P, E | E2, R | R2>>, // the keys are the same for all types
        options
      )
      return yield* run(yield* CollectQueue, yield* Cloudauth, own)
    })

  /**
   * Adds the open transactions of the store to the queue: notified, or begun an hour ago and never notified. Returns how many
   * are new. Give the store to `run` as `transactions`, so that it hears what became of them.
   */
  static readonly takeOver: Effect.Effect<
    number,
    CollectQueueError | TransactionStoreError,
    CollectQueue | Cloudauth | TransactionStore
  > = Effect.gen(function* () {
    return yield* takeOver(yield* CollectQueue, yield* TransactionStore, yield* Cloudauth)
  })
}
