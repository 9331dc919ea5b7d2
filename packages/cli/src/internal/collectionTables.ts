/** The tables of a collection beside the queue's own: results, and what became of the ledger of earlier versions. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Migrator from "effect/sql/Migrator"
import * as SqlClient from "effect/sql/SqlClient"
import { vendorKeeps } from "../Retention.ts"

export const migrations = Migrator.fromRecord({
  "1_collection": Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const key = sql.literal(
      sql.onDialectOrElse({
        pg: () => "integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
        orElse: () => "integer PRIMARY KEY AUTOINCREMENT"
      })
    )
    yield* sql`
      CREATE TABLE cloudauth_item (
        sequence ${key},
        transaction_id text NOT NULL UNIQUE,
        merchant_biz_id text NOT NULL,
        document text,
        authenticated_at double precision,
        registered_at double precision NOT NULL,
        state text NOT NULL,
        error text,
        code text,
        request_id text,
        failed_at double precision
      )`
    yield* sql`CREATE INDEX cloudauth_item_state ON cloudauth_item (state, sequence)`
    yield* results(sql, "cloudauth_item")
  }),
  "2_collect_queue": Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const exists = yield* sql.onDialectOrElse({
      pg: () => sql`SELECT 1 AS one WHERE to_regclass('cloudauth_collect_queue') IS NOT NULL`,
      orElse: () => sql`SELECT 1 AS one FROM sqlite_master WHERE type = 'table' AND name = 'cloudauth_collect_queue'`
    })
    yield* sql`DROP INDEX cloudauth_item_state`
    yield* exists.length === 0 ? becomeQueue(sql) : joinQueue(sql)
  })
})

/** The ledger of earlier versions becomes the queue's table. */
const becomeQueue = (sql: SqlClient.SqlClient) =>
  Effect.gen(function* () {
    yield* sql`ALTER TABLE cloudauth_item RENAME TO cloudauth_collect_queue`
    for (const column of [
      "expectation text",
      "deadline double precision NOT NULL DEFAULT 0",
      "free_from double precision NOT NULL DEFAULT 0",
      "lease_owner text",
      "attempts integer NOT NULL DEFAULT 0"
    ]) {
      yield* sql`ALTER TABLE cloudauth_collect_queue ADD COLUMN ${sql.literal(column)}`
    }
    yield* sql`UPDATE cloudauth_collect_queue
      SET deadline = COALESCE(authenticated_at, registered_at) + ${Duration.toMillis(vendorKeeps)}`
  })

/** A backend has a queue in this database already: the ledger, which is new or as good as, joins it. */
const joinQueue = (sql: SqlClient.SqlClient) =>
  Effect.gen(function* () {
    const columns = sql.literal(
      "transaction_id, merchant_biz_id, document, authenticated_at, registered_at, state, error, code, request_id, failed_at"
    )
    yield* sql`INSERT INTO cloudauth_collect_queue (${columns}, deadline)
      SELECT ${columns}, COALESCE(authenticated_at, registered_at) + ${Duration.toMillis(vendorKeeps)} FROM cloudauth_item
      WHERE true ON CONFLICT (transaction_id) DO NOTHING`
    yield* sql`DROP INDEX cloudauth_result_collected`
    yield* sql`ALTER TABLE cloudauth_result RENAME TO cloudauth_result_before`
    yield* results(sql, "cloudauth_collect_queue")
    yield* sql`INSERT INTO cloudauth_result SELECT * FROM cloudauth_result_before`
    yield* sql`DROP TABLE cloudauth_result_before`
    yield* sql`DROP TABLE cloudauth_item`
  })

const results = (sql: SqlClient.SqlClient, ledger: string) =>
  Effect.gen(function* () {
    yield* sql`
      CREATE TABLE cloudauth_result (
        transaction_id text NOT NULL PRIMARY KEY REFERENCES ${sql(ledger)} (transaction_id) ON DELETE CASCADE,
        collected_at double precision NOT NULL,
        verdict text NOT NULL,
        sub_code text,
        document text NOT NULL,
        facts text NOT NULL,
        person text
      )`
    yield* sql`CREATE INDEX cloudauth_result_collected ON cloudauth_result (collected_at)`
  })
