/**
 * Where a collection's photographs go: files, S3-compatible object storage (`S3ImageStore`), or nowhere. A photograph
 * is durable before its result is; one whose result was not stored is written over when its id is asked again.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import * as durable from "./internal/durable.ts"

/** A photograph cannot be written, read or deleted. */
export class ImageStoreError extends Schema.TaggedError<ImageStoreError>("@effect-cloudauth/cli/ImageStoreError")(
  "ImageStoreError",
  {
    operation: Schema.Literals(["put", "get", "remove"]),
    /** Why, in words that hold no value. */
    reason: Schema.String
  },
  { httpApiStatus: 503 }
) {
  override readonly name = "ImageStoreError"
  override get message(): string {
    return `The store of photographs failed at '${this.operation}': ${this.reason}.`
  }
}

/** A photograph to keep. */
export interface Image {
  /** Its name without the ending: `ab/abcdef…-front`. */
  readonly key: string
  readonly mediaType: string
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Of the bytes, in hex. */
  readonly sha256: string
}

/** What a store of photographs can do. */
export interface Operations {
  /** Where photographs go, in words; `undefined` where they are not kept, and need not be asked for. */
  readonly description: string | undefined
  /** Keeps a photograph and returns its location. Durable once it returns. */
  readonly put: (image: Image) => Effect.Effect<string, ImageStoreError>
  /** The bytes at a location; `undefined` where there are none. */
  readonly get: (location: string) => Effect.Effect<Uint8Array | undefined, ImageStoreError>
  readonly remove: (location: string) => Effect.Effect<void, ImageStoreError>
}

const endings: Readonly<Record<string, string>> = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/gif": "gif",
  "image/webp": "webp",
  "image/bmp": "bmp",
  "image/heic": "heic"
}

/** A file name's ending for a media type. */
export const endingOf = (mediaType: string): string => endings[mediaType] ?? "bin"

/** The store of a collection's photographs. */
export class ImageStore extends Context.Service<ImageStore, Operations>()("@effect-cloudauth/cli/ImageStore") {
  /** Keeps none. */
  static readonly layerNone: Layer.Layer<ImageStore> = Layer.succeed(ImageStore, {
    description: undefined,
    put: () => Effect.fail(new ImageStoreError({ operation: "put", reason: "photographs are not kept" })),
    get: () => Effect.undefined,
    remove: () => Effect.void
  })

  /** Files below a directory that only the owner can read. */
  static readonly layerDirectory = (
    directory: string
  ): Layer.Layer<ImageStore, never, FileSystem.FileSystem | Path.Path> =>
    Layer.effect(
      ImageStore,
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const path = yield* Path.Path
        const failed = (operation: ImageStoreError["operation"]) =>
          Effect.mapError(
            (error: durable.FileError) => new ImageStoreError({ operation, reason: durable.reasonOf(error) })
          )
        return ImageStore.of({
          description: directory,
          put: (image) => {
            const location = `${image.key}.${endingOf(image.mediaType)}`
            return durable
              .writeFile(path.join(directory, location), image.bytes)
              .pipe(
                Effect.provideService(FileSystem.FileSystem, fs),
                Effect.provideService(Path.Path, path),
                Effect.as(location),
                failed("put")
              )
          },
          get: (location) => durable.absentIsUndefined(fs.readFile(path.join(directory, location))).pipe(failed("get")),
          remove: (location) => fs.remove(path.join(directory, location), { force: true }).pipe(failed("remove"))
        })
      })
    )
}
