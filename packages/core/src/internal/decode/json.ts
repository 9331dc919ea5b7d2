/** Text → JSON values that can be walked safely, with repeated keys kept. */
import { countWrittenKeys, renameRepeatedKeys } from "./repeatedKeys.ts"

/**
 * A JSON object: keys and values as they came.
 *
 * @category models
 * @since 0.1.0
 */
export type Json = Readonly<Record<string, unknown>>

export const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Deeper input is treated as hostile: encoding it again would overflow the stack. */
const maxDepth = 100

/** What is expected of a nested document. */
export const expectedObject = `a JSON object, or a string that holds one, at most ${maxDepth} levels deep`

/** How many keys a value has, at all depths; infinitely many if it is too deep. */
const countKeys = (value: unknown, levels = maxDepth): number => {
  if (typeof value !== "object" || value === null) return 0
  if (levels < 0) return Infinity
  let count = Array.isArray(value) ? 0 : Object.keys(value).length
  for (const child of Object.values(value)) if (typeof child === "object") count += countKeys(child, levels - 1)
  return count
}

/**
 * Parses a JSON text; `undefined` if it is none, or too deep. Of a repeated key every value stays: the second `Passed`
 * of an object becomes `Passed#2`.
 */
export const parse = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text)
    const keys = countKeys(value)
    if (keys === Infinity) return undefined
    return keys === countWrittenKeys(text) ? value : JSON.parse(renameRepeatedKeys(text))
  } catch {
    return undefined
  }
}

/** How often a document may be encoded as a string inside a string. */
const maxEncodings = 4

const byteOrderMark = "\u{feff}"

/** The object that a value is, or holds as a string; `undefined` if there is none. */
export const parseNested = (input: unknown): Json | undefined => {
  let value = input
  for (let encodings = 0; encodings <= maxEncodings; encodings++) {
    if (isJson(value)) return encodings === 0 && countKeys(value) === Infinity ? undefined : value
    if (typeof value !== "string") return undefined
    value = parse(value.startsWith(byteOrderMark) ? value.slice(1) : value)
  }
  return undefined
}
