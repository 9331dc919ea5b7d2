/** The transaction store of `createClient` through the drivers that applications have, written as the guide shows. */
import { DatabaseSync } from "node:sqlite"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import pg from "pg"
import postgres from "postgres"
import { afterAll } from "vitest"
import { startServer } from "../../cli/test/postgres.ts"
import {
  type Client,
  createClient,
  type Database,
  DocType,
  MerchantBizIdTaken,
  ProcessNotCompleted,
  TransactionNotStored
} from "../src/Client.ts"

const server = await startServer()
afterAll(() => server?.stop())

type Opened = Database & AsyncDisposable

const ofPg = (): Opened => {
  const pool = new pg.Pool({ connectionString: server?.url, max: 4 })
  return {
    dialect: "pg",
    query: (sql, params) => pool.query(sql, [...params]),
    [Symbol.asyncDispose]: () => pool.end()
  }
}

const ofPostgres = (): Opened => {
  const db = postgres(server?.url ?? "", { max: 4, onnotice: () => {} })
  return {
    dialect: "pg",
    query: (sql, params) => db.unsafe(sql, [...params]),
    [Symbol.asyncDispose]: () => db.end()
  }
}

const ofSqlite = (): Opened => {
  const db = new DatabaseSync(":memory:")
  return {
    dialect: "sqlite",
    query: (sql, params) => db.prepare(sql).all(...params),
    [Symbol.asyncDispose]: async () => db.close()
  }
}

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => assert.fail("it was not rejected"),
    (error: unknown) => error
  )

/** One process begins, the other asks: they share nothing but the database. */
const journey = async (emulator: Emulator["Service"], begins: Client, asks: Client, merchantBizId: string) => {
  const user = { merchantBizId, merchantUserId: "hashedUser", docType: DocType.GlobalPassport } as const
  const { transactionId } = await begins.initialize(user)
  assert.instanceOf(await rejection(asks.checkStored({ merchantBizId })), ProcessNotCompleted)
  assert.instanceOf(await rejection(asks.initialize({ ...user, merchantUserId: "another" })), MerchantBizIdTaken)
  await Effect.runPromise(emulator.completeJourney(transactionId))
  assert.strictEqual((await asks.awaitStored({ merchantBizId })).verdict._tag, "Passed")
  assert.instanceOf(
    await rejection(asks.checkStored({ merchantBizId: `${merchantBizId}unknown` })),
    TransactionNotStored
  )
}

const keepsTransactions = (name: string, open: () => Opened) =>
  Effect.gen(function* () {
    const emulator = yield* Emulator
    yield* Effect.promise(async () => {
      await using store = open()
      const credentials = {
        accessKeyId: emulator.accessKeyId,
        accessKeySecret: Redacted.value(emulator.accessKeySecret)
      }
      await using begins = createClient({ url: emulator.url, credentials, store })
      await using asks = createClient({ url: emulator.url, credentials, store })
      // The second journey meets tables that exist.
      await journey(emulator, begins, asks, `order1${name}`)
      await journey(emulator, asks, begins, `order2${name}`)
    })
  })

// One emulator for all: each would give the same transaction ids, and PostgreSQL keeps those of the first.
const emulator = Emulator.layer({ journeys: { documents: { [DocType.GlobalPassport]: "global-passport" } } })

layer(emulator, { excludeTestServices: true })("the transaction store of createClient", (it) => {
  it.effect("keeps transactions through node:sqlite", () => keepsTransactions("sqlite", ofSqlite))

  it.effect.skipIf(server === undefined)("keeps transactions in PostgreSQL through pg", () =>
    keepsTransactions("pg", ofPg)
  )

  it.effect.skipIf(server === undefined)("keeps transactions in PostgreSQL through postgres", () =>
    keepsTransactions("postgres", ofPostgres)
  )
})
