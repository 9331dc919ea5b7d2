/**
 * Cuts the photographs out of the raw answer before anything is parsed.
 *
 * A photograph is half a megabyte of Base64 inside JSON inside JSON: parsed as text it is copied and scanned at each
 * level. Here its run of characters is found in the bytes and decoded straight to a photograph; a short token takes its
 * place, and only the small rest is parsed. `answerText.general` is the specification: wherever this way is not sure to
 * agree with it (a backslash in the run, a key in an unexpected place, text that is not Base64), it gives up.
 */
import * as base64 from "./base64.ts"
import { view } from "./bytes.ts"

/** What stands in the text for a photograph that was cut out. */
export interface Cut {
  readonly token: string
  readonly bytes: Uint8Array
}

export interface Rest {
  /** The answer's bytes without the photographs. */
  readonly bytes: Uint8Array
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
  nonce ??= crypto.randomUUID().replaceAll("-", "")
  return `image${nonce}x${index}`
}

const endsWith = (bytes: Uint8Array, end: number, key: Uint8Array): boolean => {
  const start = end - key.length
  if (start < 1) return false
  for (let i = 0; i < key.length; i++) if (bytes[start + i] !== key[i]) return false
  return true
}

const skipSpaces = (bytes: Uint8Array, from: number): number => {
  let at = from
  while (bytes[at] === space) at++
  return at
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

const backslashesBefore = (bytes: Uint8Array, at: number): number => {
  let count = 0
  while (bytes[at - 1 - count] === backslash) count++
  return count
}

/** Cuts the photographs; `undefined` where there is none to cut or the general way must be taken. */
export const cut = (bytes: Uint8Array): Rest | undefined => {
  if (bytes.length < shortest) return undefined
  const cuts: Array<Cut & { readonly start: number; readonly end: number }> = []
  const look = view(bytes)
  let at = look.indexOf(quote, 0)
  while (at !== -1) {
    const depth = backslashesBefore(bytes, at)
    const start = runStart(bytes, at, depth)
    const next = look.indexOf(quote, start === -1 ? at + 1 : start)
    if (start !== -1 && next - depth - start >= shortest) {
      const end = next - depth
      // Strict: a backslash, a space or a byte above 0x7f in the run is no Base64.
      const image = backslashesBefore(bytes, next) === depth ? base64.decode(look.latin1(start, end)) : undefined
      if (image === undefined) return undefined
      cuts.push({ token: tokenOf(cuts.length), bytes: image, start, end })
    }
    at = next
  }
  if (cuts.length === 0) return undefined
  return { bytes: splice(bytes, cuts), cuts }
}

const splice = (
  bytes: Uint8Array,
  cuts: ReadonlyArray<Cut & { readonly start: number; readonly end: number }>
): Uint8Array => {
  const tokens = cuts.map((image) => ascii(image.token))
  const length = cuts.reduce(
    (sum, image, i) => sum - (image.end - image.start) + (tokens[i]?.length ?? 0),
    bytes.length
  )
  const rest = new Uint8Array(length)
  let read = 0
  let write = 0
  cuts.forEach((image, i) => {
    rest.set(bytes.subarray(read, image.start), write)
    write += image.start - read
    rest.set(tokens[i] ?? new Uint8Array(0), write)
    write += tokens[i]?.length ?? 0
    read = image.end
  })
  rest.set(bytes.subarray(read), write)
  return rest
}
