import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { SqlClient } from "effect/sql/SqlClient"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Store, Tombstones } from "../src/Tombstones.ts"
import * as TombstonesSql from "../src/TombstonesSql.ts"
import { hasPostgres, postgresSchema, sqlite } from "./fixtures/databases.ts"

const storeOf = <A, E>(layer: Layer.Layer<Tombstones | A, E>) =>
  Effect.map(Layer.build(layer), (context) => Context.get(context, Tombstones))

const temporaryFile = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "cloudauth-tombstones-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
  ),
  (folder) => join(folder, "store.sqlite")
)

/** Opens two stores over the same tombstones, as two processes have them. */
type Open = Effect.Effect<readonly [Store, Store], unknown, Scope.Scope>

const ofDatabase = (database: Effect.Effect<Layer.Layer<SqlClient, unknown>, unknown, Scope.Scope>): Open =>
  Effect.gen(function* () {
    const sql = yield* database
    const open = storeOf(Layer.fresh(TombstonesSql.layer.pipe(Layer.provide(sql))))
    return [yield* open, yield* open] as const
  })

const backends: ReadonlyArray<readonly [string, boolean, Open]> = [
  ["memory", false, Effect.map(storeOf(Tombstones.layerMemory), (store) => [store, store] as const)],
  ["SQLite", false, ofDatabase(Effect.map(temporaryFile, (file) => sqlite(file)))],
  ["PostgreSQL", !hasPostgres, ofDatabase(postgresSchema)]
]

describe.each(backends)("the tombstones in %s", (_, isMissing, open) => {
  it.live.skipIf(isMissing)("are open when asked, closed when confirmed, and stay so", () =>
    Effect.gen(function* () {
      const [one, other] = yield* open
      yield* one.asked("hksb1", "All")
      const [asked] = yield* other.get("hksb1")
      assert.deepInclude(asked, { transactionId: "hksb1", deleteType: "All", deletedAt: undefined })
      const deleted = yield* other.deleted("hksb1", "All", "r1")
      assert.isAtLeast(deleted.deletedAt ?? 0, deleted.askedAt)
      assert.strictEqual(deleted.requestId, "r1")
      yield* one.asked("hksb1", "All")
      const [still] = yield* one.get("hksb1")
      assert.deepInclude(still, { deletedAt: deleted.deletedAt, requestId: "r1" })
    }).pipe(Effect.scoped)
  )

  it.live.skipIf(isMissing)("are one for each type, and take ids as they are", () =>
    Effect.gen(function* () {
      const [store] = yield* open
      const id = "'; DROP TABLE cloudauth_tombstones; --"
      yield* store.deleted("hksb1", "Img", undefined)
      yield* store.asked(id, "Text")
      yield* store.asked("hksb1", "All")
      const all = yield* store.all
      assert.deepStrictEqual(
        all.map(({ deleteType, transactionId }) => [transactionId, deleteType]),
        [
          ["hksb1", "Img"],
          [id, "Text"],
          ["hksb1", "All"]
        ]
      )
      assert.lengthOf(yield* store.get("hksb1"), 2)
      assert.deepStrictEqual(yield* store.get("hksb2"), [])
    }).pipe(Effect.scoped)
  )
})
