/**
 * A collection as files, for tools that read no database: a JSON file of facts for each result, and its images. Only the
 * owner can read them.
 *
 * @example
 * import * as Export from "@effect-cloudauth/cli/Export"
 *
 * // Needs ResultStore and ImageStore in context.
 * const program = Export.write({ directory: "results", reveal: false })
 *
 * @since 0.1.0
 */
import * as OwnOptions from "@effect-cloudauth/core/Options"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Stream from "effect/Stream"
import type { Failure } from "./Failure.ts"
import { endingOf, ImageStore, type ImageStoreError } from "./ImageStore.ts"
import * as durable from "./internal/durable.ts"
import * as fileName from "./internal/fileName.ts"
import { say } from "./internal/language/say.ts"
import { ResultStore, type StoreError } from "./ResultStore.ts"
import * as StoredResult from "./StoredResult.ts"

/**
 * What is written, and to which directory.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  readonly directory: string
  /** Whether the JSON files hold the person's data. */
  readonly reveal: boolean
}

/**
 * How many files were written.
 *
 * @category models
 * @since 0.1.0
 */
export interface Written {
  readonly results: number
  readonly images: number
}

const atOnce = 8

/**
 * Writes every result of the store. A file that is there is replaced; purging the store does not delete it.
 *
 * @category operations
 * @since 0.1.0
 */
export const write = Effect.fn("Export.write")(function* (
  given: Options
): Effect.fn.Return<
  Written,
  StoreError | ImageStoreError | Failure,
  ResultStore | ImageStore | FileSystem.FileSystem | Path.Path
> {
  const { directory, reveal } = OwnOptions.ownOrThrow({ directory: true, reveal: true }, given)
  const store = yield* ResultStore
  const path = yield* Path.Path
  const written = { results: 0, images: 0 }
  yield* Stream.runForEach(
    Stream.mapEffect(
      store.results,
      Effect.fnUntraced(function* (stored) {
        const name = fileName.of(stored.view.transactionId)
        const locations = yield* writeImages(directory, name, stored.view)
        const json = StoredResult.toJson({ ...stored, view: { ...stored.view, locations } }, reveal)
        yield* Effect.mapError(
          durable.writeText(path.join(directory, `${name}.json`), `${JSON.stringify(json, undefined, 2)}\n`),
          durable.unwritten(say`The export`)
        )
        return Object.keys(locations).length
      }),
      { concurrency: atOnce }
    ),
    (images) =>
      Effect.sync(() => {
        written.results += 1
        written.images += images
      })
  )
  return written
})

/** Copies a result's images; those that the image store no longer has are left out. */
const writeImages = Effect.fnUntraced(function* (directory: string, name: string, view: StoredResult.View) {
  const store = yield* ImageStore
  const path = yield* Path.Path
  const locations: { [Side in StoredResult.Side]?: string } = {}
  for (const side of StoredResult.sides) {
    const location = view.locations[side]
    const bytes = location === undefined ? undefined : yield* store.get(location)
    if (bytes === undefined) continue
    const file = `${name}-${side}.${endingOf(view.images[side]?.mediaType ?? "")}`
    yield* Effect.mapError(durable.writeFile(path.join(directory, file), bytes), durable.unwritten(say`The export`))
    locations[side] = file
  }
  return locations
})
