/**
 * The tombstones in a database, through Effect's `SqlClient`: SQLite and PostgreSQL.
 *
 * It makes its table `cloudauth_tombstones` by a migration, noted in `cloudauth_tombstone_migrations`. Rows are not
 * removed: they are the proof.
 *
 * @example
 * import * as TombstonesSql from "@effect-cloudauth/core/TombstonesSql"
 * import * as Layer from "effect/Layer"
 * import type { SqlClient } from "effect/sql/SqlClient"
 *
 * // For example PgClient.layer of @effect/sql-pg.
 * declare const database: Layer.Layer<SqlClient>
 *
 * const tombstones = TombstonesSql.layer.pipe(Layer.provide(database))
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Migrator from "effect/sql/Migrator"
import { SqlClient } from "effect/sql/SqlClient"
import { nowOf } from "./internal/databaseClock.ts"
import * as sqlFailures from "./internal/sqlFailures.ts"
import { DeleteType, type Tombstone, Tombstones, TombstonesError } from "./Tombstones.ts"

const failure = (operation: string) => (underlying: unknown) =>
  new TombstonesError({ operation, underlying: Redacted.make(underlying, { label: "underlying" }) })

const migrations = Migrator.fromRecord({
  "0001_cloudauth_tombstones": Effect.gen(function* () {
    const sql = yield* SqlClient
    yield* sql`CREATE TABLE cloudauth_tombstones (
      transaction_id TEXT NOT NULL,
      delete_type TEXT NOT NULL,
      asked_at BIGINT NOT NULL,
      deleted_at BIGINT,
      request_id TEXT,
      PRIMARY KEY (transaction_id, delete_type)
    )`
  })
})

/** Drivers give a 64-bit integer as a number, a bigint or a text. */
const Integer = Schema.Union([Schema.Number, Schema.BigInt, Schema.FiniteFromString])

const Row = Schema.Struct({
  transaction_id: Schema.String,
  delete_type: DeleteType,
  asked_at: Integer,
  deleted_at: Schema.NullOr(Integer),
  request_id: Schema.NullOr(Schema.String)
})

const decodeRows = Schema.decodeUnknownEffect(Schema.Array(Row))

const ofRow = (row: typeof Row.Type): Tombstone => ({
  transactionId: row.transaction_id,
  deleteType: row.delete_type,
  askedAt: Number(row.asked_at),
  deletedAt: row.deleted_at === null ? undefined : Number(row.deleted_at),
  requestId: row.request_id ?? undefined
})

const make = Effect.gen(function* () {
  // Names are written here as the table has them, whatever the application's client makes of names.
  const sql = (yield* SqlClient).withoutTransforms()
  yield* Migrator.make({})({ loader: migrations, table: "cloudauth_tombstone_migrations" }).pipe(
    Effect.provideService(SqlClient, sql),
    sqlFailures.failing,
    Effect.mapError(failure("migrate"))
  )
  const columns = sql.literal("transaction_id, delete_type, asked_at, deleted_at, request_id")
  const now = nowOf(sql)
  const read = (operation: string, rows: Effect.Effect<unknown, unknown>) =>
    rows.pipe(
      Effect.flatMap(decodeRows),
      Effect.mapBoth({ onFailure: failure(operation), onSuccess: (rows) => rows.map(ofRow) })
    )

  return Tombstones.of({
    asked: (transactionId, deleteType) =>
      Effect.mapError(
        Effect.asVoid(sql`INSERT INTO cloudauth_tombstones (transaction_id, delete_type, asked_at)
          VALUES (${transactionId}, ${deleteType}, ${now})
          ON CONFLICT (transaction_id, delete_type) DO UPDATE SET asked_at = excluded.asked_at`),
        failure("asked")
      ),
    deleted: (transactionId, deleteType, requestId) =>
      Effect.flatMap(
        read(
          "deleted",
          sql`INSERT INTO cloudauth_tombstones (transaction_id, delete_type, asked_at, deleted_at, request_id)
            VALUES (${transactionId}, ${deleteType}, ${now}, ${now}, ${requestId ?? null})
            ON CONFLICT (transaction_id, delete_type)
              DO UPDATE SET deleted_at = excluded.deleted_at, request_id = excluded.request_id
            RETURNING ${columns}`
        ),
        ([tombstone]) =>
          tombstone === undefined ? Effect.fail(failure("deleted")("no row")) : Effect.succeed(tombstone)
      ),
    get: (transactionId) =>
      read("get", sql`SELECT ${columns} FROM cloudauth_tombstones WHERE transaction_id = ${transactionId}`),
    all: read("all", sql`SELECT ${columns} FROM cloudauth_tombstones ORDER BY asked_at, transaction_id, delete_type`)
  })
})

/**
 * The tombstones in the database of the `SqlClient` in context. Fails if its table can't be made.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Tombstones, TombstonesError, SqlClient> = Layer.effect(Tombstones, make)
