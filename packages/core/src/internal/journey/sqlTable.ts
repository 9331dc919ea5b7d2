/** The table of transactions in SQL: its migrations, its rows, and its clock. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Expectation from "../../Expectation.ts"
import { databaseNow } from "../databaseClock.ts"
import { Ending, Step, type StoredTransaction } from "./store.ts"
import { type Database, type Dialect, literal, run, type Sql, sql } from "./sqlText.ts"
import { expectationOfDocType } from "./storedRequest.ts"

/**
 * The database's clock, in milliseconds since 1970: all processes share it, and a wrong clock of one changes nothing.
 */
export const nowOf = (dialect: Dialect): Sql => literal(databaseNow[dialect])

/** A list of ids as the rows of a subquery: one parameter, however many ids. */
export const listOf = (dialect: Dialect, ids: ReadonlyArray<string>): Sql => {
  const json = JSON.stringify(ids)
  return dialect === "pg"
    ? sql`SELECT jsonb_array_elements_text(CAST(${json} AS jsonb))`
    : sql`SELECT value FROM json_each(${json})`
}

/** Leaves out what names another region. It compares text: JSON that is broken must not fail the query. */
export const inRegion = (region: string | undefined): Sql =>
  region === undefined
    ? literal("")
    : sql`AND REPLACE(COALESCE(expectation, ''), ${`"region":"${region}"`}, '') NOT LIKE '%"region":%'`

/** Adds a column, unless the table has it. */
const addColumn = (database: Database, column: string, type: string) =>
  Effect.gen(function* () {
    const change = `ALTER TABLE cloudauth_transactions ADD COLUMN`
    if (database.dialect === "pg") {
      return yield* run(database, literal(`${change} IF NOT EXISTS ${column} ${type}`))
    }
    const found = yield* run(
      database,
      sql`SELECT name FROM pragma_table_info('cloudauth_transactions') WHERE name = ${column}`
    )
    return found.length > 0 ? [] : yield* run(database, literal(`${change} ${column} ${type}`))
  })

/**
 * Each can run again and finish what an earlier run left: a pool gives each statement another connection, so that there is
 * no transaction around them. `claimable_from` is a time before which the row can't be claimed. All times are of the
 * database's clock.
 */
const migrations: ReadonlyArray<{
  readonly name: string
  readonly run: (database: Database) => Effect.Effect<unknown, unknown>
}> = [
  {
    name: "cloudauth_transactions",
    run: Effect.fnUntraced(function* (database) {
      const serial = literal(
        database.dialect === "pg"
          ? "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
          : "INTEGER PRIMARY KEY AUTOINCREMENT"
      )
      const table = sql`CREATE TABLE IF NOT EXISTS cloudauth_transactions (
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
      yield* run(database, table)
      const index = `CREATE INDEX IF NOT EXISTS cloudauth_transactions_by_merchant
        ON cloudauth_transactions (merchant_biz_id, serial)`
      yield* run(database, literal(index))
    })
  },
  {
    name: "cloudauth_expectations",
    run: Effect.fnUntraced(function* (database) {
      yield* addColumn(database, "expectation", "TEXT")
      yield* addColumn(database, "owner", "TEXT")
      const table = `CREATE TABLE IF NOT EXISTS cloudauth_merchant_biz_ids (
        merchant_biz_id TEXT NOT NULL PRIMARY KEY,
        merchant_user_id TEXT NOT NULL
      )`
      yield* run(database, literal(table))
    })
  },
  {
    name: "cloudauth_endings",
    run: Effect.fnUntraced(function* (database) {
      yield* addColumn(database, "ended_at", "BIGINT")
      yield* addColumn(database, "ending", "TEXT")
      yield* addColumn(database, "expects_callback", "BIGINT")
      const index = `CREATE INDEX IF NOT EXISTS cloudauth_transactions_open
        ON cloudauth_transactions (claimable_from, serial) WHERE collected_at IS NULL AND ended_at IS NULL`
      yield* run(database, literal(index))
      yield* run(database, literal("DROP INDEX IF EXISTS cloudauth_transactions_pending"))
    })
  },
  {
    name: "cloudauth_steps",
    run: Effect.fnUntraced(function* (database) {
      // Empty in older rows: what had happened to them is not counted once more.
      yield* addColumn(database, "step", "TEXT")
      yield* addColumn(database, "traceparent", "TEXT")
    })
  }
]

const latestOf = (database: Database) =>
  Effect.map(
    Effect.flatMap(
      run(database, literal("SELECT migration_id FROM cloudauth_migrations ORDER BY migration_id DESC LIMIT 1")),
      decodeMigrations
    ),
    ([latest]) => Number(latest?.migration_id ?? 0)
  )

const createLedger = (database: Database) => {
  const createdAt = database.dialect === "pg" ? "timestamp with time zone" : "datetime"
  return run(
    database,
    literal(`CREATE TABLE IF NOT EXISTS cloudauth_migrations (
      migration_id integer PRIMARY KEY NOT NULL,
      created_at ${createdAt} NOT NULL DEFAULT current_timestamp,
      name TEXT NOT NULL
    )`)
  )
}

/** A statement that loses to the same one of another process succeeds when it is repeated. */
const patient = ({ dialect, query }: Database): Database => ({
  dialect,
  query: (text, parameters) => Effect.retry(query(text, parameters), { times: 5 })
})

/** Makes or completes the tables. Processes that start at the same moment do the same. */
export const migrate = (database: Database): Effect.Effect<void, unknown> =>
  Effect.gen(function* () {
    const latest = yield* Effect.catch(latestOf(database), () => Effect.as(createLedger(database), 0))
    for (const [index, migration] of migrations.entries()) {
      if (index < latest) continue
      yield* migration.run(patient(database))
      yield* run(
        database,
        sql`INSERT INTO cloudauth_migrations (migration_id, name) VALUES (${index + 1}, ${migration.name})
          ON CONFLICT (migration_id) DO NOTHING`
      )
    }
  }).pipe(Effect.retry({ times: 3 }))

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
  ending: Schema.NullOr(Ending),
  step: Schema.NullOr(Step),
  traceparent: Schema.NullOr(Schema.String)
})

/** The columns that make a `StoredTransaction`, by name: a prepared `SELECT *` fails once a later version adds a column. */
export const columns = literal(Object.keys(Row.fields).join())

export const encodeExpectation = Schema.encodeEffect(ExpectationText)
export const decodeClaims = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ claims: Integer })))
export const decodeAges = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ age: Integer })))
export const decodeIds = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ transaction_id: Schema.String })))
const decodeMigrations = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ migration_id: Integer })))
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
  ending: row.ending ?? undefined,
  step: row.step ?? undefined,
  traceparent: row.traceparent ?? undefined
})

const decodeRowsOf = Schema.decodeUnknownEffect(Schema.Array(Row))

/** The transactions of the rows that can be read. A later version may have written the others: they must not hold up the rest. */
export const decodeReadable = (rows: ReadonlyArray<unknown>) =>
  Effect.map(
    Effect.forEach(rows, (row) => Effect.catch(decodeRows([row]), () => Effect.as(unreadable, []))),
    (decoded) => decoded.flat()
  )

const unreadable = Effect.logWarning("A stored transaction can't be read")

/** The transactions of rows. */
export const decodeRows = (rows: unknown) => Effect.map(decodeRowsOf(rows), (decoded) => decoded.map(ofRow))
