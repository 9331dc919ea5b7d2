/**
 * The stores by their names on the command line.
 *
 * @since 0.1.0
 */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Path from "effect/Path"
import * as Redacted from "effect/Redacted"
import { type Failure, failure } from "./Failure.ts"
import { ImageStore } from "./ImageStore.ts"
import { say } from "./internal/language/say.ts"
import type { Collection, StoreError } from "./ResultStore.ts"
import type { Settings } from "./Settings.ts"

/**
 * A store by its name: which kind, and where.
 *
 * @category models
 * @since 0.1.0
 */
export type Target =
  | { readonly _tag: "Sqlite"; readonly file: string }
  | { readonly _tag: "Postgres"; readonly url: Redacted.Redacted }

/**
 * Where results go unless something else is said.
 *
 * @category models
 * @since 0.1.0
 */
export const defaultStore = "cloudauth.db"

/**
 * Reads a store's name: `postgres://…`, `sqlite:FILE`, or the path of a SQLite file.
 *
 * @example
 * import * as Stores from "@effect-cloudauth/cli/Stores"
 *
 * Stores.parse("results.db")._tag // => "Sqlite"
 *
 * @category constructors
 * @since 0.1.0
 */
export const parse = (name: string): Target => {
  if (/^postgres(ql)?:\/\//.test(name)) return { _tag: "Postgres", url: Redacted.make(name, { label: "store" }) }
  return { _tag: "Sqlite", file: name.startsWith("sqlite:") ? name.slice(7) : name }
}

/**
 * Where files beside the store go: its path without an ending.
 *
 * @category operations
 * @since 0.1.0
 */
export const besideOf = (place: Target): string =>
  place._tag === "Sqlite" ? place.file.replace(/\.(db|sqlite3?)$/, "") : "cloudauth"

/**
 * The store of a place. Each kind is loaded when it is used.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (
  place: Target
): Layer.Layer<Collection, StoreError | Failure, FileSystem.FileSystem | Path.Path> =>
  Layer.unwrap(
    Effect.promise(
      async (): Promise<Layer.Layer<Collection, StoreError | Failure, FileSystem.FileSystem | Path.Path>> =>
        place._tag === "Sqlite"
          ? (await import("./SqliteResultStore.ts")).layer(place.file)
          : (await import("./PostgresResultStore.ts")).layer(place.url)
    )
  )

const secret = (...names: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    for (const name of names) {
      const found = yield* Config.option(Config.Redacted(name))
      if (Option.isSome(found)) return found.value
    }
    return undefined
  }).pipe(Effect.mapError(() => failure("Usage", say`${names[0] ?? ""} has a value that cannot be used.`)))

const s3 = (location: string, settings: Settings["Service"]) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const accessKeyId = yield* secret("CLOUDAUTH_S3_ACCESS_KEY_ID", "AWS_ACCESS_KEY_ID")
      const accessKeySecret = yield* secret("CLOUDAUTH_S3_SECRET_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY")
      const sessionToken = yield* secret("CLOUDAUTH_S3_SESSION_TOKEN", "AWS_SESSION_TOKEN")
      if (accessKeyId === undefined || accessKeySecret === undefined) {
        return yield* failure(
          "Usage",
          say`Images go to object storage: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or CLOUDAUTH_S3_…).`
        )
      }
      const S3ImageStore = yield* Effect.promise(() => import("./S3ImageStore.ts"))
      return S3ImageStore.layer({ location, ...settings.s3, accessKeyId, accessKeySecret, sessionToken })
    })
  )

/**
 * The store of images by its name: `none`, `s3://bucket/prefix`, or a directory. Without a name: a directory
 * beside the store; beside a database server there is none, so the name must be given.
 *
 * @category operations
 * @since 0.1.0
 */
export const images = (
  name: string | undefined,
  place: Target,
  settings: Settings["Service"]
): Layer.Layer<ImageStore, Failure, FileSystem.FileSystem | Path.Path> => {
  if (name === "none") return ImageStore.layerNone
  if (name?.startsWith("s3://") === true) return s3(name, settings)
  if (name !== undefined) return ImageStore.layerDirectory(name)
  return place._tag === "Postgres"
    ? Layer.effect(
        ImageStore,
        Effect.fail(
          failure(
            "Usage",
            say`With a PostgreSQL store, name the place of the images: --images DIRECTORY, s3://bucket/prefix or none.`
          )
        )
      )
    : ImageStore.layerDirectory(`${besideOf(place)}-images`)
}
