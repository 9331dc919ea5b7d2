/**
 * Images of documents: real JPEG and PNG files, plainly marked SPECIMEN, that depend on the seed alone.
 *
 * @example
 * import * as Specimen from "@effect-cloudauth/emulator/Specimen"
 * const photo = Specimen.draw({ document: "global-passport", side: "front", format: "jpeg", seed: "1", bytes: 400_000 })
 * photo.length // 400000
 *
 * @since 0.1.0
 */
import { crc32 } from "node:zlib"
import * as Png from "fast-png"
import jpeg from "jpeg-js"
import * as Schema from "effect/Schema"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import * as Document from "./Document.ts"
import * as Bitmap from "./internal/bitmap.ts"
import * as Seeded from "./internal/seeded.ts"
import * as Person from "./Person.ts"

/**
 * The format of a file.
 *
 * @category models
 * @since 0.1.0
 */
export const Format = Schema.Literals(["jpeg", "png"])
export type Format = typeof Format.Type

/**
 * What to draw.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  readonly document: Document.Slug
  readonly side: "front" | "back"
  readonly format: Format
  /** The person's seed; the same seed gives the same file, byte for byte. */
  readonly seed: string
  /**
   * The file's exact size in bytes, reached by a comment (JPEG) or a private chunk (PNG) of seeded bytes.
   * A size below the plain drawing's (some 20 KB) gives the plain drawing.
   */
  readonly bytes?: number | undefined
}

const keys: OwnOptions.Keys<Options> = { document: true, side: true, format: true, seed: true, bytes: true }

const width = 480
const height = 302
const ink: Bitmap.Color = [30, 34, 46]
const pale: Bitmap.Color = [214, 60, 60]

const paint = ({ document, seed, side }: Options): Bitmap.Bitmap => {
  const seeded = Seeded.make(`specimen:${document}:${side}:${seed}`)
  const bitmap = Bitmap.make(width, height)
  const tint: Bitmap.Color = [200 + seeded.int(50), 215 + seeded.int(40), 225 + seeded.int(30)]
  Bitmap.rectangle(bitmap, 0, 0, width, height, tint)
  for (let line = 0; line < 12; line++) {
    Bitmap.disc(bitmap, seeded.int(width), seeded.int(height), 6 + seeded.int(22), [
      tint[0] - seeded.int(14),
      tint[1] - seeded.int(14),
      tint[2] - seeded.int(14)
    ])
  }
  Bitmap.text(bitmap, 16, 14, Document.titles[document].slice(0, 36), 2, ink)
  if (side === "front") {
    Bitmap.rectangle(bitmap, 16, 44, 120, 150, [176, 186, 200])
    Bitmap.disc(bitmap, 76, 96, 30, [120, 128, 140])
    Bitmap.disc(bitmap, 76, 194, 56, [120, 128, 140])
    Bitmap.rectangle(bitmap, 16, 194, 120, 60, tint)
  }
  const person = Person.make(seed)
  const fields = Object.entries(side === "front" ? Person.read(person, document) : Person.readBack(person))
  const left = side === "front" ? 152 : 16
  for (const [row, [name, value]] of fields.entries()) {
    Bitmap.text(bitmap, left, 46 + row * 20, `${name}:`, 1, ink)
    Bitmap.text(bitmap, left + 110, 44 + row * 20, value, 2, ink)
  }
  Bitmap.text(bitmap, (width - Bitmap.textWidth("SPECIMEN", 8)) / 2, 232, "SPECIMEN", 8, pale)
  return bitmap
}

/** The largest JPEG segment's length, less the two bytes that hold the length itself. */
const segmentBytes = 65_533

const padJpeg = (file: Buffer, missing: number, filler: Seeded.Seeded): Buffer => {
  const segments: Array<Buffer> = []
  for (let left = missing; left > 0;) {
    // Never leave a rest that is too short for a segment's four bytes of head.
    const take = left <= segmentBytes + 4 ? left : Math.min(segmentBytes + 4, left - 4)
    const head = Buffer.from([0xff, 0xfe, 0, 0])
    head.writeUInt16BE(take - 2, 2)
    segments.push(head, Buffer.from(filler.bytes(take - 4)))
    left -= take
  }
  // Comments go straight after the two bytes that start every JPEG.
  return Buffer.concat([file.subarray(0, 2), ...segments, file.subarray(2)])
}

const padPng = (file: Buffer, missing: number, filler: Seeded.Seeded): Buffer => {
  const typeAndData = Buffer.concat([Buffer.from("spEc"), Buffer.from(filler.bytes(missing - 12))])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(missing - 12)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(typeAndData))
  // IEND, the last twelve bytes, stays last.
  return Buffer.concat([file.subarray(0, -12), length, typeAndData, check, file.subarray(-12)])
}

/** The smallest piece that either format can be lengthened by. */
const smallestPad = 12

// Drawing takes some 50 ms; the last drawings (some 20 KB each) are kept.
const keptDrawings = 256
const drawings = new Map<string, Buffer>()

const plain = (options: Options): Buffer => {
  const key = [options.document, options.side, options.format, options.seed].join("\n")
  const kept = drawings.get(key)
  if (kept !== undefined) return kept
  const bitmap = paint(options)
  const file = options.format === "jpeg" ? jpeg.encode(bitmap, 80).data : Buffer.from(Png.encode(bitmap))
  if (drawings.size >= keptDrawings) drawings.clear()
  drawings.set(key, file)
  return file
}

/**
 * Draws the file.
 *
 * @category constructors
 * @since 0.1.0
 */
export const draw = (given: Options): Buffer => {
  const options = OwnOptions.ownOrThrow(keys, given)
  const file = plain(options)
  const missing = (options.bytes ?? 0) - file.length
  if (missing < smallestPad) return Buffer.from(file)
  const filler = Seeded.make(`padding:${options.seed}:${options.side}`)
  return options.format === "jpeg" ? padJpeg(file, missing, filler) : padPng(file, missing, filler)
}
