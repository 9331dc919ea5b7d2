/** A collection in a PostgreSQL database. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { Failure } from "./Failure.ts"
import * as Postgres from "./Postgres.ts"
import { ResultStore, StoreError, StoreInUse } from "./ResultStore.ts"
import * as SqlResultStore from "./SqlResultStore.ts"

/** The key of the advisory lock: `cloudaut` as a number of 64 bits. */
const lockKey = "7164223657225581940"

const failed = (operation: string, what: string) => (error: SqlError) =>
  new StoreError({
    operation,
    reason: `${what} (${error.reason._tag})`,
    underlying: Redacted.make(error, { label: "underlying" })
  })

/** A lock that PostgreSQL takes away when the connection ends, and so when the process dies. */
const exclusive = (sql: SqlClient.SqlClient) =>
  Effect.gen(function* () {
    const connection = yield* Effect.mapError(sql.reserve, failed("lock", "no connection"))
    const rows = yield* connection
      .executeValues(`SELECT pg_try_advisory_lock(${lockKey})`, [])
      .pipe(Effect.mapError(failed("lock", "the lock cannot be asked for")))
    if (rows[0]?.[0] !== true) return yield* new StoreInUse()
    // The connection goes back to the pool: without this the lock would go with it.
    yield* Effect.addFinalizer(() =>
      Effect.ignore(connection.executeValues(`SELECT pg_advisory_unlock(${lockKey})`, []))
    )
  })

/** The collection in the database of a URL, `postgres://user:password@host:5432/database?sslmode=verify-full`. */
export const layer = (url: Redacted.Redacted): Layer.Layer<ResultStore, StoreError | Failure> =>
  Layer.effect(
    ResultStore,
    Effect.flatMap(SqlClient.SqlClient, (sql) =>
      SqlResultStore.make({ description: Postgres.describe(url), exclusive: exclusive(sql) })
    )
  ).pipe(
    Layer.provide(Postgres.layer({ url, applicationName: "effect-cloudauth" })),
    Layer.catchTag("SqlError", (error) =>
      Layer.effect(
        ResultStore,
        Effect.fail(
          new StoreError({
            operation: "open",
            reason: Postgres.reasonOf(error),
            underlying: Redacted.make(error, { label: "underlying" })
          })
        )
      )
    )
  )
