/** The table of transactions in SQL: its migrations, its rows, and its clock. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Migrator from "effect/sql/Migrator"
import { SqlClient } from "effect/sql/SqlClient"
import * as Expectation from "../../Expectation.ts"
import { Ending, type StoredTransaction } from "./store.ts"
import { expectationOfDocType } from "./storedRequest.ts"

/**
 * The database's clock, in milliseconds since 1970: all processes share it, and a wrong clock of one changes nothing.
 */
export const nowOf = (sql: SqlClient) =>
  sql.onDialectOrElse({
    pg: () => sql.literal("CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"),
    orElse: () => sql.literal("CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)")
  })

/** A list of ids as the rows of a subquery: one parameter, however many ids. */
export const listOf = (sql: SqlClient, ids: ReadonlyArray<string>) => {
  const json = JSON.stringify(ids)
  return sql.onDialectOrElse({
    pg: () => sql`SELECT jsonb_array_elements_text(CAST(${json} AS jsonb))`,
    orElse: () => sql`SELECT value FROM json_each(${json})`
  })
}

/** `claimable_from` is a time before which the row can't be claimed. All times are of the database's clock. */
export const migrations = Migrator.fromRecord({
  "0001_cloudauth_transactions": Effect.gen(function* () {
    const sql = yield* SqlClient
    const serial = sql.onDialectOrElse({
      pg: () => sql.literal("BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
      orElse: () => sql.literal("INTEGER PRIMARY KEY AUTOINCREMENT")
    })
    yield* sql`CREATE TABLE cloudauth_transactions (
      serial ${serial},
      transaction_id TEXT NOT NULL UNIQUE,
      merchant_biz_id TEXT NOT NULL,
      doc_type TEXT,
      created_at BIGINT NOT NULL,
      notified_at BIGINT,
      collected_at BIGINT,
      claims BIGINT NOT NULL DEFAULT 0,
      claimable_from BIGINT NOT NULL DEFAULT 0
    )`
    yield* sql`CREATE INDEX cloudauth_transactions_by_merchant ON cloudauth_transactions (merchant_biz_id, serial)`
    yield* sql`CREATE INDEX cloudauth_transactions_pending ON cloudauth_transactions (claimable_from)
      WHERE notified_at IS NOT NULL AND collected_at IS NULL`
  }),
  "0002_cloudauth_expectations": Effect.gen(function* () {
    const sql = yield* SqlClient
    yield* sql`ALTER TABLE cloudauth_transactions ADD COLUMN expectation TEXT`
    yield* sql`ALTER TABLE cloudauth_transactions ADD COLUMN owner TEXT`
    yield* sql`CREATE TABLE cloudauth_merchant_biz_ids (
      merchant_biz_id TEXT NOT NULL PRIMARY KEY,
      merchant_user_id TEXT NOT NULL
    )`
  }),
  "0003_cloudauth_endings": Effect.gen(function* () {
    const sql = yield* SqlClient
    yield* sql`ALTER TABLE cloudauth_transactions ADD COLUMN ended_at BIGINT`
    yield* sql`ALTER TABLE cloudauth_transactions ADD COLUMN ending TEXT`
    yield* sql`ALTER TABLE cloudauth_transactions ADD COLUMN expects_callback BIGINT`
    yield* sql`CREATE INDEX cloudauth_transactions_open ON cloudauth_transactions (claimable_from, serial)
      WHERE collected_at IS NULL AND ended_at IS NULL`
    yield* sql`DROP INDEX IF EXISTS cloudauth_transactions_pending`
  })
})

/** The columns that make a `StoredTransaction`. */
export const columns = `transaction_id, merchant_biz_id, doc_type, expectation, owner, expects_callback, created_at,
  notified_at, collected_at, ended_at, ending`

/** Drivers give a 64-bit integer as a number, a bigint or a text. */
const Integer = Schema.Union([Schema.Number, Schema.BigInt, Schema.FiniteFromString])
const MaybeInteger = Schema.NullOr(Integer)

const ExpectationText = Schema.fromJsonString(Expectation.Expectation)

const Row = Schema.Struct({
  transaction_id: Schema.String,
  merchant_biz_id: Schema.String,
  doc_type: Schema.NullOr(Schema.String),
  expectation: Schema.NullOr(ExpectationText),
  owner: Schema.NullOr(Schema.String),
  expects_callback: MaybeInteger,
  created_at: Integer,
  notified_at: MaybeInteger,
  collected_at: MaybeInteger,
  ended_at: MaybeInteger,
  ending: Schema.NullOr(Ending)
})

export const encodeExpectation = Schema.encodeEffect(ExpectationText)
export const decodeClaims = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ claims: Integer })))
export const decodeIds = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ transaction_id: Schema.String })))
export const decodeUsers = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ merchant_user_id: Schema.String })))

const millis = (value: number | bigint | null): number | undefined => (value === null ? undefined : Number(value))

const ofRow = (row: typeof Row.Type): StoredTransaction => ({
  transactionId: row.transaction_id,
  merchantBizId: row.merchant_biz_id,
  docType: row.doc_type ?? undefined,
  // Rows from before the column have none.
  expectation: row.expectation ?? expectationOfDocType(row.doc_type ?? undefined),
  owner: row.owner ?? undefined,
  expectsCallback: row.expects_callback === null ? undefined : Number(row.expects_callback) === 1,
  createdAt: Number(row.created_at),
  notifiedAt: millis(row.notified_at),
  collectedAt: millis(row.collected_at),
  endedAt: millis(row.ended_at),
  ending: row.ending ?? undefined
})

const decodeRowsOf = Schema.decodeUnknownEffect(Schema.Array(Row))

/** The transactions of rows. */
export const decodeRows = (rows: unknown) => Effect.map(decodeRowsOf(rows), (decoded) => decoded.map(ofRow))
