/** Base64 text → bytes by the fastest means that the runtime has, and strictly: no character is skipped. */
import { Buffer } from "./bytes.ts"

interface FromBase64 {
  fromBase64(text: string, options?: { readonly alphabet?: "base64" | "base64url" }): Uint8Array
}

const native: Partial<FromBase64> = Uint8Array as unknown as Partial<FromBase64> // ES2026, not in this TypeScript lib

const byteLength = (text: string): number | undefined => {
  let end = text.length
  for (let padding = 0; padding < 2 && end > 0 && text.charCodeAt(end - 1) === 61; padding++) end--
  if (end !== text.length && text.length % 4 !== 0) return undefined
  return end % 4 === 1 ? undefined : Math.floor((end * 3) / 4)
}

const viaBuffer = (text: string, buffer: NonNullable<typeof Buffer>): Uint8Array => {
  const bytes = buffer.from(text, "base64")
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

const viaAtob = (text: string): Uint8Array => {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}

/** The bytes, or `undefined` where the text is not Base64 (standard or URL-safe alphabet, padded or not). */
export const decode = (text: string): Uint8Array | undefined => {
  const expected = byteLength(text)
  if (expected === undefined) return undefined
  try {
    const bytes =
      Buffer !== undefined
        ? viaBuffer(text, Buffer)
        : native.fromBase64 !== undefined
          ? native.fromBase64(text, { alphabet: /[-_]/.test(text) ? "base64url" : "base64" })
          : viaAtob(text)
    // Buffer skips what is not Base64 and so comes out short.
    return bytes.byteLength === expected ? bytes : undefined
  } catch {
    return undefined
  }
}

/** As `decode`, after dropping a `data:` prefix and white space, which some writers add. */
export const decodeTolerant = (text: string): Uint8Array | undefined =>
  decode(text) ?? decode(text.replace(/^data:[^,]{0,100},/, "").replace(/\s+/g, ""))

interface ToBase64 {
  toBase64(): string
}

/** The bytes as standard, padded Base64. */
export const encode = (bytes: Uint8Array): string => {
  const withNative = bytes as Uint8Array & Partial<ToBase64> // ES2026, not in this TypeScript lib
  if (withNative.toBase64 !== undefined) return withNative.toBase64()
  let binary = ""
  for (let start = 0; start < bytes.length; start += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 0x8000))
  }
  return btoa(binary)
}
