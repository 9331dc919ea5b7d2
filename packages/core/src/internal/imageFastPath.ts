/**
 * Cuts the photographs out of the raw answer before anything is parsed.
 *
 * A photograph is half a megabyte of Base64 inside JSON inside JSON: parsed as text it is copied and scanned at each
 * level. Here its run of characters is found in the pieces of the body and decoded straight to a photograph; a short
 * token takes its place, and only the small rest is parsed. `answerText.general` is the specification: what is not sure
 * to agree with it (a backslash in the run, a key that straddles two pieces, text that is no Base64) is left alone.
 */
import * as base64 from "./base64.ts"
import { indexOf } from "./bytes.ts"
import { sizeOf } from "./chunks.ts"
import type { Chunks } from "./chunks.ts"

/** A photograph that was cut out, and what stands in the text for it. */
export interface Cut {
  readonly token: string
  readonly bytes: Uint8Array
}

export interface Rest {
  /** The body without the photographs. */
  readonly chunks: Chunks
  readonly cuts: ReadonlyArray<Cut>
}

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
const space = 0x20

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))
const keys = [ascii("idImage"), ascii("idBackImage")]

/** Runs shorter than this are not worth cutting. */
const shortest = 4096

// Unguessable, so that no answer can contain it; made on first use, since some edge runtimes forbid randomness before.
let nonce: string | undefined
const tokenOf = (index: number): string => {
  nonce ??= crypto.randomUUID()
  return `image${nonce}x${index}`
}

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

/** Where a photograph's run starts, if the quote at `at` ends the key of one; else -1. `depth` backslashes precede quotes. */
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

/** A place in the pieces. */
interface Place {
  readonly chunk: number
  readonly offset: number
}

const behindAll: Place = { chunk: Infinity, offset: Infinity }

const nextQuote = (chunks: Chunks, from: Place): Place | undefined => {
  for (let { chunk, offset } = from; chunk < chunks.length; chunk++, offset = 0) {
    const bytes = chunks[chunk]
    const found = bytes === undefined ? -1 : indexOf(bytes, quote, offset)
    if (found !== -1) return { chunk, offset: found }
  }
  return undefined
}

/** The pieces between two places, without a copy. */
const between = (chunks: Chunks, from: Place, to: Place): Chunks => {
  if (from.chunk === to.chunk)
    return chunks.slice(from.chunk, from.chunk + 1).map((c) => c.subarray(from.offset, to.offset))
  const pieces = chunks.slice(from.chunk, to.chunk + 1)
  return pieces.map((piece, index) =>
    index === 0 ? piece.subarray(from.offset) : index === pieces.length - 1 ? piece.subarray(0, to.offset) : piece
  )
}

/** The photograph between two places, if it is one. */
const photograph = (chunks: Chunks, start: Place, end: Place): Uint8Array | undefined => {
  const run = between(chunks, start, end)
  // Strict: a backslash, a space or a byte above 0x7f in the run is no Base64.
  return sizeOf(run) < shortest ? undefined : base64.decodeChunks(run)
}

/** Cuts the photographs; `undefined` where there is none to cut. */
export const cut = (chunks: Chunks): Rest | undefined => {
  if (sizeOf(chunks) < shortest) return undefined
  const rest: Array<Uint8Array> = []
  const cuts: Array<Cut> = []
  let kept: Place = { chunk: 0, offset: 0 }
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
      const image = isClosed ? photograph(chunks, run, end) : undefined
      if (image !== undefined) {
        const token = tokenOf(cuts.length)
        cuts.push({ token, bytes: image })
        rest.push(...between(chunks, kept, run), ascii(token))
        kept = end
      }
    }
    at = next
  }
  if (cuts.length === 0) return undefined
  rest.push(...between(chunks, kept, behindAll))
  return { chunks: rest, cuts }
}
