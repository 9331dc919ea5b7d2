/** PostgreSQL and Redis, for tests and campaigns: their URLs, and a separate database. */
import * as NodeRedis from "@effect/platform-node/NodeRedis"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Redis } from "effect/persistence/Redis"
import type * as Scope from "effect/Scope"
import * as SqlClient from "effect/sql/SqlClient"

/** `DATABASE_URL`, or the server of this machine. */
export const databaseUrl = process.env["DATABASE_URL"] ?? "postgres://postgres@127.0.0.1:5432/postgres"

/** `REDIS_URL`, or database 9 of this machine's server. */
export const redisUrl = process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379/9"

export const sql = (url: string): Layer.Layer<SqlClient.SqlClient> =>
  Layer.orDie(PgClient.layer({ url: Redacted.make(url), maxConnections: 2, applicationName: "effect-cloudauth-test" }))

export const redis: Layer.Layer<Redis> = Layer.orDie(NodeRedis.layer({ url: redisUrl }))

let serial = 0

/** A database that is dropped with the scope: its URL. */
export const database = (name: string): Effect.Effect<string, never, Scope.Scope> =>
  Effect.gen(function* () {
    const database = `cloudauth_${name}_${process.pid}_${serial++}`
    const execute = (statement: string) =>
      Effect.flatMap(SqlClient.SqlClient, (client) => client.unsafe(statement)).pipe(
        Effect.provide(sql(databaseUrl)),
        Effect.orDie
      )
    yield* Effect.acquireRelease(execute(`CREATE DATABASE ${database}`), () =>
      Effect.ignore(execute(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`))
    )
    const url = new URL(databaseUrl)
    url.pathname = `/${database}`
    return url.href
  })

const answers = <A, E>(effect: Effect.Effect<A, E>): Promise<boolean> =>
  Effect.runPromise(
    effect.pipe(
      Effect.as(true),
      Effect.timeout("5 seconds"),
      Effect.catchCause(() => Effect.succeed(false))
    )
  )

/** What is missing and what to do if a server does not answer. */
export const missing = async (): Promise<string | undefined> => {
  const hasDatabase = await answers(
    Effect.flatMap(SqlClient.SqlClient, (client) => client`SELECT 1`).pipe(Effect.provide(sql(databaseUrl)))
  )
  const hasRedis = await answers(Effect.flatMap(Redis, (client) => client.send("PING")).pipe(Effect.provide(redis)))
  if (hasDatabase && hasRedis) return undefined
  const absent = [hasDatabase ? [] : "PostgreSQL", hasRedis ? [] : "Redis"].flat().join(" and ")
  return `${absent} cannot be reached: start packages/cluster/compose.yaml, or set DATABASE_URL and REDIS_URL.`
}

/** Whether both servers answer, for tests. In CI their absence is a failure; elsewhere it is said aloud. */
export const available = async (): Promise<boolean> => {
  const words = await missing()
  if (words === undefined) return true
  const { CI } = process.env
  if (CI !== undefined && CI !== "" && CI !== "false") throw new Error(words)
  process.stderr.write(`\n*** SKIPPED: tests of the cluster. ${words} ***\n\n`)
  return false
}

/** Removes an account's quota from Redis, as a flush would. */
export const forget = (account: string): Effect.Effect<void, never, Redis> =>
  Effect.flatMap(Redis, (client) =>
    client.send("DEL", ...["slots", "queue", "seen"].map((name) => `{cloudauth:quota:${account}}:${name}`))
  ).pipe(Effect.orDie, Effect.asVoid)

/** Cuts the connections of all limiters to this Redis database; says how many. */
export const cutLimiters: Effect.Effect<number, never, Redis> = Effect.gen(function* () {
  const client = yield* Redis
  const number = new URL(redisUrl).pathname.slice(1) || "0"
  const list = yield* Effect.orDie(client.send<unknown>("CLIENT", "LIST"))
  const lines = String(list)
    .split("\n")
    .filter((line) => line.includes("name=effect-cloudauth-quota ") && line.includes(` db=${number} `))
  let cut = 0
  for (const line of lines) {
    const id = /^id=(\d+)/.exec(line)?.[1]
    if (id === undefined) continue
    yield* Effect.ignore(client.send("CLIENT", "KILL", "ID", id))
    cut += 1
  }
  return cut
})
