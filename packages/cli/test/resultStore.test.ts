import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { CheckResult } from "@effect-cloudauth/core/CheckResult"
import * as Canned from "@effect-cloudauth/core/Canned"
import * as SubCode from "@effect-cloudauth/core/SubCode"
import * as Document from "@effect-cloudauth/core/Document"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { afterAll, assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as SqlClient from "effect/sql/SqlClient"
import * as Stream from "effect/Stream"
import * as fc from "fast-check"
import { CollectQueue } from "@effect-cloudauth/core/CollectQueue"
import { TransactionStore } from "@effect-cloudauth/core/TransactionStore"
import * as TransactionStoreSql from "@effect-cloudauth/core/TransactionStoreSql"
import * as NodeSqlite from "../src/NodeSqlite.ts"
import * as PostgresResultStore from "../src/PostgresResultStore.ts"
import type { Failure } from "../src/Failure.ts"
import * as ResultStore from "../src/ResultStore.ts"
import * as SqlResultStore from "../src/SqlResultStore.ts"
import * as SqliteResultStore from "../src/SqliteResultStore.ts"
import * as StoredResult from "../src/StoredResult.ts"
import { type Server, startServer } from "./postgres.ts"
import { directory } from "./support.ts"

const item = (transactionId: string, more: Partial<ResultStore.Item> = {}): ResultStore.Item => ({
  transactionId,
  merchantBizId: "biz1",
  document: undefined,
  authenticatedAt: undefined,
  ...more
})

const stored = (transactionId: string, collectedAt = 1000, name = "SPECIMEN") =>
  Effect.map(
    Effect.flatMap(Canned.passed(Document.GlobalPassport, { fields: { surname: name } }), ({ body }) =>
      Effect.fromResult(CheckResult.fromBody(Buffer.concat(body)))
    ),
    (result): ResultStore.Ended => ({
      _tag: "Stored",
      result: {
        view: StoredResult.view({ transactionId, merchantBizId: "biz1", collectedAt, duration: 5 }, result),
        person: StoredResult.person(result)
      }
    })
  )

const failed = (transactionId: string): ResultStore.Ended => ({
  _tag: "Failed",
  failed: { ...item(transactionId), error: "TransactionIdInvalid", code: "X", requestId: undefined, failedAt: 7 }
})

const surname = (result: StoredResult.StoredResult | undefined) =>
  result?.person === undefined ? undefined : Redacted.value(result.person).ocr?.["surname"]

const makeSchema = (url: string, schema: string) =>
  Effect.gen(function* () {
    const sql = yield* PgClient.PgClient
    yield* sql`CREATE SCHEMA IF NOT EXISTS ${sql(schema)}`
  }).pipe(Effect.provide(PgClient.layer({ url: Redacted.make(url) })), Effect.orDie)

type Open = Layer.Layer<ResultStore.ResultStore, ResultStore.StoreError | Failure>

const suite = (make: (path: string) => Open, numRuns = 25) => {
  const using = <A, E>(open: Open, use: (store: ResultStore.Operations) => Effect.Effect<A, E>) =>
    Effect.provide(Effect.flatMap(ResultStore.ResultStore, use), Layer.fresh(open))

  it.live("registers, hands out, keeps, finds, and remembers all of it after it was closed", () =>
    Effect.gen(function* () {
      const open = make(yield* directory)
      yield* using(open, (store) =>
        Effect.gen(function* () {
          const ids = ["a", "A", "it's; DROP TABLE x--", "名", "b/../c"]
          assert.deepStrictEqual(yield* store.register(ids.map((id) => item(id))), { added: 5, again: 0, done: 0 })
          const first = yield* store.pending(0, 2)
          assert.deepStrictEqual(
            first.map(({ transactionId }) => transactionId),
            ids.slice(0, 2)
          )
          const rest = yield* store.pending(first[1]?.sequence ?? 0, 10)
          assert.deepStrictEqual(
            rest.map(({ transactionId }) => transactionId),
            ids.slice(2)
          )
          yield* store.save([yield* stored("a"), yield* stored("名"), failed("A")])
          // Stored once: a second result does not take the first one's place, nor does a failure.
          yield* store.save([yield* stored("a", 2000, "OTHER"), failed("名")])
        })
      )
      yield* using(open, (store) =>
        Effect.gen(function* () {
          assert.deepStrictEqual(yield* store.counts, { Pending: 2, Failed: 1, Stored: 2, Purged: 0 })
          assert.strictEqual(surname(yield* store.find("a")), "SPECIMEN")
          assert.strictEqual(yield* store.find("A"), undefined)
          const results = yield* Stream.runCollect(store.results)
          assert.deepStrictEqual(
            results.map(({ view }) => view.transactionId),
            ["a", "名"]
          )
          const failures = yield* Stream.runCollect(store.failures)
          assert.deepStrictEqual(
            failures.map(({ error, transactionId }) => [transactionId, error]),
            [["A", "TransactionIdInvalid"]]
          )
          // A later list: what failed is asked again, what is stored is not, and what it knows better is taken.
          const again = yield* store.register([
            item("A", { authenticatedAt: 5, document: "GlobalPassport", merchantBizId: "other" }),
            item("a"),
            item("new")
          ])
          assert.deepStrictEqual(again, { added: 1, again: 1, done: 1 })
          const asked = (yield* store.pending(0, 10)).find(({ transactionId }) => transactionId === "A")
          assert.deepInclude(asked, { merchantBizId: "biz1", document: "GlobalPassport", authenticatedAt: 5 })
          yield* store.save([failed("A")])
          assert.strictEqual(yield* store.retryFailed, 1)
          assert.deepStrictEqual(yield* store.counts, { Pending: 4, Failed: 0, Stored: 2, Purged: 0 })
        })
      )
    }).pipe(Effect.scoped)
  )

  it.live("purges by age; a purged id is not asked again, a forgotten one is", () =>
    Effect.gen(function* () {
      const open = make(yield* directory)
      yield* using(open, (store) =>
        Effect.gen(function* () {
          yield* store.register([item("old"), item("older"), item("new")])
          yield* store.save([yield* stored("old", 10), yield* stored("older", 5), yield* stored("new", 20)])
          const before = yield* Stream.runCollect(store.collectedBefore(20))
          assert.deepStrictEqual(
            before.map(({ transactionId }) => transactionId),
            ["old", "older"]
          )
          yield* store.purge(["old"], false)
          yield* store.purge(["older"], true)
        })
      )
      yield* using(open, (store) =>
        Effect.gen(function* () {
          assert.deepStrictEqual(yield* store.counts, { Pending: 0, Failed: 0, Stored: 1, Purged: 1 })
          assert.strictEqual(yield* store.find("old"), undefined)
          assert.deepStrictEqual(yield* store.register([item("old"), item("older")]), {
            added: 1,
            again: 0,
            done: 1
          })
        })
      )
    }).pipe(Effect.scoped)
  )

  it.live("keeps nothing of an id that was purged or forgotten while its answer was under way", () =>
    Effect.gen(function* () {
      const open = make(yield* directory)
      yield* using(open, (store) =>
        Effect.gen(function* () {
          yield* store.register([item("purged"), item("forgotten"), item("kept")])
          const answers = yield* Effect.forEach(["purged", "forgotten", "kept"], (id) => stored(id))
          yield* store.purge(["purged"], false)
          yield* store.purge(["forgotten"], true)
          yield* store.save(answers)
          assert.deepStrictEqual(yield* store.counts, { Pending: 0, Failed: 0, Stored: 1, Purged: 1 })
          assert.isUndefined(yield* store.find("purged"))
          assert.isUndefined(yield* store.find("forgotten"))
          assert.strictEqual(surname(yield* store.find("kept")), "SPECIMEN")
        })
      )
    }).pipe(Effect.scoped)
  )

  it.live("pages through more than one page", () =>
    Effect.gen(function* () {
      const open = make(yield* directory)
      yield* using(open, (store) =>
        Effect.gen(function* () {
          const ids = Array.from({ length: 1203 }, (_, index) => `id-${index}`)
          yield* store.register(ids.map((id) => item(id)))
          assert.strictEqual((yield* Stream.runCollect(store.uncollected)).length, ids.length)
          yield* store.save(yield* Effect.forEach(ids, (id) => stored(id)))
          const results = yield* Stream.runCollect(store.results)
          assert.deepStrictEqual(
            results.map(({ view }) => view.transactionId),
            ids
          )
        })
      )
    }).pipe(Effect.scoped)
  )

  it.live("agrees with a model after any sequence of operations", () =>
    Effect.promise(() =>
      fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.record({
              what: fc.constantFrom("register", "store", "fail", "retry", "purge", "forget", "reopen"),
              ids: fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { maxLength: 4 })
            }),
            { maxLength: 12 }
          ),
          (operations) =>
            Effect.runPromise(
              Effect.gen(function* () {
                const open = make(yield* directory)
                const model = new Map<string, ResultStore.State>()
                let scope = yield* Scope.make()
                const reopen = Effect.gen(function* () {
                  yield* Scope.close(scope, Exit.void)
                  scope = yield* Scope.make()
                  return yield* Layer.buildWithScope(Layer.fresh(open), scope)
                })
                let context = yield* reopen
                for (const { ids, what } of operations) {
                  const store = yield* Effect.provide(ResultStore.ResultStore, context)
                  if (what === "reopen") context = yield* reopen
                  if (what === "register") {
                    yield* store.register(ids.map((id) => item(id)))
                    for (const id of ids) {
                      if (!["Stored", "Purged"].includes(model.get(id) ?? "")) model.set(id, "Pending")
                    }
                  }
                  if (what === "store" || what === "fail") {
                    // Only what is pending is ever asked.
                    const asked = ids.filter((id) => model.get(id) === "Pending")
                    yield* store.save(
                      what === "store" ? yield* Effect.forEach(asked, (id) => stored(id)) : asked.map(failed)
                    )
                    for (const id of asked) model.set(id, what === "store" ? "Stored" : "Failed")
                  }
                  if (what === "retry") {
                    yield* store.retryFailed
                    for (const [id, state] of model) if (state === "Failed") model.set(id, "Pending")
                  }
                  if (what === "purge" || what === "forget") {
                    const kept = ids.filter((id) => model.get(id) === "Stored")
                    yield* store.purge(kept, what === "forget")
                    for (const id of kept) {
                      if (what === "forget") model.delete(id)
                      else model.set(id, "Purged")
                    }
                  }
                }
                const store = yield* Effect.provide(ResultStore.ResultStore, yield* reopen)
                const counts = { Pending: 0, Failed: 0, Stored: 0, Purged: 0 }
                for (const state of model.values()) counts[state] += 1
                assert.deepStrictEqual(yield* store.counts, counts)
                for (const [id, state] of model) {
                  assert.strictEqual((yield* store.find(id)) !== undefined, state === "Stored", id)
                }
                yield* Scope.close(scope, Exit.void)
              }).pipe(Effect.scoped)
            )
        ),
        { numRuns }
      )
    )
  )
}

const onFiles =
  (layer: (path: string) => Layer.Layer<ResultStore.ResultStore, ResultStore.StoreError, NodeServices.NodeServices>) =>
  (path: string): Open =>
    Layer.provide(layer(path), NodeServices.layer)

describe("SQLite", () => {
  const open = onFiles((path) => SqliteResultStore.layer(join(path, "results.db")))
  suite(open)

  it.live("only its owner can read it, and what was deleted is not in the files any more", () =>
    Effect.gen(function* () {
      const path = yield* directory
      yield* Effect.gen(function* () {
        const store = yield* ResultStore.ResultStore
        yield* store.register([item("a")])
        yield* store.save([yield* stored("a", 1, "DELETEDCANARY")])
        for (const name of readdirSync(path)) assert.strictEqual(statSync(join(path, name)).mode & 0o077, 0, name)
        const all = () =>
          readdirSync(path)
            .map((name) => readFileSync(join(path, name), "latin1"))
            .join("")
        assert.include(all(), "DELETEDCANARY")
        yield* store.purge(["a"], false)
        assert.notInclude(all(), "DELETEDCANARY")
      }).pipe(Effect.provide(open(path)))
    }).pipe(Effect.scoped)
  )

  it.live("in memory, it is a collection without any file", () =>
    Effect.gen(function* () {
      const store = yield* ResultStore.ResultStore
      yield* store.register([item("a"), item("b")])
      yield* store.save([yield* stored("a")])
      assert.deepStrictEqual(yield* store.counts, { Pending: 1, Failed: 0, Stored: 1, Purged: 0 })
      assert.deepStrictEqual(
        readdirSync(".").filter((name) => name.includes("memory")),
        []
      )
    }).pipe(Effect.provide(SqliteResultStore.layer(":memory:")), Effect.provide(NodeServices.layer))
  )

  it.live("a name that SQLite would read as something else than a path is one", () =>
    Effect.gen(function* () {
      const path = yield* directory
      const file = join(path, "a.db?mode=memory")
      yield* Effect.provide(ResultStore.ResultStore, Layer.provide(SqliteResultStore.layer(file), NodeServices.layer))
      assert.includeMembers(readdirSync(path), ["a.db?mode=memory"])
    }).pipe(Effect.scoped)
  )

  it.live("has one database with the transactions of a backend, whichever came first", () =>
    Effect.gen(function* () {
      const path = yield* directory
      const collection = SqlResultStore.layer({ description: "shared" })
      const both = {
        collection: Effect.flatMap(ResultStore.ResultStore, (store) => store.counts).pipe(
          Effect.provide(collection),
          Effect.orDie
        ),
        backend: Effect.flatMap(TransactionStore, (store) => store.pending(1)).pipe(
          Effect.provide(TransactionStoreSql.layer),
          Effect.orDie
        )
      }
      const open = (file: string) => NodeSqlite.layer({ file: join(path, file) })
      yield* Effect.provide(Effect.andThen(both.collection, both.backend), open("a.db"))
      yield* Effect.provide(Effect.andThen(both.backend, both.collection), open("b.db"))
    }).pipe(Effect.scoped)
  )

  it.live("takes over the tables of an earlier version, beside a backend's queue or without one", () =>
    Effect.gen(function* () {
      const path = yield* directory
      // As version 0.1.0 made them.
      const earlier = Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        yield* sql`CREATE TABLE cloudauth_collection_migrations (
          migration_id integer PRIMARY KEY NOT NULL, created_at datetime NOT NULL DEFAULT current_timestamp, name VARCHAR(255) NOT NULL)`
        yield* sql`INSERT INTO cloudauth_collection_migrations (migration_id, name) VALUES (1, 'collection')`
        yield* sql`CREATE TABLE cloudauth_item (sequence integer PRIMARY KEY AUTOINCREMENT, transaction_id text NOT NULL UNIQUE,
          merchant_biz_id text NOT NULL, document text, authenticated_at double precision,
          registered_at double precision NOT NULL, state text NOT NULL, error text, code text, request_id text,
          failed_at double precision)`
        yield* sql`CREATE INDEX cloudauth_item_state ON cloudauth_item (state, sequence)`
        yield* sql`CREATE TABLE cloudauth_result (transaction_id text NOT NULL PRIMARY KEY
          REFERENCES cloudauth_item (transaction_id) ON DELETE CASCADE, collected_at double precision NOT NULL,
          verdict text NOT NULL, sub_code text, document text NOT NULL, facts text NOT NULL, person text)`
        yield* sql`CREATE INDEX cloudauth_result_collected ON cloudauth_result (collected_at)`
        for (const [id, state] of [
          ["a", "Stored"],
          ["b", "Pending"],
          ["c", "Failed"]
        ]) {
          yield* sql`INSERT INTO cloudauth_item (transaction_id, merchant_biz_id, registered_at, state, error, authenticated_at)
            VALUES (${id}, 'biz1', 1, ${state}, ${state === "Failed" ? "TransactionIdInvalid" : null}, 86400000)`
        }
        const ended = yield* stored("a")
        const facts = JSON.stringify(ended._tag === "Stored" ? ended.result.view : {})
        yield* sql`INSERT INTO cloudauth_result VALUES ('a', 1000, 'Passed', '200', 'GlobalPassport', ${facts}, NULL)`
      })
      for (const name of ["alone", "beside"]) {
        const file = join(path, `${name}.db`)
        const before = name === "beside" ? Layer.build(CollectQueue.layer) : Effect.void
        yield* Effect.andThen(before, earlier).pipe(Effect.scoped, Effect.provide(NodeSqlite.layer({ file })))
        yield* Effect.gen(function* () {
          const store = yield* ResultStore.ResultStore
          assert.deepStrictEqual(yield* store.counts, { Pending: 1, Failed: 1, Stored: 1, Purged: 0 })
          assert.strictEqual((yield* store.find("a"))?.view.transactionId, "a")
          const queue = yield* CollectQueue
          const [leased] = yield* queue.lease("me", 5, "1 minute")
          assert.deepInclude(leased, { transactionId: "b", merchantBizId: "biz1", deadline: 31 * 86_400_000 })
          yield* store.purge(["a"], true)
          yield* store.register([item("a")])
          yield* store.save([yield* stored("a")])
          assert.deepInclude(yield* store.counts, { Pending: 1, Stored: 1 })
        }).pipe(Effect.provide(SqliteResultStore.layer(file)), Effect.provide(NodeServices.layer))
      }
    }).pipe(Effect.scoped)
  )

  it.live("reads the rows of earlier versions, and says no more of them than was known", () =>
    Effect.gen(function* () {
      const path = yield* directory
      const file = join(path, "results.db")
      const earlier = {
        transactionId: "a",
        merchantBizId: "biz1",
        requestId: "R1",
        collectedAt: 1000,
        duration: 5,
        verdict: "Passed",
        subCode: "200",
        billed: true,
        document: "GlobalPassport",
        ocrPassed: true,
        spoofFront: { _tag: "Clear", types: [] },
        spoofBack: { _tag: "NotReported", types: [] },
        edited: ["surname"],
        warnings: [{ path: "Result.x", expected: "text" }],
        images: [{ side: "front", mediaType: "image/jpeg", size: 3, sha256: "00", location: "ab/c-front.jpg" }]
      }
      const rows: ReadonlyArray<readonly [object, StoredResult.View["verdict"]]> = [
        [{}, { _tag: "Passed", subCode: SubCode.table["200"] }],
        [
          { verdict: "Rejected", subCode: "212" },
          { _tag: "Rejected", subCode: SubCode.table["212"] }
        ],
        // Not a pass by today's rules.
        [
          { subCode: "299" },
          { _tag: "Inconclusive", reasonCode: "SubCodeContradicts", passed: "Y", subCode: SubCode.fromCode("299") }
        ],
        [
          { verdict: "Inconclusive", reason: "Passed is Y, but the sub code does not say passed", subCode: "212" },
          { _tag: "Inconclusive", reasonCode: "SubCodeContradicts", passed: "Y", subCode: SubCode.table["212"] }
        ],
        [
          { verdict: "Inconclusive", reason: "Passed is Y, but the anti-spoofing check found a risk", subCode: "200" },
          { _tag: "Inconclusive", reasonCode: "SpoofRisk", passed: "Y", subCode: SubCode.table["200"] }
        ]
      ]
      const using = <A, E>(use: (store: ResultStore.Operations) => Effect.Effect<A, E>) =>
        Effect.provide(ResultStore.ResultStore.use(use), Layer.fresh(open(path)))
      for (const [changes, verdict] of rows) {
        yield* using((store) =>
          Effect.andThen(
            store.register([item("a")]),
            Effect.flatMap(stored("a"), (ended) => store.save([ended]))
          )
        )
        yield* SqlClient.SqlClient.use(
          (sql) =>
            sql`UPDATE cloudauth_result SET facts = ${JSON.stringify({ ...earlier, ...changes })}, person = ${'{"raw":{}}'}`
        ).pipe(Effect.provide(NodeSqlite.layer({ file })))
        const { view } = (yield* using((store) => store.find("a"))) ?? (yield* Effect.die("no row"))
        assert.deepStrictEqual(view.verdict, verdict)
        assert.deepStrictEqual(view.spoof.front, { _tag: "Unconfirmed", types: [] })
        assert.deepStrictEqual(view.images, { front: { mediaType: "image/jpeg", size: 3, sha256: "00" } })
        assert.deepStrictEqual(view.locations, { front: "ab/c-front.jpg" })
        assert.deepInclude(view, { requestId: "R1", document: "GlobalPassport", edited: ["surname"] })
      }
    }).pipe(Effect.scoped)
  )

  it.live("a file that is no database is a typed error", () =>
    Effect.gen(function* () {
      const path = yield* directory
      writeFileSync(join(path, "results.db"), "this is no database, and long enough to be looked at as one".repeat(30))
      const error = yield* Effect.flip(Effect.provide(ResultStore.ResultStore, open(path)))
      assert.strictEqual(error._tag, "StoreError")
      assert.notInclude(String(error), "long enough")
    }).pipe(Effect.scoped)
  )
})

const server: Server | undefined = await startServer()
if (server === undefined) {
  // eslint-disable-next-line no-console
  console.warn("SKIPPED: the PostgreSQL store. Install PostgreSQL, or set CLOUDAUTH_TEST_POSTGRES to a URL.")
}

describe.skipIf(server === undefined)("PostgreSQL", () => {
  afterAll(() => server?.stop())

  it.live("says in words why it cannot be opened", () =>
    Effect.gen(function* () {
      for (const [change, words] of [
        [(url: URL) => (url.pathname = "/nobody-made-it"), "there is no such database (3D000)"],
        [(url: URL) => (url.port = "2"), "the database cannot be reached, or ended the connection (ECONNREFUSED)"]
      ] as const) {
        const url = new URL(server?.url ?? "")
        change(url)
        const open = PostgresResultStore.layer(Redacted.make(url.href))
        const error = yield* Effect.flip(Effect.provide(ResultStore.ResultStore, open))
        assert.strictEqual(error.message, `The store failed at 'open': ${words}.`)
      }
    })
  )
  // A schema for each directory: tests and properties don't meet.
  suite((path) => {
    const schema = `t_${path.replace(/\W/g, "_").toLowerCase()}`
    const url = new URL(server?.url ?? "postgres://nowhere")
    url.searchParams.set("options", `-c search_path=${schema}`)
    return Layer.unwrap(
      Effect.as(makeSchema(server?.url ?? "", schema), PostgresResultStore.layer(Redacted.make(url.href)))
    )
  }, 6)

  it.live.each([false, true])("purges a result that is just being stored (forgets its id: %s)", (forget) =>
    Effect.gen(function* () {
      const store = yield* ResultStore.ResultStore
      const queue = yield* CollectQueue
      const sql = yield* SqlClient.SqlClient
      const id = `just-being-stored-${forget}`
      yield* store.register([item(id)])
      yield* queue.lease("me", 1, "1 minute")
      const isSaved = yield* Deferred.make<void>()
      const commit = yield* Deferred.make<void>()
      const result = yield* stored(id)
      const save = () =>
        store
          .save([result])
          .pipe(Effect.andThen(Deferred.succeed(isSaved, undefined)), Effect.andThen(Deferred.await(commit)))
      const storing = yield* Effect.forkChild(queue.settle("me", [{ _tag: "Collected", transactionId: id }], save))
      yield* Deferred.await(isSaved)
      const purging = yield* Effect.forkChild(store.purge([id], forget))
      const waits = sql`SELECT pid FROM pg_locks WHERE NOT granted`
      while ((yield* waits).length === 0) yield* Effect.sleep("10 millis")
      yield* Deferred.succeed(commit, undefined)
      yield* Fiber.join(storing)
      yield* Fiber.join(purging)
      assert.isUndefined(yield* store.find(id))
    }).pipe(Effect.provide(PostgresResultStore.layer(Redacted.make(server?.url ?? ""))), Effect.scoped)
  )

  it.live("a server that is not there is a typed error without the password", () =>
    Effect.gen(function* () {
      const url = Redacted.make("postgres://user:PASSWORDCANARY@127.0.0.1:1/x")
      const error = yield* Effect.flip(Effect.provide(ResultStore.ResultStore, PostgresResultStore.layer(url)))
      assert.strictEqual(error._tag, "StoreError")
      assert.notInclude(`${error.message} ${String(error)} ${JSON.stringify(error)}`, "PASSWORDCANARY")
    })
  )
})
