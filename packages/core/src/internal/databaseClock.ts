/** The clock that all processes of a database share: a wrong clock of one changes nothing. */
import type { SqlClient } from "effect/sql/SqlClient"

/** The database's time in milliseconds since 1970, by its dialect. */
export const databaseNow = {
  pg: "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
  sqlite: "CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)"
} as const

/** The same for Effect's client. */
export const nowOf = (sql: SqlClient) =>
  sql.literal(sql.onDialectOrElse({ pg: () => databaseNow.pg, orElse: () => databaseNow.sqlite }))
