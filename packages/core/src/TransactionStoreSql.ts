/**
 * The store of transactions in a database, through Effect's `SqlClient`: SQLite and PostgreSQL.
 *
 * It makes its table `cloudauth_transactions` by a migration, noted in `cloudauth_migrations`. An id that leads to a
 * person's check stands there in the clear: guard the database accordingly. Rows are not removed; the vendor deletes
 * results after 30 days.
 *
 * @example
 * import * as TransactionStoreSql from "@effect-cloudauth/core/TransactionStoreSql"
 * import * as Layer from "effect/Layer"
 * import type { SqlClient } from "effect/sql/SqlClient"
 *
 * // For example PgClient.layer of @effect/sql-pg.
 * declare const database: Layer.Layer<SqlClient>
 *
 * const store = TransactionStoreSql.layer.pipe(Layer.provide(database))
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Migrator from "effect/sql/Migrator"
import { SqlClient } from "effect/sql/SqlClient"
import * as Expectation from "./Expectation.ts"
import { expectationOfDocType } from "./internal/journey/storedRequest.ts"
import { retentionMillis } from "./internal/retention.ts"
import type { StoredTransaction } from "./TransactionStore.ts"
import { TransactionStore } from "./TransactionStore.ts"
import {
  MerchantBizIdTaken,
  TransactionConflict,
  TransactionNotStored,
  TransactionStoreError
} from "./TransactionStoreError.ts"

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
  created_at: Integer,
  notified_at: MaybeInteger,
  collected_at: MaybeInteger
})

const decodeRows = Schema.decodeUnknownEffect(Schema.Array(Row))
const encodeExpectation = Schema.encodeEffect(ExpectationText)
const decodeClaims = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ claims: Integer })))

const decodeUsers = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ merchant_user_id: Schema.String })))

const millis = (value: number | bigint | null): number | undefined => (value === null ? undefined : Number(value))

const ofRow = (row: typeof Row.Type): StoredTransaction => ({
  transactionId: row.transaction_id,
  merchantBizId: row.merchant_biz_id,
  docType: row.doc_type ?? undefined,
  // Rows from before the column have none.
  expectation: row.expectation ?? expectationOfDocType(row.doc_type ?? undefined),
  owner: row.owner ?? undefined,
  createdAt: Number(row.created_at),
  notifiedAt: millis(row.notified_at),
  collectedAt: millis(row.collected_at)
})

/** `claimable_from` is a time in milliseconds since 1970, before which the row can't be claimed. */
const migrations = Migrator.fromRecord({
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
  })
})

const failure = (operation: string) => (underlying: unknown) =>
  new TransactionStoreError({ operation, underlying: Redacted.make(underlying, { label: "underlying" }) })

const make = Effect.gen(function* () {
  // Names are written here as the table has them, whatever the application's client makes of names.
  const sql = (yield* SqlClient).withoutTransforms()
  yield* Migrator.make({})({ loader: migrations, table: "cloudauth_migrations" }).pipe(
    Effect.provideService(SqlClient, sql),
    Effect.mapError(failure("migrate"))
  )
  const columns = sql.literal(
    "transaction_id, merchant_biz_id, doc_type, expectation, owner, created_at, notified_at, collected_at"
  )
  const now = Clock.currentTimeMillis

  const read = (operation: string, rows: Effect.Effect<ReadonlyArray<unknown>, unknown>) =>
    Effect.mapError(
      Effect.map(Effect.flatMap(rows, decodeRows), (rows) => rows.map(ofRow)),
      failure(operation)
    )
  const write = (operation: string, statement: Effect.Effect<unknown, unknown>) =>
    Effect.mapError(Effect.asVoid(statement), failure(operation))
  const byId = (operation: string, transactionId: string) =>
    Effect.map(
      read(operation, sql`SELECT ${columns} FROM cloudauth_transactions WHERE transaction_id = ${transactionId}`),
      ([found]) => found
    )

  return TransactionStore.of({
    reserve: (merchantBizId, merchantUserId) =>
      Effect.gen(function* () {
        yield* sql`INSERT INTO cloudauth_merchant_biz_ids (merchant_biz_id, merchant_user_id)
          VALUES (${merchantBizId}, ${merchantUserId}) ON CONFLICT (merchant_biz_id) DO NOTHING`
        const [row] = yield* Effect.flatMap(
          sql`SELECT merchant_user_id FROM cloudauth_merchant_biz_ids WHERE merchant_biz_id = ${merchantBizId}`,
          decodeUsers
        )
        return row?.merchant_user_id
      }).pipe(
        Effect.mapError(failure("reserve")),
        Effect.filterOrFail(
          (user) => user === merchantUserId,
          () => new MerchantBizIdTaken({ merchantBizId })
        ),
        Effect.asVoid
      ),
    put: ({ docType, expectation, merchantBizId, owner, transactionId }) =>
      Effect.gen(function* () {
        const expected = yield* Effect.mapError(
          encodeExpectation(expectation ?? expectationOfDocType(docType)),
          failure("put")
        )
        yield* write(
          "put",
          sql`INSERT INTO cloudauth_transactions
              (transaction_id, merchant_biz_id, doc_type, expectation, owner, created_at)
            VALUES (${transactionId}, ${merchantBizId}, ${docType ?? null}, ${expected}, ${owner ?? null}, ${yield* now})
            ON CONFLICT (transaction_id) DO NOTHING`
        )
        const stored = yield* byId("put", transactionId)
        if (stored?.merchantBizId !== merchantBizId) return yield* new TransactionConflict({})
      }),
    get: (transactionId) =>
      Effect.flatMap(byId("get", transactionId), (stored) =>
        stored === undefined ? Effect.fail(new TransactionNotStored({ by: "transactionId" })) : Effect.succeed(stored)
      ),
    byMerchantBizId: (merchantBizId) =>
      read(
        "byMerchantBizId",
        sql`SELECT ${columns} FROM cloudauth_transactions WHERE merchant_biz_id = ${merchantBizId} ORDER BY serial DESC`
      ),
    notified: (transactionId) =>
      Effect.gen(function* () {
        yield* write(
          "notified",
          sql`UPDATE cloudauth_transactions SET notified_at = ${yield* now}
            WHERE transaction_id = ${transactionId} AND notified_at IS NULL`
        )
        return Option.fromUndefinedOr(yield* byId("notified", transactionId))
      }),
    claim: (transactionId, lease) =>
      Effect.gen(function* () {
        const at = yield* now
        // One statement: the process that changes the row has the claim, on any number of machines.
        const rows = yield* sql`UPDATE cloudauth_transactions
          SET claims = claims + 1, claimable_from = ${at + Math.ceil(Duration.toMillis(lease))}
          WHERE transaction_id = ${transactionId} AND collected_at IS NULL AND claimable_from <= ${at}
          RETURNING claims`
        const [claim] = yield* decodeClaims(rows)
        return Option.map(Option.fromUndefinedOr(claim), ({ claims }) => Number(claims))
      }).pipe(Effect.mapError(failure("claim"))),
    release: (transactionId, delay) =>
      Effect.flatMap(now, (now) =>
        write(
          "release",
          sql`UPDATE cloudauth_transactions SET claimable_from = ${now + Math.ceil(Duration.toMillis(delay))}
            WHERE transaction_id = ${transactionId}`
        )
      ),
    collected: (transactionId) =>
      Effect.flatMap(now, (now) =>
        write(
          "collected",
          sql`UPDATE cloudauth_transactions SET collected_at = ${now}
            WHERE transaction_id = ${transactionId} AND collected_at IS NULL`
        )
      ),
    pending: (limit) =>
      Effect.flatMap(now, (now) =>
        read(
          "pending",
          sql`SELECT ${columns} FROM cloudauth_transactions
            WHERE notified_at > ${now - retentionMillis} AND collected_at IS NULL AND claimable_from <= ${now}
            ORDER BY claimable_from, serial LIMIT ${limit}`
        )
      )
  })
})

/**
 * The store in the database of the `SqlClient` in context. Fails if its table can't be made.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<TransactionStore, TransactionStoreError, SqlClient> = Layer.effect(
  TransactionStore,
  make
)
