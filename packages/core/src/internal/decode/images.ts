/**
 * Cuts the images out of the raw body before anything is parsed.
 *
 * An image is half a megabyte of Base64 inside JSON inside JSON: parsed as text it is copied and scanned at each level.
 * Here its run of characters is found in the pieces of the body and decoded straight to bytes. A short token takes its
 * place, and only the small rest is parsed: four times faster. `body.readWhole` is the specification: whatever might
 * differ from it (a backslash in the run, a key that straddles two pieces, text that is no Base64) is left alone.
 */
import * as Context from "effect/Context"
import * as base64 from "./base64.ts"
import { type Chunks, indexOf, sizeOf } from "./bytes.ts"

/** The bytes of each image, by the token that stands for it. */
export type Images = ReadonlyMap<string, Uint8Array>

/** The images that were cut out of the body that is being decoded. */
export const CutImages = Context.Reference<Images>("@effect-cloudauth/core/internal/CutImages", {
  defaultValue: () => new Map()
})

export interface Rest {
  /** The body without the images. */
  readonly chunks: Chunks
  readonly images: Images
}

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
const space = 0x20

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))
const keys = [ascii("idImage"), ascii("idBackImage")]

/** Runs shorter than this are not worth cutting. */
const shortest = 4096

const endsWith = (bytes: Uint8Array, end: number, key: Uint8Array): boolean => {
  const start = end - key.length
  for (let i = 0; i < key.length; i++) if (bytes[start + i] !== key[i]) return false
  return true
}

const skipSpaces = (bytes: Uint8Array, from: number): number => {
  let at = from
  while (bytes[at] === space) at++
  return at
}

const backslashesBefore = (bytes: Uint8Array, at: number): number => {
  let count = 0
  while (bytes[at - 1 - count] === backslash) count++
  return count
}

/** The start of an image's run, if the quote at `at` ends the key of one; else -1. `depth` backslashes precede quotes. */
const runStart = (bytes: Uint8Array, at: number, depth: number): number => {
  const keyEnd = at - depth
  const key = keys.find((candidate) => endsWith(bytes, keyEnd, candidate))
  if (key === undefined || bytes[keyEnd - key.length - 1] !== quote) return -1
  const afterColon = skipSpaces(bytes, at + 1)
  if (bytes[afterColon] !== colon) return -1
  let value = skipSpaces(bytes, afterColon + 1)
  for (let i = 0; i < depth; i++) if (bytes[value++] !== backslash) return -1
  return bytes[value] === quote ? value + 1 : -1
}

/** A position in the pieces. */
interface Position {
  readonly chunk: number
  readonly offset: number
}

const behindAll: Position = { chunk: Infinity, offset: Infinity }

const nextQuote = (chunks: Chunks, from: Position): Position | undefined => {
  for (let { chunk, offset } = from; chunk < chunks.length; chunk++, offset = 0) {
    const bytes = chunks[chunk]
    const found = bytes === undefined ? -1 : indexOf(bytes, quote, offset)
    if (found !== -1) return { chunk, offset: found }
  }
  return undefined
}

/** The pieces between two positions, without a copy. */
const between = (chunks: Chunks, from: Position, to: Position): Chunks => {
  if (from.chunk === to.chunk)
    return chunks.slice(from.chunk, from.chunk + 1).map((c) => c.subarray(from.offset, to.offset))
  const pieces = chunks.slice(from.chunk, to.chunk + 1)
  return pieces.map((piece, index) =>
    index === 0 ? piece.subarray(from.offset) : index === pieces.length - 1 ? piece.subarray(0, to.offset) : piece
  )
}

/** The image between two positions, if it is one. */
const imageBetween = (chunks: Chunks, start: Position, end: Position): Uint8Array | undefined => {
  const run = between(chunks, start, end)
  // Strict: a backslash, a space or a byte above 0x7f in the run is no Base64.
  return sizeOf(run) < shortest ? undefined : base64.decodeChunks(run)
}

/** Cuts the images; `undefined` if there is none to cut. */
export const cut = (chunks: Chunks): Rest | undefined => {
  if (sizeOf(chunks) < shortest) return undefined
  const rest: Array<Uint8Array> = []
  const images = new Map<string, Uint8Array>()
  let kept: Position = { chunk: 0, offset: 0 }
  let at = nextQuote(chunks, kept)
  while (at !== undefined) {
    const bytes = chunks[at.chunk] ?? new Uint8Array(0)
    const depth = backslashesBefore(bytes, at.offset)
    const start = runStart(bytes, at.offset, depth)
    const next = nextQuote(chunks, { chunk: at.chunk, offset: start === -1 ? at.offset + 1 : start })
    if (start !== -1 && next !== undefined) {
      const run = { chunk: at.chunk, offset: start }
      const end = { chunk: next.chunk, offset: next.offset - depth }
      const isClosed = backslashesBefore(chunks[next.chunk] ?? bytes, next.offset) === depth
      const image = isClosed ? imageBetween(chunks, run, end) : undefined
      if (image !== undefined) {
        // Unguessable, so that no response can contain it.
        const token = crypto.randomUUID()
        images.set(token, image)
        rest.push(...between(chunks, kept, run), ascii(token))
        kept = end
      }
    }
    at = next
  }
  if (images.size === 0) return undefined
  rest.push(...between(chunks, kept, behindAll))
  return { chunks: rest, images }
}
