/** The table of ids to collect, in SQL: how it is made, and its rows. */
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Migrator from "effect/sql/Migrator"
import { SqlClient } from "effect/sql/SqlClient"
import { Name } from "../document/kinds.ts"
import * as Expectation from "../../Expectation.ts"
import type { Item, Leased, SetAside } from "./model.ts"

/**
 * `free_from` is a time before which no process takes the id: it is leased, or pauses. The command line's store has made the
 * table already if it holds a collection of an earlier version.
 */
export const migrations = Migrator.fromRecord({
  "0001_cloudauth_collect_queue": Effect.gen(function* () {
    const sql = yield* SqlClient
    const key = sql.onDialectOrElse({
      pg: () => sql.literal("integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
      orElse: () => sql.literal("integer PRIMARY KEY AUTOINCREMENT")
    })
    yield* sql`CREATE TABLE IF NOT EXISTS cloudauth_collect_queue (
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
      failed_at double precision,
      expectation text,
      deadline double precision NOT NULL,
      free_from double precision NOT NULL DEFAULT 0,
      lease_owner text,
      attempts integer NOT NULL DEFAULT 0
    )`
    yield* sql`CREATE INDEX IF NOT EXISTS cloudauth_collect_queue_state ON cloudauth_collect_queue (state, sequence)`
    yield* sql`CREATE INDEX cloudauth_collect_queue_due ON cloudauth_collect_queue (deadline, sequence)
      WHERE state = 'Pending'`
    yield* sql`CREATE INDEX cloudauth_collect_queue_leases ON cloudauth_collect_queue (lease_owner)
      WHERE lease_owner IS NOT NULL`
  }),
  "0002_cloudauth_collect_queue_traceparent": Effect.flatMap(
    SqlClient,
    (sql) => sql`ALTER TABLE cloudauth_collect_queue ADD COLUMN traceparent text`
  )
})

const ExpectationText = Schema.fromJsonString(Expectation.Expectation)
export const encodeExpectation = Schema.encodeEffect(ExpectationText)

const Row = Schema.Struct({
  sequence: Schema.Int,
  transaction_id: Schema.String,
  merchant_biz_id: Schema.String,
  document: Schema.NullOr(Name),
  authenticated_at: Schema.NullOr(Schema.Finite),
  registered_at: Schema.Finite,
  error: Schema.NullOr(Schema.String),
  code: Schema.NullOr(Schema.String),
  request_id: Schema.NullOr(Schema.String),
  failed_at: Schema.NullOr(Schema.Finite),
  expectation: Schema.NullOr(ExpectationText),
  deadline: Schema.Finite,
  attempts: Schema.Int,
  traceparent: Schema.NullOr(Schema.String)
})
export type Row = typeof Row.Type

const rowsOf = <Fields extends Schema.Struct.Fields>(fields: Fields) =>
  Schema.decodeUnknownEffect(Schema.Array(Schema.Struct(fields)))

const decodeRow = Schema.decodeUnknownResult(Row)
const decodeSequences = rowsOf({ sequence: Schema.Int })

/** The numbers of rows in the order of the queue. */
export const sequencesOf = (rows: ReadonlyArray<unknown>) =>
  Effect.map(decodeSequences(rows), (decoded) => decoded.map(({ sequence }) => sequence))

/** The rows that can be read, and the others: a later version may have written them. They must not hold up the rest. */
export const readable = (rows: ReadonlyArray<unknown>) =>
  Array.partition(rows, (row) => Result.mapError(decodeRow(row), () => row))

export const decodeIds = rowsOf({ transaction_id: Schema.String })
export const decodeStates = rowsOf({ transaction_id: Schema.String, state: Schema.String })

/** Drivers give a 64-bit integer as a number, a bigint or a text. */
const Count = Schema.Union([Schema.Number, Schema.BigInt, Schema.FiniteFromString])
export const decodeCounts = rowsOf({ state: Schema.String, n: Count })
export const decodeNumbers = rowsOf({ n: Count })
export const decodeDue = rowsOf({ deadline: Schema.Finite, ids: Count })

const itemOf = (row: Row): Item => ({
  transactionId: row.transaction_id,
  merchantBizId: row.merchant_biz_id,
  document: row.document ?? undefined,
  expectation: row.expectation ?? undefined,
  authenticatedAt: row.authenticated_at ?? undefined,
  traceparent: row.traceparent ?? undefined
})

export const leasedOf = (row: Row): Leased => ({
  ...itemOf(row),
  deadline: row.deadline,
  attempts: row.attempts,
  reason: row.error ?? undefined
})

export const setAsideOf = (row: Row): SetAside => ({
  ...itemOf(row),
  error: row.error ?? "Unknown",
  code: row.code ?? "",
  requestId: row.request_id ?? undefined,
  failedAt: row.failed_at ?? row.registered_at
})
