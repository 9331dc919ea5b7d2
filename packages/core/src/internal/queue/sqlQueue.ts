/** The queue of ids to collect in a database, through Effect's `SqlClient`: SQLite and PostgreSQL. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Migrator from "effect/sql/Migrator"
import { SqlClient } from "effect/sql/SqlClient"
import * as Stream from "effect/Stream"
import * as Options from "../../Options.ts"
import { answering } from "../answering.ts"
import { nowOf } from "../databaseClock.ts"
import { logQuietly } from "../quietly.ts"
import { retentionMillis } from "../retention.ts"
import * as sqlFailures from "../sqlFailures.ts"
import * as leases from "./leases.ts"
import { type AddOptions, CollectQueueError, type Ended, type Item, type Operations } from "./model.ts"
import * as table from "./table.ts"

/** How many rows are written by one statement, and how many are read at once. */
const page = 500

const addKeys: Options.Keys<AddOptions> = { retryFailed: true }

/** The error of `save`: the caller's, not the queue's. */
class OfSave<E> {
  readonly _tag = "OfSave"
  readonly error: E
  constructor(error: E) {
    this.error = error
  }
}

const toError = (operation: string, underlying: unknown): CollectQueueError =>
  new CollectQueueError({
    operation,
    isPassing: Cause.isTimeoutError(underlying) || sqlFailures.isPassing(underlying),
    underlying: Redacted.make(underlying, { label: "underlying" })
  })

const failing =
  (operation: string) =>
  <A>(effect: Effect.Effect<A, unknown>): Effect.Effect<A, CollectQueueError> =>
    Effect.mapError(effect, (error) => toError(operation, error))

const chunks = <A>(all: ReadonlyArray<A>): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: Math.ceil(all.length / page) }, (_, index) => all.slice(index * page, (index + 1) * page))

/** A queue over the `SqlClient` in context; makes its table if it is missing. */
export const make: Effect.Effect<Operations, CollectQueueError, SqlClient> = Effect.gen(function* () {
  // Names are written here as the table has them, whatever the application's client makes of names.
  const sql = (yield* SqlClient).withoutTransforms()
  yield* Migrator.make({})({ loader: table.migrations, table: "cloudauth_collect_queue_migrations" }).pipe(
    Effect.provideService(SqlClient, sql),
    sqlFailures.failing,
    failing("migrate")
  )
  const now = nowOf(sql)
  const time = sql`SELECT ${now} AS n`.pipe(
    answering,
    Effect.flatMap(table.decodeNumbers),
    Effect.map(([row]) => Number(row?.n))
  )
  return { ...leases.make(sql, failing), ...additions(sql, time), ...endings(sql), ...figures(sql, time) }
})

const additions = (sql: SqlClient, time: Effect.Effect<number, unknown>) => {
  const insert = (items: ReadonlyArray<Item>, registeredAt: number) =>
    Effect.gen(function* () {
      const rows = yield* Effect.forEach(items, ({ expectation, ...item }) =>
        Effect.map(
          expectation === undefined ? Effect.succeed(null) : table.encodeExpectation(expectation),
          (encoded) => ({
            transaction_id: item.transactionId,
            merchant_biz_id: item.merchantBizId,
            document: item.document ?? null,
            authenticated_at: item.authenticatedAt ?? null,
            registered_at: registeredAt,
            state: "Pending",
            traceparent: item.traceparent ?? null,
            expectation: encoded,
            deadline: (item.authenticatedAt ?? expectation?.startedAt ?? registeredAt) + retentionMillis
          })
        )
      )
      const [first, ...others] = rows
      if (first === undefined) return 0
      // Another process may have added one meanwhile.
      const added = yield* sql`INSERT INTO cloudauth_collect_queue ${sql.insert([first, ...others])}
        ON CONFLICT (transaction_id) DO NOTHING RETURNING transaction_id`.pipe(answering)
      return added.length
    })

  /** Adds what a later list knows of an id. */
  const improve = ({ authenticatedAt, document, transactionId }: Item) =>
    authenticatedAt === undefined && document === undefined
      ? Effect.void
      : sql`UPDATE cloudauth_collect_queue SET
          authenticated_at = COALESCE(${authenticatedAt ?? null}, authenticated_at),
          deadline = COALESCE(${authenticatedAt === undefined ? null : authenticatedAt + retentionMillis}, deadline),
          document = COALESCE(${document ?? null}, document)
          WHERE transaction_id = ${transactionId}`.pipe(Effect.asVoid, answering)

  const addPart = (items: ReadonlyArray<Item>, registeredAt: number, { retryFailed = true }: AddOptions) =>
    Effect.gen(function* () {
      const ids = items.map(({ transactionId }) => transactionId)
      const known = yield* Effect.flatMap(
        answering(
          sql`SELECT transaction_id, state FROM cloudauth_collect_queue WHERE ${sql.in("transaction_id", ids)}`
        ),
        table.decodeStates
      )
      const states = new Map(known.map((row) => [row.transaction_id, row.state]))
      const fresh = items.filter(({ transactionId }) => !states.has(transactionId))
      const again = items.filter(({ transactionId }) => ["Pending", "Failed"].includes(states.get(transactionId) ?? ""))
      const added = yield* insert(fresh, registeredAt)
      yield* Effect.forEach(again, improve, { discard: true })
      if (retryFailed && again.length > 0) {
        yield* sql`UPDATE cloudauth_collect_queue SET state = 'Pending', free_from = 0, attempts = 0
          WHERE state NOT IN ('Pending', 'Stored', 'Purged') AND ${sql.in(
            "transaction_id",
            again.map(({ transactionId }) => transactionId)
          )}`.pipe(answering)
      }
      const done = ids.filter((id) => ["Stored", "Purged"].includes(states.get(id) ?? ""))
      return { added, again: items.length - added - done.length, done }
    })

  const add: Operations["add"] = (items, options = {}) =>
    Effect.gen(function* () {
      const registeredAt = yield* time
      const own = Options.ownOrThrow(addKeys, options)
      const parts = yield* Effect.forEach(chunks(items), (part) => addPart(part, registeredAt, own))
      return {
        added: parts.reduce((sum, part) => sum + part.added, 0),
        again: parts.reduce((sum, part) => sum + part.again, 0),
        done: parts.flatMap((part) => part.done)
      }
    }).pipe(sqlFailures.transaction(sql), failing("add"))

  const retryFailed = sql`UPDATE cloudauth_collect_queue SET state = 'Pending', free_from = 0, attempts = 0
    WHERE state = 'Failed' RETURNING transaction_id`.pipe(
    answering,
    Effect.map((rows) => rows.length),
    failing("retryFailed")
  )
  return { add, retryFailed }
}

const endings = (sql: SqlClient) => {
  /**
   * Marks first: of any number of processes that have the result one saves it. `NOT IN` keeps databases from going through all
   * that is pending by the index of states.
   */
  const collect = (ids: ReadonlyArray<string>) =>
    ids.length === 0
      ? Effect.succeed([])
      : Effect.flatMap(
          sql`UPDATE cloudauth_collect_queue SET state = 'Stored', lease_owner = NULL, error = NULL, code = NULL,
            request_id = NULL, failed_at = NULL
            WHERE state NOT IN ('Stored', 'Purged') AND ${sql.in("transaction_id", ids)} RETURNING transaction_id`.pipe(
            answering
          ),
          table.decodeIds
        )

  const setAside = (owner: string, { code, error, requestId, transactionId }: Ended & { readonly _tag: "SetAside" }) =>
    sql`UPDATE cloudauth_collect_queue SET state = 'Failed', lease_owner = NULL, error = ${error}, code = ${code},
      request_id = ${requestId ?? null}, failed_at = ${nowOf(sql)}
      WHERE transaction_id = ${transactionId} AND lease_owner = ${owner} AND state = 'Pending'`.pipe(answering)

  const settle: Operations["settle"] = <E, R>(
    owner: string,
    ended: ReadonlyArray<Ended>,
    save: (transactionId: string) => Effect.Effect<void, E, R>
  ) =>
    Effect.gen(function* () {
      const ids = ended.flatMap((end) => (end._tag === "Collected" ? [end.transactionId] : []))
      for (const { transaction_id } of yield* collect(ids)) {
        yield* answering(Effect.mapError(save(transaction_id), (error) => new OfSave(error)))
      }
      for (const end of ended) if (end._tag === "SetAside") yield* setAside(owner, end)
    }).pipe(
      sqlFailures.transaction(sql),
      Effect.mapError((error) => (error instanceof OfSave ? (error as OfSave<E>).error : toError("settle", error)))
    )
  return { settle }
}

const figures = (sql: SqlClient, time: Effect.Effect<number, unknown>) => {
  const counts: Operations["counts"] =
    sql`SELECT state, COUNT(*) AS n FROM cloudauth_collect_queue GROUP BY state`.pipe(
      answering,
      Effect.flatMap(table.decodeCounts),
      Effect.map((rows) => {
        const of = (state: string) => Number(rows.find((row) => row.state === state)?.n ?? 0)
        return { Pending: of("Pending"), Failed: of("Failed"), Stored: of("Stored"), Purged: of("Purged") }
      }),
      failing("counts")
    )

  const outlook: Operations["outlook"] = Effect.gen(function* () {
    const rows = yield* Effect.flatMap(
      sql`SELECT MIN(deadline) AS deadline, COUNT(*) AS ids FROM cloudauth_collect_queue WHERE state = 'Pending'
        GROUP BY CAST(deadline / 3600000 AS integer) ORDER BY 1`.pipe(answering),
      table.decodeDue
    )
    return { due: rows.map(({ deadline, ids }) => ({ deadline, ids: Number(ids) })), now: yield* time }
  }).pipe(failing("outlook"))

  const setAside: Operations["setAside"] = Stream.paginate(0, (after: number) =>
    sql`SELECT * FROM cloudauth_collect_queue WHERE state = 'Failed' AND sequence > ${after}
      ORDER BY sequence LIMIT ${page}`.pipe(
      answering,
      Effect.flatMap(
        Effect.fnUntraced(function* (rows) {
          const [last] = yield* table.sequencesOf(rows.slice(-1))
          const [readable, unreadable] = table.readable(rows)
          if (unreadable.length > 0)
            yield* logQuietly(Effect.logWarning("This version can't read ids that were set aside"))
          const next = last === undefined || rows.length < page ? Option.none() : Option.some(last)
          return [readable.map(table.setAsideOf), next] as const
        })
      ),
      failing("setAside")
    )
  )
  return { counts, outlook, setAside }
}
