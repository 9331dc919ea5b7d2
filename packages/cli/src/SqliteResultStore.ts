/** A collection in one SQLite file, which only its owner can read. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import * as Redacted from "effect/Redacted"
import * as durable from "./internal/durable.ts"
import * as processLock from "./internal/processLock.ts"
import * as NodeSqlite from "./NodeSqlite.ts"
import { ResultStore, StoreError } from "./ResultStore.ts"
import * as SqlResultStore from "./SqlResultStore.ts"

const openError = (reason: string, underlying: unknown) =>
  new StoreError({ operation: "open", reason, underlying: Redacted.make(underlying, { label: "underlying" }) })

/** Makes the file for its owner alone before SQLite can make it for everybody; its companions take after it. */
const prepare = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  yield* durable.makeDirectory(path.dirname(file))
  for (const name of [file, `${file}.lock`]) {
    yield* Effect.scoped(fs.open(name, { flag: "a", mode: 0o600 }))
  }
})

/** The collection in `file`, made where it is missing. */
export const layer = (file: string): Layer.Layer<ResultStore, StoreError, FileSystem.FileSystem | Path.Path> =>
  Layer.effect(
    ResultStore,
    SqlResultStore.make({ description: file, exclusive: processLock.acquire(`${file}.lock`) })
  ).pipe(
    Layer.provide(NodeSqlite.layer({ file })),
    Layer.catchTag("SqlError", (error) =>
      Layer.effect(ResultStore, Effect.fail(openError("the file cannot be opened, or is no SQLite database", error)))
    ),
    Layer.provide(
      Layer.effectDiscard(Effect.mapError(prepare(file), (error) => openError(durable.reasonOf(error), error)))
    )
  )
