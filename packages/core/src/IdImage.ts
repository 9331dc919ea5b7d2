/**
 * An image of a document. Its bytes are a person's data: `Redacted.value(image.bytes)` shows them.
 *
 * @since 0.1.0
 */
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { generatedFrom } from "./internal/generated.ts"

/**
 * The formats that are known, by their first bytes.
 *
 * @category models
 * @since 0.1.0
 */
export const MediaType = Schema.Literals([
  "image/jpeg",
  "image/png",
  "image/gif",
  "image/webp",
  "image/bmp",
  "image/heic",
  "image/avif",
  "image/tiff"
])
export type MediaType = typeof MediaType.Type

const encoded = Schema.Struct({
  mediaType: MediaType.annotate({ description: "Its format, by its first bytes." }),
  /** Bytes. */
  size: Schema.Int.annotate({ description: "Bytes." }),
  bytes: Schema.RedactedFromValue(Schema.Uint8ArrayFromBase64, {
    label: "image"
  })
}).annotate({ identifier: "IdImage", title: "Image of a document" })

/** A JPEG's first bytes, and any others. */
const jpeg = Schema.TupleWithRest(Schema.Tuple([Schema.Literal(0xff), Schema.Literal(0xd8), Schema.Literal(0xff)]), [
  Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 0xff }))
])

/**
 * An image. Encoded, its bytes are Base64.
 *
 * @category models
 * @since 0.1.0
 */
export const IdImage = encoded.pipe(
  Schema.decodeTo(
    generatedFrom(Schema.toType(encoded), jpeg, (bytes) => fromBytes(Uint8Array.from(bytes))),
    SchemaTransformation.passthrough()
  )
)
export interface IdImage extends Schema.Schema.Type<typeof IdImage> {}

const at = (bytes: Uint8Array, offset: number, text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (bytes[offset + i] !== text.charCodeAt(i)) return false
  return true
}

const mediaTypeOf = (bytes: Uint8Array): MediaType | undefined => {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return "image/jpeg"
  if (bytes[0] === 0x89 && at(bytes, 1, "PNG\r\n")) return "image/png"
  if (at(bytes, 0, "GIF8")) return "image/gif"
  if (at(bytes, 0, "RIFF") && at(bytes, 8, "WEBP")) return "image/webp"
  if (at(bytes, 0, "BM")) return "image/bmp"
  if (at(bytes, 4, "ftypavi")) return "image/avif"
  if (at(bytes, 4, "ftyphei") || at(bytes, 4, "ftypmif1")) return "image/heic"
  if (at(bytes, 0, "II*\0") || at(bytes, 0, "MM\0*")) return "image/tiff"
  return undefined
}

/**
 * The image that some bytes are; `undefined` if the format is not known.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromBytes = (bytes: Uint8Array): IdImage | undefined => {
  const mediaType = mediaTypeOf(bytes)
  return mediaType === undefined
    ? undefined
    : { mediaType, size: bytes.byteLength, bytes: Redacted.make(bytes, { label: "image" }) }
}
