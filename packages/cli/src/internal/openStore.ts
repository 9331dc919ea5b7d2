/** Opens the store that flags and settings name. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Path from "effect/Path"
import * as Redacted from "effect/Redacted"
import { type Failure, failure } from "../Failure.ts"
import type { ImageStoreError } from "../ImageStore.ts"
import { ResultStore, type StoreError, type StoreInUse } from "../ResultStore.ts"
import type { Settings } from "../Settings.ts"
import * as Stores from "../Stores.ts"

/** The store that is meant. */
export const placeOf = (flag: Option.Option<string>, settings: Settings["Service"]): Stores.Place =>
  Stores.parse(
    Option.getOrUndefined(flag) ?? (settings.store === undefined ? Stores.defaultStore : Redacted.value(settings.store))
  )

/** Where the photographs are that belong to a store. */
export const images = (flag: Option.Option<string>, place: Stores.Place, settings: Settings["Service"]) =>
  Stores.images(Option.getOrUndefined(flag) ?? settings.images, place, settings)

/** A store's error as the command's failure. */
export const ofStoreError = (error: StoreError | StoreInUse | ImageStoreError): Failure =>
  failure(error._tag === "StoreInUse" ? "InUse" : "Storage", error.message)

/** Why a place is none where results stay; it would be made, as a file or directory of that name. */
const slipOf = (place: Stores.Place): string | undefined => {
  if (place._tag === "Postgres") return undefined
  const name = place._tag === "Sqlite" ? place.file : place.directory
  if (name === "") return "The store has no name."
  if (name === ":memory:") return "A store in memory would be gone when this command ends; name a file."
  // Shown without what follows the scheme: a URL can hold a password.
  const scheme = /^(?:file:|[a-z][a-z0-9+.-]*:\/\/)/i.exec(name)?.[0]
  return scheme === undefined ? undefined : `A store is FILE.db, DIRECTORY/ or postgres://…, not ${scheme}…`
}

const failing = (error: Failure) => Layer.effect(ResultStore, Effect.fail(error))

/** The store, made where it is missing. */
export const made = (place: Stores.Place): Layer.Layer<ResultStore, Failure, FileSystem.FileSystem | Path.Path> => {
  const slip = slipOf(place)
  return slip === undefined
    ? Layer.catchTag(Stores.layer(place), "StoreError", (error) => failing(ofStoreError(error)))
    : failing(failure("Usage", slip))
}

/** The store; who only reads does not want an empty one made by a slip of the finger. */
export const existing = (place: Stores.Place): Layer.Layer<ResultStore, Failure, FileSystem.FileSystem | Path.Path> => {
  if (place._tag === "Postgres" || slipOf(place) !== undefined) return made(place)
  const target = place._tag === "Sqlite" ? place.file : place.directory
  return made(place).pipe(
    Layer.provide(
      Layer.effectDiscard(
        FileSystem.FileSystem.use((fs) =>
          Effect.flatMap(
            Effect.orElseSucceed(fs.exists(target), () => false),
            (exists) =>
              exists ? Effect.void : failure("Usage", `There is no collection at ${target}; name it with --store.`)
          )
        )
      )
    )
  )
}
