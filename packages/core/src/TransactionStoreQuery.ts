/**
 * The store of transactions in a database, through the application's own driver: any function that runs a statement with
 * parameters on SQLite or PostgreSQL. The tables are those of `TransactionStoreSql`, so that both can share a database.
 *
 * @example
 * import * as TransactionStoreQuery from "@effect-cloudauth/core/TransactionStoreQuery"
 * import * as Effect from "effect/Effect"
 * import { DatabaseSync } from "node:sqlite"
 *
 * const database = new DatabaseSync("transactions.sqlite")
 *
 * const store = TransactionStoreQuery.layer({
 *   dialect: "sqlite",
 *   query: (sql, parameters) => Effect.try(() => database.prepare(sql).all(...parameters))
 * })
 *
 * @since 0.1.0
 */
import * as Layer from "effect/Layer"
import * as sqlStore from "./internal/journey/sqlStore.ts"
import type { Database } from "./internal/journey/sqlText.ts"
import { TransactionStore } from "./TransactionStore.ts"
import type { TransactionStoreError } from "./TransactionStoreError.ts"

export type { Database, Dialect, Parameter } from "./internal/journey/sqlText.ts"

/**
 * The store in this database. Fails if its tables can't be made.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (database: Database): Layer.Layer<TransactionStore, TransactionStoreError> =>
  Layer.effect(TransactionStore, sqlStore.make(database))
