/** The store of transactions in a database. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import {
  MerchantBizIdTaken,
  TransactionConflict,
  TransactionNotStored,
  TransactionStoreError
} from "../../TransactionStoreError.ts"
import { answering } from "../answering.ts"
import * as notices from "./notices.ts"
import * as table from "./sqlTable.ts"
import { type Database, run, type Sql, sql } from "./sqlText.ts"
import { overdueMillis, type Store } from "./store.ts"
import * as steps from "./steps.ts"
import { expectationOfDocType } from "./storedRequest.ts"

const failure = (operation: string) => (underlying: unknown) =>
  new TransactionStoreError({ operation, underlying: Redacted.make(underlying, { label: "underlying" }) })

/** The store, once its tables are there. */
export const make = Effect.fnUntraced(function* (
  given: Database
): Effect.fn.Return<Store, TransactionStoreError, Scope.Scope> {
  // An index of a large table takes its time.
  yield* Effect.mapError(table.migrate(given), failure("migrate"))
  const database: Database = {
    dialect: given.dialect,
    query: (text, parameters) => answering(given.query(text, parameters))
  }
  const now = table.nowOf(database.dialect)

  const read = (operation: string, query: Sql) =>
    Effect.mapError(Effect.flatMap(run(database, query), table.decodeRows), failure(operation))
  const write = (operation: string, statement: Sql) =>
    Effect.mapError(Effect.asVoid(run(database, statement)), failure(operation))
  const byId = (operation: string, transactionId: string) =>
    Effect.map(
      read(operation, sql`SELECT ${table.columns} FROM cloudauth_transactions WHERE transaction_id = ${transactionId}`),
      ([found]) => found
    )

  const waiting = notices.make()
  yield* Effect.forkScoped(Effect.forever(watch(database, waiting)))

  return {
    reserve: (merchantBizId, merchantUserId) =>
      Effect.gen(function* () {
        yield* run(
          database,
          sql`INSERT INTO cloudauth_merchant_biz_ids (merchant_biz_id, merchant_user_id)
            VALUES (${merchantBizId}, ${merchantUserId}) ON CONFLICT (merchant_biz_id) DO NOTHING`
        )
        const rows = yield* run(
          database,
          sql`SELECT merchant_user_id FROM cloudauth_merchant_biz_ids WHERE merchant_biz_id = ${merchantBizId}`
        )
        const [row] = yield* table.decodeUsers(rows)
        return row?.merchant_user_id
      }).pipe(
        Effect.mapError(failure("reserve")),
        Effect.filterOrFail(
          (user) => user === merchantUserId,
          () => new MerchantBizIdTaken({ merchantBizId })
        ),
        Effect.asVoid
      ),
    put: ({ docType, expectation, expectsCallback, merchantBizId, owner, traceparent, transactionId }) =>
      Effect.gen(function* () {
        const expected = yield* Effect.mapError(
          table.encodeExpectation(expectation ?? expectationOfDocType(docType)),
          failure("put")
        )
        yield* write(
          "put",
          sql`INSERT INTO cloudauth_transactions
              (transaction_id, merchant_biz_id, doc_type, expectation, owner, expects_callback, step, traceparent, created_at)
            VALUES (${transactionId}, ${merchantBizId}, ${docType ?? null}, ${expected}, ${owner ?? null},
              ${expectsCallback === undefined ? null : Number(expectsCallback)}, 'begun', ${traceparent ?? null}, ${now})
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
        sql`SELECT ${table.columns} FROM cloudauth_transactions WHERE merchant_biz_id = ${merchantBizId} ORDER BY serial DESC`
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
        const rows = yield* run(
          database,
          sql`UPDATE cloudauth_transactions
            SET claims = claims + 1, claimable_from = ${now} + ${Math.ceil(Duration.toMillis(lease))}
            WHERE transaction_id = ${transactionId} AND collected_at IS NULL AND ended_at IS NULL
              AND claimable_from <= ${now}
            RETURNING claims`
        )
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
    pending: (limit, region) =>
      run(
        database,
        sql`SELECT ${table.columns} FROM cloudauth_transactions
          WHERE collected_at IS NULL AND ended_at IS NULL AND claimable_from <= ${now}
            AND (notified_at IS NOT NULL OR created_at <= ${now} - ${overdueMillis}) ${table.inRegion(region)}
          ORDER BY claimable_from, serial LIMIT ${limit}`
      ).pipe(Effect.flatMap(table.decodeReadable), Effect.mapError(failure("pending"))),
    reached: (transactionId, step) =>
      Effect.gen(function* () {
        const rows = yield* run(
          database,
          sql`UPDATE cloudauth_transactions SET step = ${step}
            WHERE transaction_id = ${transactionId}
              AND step IN (${table.listOf(database.dialect, steps.before[step])})
            RETURNING ${now} - created_at AS age`
        )
        const [reached] = yield* table.decodeAges(rows)
        return Option.map(Option.fromUndefinedOr(reached), ({ age }) => Number(age))
      }).pipe(Effect.mapError(failure("reached")))
  }
})

/** Asks every second which of all awaited transactions another process has noted: one query. */
const watch = (database: Database, waiting: notices.Notices) =>
  Effect.gen(function* () {
    yield* waiting.someone
    yield* Effect.sleep("1 second")
    const rows = yield* run(
      database,
      sql`SELECT transaction_id FROM cloudauth_transactions
        WHERE notified_at IS NOT NULL AND transaction_id IN (${table.listOf(database.dialect, waiting.awaited())})`
    )
    for (const { transaction_id } of yield* table.decodeIds(rows)) waiting.tell(transaction_id)
    // The next query may succeed; those who wait poll, too.
  }).pipe(Effect.ignore)
