/**
 * A collection in tables, for SQLite and PostgreSQL alike: `cloudauth_item` is the ledger of ids, `cloudauth_result`
 * has what came. Both change in one transaction.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Migrator from "effect/sql/Migrator"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import * as Stream from "effect/Stream"
import * as Document from "@effect-cloudauth/core/Document"
import * as sqlReason from "./internal/sqlReason.ts"
import * as ResultStore from "./ResultStore.ts"
import * as StoredResult from "./StoredResult.ts"

/** How many rows are read at once. */
const page = 500

/** How many values stand in one list of a statement. */
const list = 500

const migrations = Migrator.fromRecord({
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
    yield* sql`
      CREATE TABLE cloudauth_result (
        transaction_id text NOT NULL PRIMARY KEY REFERENCES cloudauth_item (transaction_id) ON DELETE CASCADE,
        collected_at double precision NOT NULL,
        verdict text NOT NULL,
        sub_code text,
        document text NOT NULL,
        facts text NOT NULL,
        person text
      )`
    yield* sql`CREATE INDEX cloudauth_result_collected ON cloudauth_result (collected_at)`
  })
})

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
const decodeResults = Schema.decodeUnknownEffect(Schema.Array(ResultRow))
const encodeView = Schema.encodeSync(StoredResult.ViewFromText)
const encodePerson = Schema.encodeSync(Schema.fromJsonString(StoredResult.Person))

const itemOf = (row: typeof ItemRow.Type): ResultStore.Item => ({
  transactionId: row.transaction_id,
  merchantBizId: row.merchant_biz_id,
  document: row.document ?? undefined,
  authenticatedAt: row.authenticated_at ?? undefined
})

const failedOf = (row: typeof ItemRow.Type): ResultStore.Failed => ({
  ...itemOf(row),
  error: row.error ?? "Unknown",
  code: row.code ?? "",
  requestId: row.request_id ?? undefined,
  failedAt: row.failed_at ?? row.registered_at
})

const storedOf = (row: typeof ResultRow.Type): StoredResult.StoredResult => ({
  view: row.facts,
  person: row.person === null ? undefined : Redacted.make(row.person, { label: "person" })
})

const reasonOf = (error: SqlError | Schema.SchemaError | Migrator.MigrationError): string => {
  if (error._tag === "MigrationError") return "the tables cannot be made"
  if (error._tag === "SchemaError") return "a row is not what was written"
  return sqlReason.of(error)
}

const storeError =
  (operation: string) =>
  (error: SqlError | Schema.SchemaError | Migrator.MigrationError): ResultStore.StoreError =>
    new ResultStore.StoreError({
      operation,
      reason: reasonOf(error),
      underlying: Redacted.make(error, { label: "underlying" })
    })

const chunks = <A>(all: ReadonlyArray<A>, size: number): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size))

/**
 * What of a store differs from database to database.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  readonly description: string
  readonly exclusive: Effect.Effect<void, ResultStore.StoreError | ResultStore.StoreInUse, Scope.Scope>
}

/**
 * A store over the `SqlClient` in context; makes its tables if they are missing.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = Effect.fnUntraced(function* (options: Options) {
  const sql = yield* SqlClient.SqlClient
  // A table of its own: a backend's `TransactionStoreSql` counts its migrations in the same database, too.
  yield* Migrator.make({})({ loader: migrations, table: "cloudauth_collection_migrations" }).pipe(
    Effect.mapError(storeError("open"))
  )

  const atomically = <A>(operation: string, effect: Effect.Effect<A, SqlError | Schema.SchemaError>) =>
    sql.withTransaction(effect).pipe(Effect.mapError(storeError(operation)))

  const register = (items: ReadonlyArray<ResultStore.Item>, now: number) =>
    atomically(
      "register",
      Effect.gen(function* () {
        const states = new Map<string, ResultStore.State>()
        for (const part of chunks(items, list)) {
          const known = yield* sql<{ readonly transaction_id: string; readonly state: ResultStore.State }>`
            SELECT transaction_id, state FROM cloudauth_item
            WHERE ${sql.in(
              "transaction_id",
              part.map((item) => item.transactionId)
            )}`
          for (const row of known) states.set(row.transaction_id, row.state)
        }
        const fresh = items.filter((item) => !states.has(item.transactionId))
        const again = items.filter((item) => ["Pending", "Failed"].includes(states.get(item.transactionId) ?? ""))
        for (const part of chunks(fresh, list)) {
          const rows = part.map((item) => ({
            transaction_id: item.transactionId,
            merchant_biz_id: item.merchantBizId,
            document: item.document ?? null,
            authenticated_at: item.authenticatedAt ?? null,
            registered_at: now,
            state: "Pending"
          }))
          const [first, ...others] = rows
          if (first !== undefined) yield* sql`INSERT INTO cloudauth_item ${sql.insert([first, ...others])}`
        }
        for (const part of chunks(again, list)) {
          yield* sql`UPDATE cloudauth_item SET state = 'Pending'
            WHERE ${sql.in(
              "transaction_id",
              part.map((item) => item.transactionId)
            )}`
        }
        // What a later list knows better.
        for (const item of again) {
          if (item.authenticatedAt === undefined && item.document === undefined) continue
          yield* sql`UPDATE cloudauth_item SET
            authenticated_at = COALESCE(${item.authenticatedAt ?? null}, authenticated_at),
            document = COALESCE(${item.document ?? null}, document)
            WHERE transaction_id = ${item.transactionId}`
        }
        return { added: fresh.length, again: again.length, done: items.length - fresh.length - again.length }
      })
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
          const [first, ...others] = rows
          if (first === undefined) continue
          yield* sql`INSERT INTO cloudauth_result ${sql.insert([first, ...others])}
            ON CONFLICT (transaction_id) DO NOTHING`
          yield* sql`UPDATE cloudauth_item
            SET state = 'Stored', error = NULL, code = NULL, request_id = NULL, failed_at = NULL
            WHERE ${sql.in(
              "transaction_id",
              rows.map((row) => row.transaction_id)
            )}`
        }
        for (const end of ended) {
          if (end._tag !== "Failed") continue
          yield* sql`UPDATE cloudauth_item SET state = 'Failed', error = ${end.failed.error}, code = ${end.failed.code},
            request_id = ${end.failed.requestId ?? null}, failed_at = ${end.failed.failedAt}
            WHERE transaction_id = ${end.failed.transactionId} AND state = 'Pending'`
        }
      })
    )

  const itemsIn = (operation: string, states: ReadonlyArray<ResultStore.State>, after: number, limit: number) =>
    sql`SELECT * FROM cloudauth_item WHERE ${sql.in("state", states)} AND sequence > ${after}
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
      FROM cloudauth_result result JOIN cloudauth_item item ON item.transaction_id = result.transaction_id
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
          yield* sql`DELETE FROM cloudauth_result WHERE ${chosen}`
          yield* forget
            ? sql`DELETE FROM cloudauth_item WHERE ${chosen}`
            : sql`UPDATE cloudauth_item SET state = 'Purged' WHERE ${chosen}`
        }
      })
    ).pipe(Effect.andThen(checkpoint))

  return ResultStore.ResultStore.of({
    description: options.description,
    exclusive: options.exclusive,
    register,
    retryFailed: atomically(
      "retryFailed",
      Effect.gen(function* () {
        const rows = yield* sql<{ readonly n: number }>`
          SELECT CAST(COUNT(*) AS integer) AS n FROM cloudauth_item WHERE state = 'Failed'`
        yield* sql`UPDATE cloudauth_item SET state = 'Pending' WHERE state = 'Failed'`
        return rows[0]?.n ?? 0
      })
    ),
    pending: (after, limit) =>
      Effect.map(itemsIn("pending", ["Pending"], after, limit), (rows) =>
        rows.map((row) => ({ ...itemOf(row), sequence: row.sequence, failedAt: row.failed_at ?? undefined }))
      ),
    save,
    counts: sql<{ readonly state: ResultStore.State; readonly n: number }>`
      SELECT state, CAST(COUNT(*) AS integer) AS n FROM cloudauth_item GROUP BY state`.pipe(
      Effect.mapBoth({
        onFailure: storeError("counts"),
        onSuccess: (rows) => {
          const counts = { Pending: 0, Failed: 0, Stored: 0, Purged: 0 }
          for (const row of rows) counts[row.state] = row.n
          return counts
        }
      })
    ),
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
    failures: Stream.map(
      paged((after) => itemsIn("failures", ["Failed"], after, page)),
      failedOf
    ),
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
