/** Whether an image came whole: each format says where it ends. */
import type { IdImage, MediaType } from "../../IdImage.ts"
import { shown } from "./evidence.ts"

/** Whether the end of an image is there. One whose bytes were wiped counts as whole: nothing can be said of it. */
export const isWhole = (image: IdImage): boolean => {
  const bytes = shown(image.bytes)
  return bytes === undefined || (ends[image.mediaType]?.(bytes) ?? true)
}

/** Whether two images are the same file. */
export const isSameImage = (one: IdImage, other: IdImage): boolean => {
  const [bytes, others] = [shown(one.bytes), shown(other.bytes)]
  return (
    bytes !== undefined &&
    bytes.byteLength === others?.byteLength &&
    bytes.every((byte, index) => byte === others[index])
  )
}

type Ends = (bytes: Uint8Array) => boolean

/** The four bytes from an offset on, as a number: the first is the highest. 0 for bytes that are not there. */
const number = (bytes: Uint8Array, at: number): number =>
  [0, 1, 2, 3].reduce((sum, index) => sum * 256 + (bytes[at + index] ?? 0), 0)

/** The same, if the first byte is the lowest. */
const littleNumber = (bytes: Uint8Array, at: number): number => number(bytes.slice(at, at + 4).toReversed(), 0)

const name = (text: string): number =>
  number(
    Uint8Array.from(text, (letter) => letter.charCodeAt(0)),
    0
  )

/** Goes from marker to marker over the segments, since a preview inside one has an end of its own. */
const jpeg: Ends = (bytes) => {
  for (let at = bytes.indexOf(0xff, 2); at !== -1; at = bytes.indexOf(0xff, at)) {
    const marker = bytes[at + 1] ?? 0
    if (marker === 0xd9) return true
    // Fill bytes, a byte of the picture, and the markers that have no segment.
    if (marker === 0xff) at += 1
    else if (marker <= 1 || (marker >= 0xd0 && marker <= 0xd8)) at += 2
    else at += 2 + Math.floor(number(bytes, at + 2) / 0x1_0000)
  }
  return false
}

const png: Ends = (bytes) => {
  for (let at = 8; at < bytes.byteLength; at += 12 + number(bytes, at)) {
    if (number(bytes, at + 4) === name("IEND")) return at + 12 <= bytes.byteLength
  }
  return false
}

/** Boxes, one of which holds the picture. */
const boxes: Ends = (bytes) => {
  for (let at = 0; at < bytes.byteLength;) {
    const short = number(bytes, at)
    // 1: the size stands behind the name, in eight bytes. 0: the box goes to the end of the file.
    const size = short === 1 ? number(bytes, at + 8) * 2 ** 32 + number(bytes, at + 12) : short
    const isPicture = number(bytes, at + 4) === name("mdat")
    if (size < 8) return isPicture && size === 0
    at += size
    if (isPicture) return at <= bytes.byteLength
  }
  return false
}

const smallestBitmap = 26

/** TIFF has its parts in any order, so its end says nothing. */
const ends: Readonly<Partial<Record<MediaType, Ends>>> = {
  "image/jpeg": jpeg,
  "image/png": png,
  "image/gif": (bytes) => bytes.at(-1) === 0x3b,
  "image/webp": (bytes) => littleNumber(bytes, 4) + 8 <= bytes.byteLength,
  "image/bmp": (bytes) => {
    const size = littleNumber(bytes, 2)
    return size >= smallestBitmap && size <= bytes.byteLength
  },
  "image/heic": boxes,
  "image/avif": boxes
}
