/**
 * One quota for all processes that share a database: `Quota` with its places in a table, on the database's clock. SQLite for the
 * processes of one machine, PostgreSQL for any.
 *
 * Each process keeps its own queue, with priorities and deadlines as `Quota` has them. The call whose turn it is books the next
 * place of the sequence that all processes share. When one process is throttled, all of them slow down. While the database is
 * down, calls wait, and fail at their deadline. `share` of a place counts this process's calls alone.
 *
 * Processes share a quota if their clients have the same `account`, region and action.
 *
 * @example
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import * as SqlQuota from "@effect-cloudauth/core/SqlQuota"
 * import * as Layer from "effect/Layer"
 * import type { SqlClient } from "effect/sql/SqlClient"
 *
 * // For example PgClient.layer of @effect/sql-pg.
 * declare const database: Layer.Layer<SqlClient>
 *
 * const client = Cloudauth.layerTransport({ region: "cn-hongkong" }).pipe(
 *   Layer.provide(SqlQuota.layer),
 *   Layer.provide(database)
 * )
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Migrator from "effect/sql/Migrator"
import type { Scope } from "effect/Scope"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { nowOf } from "./internal/databaseClock.ts"
import { perClock } from "./internal/perClock.ts"
import { recovery, slowdown, slowest, window } from "./internal/quota/pace.ts"
import * as sharedLane from "./internal/quota/sharedLane.ts"
import * as sqlFailures from "./internal/sqlFailures.ts"
import * as Quota from "./Quota.ts"

const migrations = Migrator.fromRecord({
  "0001_cloudauth_quota": Effect.gen(function* () {
    const sql = yield* SqlClient
    // `last_at` is the last place that was booked; `speed` is what was left of the pace at `slowed_at`.
    yield* sql`CREATE TABLE cloudauth_quota (
      name text NOT NULL PRIMARY KEY,
      last_at double precision NOT NULL,
      speed double precision NOT NULL,
      slowed_at double precision NOT NULL
    )`
  })
})

const decode = Schema.decodeUnknownEffect(
  Schema.Tuple([Schema.Struct({ last_at: Schema.Finite, wait: Schema.Finite })])
)

/**
 * A place further ahead, in milliseconds, was booked before the database's clock was set back: each of the processes books one
 * place at a time.
 */
const farAhead = 60_000
const mostProcesses = 1000

/** The sequence of one account, region and action. */
const sequenceOf = (sql: SqlClient, name: string, run: (effect: Effect.Effect<unknown>) => void) => {
  const now = nowOf(sql)
  const [most, least] = sql.onDialectOrElse({ pg: () => ["GREATEST", "LEAST"], orElse: () => ["MAX", "MIN"] })
  const max = sql.literal(most ?? "")
  const min = sql.literal(least ?? "")
  // The database's clock may have been set back: then times that it noted are still to come.
  const speed = sql`${min}(1, quota.speed + ${recovery / 1000} * ${max}(0, ${now} - quota.slowed_at))`
  return {
    book: (spacing: number) =>
      sql`INSERT INTO cloudauth_quota AS quota (name, last_at, speed, slowed_at) VALUES (${name}, ${now}, 1, 0)
        ON CONFLICT (name) DO UPDATE SET last_at = ${spacing} / ${speed} + CASE
          WHEN quota.last_at - ${farAhead + mostProcesses * spacing} > ${now} THEN ${now}
          ELSE ${max}(${now} - ${spacing} / ${speed}, quota.last_at) END
        RETURNING last_at, CAST(last_at - ${now} AS double precision) AS wait`.pipe(
        Effect.flatMap(decode),
        Effect.map(([{ last_at, wait }]) => ({ at: last_at, wait }))
      ),
    // What went out before the slowdown, or within its window, tells nothing new.
    throttled: (at: number) =>
      run(
        Effect.ignore(sql`UPDATE cloudauth_quota AS quota
          SET speed = ${max}(${slowest}, ${slowdown} * ${speed}), slowed_at = ${now}
          WHERE name = ${name} AND (slowed_at + ${window} <= ${at} OR slowed_at > ${now})`)
      )
  }
}

const make: Effect.Effect<Quota.Quotas, SqlError | Migrator.MigrationError, SqlClient | Scope> = Effect.gen(
  function* () {
    const sql = (yield* SqlClient).withoutTransforms()
    yield* Migrator.make({})({ loader: migrations, table: "cloudauth_quota_migrations" }).pipe(
      Effect.provideService(SqlClient, sql),
      sqlFailures.failing
    )
    const run = yield* FiberSet.makeRuntime()
    const lanes = new Map<string, ReturnType<typeof perClock<Quota.Lane>>>()
    return {
      lane: (owner, action, clock) => {
        const name = `${owner} ${action}`
        const lane = lanes.get(name) ?? perClock(sharedLane.make(sequenceOf(sql, name, run)))
        lanes.set(name, lane)
        return lane(clock, name)
      }
    }
  }
)

/**
 * The quota of the clients that are built with it, or whose calls have it in context. Fails if its table `cloudauth_quota` can't be made.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<never, SqlError | Migrator.MigrationError, SqlClient> = Layer.effect(Quota.Quotas, make)
