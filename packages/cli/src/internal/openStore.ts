/** Opens the store that flags and settings name. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Path from "effect/Path"
import * as Redacted from "effect/Redacted"
import { type Failure, failure } from "../Failure.ts"
import type { ImageStoreError } from "../ImageStore.ts"
import type { Collection, StoreError } from "../ResultStore.ts"
import type { Settings } from "../Settings.ts"
import * as Stores from "../Stores.ts"
import { type Phrase, say } from "./language/say.ts"

/** The store that is meant. */
export const targetOf = (flag: Option.Option<string>, settings: Settings["Service"]): Stores.Target =>
  Stores.parse(
    Option.getOrUndefined(flag) ?? (settings.store === undefined ? Stores.defaultStore : Redacted.value(settings.store))
  )

/** The store of the images that belong to a store. */
export const images = (flag: Option.Option<string>, place: Stores.Target, settings: Settings["Service"]) =>
  Stores.images(Option.getOrUndefined(flag) ?? settings.images, place, settings)

/** A store's error as the command's failure. */
export const ofStoreError = (error: StoreError | ImageStoreError): Failure =>
  failure(
    "Storage",
    error._tag === "StoreError"
      ? say`The store failed at '${error.operation}': ${error.reason}.`
      : say`The store of images failed at '${error.operation}': ${error.reason}.`
  )

/** Why a name can't be that of a store; without this check a file of that name would be made. */
const slipOf = (place: Stores.Target): Phrase | undefined => {
  if (place._tag === "Postgres") return undefined
  const { file } = place
  if (file === "") return say`The store has no name.`
  if (file === ":memory:") return say`A store in memory would be gone when this command ends; name a file.`
  // Shown without what follows the scheme: a URL can hold a password.
  const scheme = /^(?:file:|[a-z][a-z0-9+.-]*:\/\/)/i.exec(file)?.[0]
  if (scheme !== undefined) return say`A store is FILE.db or postgres://…, not ${scheme}…`
  return file.endsWith("/") || file.startsWith("dir:")
    ? say`A directory can't be a store: collect into FILE.db, and let collect --export DIRECTORY write files.`
    : undefined
}

const failing = (error: Failure) => Layer.effectContext<Collection, Failure, never>(Effect.fail(error))

/** The store, made if it is missing. */
export const made = (place: Stores.Target): Layer.Layer<Collection, Failure, FileSystem.FileSystem | Path.Path> => {
  const slip = slipOf(place)
  return slip === undefined
    ? Layer.catchTag(Stores.layer(place), "StoreError", (error) => failing(ofStoreError(error)))
    : failing(failure("Usage", slip))
}

/** The store, if it exists: a command that only reads must not make an empty one because of a typing error. */
export const existing = (place: Stores.Target): Layer.Layer<Collection, Failure, FileSystem.FileSystem | Path.Path> => {
  if (place._tag === "Postgres" || slipOf(place) !== undefined) return made(place)
  const { file } = place
  return made(place).pipe(
    Layer.provide(
      Layer.effectDiscard(
        FileSystem.FileSystem.use((fs) =>
          Effect.flatMap(
            Effect.orElseSucceed(fs.exists(file), () => false),
            (exists) =>
              exists ? Effect.void : failure("Usage", say`There is no collection at ${file}; name it with --store.`)
          )
        )
      )
    )
  )
}
