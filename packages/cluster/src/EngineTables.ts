/**
 * The workflow engine's tables in PostgreSQL: how much is in them, and how what is over leaves them. Completed
 * executions stay until they are purged; while they are there, submitting their id again does nothing at all.
 *
 * @since 0.1.0
 */
import * as OwnOptions from "@effect-cloudauth/core/Options"
import * as Clock from "effect/Clock"
import * as MachineId from "effect/cluster/MachineId"
import type { Sharding } from "effect/cluster/Sharding"
import * as Singleton from "effect/cluster/Singleton"
import * as Snowflake from "effect/cluster/Snowflake"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { isSqlError, type SqlError } from "effect/sql/SqlError"
import { CollectResult } from "./CollectResult.ts"

const workflow = `Workflow/${CollectResult._tag}`
const clock = "Workflow/-/DurableClock"

/**
 * Rows and bytes, indexes included.
 *
 * @category models
 * @since 0.1.0
 */
export const Size = Schema.Struct({
  messages: Schema.Int,
  replies: Schema.Int,
  executions: Schema.Int,
  bytes: Schema.Int
})
export type Size = typeof Size.Type

const decodeSize = Schema.decodeUnknownEffect(Schema.Tuple([Size]))

/**
 * What is in the tables now. Counts every row: not for a hot path.
 *
 * @category operations
 * @since 0.1.0
 */
export const size: Effect.Effect<Size, SqlError | Schema.SchemaError, SqlClient.SqlClient> = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  return yield* sql`SELECT
    (SELECT COUNT(*) FROM cluster_messages)::int AS messages,
    (SELECT COUNT(*) FROM cluster_replies)::int AS replies,
    (SELECT COUNT(*) FROM cluster_messages WHERE entity_type = ${workflow} AND tag = 'run')::int AS executions,
    (pg_total_relation_size('cluster_messages') + pg_total_relation_size('cluster_replies'))::float8 AS bytes`
}).pipe(
  Effect.flatMap(decodeSize),
  Effect.map(([first]) => first)
)

/**
 * Lets `active` read only what is not processed. Made if it is missing.
 *
 * @category operations
 * @since 0.1.0
 */
export const index: Effect.Effect<void, SqlError, SqlClient.SqlClient> = Effect.flatMap(SqlClient.SqlClient, (sql) =>
  Effect.asVoid(
    sql`CREATE INDEX IF NOT EXISTS cloudauth_unprocessed ON cluster_messages (entity_type, tag) WHERE NOT processed`
  )
)

/**
 * How many executions are at work or wait for a runner; those that sleep until a user may have finished are not.
 *
 * @category operations
 * @since 0.1.0
 */
export const active: Effect.Effect<number, SqlError, SqlClient.SqlClient> = Effect.flatMap(SqlClient.SqlClient, (sql) =>
  Effect.map(
    sql<{ readonly n: number }>`SELECT COUNT(*)::int AS n FROM cluster_messages
      WHERE entity_type = ${workflow} AND tag = 'run' AND NOT processed`,
    ([row]) => row?.n ?? 0
  )
)

/** How many executions are deleted in one transaction. */
const batch = 1000

/**
 * Deletes executions that began longer ago than `age` and are complete, and says how many. Results are elsewhere, and
 * stay; an id that is submitted again finds its result there and asks nothing.
 *
 * @category operations
 * @since 0.1.0
 */
export const purge = Effect.fn("EngineTables.purge")(function* (
  age: Duration.Input
): Effect.fn.Return<number, SqlError, SqlClient.SqlClient> {
  const sql = yield* SqlClient.SqlClient
  const now = yield* Clock.currentTimeMillis
  const end = Snowflake.make({ machineId: MachineId.make(0), sequence: 0, timestamp: now - Duration.toMillis(age) })
  let purged = 0
  for (;;) {
    const rows = yield* sql
      .withTransaction(
        Effect.gen(function* () {
          const done = yield* sql<{ readonly entity_id: string }>`
          SELECT m.entity_id FROM cluster_messages m JOIN cluster_replies r ON r.id = m.last_reply_id
          WHERE m.entity_type = ${workflow} AND m.tag = 'run' AND m.processed AND m.id < ${String(end)}
            AND (r.payload::jsonb #>> '{value,_tag}') = 'Complete'
          ORDER BY m.id LIMIT ${batch}`
          const ids = done.map((row) => row.entity_id)
          if (ids.length === 0) return 0
          const chosen = sql`entity_type IN (${workflow}, ${clock}) AND ${sql.in("entity_id", ids)}`
          yield* sql`DELETE FROM cluster_replies WHERE request_id IN (SELECT id FROM cluster_messages WHERE ${chosen})`
          yield* sql`DELETE FROM cluster_messages WHERE ${chosen}`
          return ids.length
        })
      )
      .pipe(
        // Effect's transaction dies if its connection is lost: it can't roll back.
        Effect.catchDefect((defect) => (isSqlError(defect) ? Effect.fail(defect) : Effect.die(defect)))
      )
    purged += rows
    if (rows < batch) return purged
  }
})

/**
 * How often the engine's tables are purged, and of what.
 *
 * @category models
 * @since 0.1.0
 */
export interface PurgeOptions {
  /** How long what is over stays. Default 2 days. */
  readonly age?: Duration.Input | undefined
  /** How often it is looked for. Default 1 hour. */
  readonly every?: Duration.Input | undefined
}

/**
 * The keys of `PurgeOptions`.
 *
 * @category models
 * @since 0.1.0
 */
export const purgeKeys: OwnOptions.Keys<PurgeOptions> = { age: true, every: true }

/**
 * Purges again and again, on one runner of the cluster at a time.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerPurge = (options: PurgeOptions = {}): Layer.Layer<never, never, Sharding | SqlClient.SqlClient> => {
  const { age = "2 days", every = "1 hour" } = OwnOptions.ownOrThrow(purgeKeys, options)
  return Singleton.make(
    "cloudauth/Purge",
    purge(age).pipe(
      // What could not be deleted now can be the next time.
      Effect.catchTag("SqlError", (error) =>
        Effect.annotateLogs(Effect.logWarning("The engine's tables could not be purged"), {
          "error.type": error.reason._tag
        })
      ),
      Effect.repeat(Schedule.spaced(every)),
      Effect.asVoid
    )
  )
}
