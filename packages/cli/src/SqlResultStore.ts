/**
 * A collection in tables, for SQLite and PostgreSQL alike: `cloudauth_collect_queue` has the ids, `cloudauth_result`
 * what came. Both change in one transaction.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Migrator from "effect/sql/Migrator"
import * as SqlClient from "effect/sql/SqlClient"
import { isSqlError, type SqlError } from "effect/sql/SqlError"
import * as Stream from "effect/Stream"
import * as Document from "@effect-cloudauth/core/Document"
import { CollectQueue, type SetAside } from "@effect-cloudauth/core/CollectQueue"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import { migrations } from "./internal/collectionTables.ts"
import { ofQueueError, storeError } from "./internal/storeErrors.ts"
import * as ResultStore from "./ResultStore.ts"
import * as StoredResult from "./StoredResult.ts"

/** How many rows are read at once. */
const page = 500

/** How many values stand in one list of a statement. */
const list = 500

const ItemRow = Schema.Struct({
  sequence: Schema.Int,
  transaction_id: Schema.String,
  merchant_biz_id: Schema.String,
  document: Schema.NullOr(Schema.Literals(Document.names)),
  authenticated_at: Schema.NullOr(Schema.Finite),
  registered_at: Schema.Finite,
  state: ResultStore.State,
  error: Schema.NullOr(Schema.String),
  code: Schema.NullOr(Schema.String),
  request_id: Schema.NullOr(Schema.String),
  failed_at: Schema.NullOr(Schema.Finite)
})

const ResultRow = Schema.Struct({
  sequence: Schema.Int,
  facts: StoredResult.ViewFromText,
  person: Schema.NullOr(Schema.fromJsonString(StoredResult.Person))
})

const decodeItems = Schema.decodeUnknownEffect(Schema.Array(ItemRow))
const decodeIds = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ transaction_id: Schema.String })))
const decodeResults = Schema.decodeUnknownEffect(Schema.Array(ResultRow))
const encodeView = Schema.encodeSync(StoredResult.ViewFromText)
const encodePerson = Schema.encodeSync(Schema.fromJsonString(StoredResult.Person))

const itemOf = (row: typeof ItemRow.Type): ResultStore.Item => ({
  transactionId: row.transaction_id,
  merchantBizId: row.merchant_biz_id,
  document: row.document ?? undefined,
  authenticatedAt: row.authenticated_at ?? undefined
})

const failedOf = ({ authenticatedAt, document, ...failed }: SetAside): ResultStore.Failed => ({
  ...failed,
  document,
  authenticatedAt
})

const storedOf = (row: typeof ResultRow.Type): StoredResult.StoredResult => ({
  view: row.facts,
  person: row.person === null ? undefined : Redacted.make(row.person, { label: "person" })
})

const chunks = <A>(all: ReadonlyArray<A>, size: number): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size))

/**
 * How a store describes itself.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** The place of the store, without any password. */
  readonly description: string
}

/**
 * A store over the `SqlClient` in context, and the queue of its ids; makes their tables if they are missing.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (
  options: Options
): Layer.Layer<ResultStore.ResultStore | CollectQueue, ResultStore.StoreError, SqlClient.SqlClient> => {
  // A table of its own: a backend's `TransactionStoreSql` counts its migrations in the same database, too.
  const migrated = Migrator.make({})({ loader: migrations, table: "cloudauth_collection_migrations" }).pipe(
    Effect.mapError(storeError("open")),
    Layer.effectDiscard
  )
  const queue = CollectQueue.layer.pipe(
    Layer.catch((error) => Layer.effect(CollectQueue, Effect.fail(ofQueueError(error)))),
    Layer.provide(migrated)
  )
  return Layer.effect(ResultStore.ResultStore, make(options)).pipe(Layer.provideMerge(queue))
}

const keys: OwnOptions.Keys<Options> = { description: true }

const make = Effect.fnUntraced(function* (given: Options) {
  const options = OwnOptions.ownOrThrow(keys, given)
  const sql = yield* SqlClient.SqlClient
  const queue = yield* CollectQueue

  const atomically = <A>(operation: string, effect: Effect.Effect<A, SqlError | Schema.SchemaError>) =>
    sql.withTransaction(effect).pipe(
      // Effect's transaction dies if its connection is lost: it can't roll back.
      Effect.catchDefect((defect) => (isSqlError(defect) ? Effect.fail(defect) : Effect.die(defect))),
      Effect.mapError(storeError(operation))
    )

  const register = (items: ReadonlyArray<ResultStore.Item>) =>
    Effect.mapBoth(queue.add(items), {
      onFailure: ofQueueError,
      onSuccess: ({ added, again, done }) => ({ added, again, done: done.length })
    })

  /** Marks ids as stored, and says which: what was purged or forgotten while its answer was under way stays so. */
  const mark = (transactionIds: ReadonlyArray<string>) =>
    sql`UPDATE cloudauth_collect_queue
      SET state = 'Stored', lease_owner = NULL, error = NULL, code = NULL, request_id = NULL, failed_at = NULL
      WHERE state <> 'Purged' AND ${sql.in("transaction_id", transactionIds)} RETURNING transaction_id`.pipe(
      Effect.flatMap(decodeIds),
      Effect.map((rows) => new Set(rows.map((row) => row.transaction_id)))
    )

  const save = (ended: ReadonlyArray<ResultStore.Ended>) =>
    atomically(
      "save",
      Effect.gen(function* () {
        const stored = ended.flatMap((end) => (end._tag === "Stored" ? [end.result] : []))
        for (const part of chunks(stored, 100)) {
          const rows = part.map(({ person, view }) => ({
            transaction_id: view.transactionId,
            collected_at: view.collectedAt,
            verdict: view.verdict._tag,
            sub_code: view.verdict.subCode?.code ?? null,
            document: view.document,
            facts: encodeView(view),
            person: person === undefined ? null : encodePerson(Redacted.value(person))
          }))
          const kept = yield* mark(rows.map((row) => row.transaction_id))
          const [first, ...others] = rows.filter((row) => kept.has(row.transaction_id))
          if (first === undefined) continue
          yield* sql`INSERT INTO cloudauth_result ${sql.insert([first, ...others])}
            ON CONFLICT (transaction_id) DO NOTHING`
        }
        for (const end of ended) {
          if (end._tag !== "Failed") continue
          yield* sql`UPDATE cloudauth_collect_queue SET state = 'Failed', lease_owner = NULL, error = ${end.failed.error}, code = ${end.failed.code},
            request_id = ${end.failed.requestId ?? null}, failed_at = ${end.failed.failedAt}
            WHERE transaction_id = ${end.failed.transactionId} AND state = 'Pending'`
        }
      })
    )

  const itemsIn = (operation: string, states: ReadonlyArray<ResultStore.State>, after: number, limit: number) =>
    sql`SELECT * FROM cloudauth_collect_queue WHERE ${sql.in("state", states)} AND sequence > ${after}
      ORDER BY sequence LIMIT ${limit}`.pipe(Effect.flatMap(decodeItems), Effect.mapError(storeError(operation)))

  const paged = <Row extends { readonly sequence: number }>(
    read: (after: number) => Effect.Effect<ReadonlyArray<Row>, ResultStore.StoreError>
  ): Stream.Stream<Row, ResultStore.StoreError> =>
    Stream.paginate(0, (after: number) =>
      Effect.map(read(after), (rows) => {
        const last = rows.at(-1)
        return [rows, last === undefined || rows.length < page ? Option.none() : Option.some(last.sequence)] as const
      })
    )

  const resultsAfter = (after: number, before: number) =>
    sql`SELECT item.sequence, result.facts, result.person
      FROM cloudauth_result result JOIN cloudauth_collect_queue item ON item.transaction_id = result.transaction_id
      WHERE item.sequence > ${after} AND result.collected_at < ${before}
      ORDER BY item.sequence LIMIT ${page}`.pipe(Effect.flatMap(decodeResults), Effect.mapError(storeError("results")))

  // Deleted rows would stay readable in the log beside the database.
  const checkpoint: Effect.Effect<void, ResultStore.StoreError> = sql.onDialectOrElse({
    sqlite: () => sql`PRAGMA wal_checkpoint(TRUNCATE)`.pipe(Effect.asVoid, Effect.mapError(storeError("purge"))),
    orElse: () => Effect.void
  })

  const purge = (transactionIds: ReadonlyArray<string>, forget: boolean) =>
    atomically(
      "purge",
      Effect.gen(function* () {
        for (const part of chunks(transactionIds, list)) {
          const chosen = sql.in("transaction_id", part)
          // First the ids: that waits for a transaction which is storing one's result, and the second statement sees it.
          yield* forget
            ? sql`DELETE FROM cloudauth_collect_queue WHERE ${chosen}`
            : sql`UPDATE cloudauth_collect_queue SET state = 'Purged' WHERE ${chosen}`
          yield* sql`DELETE FROM cloudauth_result WHERE ${chosen}`
        }
      })
    ).pipe(Effect.andThen(checkpoint))

  return ResultStore.ResultStore.of({
    description: options.description,
    register,
    retryFailed: Effect.mapError(queue.retryFailed, ofQueueError),
    pending: (after, limit) =>
      Effect.map(itemsIn("pending", ["Pending"], after, limit), (rows) =>
        rows.map((row) => ({ ...itemOf(row), sequence: row.sequence, failedAt: row.failed_at ?? undefined }))
      ),
    save,
    counts: Effect.mapError(queue.counts, ofQueueError),
    find: (transactionId) =>
      sql`SELECT 0 AS sequence, facts, person FROM cloudauth_result WHERE transaction_id = ${transactionId}`.pipe(
        Effect.flatMap(decodeResults),
        Effect.mapBoth({
          onFailure: storeError("find"),
          onSuccess: ([row]) => (row === undefined ? undefined : storedOf(row))
        })
      ),
    results: Stream.map(
      paged((after) => resultsAfter(after, Number.MAX_SAFE_INTEGER)),
      storedOf
    ),
    failures: Stream.mapBoth(queue.setAside, { onElement: failedOf, onError: ofQueueError }),
    uncollected: Stream.map(
      paged((after) => itemsIn("uncollected", ["Pending", "Failed"], after, page)),
      (row): ResultStore.Uncollected => ({
        ...itemOf(row),
        state: row.state === "Failed" ? "Failed" : "Pending",
        registeredAt: row.registered_at
      })
    ),
    collectedBefore: (time) =>
      Stream.map(
        paged((after) => resultsAfter(after, time)),
        (row) => row.facts
      ),
    purge
  })
})
