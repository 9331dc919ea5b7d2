/** A photograph of a document. Its bytes are a person's data: `Redacted.value(image.bytes)` shows them. */
import * as Redacted from "effect/Redacted"

/** By the first bytes; `application/octet-stream` where they are none of these. */
export type MediaType =
  | "image/jpeg"
  | "image/png"
  | "image/gif"
  | "image/webp"
  | "image/bmp"
  | "image/heic"
  | "application/octet-stream"

export interface IdImage {
  readonly mediaType: MediaType
  /** Bytes. */
  readonly size: number
  readonly bytes: Redacted.Redacted<Uint8Array>
}

const at = (bytes: Uint8Array, offset: number, text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (bytes[offset + i] !== text.charCodeAt(i)) return false
  return true
}

/** The media type that the first bytes show. */
export const mediaType = (bytes: Uint8Array): MediaType => {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return "image/jpeg"
  if (bytes[0] === 0x89 && at(bytes, 1, "PNG\r\n")) return "image/png"
  if (at(bytes, 0, "GIF8")) return "image/gif"
  if (at(bytes, 0, "RIFF") && at(bytes, 8, "WEBP")) return "image/webp"
  if (at(bytes, 0, "BM")) return "image/bmp"
  if (at(bytes, 4, "ftyphei") || at(bytes, 4, "ftypmif1")) return "image/heic"
  return "application/octet-stream"
}

/** The photograph of some bytes. */
export const make = (bytes: Uint8Array): IdImage => ({
  mediaType: mediaType(bytes),
  size: bytes.byteLength,
  bytes: Redacted.make(bytes, { label: "image" })
})
