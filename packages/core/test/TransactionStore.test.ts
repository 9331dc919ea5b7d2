import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { SqlClient } from "effect/sql/SqlClient"
import * as TestClock from "effect/testing/TestClock"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import * as Decision from "../src/Decision.ts"
import * as DecisionPolicy from "../src/DecisionPolicy.ts"
import * as DocType from "../src/DocType.ts"
import * as Document from "../src/Document.ts"
import type * as Expectation from "../src/Expectation.ts"
import * as PendingResult from "../src/PendingResult.ts"
import { TransactionStore } from "../src/TransactionStore.ts"
import type { Store } from "../src/TransactionStore.ts"
import { TransactionStoreError } from "../src/TransactionStoreError.ts"
import * as TransactionStoreQuery from "../src/TransactionStoreQuery.ts"
import * as TransactionStoreSql from "../src/TransactionStoreSql.ts"
import { hasPostgres, postgresSchema, sqlite } from "./fixtures/databases.ts"
import { shown } from "./fixtures/reveal.ts"
import { onSteppedClock } from "./fixtures/steppedClock.ts"

/** Any number of stores over the same transactions: as processes that share a database have them. */
interface Opened {
  readonly again: Effect.Effect<Store, unknown, Scope.Scope>
  /** Lets time pass by the store's clock: a database has its own, so what it holds becomes older. */
  readonly pass: (millis: number) => Effect.Effect<unknown, unknown>
}

interface Backend {
  readonly name: string
  readonly skip: boolean
  readonly open: Effect.Effect<Opened, unknown, Scope.Scope>
}

const storeOf = <A, E>(layer: Layer.Layer<TransactionStore | A, E>) =>
  Effect.map(Layer.build(layer), (context) => Context.get(context, TransactionStore))

const temporaryFile = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "cloudauth-store-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
  ),
  (folder) => join(folder, "store.sqlite")
)

const inDatabase = <E>(database: Layer.Layer<SqlClient, E>): Effect.Effect<Opened, E, Scope.Scope> =>
  Effect.map(Layer.build(database), (context) => {
    const sql = Context.get(context, SqlClient)
    return {
      again: storeOf(Layer.fresh(TransactionStoreSql.layer.pipe(Layer.provide(database)))),
      pass: (millis: number) => sql`UPDATE cloudauth_transactions SET
        created_at = created_at - ${millis}, notified_at = notified_at - ${millis},
        claimable_from = claimable_from - ${millis}`
    }
  })

/** A store in SQLite without a `SqlClient`. `onQuery` may throw. */
const byFunction = (file: string, onQuery: () => void = () => {}) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => new DatabaseSync(file)),
      (database) => Effect.sync(() => database.close())
    ),
    (database) =>
      TransactionStoreQuery.layer({
        dialect: "sqlite",
        query: (sql, parameters) =>
          Effect.try({
            try: () => {
              onQuery()
              return database.prepare(sql).all(...parameters)
            },
            catch: (cause) => cause
          })
      })
  )

const backends: ReadonlyArray<Backend> = [
  {
    name: "memory",
    skip: false,
    open: Effect.map(storeOf(TransactionStore.layerMemory), (store) => ({
      again: Effect.succeed(store),
      pass: TestClock.adjust
    }))
  },
  {
    name: "SQLite",
    skip: false,
    open: Effect.flatMap(temporaryFile, (file) => inDatabase(sqlite(file)))
  },
  {
    name: "SQLite, by a function",
    skip: false,
    open: Effect.gen(function* () {
      const file = yield* temporaryFile
      const { pass } = yield* inDatabase(sqlite(file))
      return { again: Effect.flatMap(byFunction(file), storeOf), pass }
    })
  },
  {
    name: hasPostgres ? "PostgreSQL" : "PostgreSQL (SKIPPED: none listens on 127.0.0.1:5432)",
    skip: !hasPostgres,
    // The driver's pool minds real time.
    open: TestClock.withLive(
      Effect.map(Effect.flatMap(postgresSchema, inDatabase), ({ again, pass }) => ({
        again: TestClock.withLive(again),
        pass: (millis: number) => TestClock.withLive(pass(millis))
      }))
    )
  }
]

const minute = 60_000

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

const one = { transactionId: "hksb1", merchantBizId: "order1", docType: DocType.GlobalPassport }

for (const { name, open, skip } of backends) {
  const test = skip ? it.effect.skip : it.effect
  const opened = Effect.flatMap(open, ({ again }) => again)
  // A database's clock is the real one.
  const isNow = (at: number | undefined) => assert.closeTo(at ?? 0, name === "memory" ? 0 : Date.now(), 60_000)

  describe(`the store in ${name}`, () => {
    test("keeps what was put, and finds it by either id", () =>
      Effect.gen(function* () {
        const store = yield* opened
        yield* store.put(one)
        const stored = yield* store.get("hksb1")
        isNow(stored.createdAt)
        assert.deepStrictEqual(stored, {
          ...one,
          expectation: { documents: ["GlobalPassport"] },
          owner: undefined,
          expectsCallback: undefined,
          createdAt: stored.createdAt,
          notifiedAt: undefined,
          collectedAt: undefined,
          endedAt: undefined,
          ending: undefined,
          step: "begun",
          traceparent: undefined
        })
        assert.deepStrictEqual(yield* store.byMerchantBizId("order1"), [stored])
        assert.deepStrictEqual(yield* store.byMerchantBizId("order2"), [])
        const missing = yield* Effect.flip(store.get("hksb2"))
        assert.strictEqual(missing._tag, "TransactionNotStored")
        yield* store.put({ transactionId: "hksb3", merchantBizId: "order3" })
        assert.isUndefined((yield* store.get("hksb3")).docType)
      }))

    test("keeps what was asked for, and whose it is", () =>
      Effect.gen(function* () {
        const store = yield* opened
        const expectation: Expectation.Expectation = {
          documents: ["HongKongIdentityCard", "GlobalPassport"],
          idSpoof: true,
          pages: "front",
          isEditable: false,
          region: "cn-hongkong",
          startedAt: 1_700_000_000_123,
          retentionDays: 7
        }
        yield* store.put({ ...one, expectation, owner: "user7" })
        assert.deepInclude(yield* store.get("hksb1"), { expectation, owner: "user7" })
      }))

    test("reserves a merchantBizId for one user, however often and from any process", () =>
      Effect.gen(function* () {
        const { again } = yield* open
        const [first, second] = yield* Effect.all([again, again])
        yield* first.reserve("order1", "user1")
        yield* second.reserve("order1", "user1")
        const error = yield* Effect.flip(second.reserve("order1", "user2"))
        assert.strictEqual(error._tag, "MerchantBizIdTaken")
        assert.notInclude(error.message, "user1")
        yield* second.reserve("order2", "user2")
        const outcomes = yield* Effect.forEach(
          ["a", "b", "c", "d", "e", "f"],
          (user, index) => Effect.isSuccess([first, second][index % 2]?.reserve("order3", user) ?? Effect.void),
          { concurrency: "unbounded" }
        )
        assert.strictEqual(outcomes.filter(Boolean).length, 1)
      }))

    test("takes ids as they are", () =>
      Effect.gen(function* () {
        const store = yield* opened
        for (const transactionId of [
          "'; DROP TABLE cloudauth_transactions; --",
          "$1",
          "?",
          "李",
          " x ",
          "a".repeat(500)
        ]) {
          yield* store.put({ transactionId, merchantBizId: "order1" })
          assert.strictEqual((yield* store.get(transactionId)).transactionId, transactionId)
        }
      }))

    test("puts the same once, and refuses the same id for another merchantBizId", () =>
      Effect.gen(function* () {
        const store = yield* opened
        yield* store.put(one)
        yield* store.notified("hksb1")
        const first = yield* store.get("hksb1")
        yield* store.put({ ...one, docType: undefined })
        const stored = yield* store.get("hksb1")
        assert.strictEqual(stored.docType, one.docType)
        assert.deepStrictEqual(stored, first)
        const error = yield* Effect.flip(store.put({ ...one, merchantBizId: "order2" }))
        assert.strictEqual(error._tag, "TransactionConflict")
        assert.notInclude(error.message, "hksb1")
        assert.strictEqual((yield* store.get("hksb1")).merchantBizId, "order1")
      }))

    test("gives the newest of a merchantBizId first, even within a millisecond", () =>
      Effect.gen(function* () {
        const store = yield* opened
        for (const transactionId of ["b", "c", "a"]) yield* store.put({ transactionId, merchantBizId: "order1" })
        const ids = (yield* store.byMerchantBizId("order1")).map(({ transactionId }) => transactionId)
        assert.deepStrictEqual(ids, ["a", "c", "b"])
      }))

    test("notes the first notification, and knows no stranger", () =>
      Effect.gen(function* () {
        const { again, pass } = yield* open
        const store = yield* again
        yield* store.put(one)
        isNow(Option.getOrThrow(yield* store.notified("hksb1")).notifiedAt)
        yield* pass(1000)
        const { notifiedAt } = yield* store.get("hksb1")
        assert.strictEqual(Option.getOrThrow(yield* store.notified("hksb1")).notifiedAt, notifiedAt)
        assert.isTrue(Option.isNone(yield* store.notified("hksb2")))
      }))

    test("gives the claim to one of many that ask at once, in any process", () =>
      Effect.gen(function* () {
        const { again } = yield* open
        const stores = yield* Effect.all([again, again, again])
        const [first] = stores
        yield* Effect.forEach(["t1", "t2", "t3"], (transactionId) => first.put({ transactionId, merchantBizId: "o" }))
        const claims = yield* Effect.forEach(
          Array.from({ length: 90 }, (_, index) => index),
          (index) =>
            Effect.map((stores[index % 3] ?? first).claim(`t${1 + (Math.floor(index / 3) % 3)}`, "1 minute"), (claim) =>
              Option.isSome(claim) ? [`t${1 + (Math.floor(index / 3) % 3)}`] : []
            ),
          { concurrency: 30 }
        )
        assert.deepStrictEqual(claims.flat().sort(), ["t1", "t2", "t3"])
      }))

    test("gives the claim again after its lease, its release, but never once collected", () =>
      Effect.gen(function* () {
        const { again, pass } = yield* open
        const store = yield* again
        yield* store.put(one)
        const claim = Effect.map(store.claim("hksb1", "1 hour"), Option.getOrUndefined)
        assert.strictEqual(yield* claim, 1)
        yield* pass(59 * minute)
        assert.isUndefined(yield* claim)
        yield* pass(minute)
        assert.strictEqual(yield* claim, 2)
        yield* store.release("hksb1", "10 minutes")
        yield* pass(9 * minute)
        assert.isUndefined(yield* claim)
        yield* pass(minute)
        assert.strictEqual(yield* claim, 3)
        yield* store.collected("hksb1")
        const { collectedAt } = yield* store.get("hksb1")
        assert.isDefined(collectedAt)
        yield* pass(24 * 60 * minute)
        assert.isUndefined(yield* claim)
        yield* store.collected("hksb1")
        assert.strictEqual((yield* store.get("hksb1")).collectedAt, collectedAt)
        assert.isTrue(Option.isNone(yield* store.claim("hksb2", "1 minute")))
      }))

    test("knows one clock: a process whose clock is hours off claims and notes like the others", () =>
      Effect.gen(function* () {
        const { again } = yield* open
        const [right, off] = yield* Effect.all([again, again])
        yield* right.put(one)
        for (const hours of [5, -5]) {
          yield* onSteppedClock((set) =>
            Effect.gen(function* () {
              set(hours * 60 * minute)
              yield* right.release("hksb1", 0)
              assert.isTrue(Option.isSome(yield* right.claim("hksb1", "10 minutes")))
              assert.isTrue(Option.isNone(yield* off.claim("hksb1", "10 minutes")))
              assert.deepStrictEqual(yield* off.pending(10), [])
              yield* right.release("hksb1", 0)
              assert.isTrue(Option.isSome(yield* off.claim("hksb1", "10 minutes")))
              assert.isTrue(Option.isNone(yield* right.claim("hksb1", "10 minutes")))
            })
          )
        }
      }))

    test("lists what is notified or began an hour ago, is free and has not ended", () =>
      Effect.gen(function* () {
        const { again, pass } = yield* open
        const store = yield* again
        const pending = (limit: number) =>
          Effect.map(store.pending(limit), (found) => found.map(({ transactionId }) => transactionId))
        for (const transactionId of ["a", "b", "c", "d"]) {
          yield* store.put({ transactionId, merchantBizId: "order1" })
          if (transactionId !== "d") yield* store.notified(transactionId)
        }
        assert.deepStrictEqual(yield* pending(10), ["a", "b", "c"])
        assert.deepStrictEqual(yield* pending(2), ["a", "b"])
        yield* store.claim("a", "30 minutes")
        yield* store.claim("b", "30 minutes")
        yield* store.collected("b")
        assert.deepStrictEqual(yield* pending(10), ["c"])
        yield* pass(30 * minute)
        assert.deepStrictEqual(yield* pending(10), ["c", "a"])
        yield* pass(30 * minute)
        assert.sameMembers(yield* pending(10), ["c", "a", "d"])
        yield* store.ended("d", "Abandoned")
        assert.deepStrictEqual(yield* pending(10), ["c", "a"])
        assert.deepInclude(yield* store.get("d"), { ending: "Abandoned", collectedAt: undefined })
        assert.isTrue(Option.isNone(yield* store.claim("d", "1 minute")))
      }))

    test("lists what a region's client can ask for: others fill no page of its", () =>
      Effect.gen(function* () {
        const store = yield* opened
        const put = (transactionId: string, region?: string) =>
          store
            .put({ transactionId, merchantBizId: "order1", expectation: region === undefined ? {} : { region } })
            .pipe(Effect.andThen(store.notified(transactionId)))
        yield* put("elsewhere", "ap-southeast-1")
        yield* put("here", "cn-hongkong")
        yield* put("anywhere")
        const idsOf = (region?: string) =>
          Effect.map(store.pending(2, region), (found) => found.map(({ transactionId }) => transactionId))
        assert.deepStrictEqual(yield* idsOf("cn-hongkong"), ["here", "anywhere"])
        assert.deepStrictEqual(yield* idsOf("ap-southeast-1"), ["elsewhere", "anywhere"])
        assert.deepStrictEqual(yield* idsOf(), ["elsewhere", "here"])
      }))

    test("opens what had ended when its callback comes after all, and never what was collected", () =>
      Effect.gen(function* () {
        const store = yield* opened
        yield* store.put(one)
        yield* store.ended("hksb1", "Abandoned")
        yield* store.notified("hksb1")
        assert.deepInclude(yield* store.get("hksb1"), { ending: undefined, endedAt: undefined })
        yield* store.collected("hksb1")
        yield* store.ended("hksb1", "Expired")
        assert.isUndefined((yield* store.get("hksb1")).ending)
      }))

    test("tells the time of each step once, to one of many processes, and knows what can follow", () =>
      Effect.gen(function* () {
        const { again, pass } = yield* open
        const [first, second] = yield* Effect.all([again, again])
        yield* first.put({ ...one, traceparent })
        assert.deepInclude(yield* second.get("hksb1"), { step: "begun", traceparent })
        yield* pass(5 * minute)
        assert.isTrue(Option.isSome(yield* first.reached("hksb1", "abandoned")))
        const told = yield* Effect.forEach(
          Array.from({ length: 20 }, (_, index) => index),
          (index) => [first, second][index % 2]?.reached("hksb1", "finished") ?? Effect.succeedNone,
          { concurrency: "unbounded" }
        )
        const times = told.flatMap(Option.toArray)
        assert.lengthOf(times, 1)
        assert.closeTo(times[0] ?? 0, 5 * minute, name === "memory" ? 0 : minute)
        for (const step of ["abandoned", "expired", "finished"] as const) {
          assert.isTrue(Option.isNone(yield* first.reached("hksb1", step)))
        }
        assert.isTrue(Option.isSome(yield* second.reached("hksb1", "reviewed")))
        assert.isTrue(Option.isNone(yield* first.reached("hksb1", "reviewed")))
        assert.isTrue(Option.isSome(yield* first.reached("hksb1", "passed")))
        assert.strictEqual((yield* second.get("hksb1")).step, "passed")
        assert.isTrue(Option.isNone(yield* first.reached("hksb2", "finished")))
      }))

    test("wakes all who await a notification, in this process at once", () =>
      Effect.gen(function* () {
        const store = yield* opened
        yield* store.put(one)
        yield* store.put({ transactionId: "hksb2", merchantBizId: "order2" })
        const waits = yield* Effect.forEach(["hksb1", "hksb1", "hksb2"], (id) =>
          Effect.forkChild(store.awaitNotified(id), { startImmediately: true })
        )
        yield* store.notified("hksb1")
        yield* Effect.yieldNow
        assert.deepStrictEqual(
          waits.map((fiber) => fiber.pollUnsafe() !== undefined),
          [true, true, false]
        )
        yield* Fiber.interruptAll(waits)
      }))
  })
}

describe("the stores in SQL", () => {
  it.effect("make their table once, and find it again", () =>
    Effect.gen(function* () {
      const file = yield* temporaryFile
      const layer = Layer.fresh(TransactionStoreSql.layer.pipe(Layer.provideMerge(sqlite(file))))
      yield* Effect.scoped(Effect.flatMap(storeOf(layer), (store) => store.put(one)))
      const context = yield* Layer.build(layer)
      const rows = yield* Effect.provideContext(
        Effect.flatMap(SqlClient, (sql) => sql`SELECT migration_id FROM cloudauth_migrations`),
        context
      )
      assert.strictEqual(rows.length, 4)
      const stored = yield* Effect.provideContext(
        Effect.flatMap(TransactionStore, (store) => store.get("hksb1")),
        context
      )
      assert.strictEqual(stored.merchantBizId, "order1")
    })
  )

  it.effect("go on with the table of an earlier version", () =>
    Effect.gen(function* () {
      const file = yield* temporaryFile
      yield* Effect.scoped(
        Effect.gen(function* () {
          const sql = Context.get(yield* Layer.build(Layer.fresh(sqlite(file))), SqlClient)
          yield* sql`CREATE TABLE cloudauth_transactions (
            serial INTEGER PRIMARY KEY AUTOINCREMENT, transaction_id TEXT NOT NULL UNIQUE,
            merchant_biz_id TEXT NOT NULL, doc_type TEXT, created_at BIGINT NOT NULL, notified_at BIGINT,
            collected_at BIGINT, claims BIGINT NOT NULL DEFAULT 0, claimable_from BIGINT NOT NULL DEFAULT 0)`
          yield* sql`CREATE TABLE cloudauth_migrations (
            migration_id INTEGER PRIMARY KEY NOT NULL, created_at DATETIME NOT NULL DEFAULT current_timestamp,
            name VARCHAR(255) NOT NULL)`
          yield* sql`INSERT INTO cloudauth_migrations (migration_id, name) VALUES (1, 'cloudauth_transactions')`
          yield* sql`INSERT INTO cloudauth_transactions (transaction_id, merchant_biz_id, doc_type, created_at)
            VALUES ('hksb1', 'order1', ${DocType.GlobalPassport}, 5)`
        })
      )
      const store = yield* storeOf(Layer.fresh(TransactionStoreSql.layer.pipe(Layer.provide(sqlite(file)))))
      assert.deepInclude(yield* store.get("hksb1"), {
        createdAt: 5,
        expectation: { documents: ["GlobalPassport"] },
        owner: undefined,
        step: undefined,
        traceparent: undefined
      })
      // What had happened before is not counted once more.
      assert.isTrue(Option.isNone(yield* store.reached("hksb1", "finished")))
      yield* store.put({ transactionId: "hksb2", merchantBizId: "order2", owner: "user2" })
      assert.strictEqual((yield* store.get("hksb2")).owner, "user2")
    })
  )

  it.effect("find what is to be asked for beside a row that a later version wrote", () =>
    Effect.gen(function* () {
      const file = yield* temporaryFile
      const sql = Context.get(yield* Layer.build(Layer.fresh(sqlite(file))), SqlClient)
      const store = yield* storeOf(Layer.fresh(TransactionStoreSql.layer.pipe(Layer.provide(sqlite(file)))))
      for (const transactionId of ["hksb1", "hksb2", "hksb3"]) {
        yield* store.put({ transactionId, merchantBizId: "order1" })
        yield* store.notified(transactionId)
      }
      yield* sql`UPDATE cloudauth_transactions SET step = 'approved' WHERE transaction_id = 'hksb1'`
      yield* sql`UPDATE cloudauth_transactions SET expectation = '{"documents":' WHERE transaction_id = 'hksb2'`
      const pending = yield* store.pending(10, "cn-hongkong")
      assert.deepStrictEqual(
        pending.map(({ transactionId }) => transactionId),
        ["hksb3"]
      )
    })
  )

  it.effect("finish what a process left that died between two statements", () =>
    Effect.gen(function* () {
      for (let statements = 1; statements < 24; statements++) {
        const file = yield* temporaryFile
        let left = statements
        const dying = byFunction(file, () => {
          if (left-- <= 0) throw new Error("the process has died")
        })
        yield* Effect.exit(Effect.scoped(Effect.flatMap(dying, Layer.build)))
        const store = yield* storeOf(yield* byFunction(file))
        yield* store.put({ ...one, owner: "user1" })
        assert.strictEqual((yield* store.get("hksb1")).owner, "user1")
        yield* store.reserve("order1", "user1")
      }
    })
  )

  it.effect.skipIf(!hasPostgres)("make their table in many processes at once", () =>
    TestClock.withLive(
      Effect.gen(function* () {
        const { again } = yield* Effect.flatMap(postgresSchema, inDatabase)
        const stores = yield* Effect.all(
          Array.from({ length: 4 }, () => again),
          { concurrency: "unbounded" }
        )
        yield* Effect.forEach(stores, (store) => store.put(one))
      })
    )
  )

  it.effect("fail with their own error, its cause redacted", () =>
    Effect.gen(function* () {
      const context = yield* Layer.build(TransactionStoreSql.layer.pipe(Layer.provideMerge(sqlite())))
      yield* Effect.provideContext(
        Effect.gen(function* () {
          const store = yield* TransactionStore
          const sql = yield* SqlClient
          yield* sql`DROP TABLE cloudauth_transactions`
          yield* sql`DROP TABLE cloudauth_merchant_biz_ids`
          for (const failing of [
            store.reserve("hksb1", "hksb1"),
            store.put(one),
            store.get("hksb1"),
            store.byMerchantBizId("order1"),
            store.notified("hksb1"),
            store.claim("hksb1", "1 minute"),
            store.release("hksb1", 0),
            store.collected("hksb1"),
            store.ended("hksb1", "Expired"),
            store.pending(1),
            store.reached("hksb1", "finished")
          ] as ReadonlyArray<Effect.Effect<unknown, { readonly _tag: string; readonly message: string }>>) {
            const error = yield* Effect.flip(failing)
            assert.strictEqual(error._tag, "TransactionStoreError")
            assert.notInclude(JSON.stringify(error) + error.message, "hksb1")
          }
        }),
        context
      )
    })
  )
})

describe("TransactionStore", () => {
  const request = { merchantBizId: "order1", merchantUserId: "hashedUser", docType: DocType.GlobalPassport }

  /** A client that remembers what it was asked. */
  const remembering = (asked: Array<string>) =>
    Cloudauth.layerTest(
      ({ merchantBizId, transactionId }) => {
        asked.push(`${merchantBizId} ${transactionId}`)
        return Canned.passed(Document.GlobalPassport)
      },
      ({ merchantBizId }) => Canned.initialized(`t${merchantBizId}`)
    )
  const withClient = (asked: Array<string>) => Layer.merge(TransactionStore.layerMemory, remembering(asked))

  it.effect("initialize stores what it begins", () => {
    const asked: Array<string> = []
    return Effect.gen(function* () {
      const { transactionId } = yield* TransactionStore.initialize(request)
      const store = yield* TransactionStore
      assert.deepInclude(yield* store.get(transactionId), { merchantBizId: "order1", docType: "01000000" })
    }).pipe(Effect.provide(withClient(asked)))
  })

  it.effect("initialize stores what was asked for, the time, the region and the owner", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_700_000_000_000)
      const { transactionId } = yield* TransactionStore.initialize(
        { ...request, idSpoof: true, pages: "01", editOcrResult: false },
        { owner: "user7" }
      )
      assert.deepInclude(yield* (yield* TransactionStore).get(transactionId), {
        owner: "user7",
        expectation: {
          documents: ["GlobalPassport"],
          idSpoof: true,
          pages: "front",
          isEditable: false,
          region: "cn-hongkong",
          startedAt: 1_700_000_000_000
        }
      })
    }).pipe(Effect.provide(withClient([])))
  )

  it.effect("initialize refuses another user's merchantBizId before anything is sent, and takes a retry", () => {
    const asked: Array<string> = []
    const client = Cloudauth.layerTest(
      () => Canned.passed(),
      ({ merchantBizId, merchantUserId }) => {
        asked.push(merchantUserId)
        return Canned.initialized(`t${merchantBizId}`)
      }
    )
    return Effect.gen(function* () {
      yield* TransactionStore.initialize(request)
      yield* TransactionStore.initialize(request)
      const taken = yield* Effect.flip(TransactionStore.initialize({ ...request, merchantUserId: "another" }))
      assert.strictEqual(taken._tag, "MerchantBizIdTaken")
      // What is refused reserves nothing.
      const wrong = { ...request, merchantBizId: "order2" }
      const refused = yield* Effect.flip(TransactionStore.initialize({ ...wrong, docType: "1" }))
      assert.strictEqual(refused._tag, "InvalidRequest")
      yield* TransactionStore.initialize({ ...wrong, merchantUserId: "another" })
      assert.deepStrictEqual(asked, ["hashedUser", "hashedUser", "another"])
    }).pipe(Effect.provide(Layer.merge(TransactionStore.layerMemory, client)))
  })

  it.effect("a transaction that began in another region is refused before anything is sent, both named", () => {
    const asked: Array<string> = []
    return Effect.gen(function* () {
      const store = yield* TransactionStore
      yield* store.put({ ...one, expectation: { region: "ap-southeast-1" } })
      const pending = yield* PendingResult.make({ merchantBizId: "order1", transactionId: "hksb1" })
      for (const call of [
        TransactionStore.checkStored({ merchantBizId: "order1" }),
        TransactionStore.awaitStored({ merchantBizId: "order1" }),
        TransactionStore.resume(pending)
      ]) {
        const error = yield* Effect.flip(call)
        assert.deepInclude(error, { _tag: "InvalidRequest", path: "region" })
        assert.match(error.message, /ap-southeast-1.*cn-hongkong/)
      }
      assert.deepStrictEqual(asked, [])
    }).pipe(Effect.provide(withClient(asked)))
  })

  it.effect("a result is held against what was asked for", () =>
    Effect.gen(function* () {
      yield* TransactionStore.initialize({ ...request, docType: DocType.HongKongIdentityCard2018 })
      const { spoof, verdict } = yield* TransactionStore.checkStored({ merchantBizId: "order1" })
      assert.deepInclude(verdict, { _tag: "Inconclusive", reasonCode: "OtherDocument" })
      assert.strictEqual(spoof.front._tag, "NotRequested")
    }).pipe(Effect.provide(withClient([])))
  )

  it.effect("a stored call's result has the findings of its assessment, for Decision.of", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_700_000_000_000)
      yield* TransactionStore.initialize({ ...request, idSpoof: true })
      for (const call of [TransactionStore.checkStored, TransactionStore.awaitStored]) {
        const result = yield* call({ merchantBizId: "order1", isReturnImage: true })
        assert.deepStrictEqual(
          result.findings.map(({ code }) => code),
          ["ImageMissing", "Expired"]
        )
        assert.deepInclude(Decision.of(DecisionPolicy.standard, result), { _tag: "review", rule: "default" })
      }
    }).pipe(
      Effect.provide(
        Layer.merge(
          TransactionStore.layerMemory,
          Cloudauth.layerTest(
            () => Canned.passed(Document.GlobalPassport, { expiryDate: "2001-01-01" }),
            () => Canned.initialized()
          )
        )
      )
    )
  )

  it.effect("initialize fails with the hidden id of what began if the store fails", () => {
    const underlying = Redacted.make(new Error("Key (torder1) ..."))
    const broken = Layer.effect(
      TransactionStore,
      Effect.map(TransactionStore, (store) =>
        TransactionStore.of({ ...store, put: () => new TransactionStoreError({ operation: "put", underlying }) })
      )
    ).pipe(Layer.provide(TransactionStore.layerMemory))
    return Effect.gen(function* () {
      const error = yield* Effect.flip(TransactionStore.initialize(request))
      if (error._tag !== "InitializedNotStored") return assert.fail(error._tag)
      assert.strictEqual(shown(error.transactionId), "torder1")
      assert.strictEqual(error.reason._tag, "TransactionStoreError")
      assert.notInclude(JSON.stringify(error) + error.message + String(error), "torder1")
    }).pipe(Effect.provide(Layer.merge(broken, remembering([]))))
  })

  it.effect("initialize stores nothing if it fails", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(TransactionStore.initialize(request))
      assert.strictEqual(error._tag, "AccountAccessDenied")
      assert.deepStrictEqual(yield* (yield* TransactionStore).byMerchantBizId("order1"), [])
    }).pipe(
      Effect.provide(
        Layer.merge(
          TransactionStore.layerMemory,
          Cloudauth.layerTest(
            () => Canned.passed(),
            () => Canned.error("Forbidden.AccountAccessDenied")
          )
        )
      )
    )
  )

  it.effect("checkStored and awaitStored take their ids, and the kind of the document, from the store", () => {
    const asked: Array<string> = []
    return Effect.gen(function* () {
      yield* TransactionStore.initialize(request)
      for (const result of [
        yield* TransactionStore.checkStored({ merchantBizId: "order1" }),
        yield* TransactionStore.checkStored({ transactionId: "torder1" }),
        yield* TransactionStore.awaitStored({ merchantBizId: "order1", transactionId: "torder1" })
      ]) {
        assert.strictEqual(result.ocr._tag === "Read" ? result.ocr.document : result.ocr._tag, "GlobalPassport")
      }
      assert.deepStrictEqual(asked, ["order1 torder1", "order1 torder1", "order1 torder1"])
      const named = yield* TransactionStore.checkStored({ merchantBizId: "order1", document: Document.GlobalPassport })
      assert.strictEqual(Document.reveal(named.ocr)?.passportNo, "L898902C3")
    }).pipe(Effect.provide(withClient(asked)))
  })

  it.effect("checkStored reads a document that its fields leave open as the stored docType says", () => {
    const answered = Cloudauth.layerTest(() => Canned.passed(Document.ExitEntryPermitHongKongMacao))
    return Effect.gen(function* () {
      const store = yield* TransactionStore
      yield* store.put({ transactionId: "t1", merchantBizId: "known", docType: DocType.MainlandTravelPermitTaiwan })
      yield* store.put({ transactionId: "t2", merchantBizId: "unconfirmed", docType: "00000011" })
      const known = yield* TransactionStore.checkStored({ merchantBizId: "known" })
      assert.strictEqual(known.ocr._tag === "Read" && known.ocr.document, "MainlandTravelPermitTaiwan")
      const unconfirmed = yield* TransactionStore.checkStored({ merchantBizId: "unconfirmed" })
      assert.strictEqual(unconfirmed.ocr._tag, "Ambiguous")
    }).pipe(Effect.provide(Layer.merge(TransactionStore.layerMemory, answered)))
  })

  it.effect("checkStored asks for the newest transaction of a merchantBizId", () => {
    const asked: Array<string> = []
    return Effect.gen(function* () {
      const store = yield* TransactionStore
      yield* store.put({ transactionId: "older", merchantBizId: "order1" })
      yield* store.put({ transactionId: "newer", merchantBizId: "order1" })
      yield* TransactionStore.checkStored({ merchantBizId: "order1" })
      yield* TransactionStore.checkStored({ merchantBizId: "order1", transactionId: "older" })
      assert.deepStrictEqual(asked, ["order1 newer", "order1 older"])
    }).pipe(Effect.provide(withClient(asked)))
  })

  it.effect("sends nothing for ids that the store does not hold, or that do not belong together", () => {
    const asked: Array<string> = []
    return Effect.gen(function* () {
      const store = yield* TransactionStore
      yield* store.put({ transactionId: "mine", merchantBizId: "order1" })
      yield* store.put({ transactionId: "theirs", merchantBizId: "order2" })
      const refused = [
        [{ transactionId: "stranger" }, "transactionId"],
        [{ merchantBizId: "stranger" }, "merchantBizId"],
        [{ merchantBizId: "order1", transactionId: "theirs" }, "both"]
      ] as const
      for (const [which, by] of refused) {
        for (const ask of [TransactionStore.checkStored(which), TransactionStore.awaitStored(which)]) {
          const error = yield* Effect.flip(ask)
          if (error._tag !== "TransactionNotStored") return assert.fail(error._tag)
          assert.strictEqual(error.by, by)
          assert.notMatch(error.message, /stranger|theirs|order/)
        }
      }
      // As callers without types can ask.
      const error = yield* Effect.flip(TransactionStore.checkStored({} as { merchantBizId: string }))
      assert.strictEqual(error._tag, "InvalidRequest")
      assert.deepStrictEqual(asked, [])
    }).pipe(Effect.provide(withClient(asked)))
  })
})
