/** A collection in one SQLite file, which only its owner can read. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as durable from "./internal/durable.ts"
import * as nodeSqlite from "./internal/nodeSqlite.ts"
import * as processLock from "./internal/processLock.ts"
import * as NodeSqlite from "./NodeSqlite.ts"
import { ResultStore, StoreError, type StoreInUse } from "./ResultStore.ts"
import * as SqlResultStore from "./SqlResultStore.ts"

const openError = (reason: string, underlying: unknown) =>
  new StoreError({ operation: "open", reason, underlying: Redacted.make(underlying, { label: "underlying" }) })

/** The name that SQLite has for a database in memory. */
const inMemory = ":memory:"

/** Makes the file readable for its owner alone before SQLite makes it for all users; SQLite's other files inherit that. */
const prepare = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  yield* durable.makeDirectory(path.dirname(file))
  for (const name of [file, `${file}.lock`]) {
    yield* Effect.scoped(fs.open(name, { flag: "a", mode: 0o600 }))
  }
})

/**
 * The collection in `file`, made if it is missing. `:memory:` is a collection without a file that ends with its scope,
 * for tests.
 */
export const layer = (file: string): Layer.Layer<ResultStore, StoreError, FileSystem.FileSystem | Path.Path> =>
  Layer.unwrap(
    Effect.gen(function* () {
      const path = yield* Path.Path
      if (file === inMemory) return database(file, file, Effect.void)
      yield* Effect.mapError(prepare(file), (error) =>
        openError(`${file} cannot be opened: ${durable.reasonOf(error)}`, error)
      )
      // SQLite reads other things than a path in some names; in none that is absolute.
      return database(file, path.resolve(file), processLock.acquire(`${file}.lock`))
    })
  )

const database = (
  description: string,
  file: string,
  exclusive: Effect.Effect<void, StoreError | StoreInUse, Scope.Scope>
) =>
  Layer.effect(ResultStore, SqlResultStore.make({ description, exclusive })).pipe(
    Layer.provide(NodeSqlite.layer({ file })),
    Layer.catchTag("SqlError", (error) =>
      Layer.effect(
        ResultStore,
        Effect.fail(
          openError(
            `${description} cannot be opened: ${nodeSqlite.reasonOf(error.reason.cause) ?? error.reason._tag}`,
            error
          )
        )
      )
    )
  )
