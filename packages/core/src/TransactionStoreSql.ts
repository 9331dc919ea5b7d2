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
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Migrator from "effect/sql/Migrator"
import { SqlClient } from "effect/sql/SqlClient"
import * as notices from "./internal/journey/notices.ts"
import * as table from "./internal/journey/sqlTable.ts"
import { overdueMillis } from "./internal/journey/store.ts"
import { expectationOfDocType } from "./internal/journey/storedRequest.ts"
import { TransactionStore } from "./TransactionStore.ts"
import {
  MerchantBizIdTaken,
  TransactionConflict,
  TransactionNotStored,
  TransactionStoreError
} from "./TransactionStoreError.ts"

const failure = (operation: string) => (underlying: unknown) =>
  new TransactionStoreError({ operation, underlying: Redacted.make(underlying, { label: "underlying" }) })

const make = Effect.gen(function* () {
  // Names are written here as the table has them, whatever the application's client makes of names.
  const sql = (yield* SqlClient).withoutTransforms()
  yield* Migrator.make({})({ loader: table.migrations, table: "cloudauth_migrations" }).pipe(
    Effect.provideService(SqlClient, sql),
    Effect.mapError(failure("migrate"))
  )
  const columns = sql.literal(table.columns)
  const now = table.nowOf(sql)

  const read = (operation: string, rows: Effect.Effect<ReadonlyArray<unknown>, unknown>) =>
    Effect.mapError(Effect.flatMap(rows, table.decodeRows), failure(operation))
  const write = (operation: string, statement: Effect.Effect<unknown, unknown>) =>
    Effect.mapError(Effect.asVoid(statement), failure(operation))
  const byId = (operation: string, transactionId: string) =>
    Effect.map(
      read(operation, sql`SELECT ${columns} FROM cloudauth_transactions WHERE transaction_id = ${transactionId}`),
      ([found]) => found
    )

  const waiting = notices.make()
  yield* Effect.forkScoped(Effect.forever(watch(sql, waiting)))

  return TransactionStore.of({
    reserve: (merchantBizId, merchantUserId) =>
      Effect.gen(function* () {
        yield* sql`INSERT INTO cloudauth_merchant_biz_ids (merchant_biz_id, merchant_user_id)
          VALUES (${merchantBizId}, ${merchantUserId}) ON CONFLICT (merchant_biz_id) DO NOTHING`
        const [row] = yield* Effect.flatMap(
          sql`SELECT merchant_user_id FROM cloudauth_merchant_biz_ids WHERE merchant_biz_id = ${merchantBizId}`,
          table.decodeUsers
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
    put: ({ docType, expectation, expectsCallback, merchantBizId, owner, transactionId }) =>
      Effect.gen(function* () {
        const expected = yield* Effect.mapError(
          table.encodeExpectation(expectation ?? expectationOfDocType(docType)),
          failure("put")
        )
        yield* write(
          "put",
          sql`INSERT INTO cloudauth_transactions
              (transaction_id, merchant_biz_id, doc_type, expectation, owner, expects_callback, created_at)
            VALUES (${transactionId}, ${merchantBizId}, ${docType ?? null}, ${expected}, ${owner ?? null},
              ${expectsCallback === undefined ? null : Number(expectsCallback)}, ${now})
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
        // A callback that comes late opens what had ended without one.
        yield* write(
          "notified",
          sql`UPDATE cloudauth_transactions SET notified_at = ${now}, ended_at = NULL, ending = NULL
            WHERE transaction_id = ${transactionId} AND notified_at IS NULL`
        )
        waiting.tell(transactionId)
        return Option.fromUndefinedOr(yield* byId("notified", transactionId))
      }),
    awaitNotified: waiting.await,
    claim: (transactionId, lease) =>
      Effect.gen(function* () {
        // One statement: the process that changes the row has the claim, on any number of machines.
        const rows = yield* sql`UPDATE cloudauth_transactions
          SET claims = claims + 1, claimable_from = ${now} + ${Math.ceil(Duration.toMillis(lease))}
          WHERE transaction_id = ${transactionId} AND collected_at IS NULL AND ended_at IS NULL
            AND claimable_from <= ${now}
          RETURNING claims`
        const [claim] = yield* table.decodeClaims(rows)
        return Option.map(Option.fromUndefinedOr(claim), ({ claims }) => Number(claims))
      }).pipe(Effect.mapError(failure("claim"))),
    release: (transactionId, delay) =>
      write(
        "release",
        sql`UPDATE cloudauth_transactions SET claimable_from = ${now} + ${Math.ceil(Duration.toMillis(delay))}
          WHERE transaction_id = ${transactionId}`
      ),
    collected: (transactionId) =>
      write(
        "collected",
        sql`UPDATE cloudauth_transactions SET collected_at = ${now}
          WHERE transaction_id = ${transactionId} AND collected_at IS NULL`
      ),
    ended: (transactionId, ending) =>
      write(
        "ended",
        sql`UPDATE cloudauth_transactions SET ended_at = ${now}, ending = ${ending}
          WHERE transaction_id = ${transactionId} AND collected_at IS NULL AND ended_at IS NULL`
      ),
    pending: (limit) =>
      read(
        "pending",
        sql`SELECT ${columns} FROM cloudauth_transactions
          WHERE collected_at IS NULL AND ended_at IS NULL AND claimable_from <= ${now}
            AND (notified_at IS NOT NULL OR created_at <= ${now} - ${overdueMillis})
          ORDER BY claimable_from, serial LIMIT ${limit}`
      )
  })
})

/** Asks every second which of all awaited transactions another process has noted: one query. */
const watch = (sql: SqlClient, waiting: notices.Notices) =>
  Effect.gen(function* () {
    yield* waiting.someone
    yield* Effect.sleep("1 second")
    const rows = yield* sql`SELECT transaction_id FROM cloudauth_transactions
      WHERE notified_at IS NOT NULL AND transaction_id IN (${table.listOf(sql, waiting.awaited())})`
    for (const { transaction_id } of yield* table.decodeIds(rows)) waiting.tell(transaction_id)
    // The next query may succeed; those who wait poll, too.
  }).pipe(Effect.ignore)

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
