/**
 * The store of transactions in a database, through Effect's `SqlClient`: SQLite and PostgreSQL. `TransactionStoreQuery` is
 * the same over any other driver.
 *
 * It makes its tables `cloudauth_transactions` and `cloudauth_merchant_biz_ids` by migrations, noted in
 * `cloudauth_migrations`. An id that leads to a person's check stands there in the clear: guard the database accordingly. Rows are not removed; the vendor deletes
 * results after 30 days. A statement that has no answer in 30 seconds fails.
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
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import * as sqlStore from "./internal/journey/sqlStore.ts"
import { TransactionStore } from "./TransactionStore.ts"
import type { TransactionStoreError } from "./TransactionStoreError.ts"

/**
 * The store in the database of the `SqlClient` in context. Fails if its tables can't be made.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<TransactionStore, TransactionStoreError, SqlClient> = Layer.effect(
  TransactionStore,
  Effect.flatMap(SqlClient, (client) => {
    // Names are written as the table has them, whatever the application's client makes of names.
    const sql = client.withoutTransforms()
    return sqlStore.make({
      dialect: sql.onDialectOrElse({ pg: () => "pg", orElse: () => "sqlite" }),
      query: (text, parameters) => sql.unsafe(text, parameters)
    })
  })
)
