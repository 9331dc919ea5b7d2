/**
 * Where a collection's images go: files, S3-compatible object storage (`S3ImageStore`), or nowhere. An image
 * is durable before its result is; one whose result was not stored is written over when its id is asked again.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import * as durable from "./internal/durable.ts"

/**
 * An image cannot be written, read or deleted.
 *
 * @category errors
 * @since 0.1.0
 */
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
    return `The store of images failed at '${this.operation}': ${this.reason}.`
  }
}

/**
 * An image to keep.
 *
 * @category models
 * @since 0.1.0
 */
export interface Image {
  /** Its name without the ending: `ab/abcdef…-front`. */
  readonly key: string
  readonly mediaType: string
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Of the bytes, in hex. */
  readonly sha256: string
}

/**
 * What a store of images can do.
 *
 * @category models
 * @since 0.1.0
 */
export interface Operations {
  /** The target of the images, in words; `undefined` if they are not kept and need not be asked for. */
  readonly description: string | undefined
  /** Keeps an image and returns its location. Durable once it returns. */
  readonly put: (image: Image) => Effect.Effect<string, ImageStoreError>
  /** The bytes at a location; `undefined` if there are none. */
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

/**
 * A file name's ending for a media type.
 *
 * @category operations
 * @since 0.1.0
 */
export const endingOf = (mediaType: string): string => endings[mediaType] ?? "bin"

/**
 * The store of a collection's images.
 *
 * @category services
 * @since 0.1.0
 */
export class ImageStore extends Context.Service<ImageStore, Operations>()("@effect-cloudauth/cli/ImageStore") {
  /** Keeps none. */
  static readonly layerNone: Layer.Layer<ImageStore> = Layer.succeed(ImageStore, {
    description: undefined,
    put: () => Effect.fail(new ImageStoreError({ operation: "put", reason: "images are not kept" })),
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
