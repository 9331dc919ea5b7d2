/**
 * A document that comes as a JSON string, as an object, encoded once more, absent, null or empty → a value. Never
 * throws.
 */

/** Keys and values as they came. */
export type Json = Readonly<Record<string, unknown>>

export type Nested =
  | { readonly _tag: "Absent" }
  | { readonly _tag: "Value"; readonly value: Json }
  | { readonly _tag: "Malformed"; readonly expected: string; readonly raw: unknown }

const absent: Nested = { _tag: "Absent" }

export const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const maxEncodings = 4

/** Deeper JSON comes from nobody who means well, and overflows the stack of whoever writes it again. */
const maxDepth = 100

/** Whether a value that JSON.parse has made can be walked and written again. */
export const isShallow = (value: unknown, levels = maxDepth): boolean => {
  if (typeof value !== "object" || value === null) return true
  if (levels < 0) return false
  // No list of the keys is made: most have texts for values, and need no further look.
  for (const key in value) {
    const child = (value as Json)[key] // an array's are its indices
    if (typeof child === "object" && child !== null && Object.hasOwn(value, key) && !isShallow(child, levels - 1)) {
      return false
    }
  }
  return true
}

const malformed = (raw: unknown): Nested => ({
  _tag: "Malformed",
  expected: `a JSON object, or a string that holds one, at most ${maxDepth} levels deep`,
  raw
})

/** Reads a nested document. */
export const parse = (input: unknown): Nested => {
  let value = input
  for (let depth = 0; depth <= maxEncodings; depth++) {
    if (isJson(value)) return { _tag: "Value", value }
    if (value === undefined || value === null) return absent
    if (typeof value !== "string") break
    const text = value.charCodeAt(0) === 0xfeff ? value.slice(1) : value
    if (text.trim() === "") return absent
    try {
      value = JSON.parse(text)
    } catch {
      return malformed(input)
    }
    if (!isShallow(value)) return malformed(input)
  }
  return malformed(input)
}

/** The value of a key, exactly as named or, failing that, in another case. */
export const pick = (json: Json, key: string): unknown => {
  if (Object.hasOwn(json, key)) return json[key]
  const lower = key.toLowerCase()
  for (const candidate of Object.keys(json)) if (candidate.toLowerCase() === lower) return json[candidate]
  return undefined
}

/** The text of a key; a whole number counts as text, since writers leave the quotes off. */
export const pickText = (json: Json, key: string): string | undefined => {
  const value = pick(json, key)
  if (typeof value === "string") return value
  return Number.isSafeInteger(value) ? String(value) : undefined
}
