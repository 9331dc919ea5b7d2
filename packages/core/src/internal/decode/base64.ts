/**
 * Base64, strictly: no character is skipped. Bytes are decoded straight from bytes, piece by piece: no string of the
 * image's size is ever made.
 */
import { type Chunks, decodeGroups, sizeOf } from "./bytes.ts"

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

/** The six bits of each character, standard and URL-safe; -1 for all others. */
const sextets = Int32Array.from({ length: 256 }, (_, code) => {
  const character = String.fromCharCode(code)
  if (character === "+" || character === "-") return 62
  return character === "/" || character === "_" ? 63 : alphabet.indexOf(character)
})

/** The six bits of a character; -1 if there is none. */
const sextet = (byte: number | undefined): number => sextets[byte ?? 0] ?? -1

const equals = 0x3d

const paddingOf = (chunks: Chunks): number => {
  let padding = 0
  for (let index = chunks.length - 1; index >= 0; index--) {
    const chunk = chunks[index] ?? new Uint8Array(0)
    for (let offset = chunk.length - 1; offset >= 0; offset--) {
      if (padding === 2 || chunk[offset] !== equals) return padding
      padding++
    }
  }
  return padding
}

/** The bytes that the pieces of Base64 hold, padded or not; `undefined` if they are not Base64. */
export const decodeChunks = (chunks: Chunks): Uint8Array | undefined => {
  const length = sizeOf(chunks)
  const padding = paddingOf(chunks)
  const significant = length - padding
  if (significant % 4 === 1 || (padding > 0 && length % 4 !== 0)) return undefined
  const bytes = new Uint8Array(Math.floor((significant * 3) / 4))
  let write = 0
  let left = significant
  // Becomes negative with the first character outside Base64.
  let valid = 0
  let group = 0
  let grouped = 0
  const add = (byte: number | undefined): void => {
    const bits = sextet(byte)
    valid |= bits
    group = (group << 6) | bits
    if (++grouped < 4) return
    bytes[write++] = group >> 16
    bytes[write++] = group >> 8
    bytes[write++] = group
    group = grouped = 0
  }
  for (const chunk of chunks) {
    const end = Math.min(chunk.length, left)
    left -= end
    let read = 0
    // A group that straddles two pieces.
    for (let rest = (4 - grouped) % 4; rest > 0 && read < end; rest--) add(chunk[read++])
    const groups = Math.floor((end - read) / 4)
    if (decodeGroups !== undefined) {
      // Buffer skips what is no Base64, and comes out short.
      if (decodeGroups(chunk, read, read + groups * 4, bytes, write) !== groups * 3) return undefined
      read += groups * 4
      write += groups * 3
    }
    while (read < end) add(chunk[read++])
  }
  if (grouped === 2) bytes[write] = group >> 4
  if (grouped === 3) {
    bytes[write] = group >> 10
    bytes[write + 1] = group >> 2
  }
  return valid < 0 ? undefined : bytes
}

const encoder = new TextEncoder()

/** The bytes that a text of Base64 holds; `undefined` if it is not Base64. */
const decode = (text: string): Uint8Array | undefined => decodeChunks([encoder.encode(text)])

/** As `decode`, after dropping a `data:` prefix and white space, which some writers add. */
export const decodeTolerant = (text: string): Uint8Array | undefined =>
  decode(text) ?? decode(text.replace(/^data:[^,]{0,100},/, "").replace(/\s/g, ""))

/** The bytes as standard, padded Base64. */
export const encode = (bytes: Uint8Array): string => {
  let binary = ""
  for (let start = 0; start < bytes.length; start += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 0x8000))
  }
  return btoa(binary)
}
