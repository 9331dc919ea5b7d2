/** A database of its own on a PostgreSQL server, which goes with its scope. */
import * as Postgres from "@effect-cloudauth/cli/Postgres"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { SqlClient } from "effect/sql/SqlClient"

export interface Database extends AsyncDisposable {
  readonly url: string
}

export const databaseAt = async (server: string): Promise<Database> => {
  const name = `cloudauth_growth_${process.pid}`
  const run = (statement: string) =>
    SqlClient.use((sql) => sql.unsafe(statement)).pipe(
      Effect.provide(Postgres.layer({ url: Redacted.make(server), applicationName: "growth" })),
      Effect.runPromise
    )
  await run(`CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return {
    url: url.href,
    [Symbol.asyncDispose]: async () => {
      await run(`DROP DATABASE ${name} WITH (FORCE)`)
    }
  }
}
