/** A collection in one SQLite file, which only its owner can read. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import * as Redacted from "effect/Redacted"
import * as durable from "./internal/durable.ts"
import * as nodeSqlite from "./internal/nodeSqlite.ts"
import * as NodeSqlite from "./NodeSqlite.ts"
import { type Collection, StoreError } from "./ResultStore.ts"
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
  yield* Effect.scoped(fs.open(file, { flag: "a", mode: 0o600 }))
})

/**
 * The collection in `file`, made if it is missing. `:memory:` is a collection without a file that ends with its scope,
 * for tests.
 */
export const layer = (file: string): Layer.Layer<Collection, StoreError, FileSystem.FileSystem | Path.Path> =>
  Layer.unwrap(
    Effect.gen(function* () {
      const path = yield* Path.Path
      if (file === inMemory) return database(file, file)
      yield* Effect.mapError(prepare(file), (error) => openError(`${durable.reasonOf(error)} (${file})`, error))
      // SQLite reads other things than a path in some names; in none that is absolute.
      return database(file, path.resolve(file))
    })
  )

const database = (description: string, file: string): Layer.Layer<Collection, StoreError> =>
  SqlResultStore.layer({ description }).pipe(
    Layer.provideMerge(NodeSqlite.layer({ file })),
    Layer.catchTag("SqlError", (error) =>
      Layer.effectContext(
        Effect.fail(
          openError(`${nodeSqlite.reasonOf(error.reason.cause) ?? error.reason._tag} (${description})`, error)
        )
      )
    )
  )
