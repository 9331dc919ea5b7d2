/**
 * Effect's `SqlClient` over Node's own SQLite: one connection, statements one after the other, transactions by
 * `BEGIN IMMEDIATE`. Durable by default: write-ahead log, synced at every commit; what is deleted is written over.
 *
 * @example
 * import * as NodeSqlite from "@effect-cloudauth/cli/NodeSqlite"
 * import * as Effect from "effect/Effect"
 * import * as SqlClient from "effect/sql/SqlClient"
 *
 * const program = Effect.gen(function* () {
 *   const sql = yield* SqlClient.SqlClient
 *   return yield* sql`SELECT 1 AS one`
 * }).pipe(Effect.provide(NodeSqlite.layer({ file: ":memory:" })))
 *
 * @since 0.1.0
 */
import type * as Sqlite from "node:sqlite"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import * as Layer from "effect/Layer"
import * as Reactivity from "effect/reactivity/Reactivity"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as SqlClient from "effect/sql/SqlClient"
import type { Connection } from "effect/sql/SqlConnection"
import { classifySqliteError, SqlError } from "effect/sql/SqlError"
import * as Statement from "effect/sql/Statement"
import * as Stream from "effect/Stream"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import * as nodeSqlite from "./internal/nodeSqlite.ts"

/**
 * Which database is opened.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** The database's file, or `:memory:`. */
  readonly file: string
}

const keys: OwnOptions.Keys<Options> = { file: true }

/** How long another process may hold the database before a statement fails, in milliseconds. */
const busyTimeout = 10_000

/** How many statements stay compiled. */
const keptStatements = 100

const failed = (operation: string) => (cause: unknown) =>
  new SqlError({ reason: classifySqliteError(cause, { message: `SQLite failed at '${operation}'`, operation }) })

const connect = (database: Sqlite.DatabaseSync): Connection => {
  const statements = new Map<string, Sqlite.StatementSync>()
  const prepare = (sql: string): Sqlite.StatementSync => {
    const kept = statements.get(sql)
    if (kept !== undefined) return kept
    const statement = database.prepare(sql)
    if (statements.size >= keptStatements) {
      for (const oldest of statements.keys()) {
        statements.delete(oldest)
        break
      }
    }
    statements.set(sql, statement)
    return statement
  }
  // The compiler for SQLite makes only these of what it is given.
  const all = (statement: Sqlite.StatementSync, params: ReadonlyArray<unknown>) =>
    statement.all(...(params as ReadonlyArray<Sqlite.SQLInputValue>))

  const run = (sql: string, params: ReadonlyArray<unknown>, kept: boolean) =>
    Effect.try({
      try: () => all(kept ? prepare(sql) : database.prepare(sql), params),
      catch: failed("execute")
    })
  const values = (sql: string, params: ReadonlyArray<unknown>, kept: boolean) =>
    Effect.map(run(sql, params, kept), (rows) => rows.map((row): ReadonlyArray<unknown> => Object.values(row)))
  const rows = (
    sql: string,
    params: ReadonlyArray<unknown>,
    transform: (<A extends object>(rows: ReadonlyArray<A>) => ReadonlyArray<A>) | undefined,
    kept: boolean
  ) => Effect.map(run(sql, params, kept), transform ?? identity)

  return {
    execute: (sql, params, transform) => rows(sql, params, transform, true),
    executeRaw: (sql, params) => run(sql, params, true),
    executeStream: (sql, params, transform) =>
      Stream.unwrap(Effect.map(rows(sql, params, transform, true), (all) => Stream.fromIterable(all))),
    executeValues: (sql, params) => values(sql, params, true),
    executeValuesUnprepared: (sql, params) => values(sql, params, false),
    executeUnprepared: (sql, params, transform) => rows(sql, params, transform, false)
  }
}

const make = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<SqlClient.SqlClient, SqlError, Scope.Scope | Reactivity.Reactivity> {
  const database = yield* Effect.acquireRelease(
    Effect.tryPromise({
      try: async () => {
        const { DatabaseSync } = await nodeSqlite.load()
        const database = new DatabaseSync(options.file, { timeout: busyTimeout })
        database.exec(
          "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON"
        )
        return database
      },
      catch: failed("open")
    }),
    (database) => Effect.sync(() => database.close())
  )
  const connection = connect(database)
  return yield* SqlClient.make({
    ...SqlClient.makeSqliteAcquirers({
      connection: Effect.succeed(connection),
      semaphore: yield* Semaphore.make(1),
      isTransaction: () => database.isTransaction
    }),
    compiler: Statement.makeCompilerSqlite(),
    driver: "node:sqlite",
    beginTransaction: "BEGIN IMMEDIATE",
    spanAttributes: [["db.system.name", "sqlite"]]
  })
})

/**
 * The client. Fails with `SqlError` where the file cannot be opened or is no database.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: Options): Layer.Layer<SqlClient.SqlClient, SqlError> =>
  Layer.effect(
    SqlClient.SqlClient,
    Effect.suspend(() => make(OwnOptions.ownOrThrow(keys, options)))
  ).pipe(Layer.provide(Reactivity.layer))
