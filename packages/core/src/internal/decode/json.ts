/**
 * Text → JSON values that can be walked safely.
 *
 * Of two equal keys in one object `JSON.parse` takes the last. Which one is true can't be known, so both stay visible here.
 */

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

const quote = 0x22
const backslash = 0x5c
const space = 0x20
const openBrace = 0x7b
const closeBrace = 0x7d

/**
 * How many keys are written in a JSON text, in the objects at all depths. Infinitely many if white space stands before a
 * colon: then only renaming can tell. A value that begins with a colon counts, too, so the number is never too low.
 */
const countWrittenKeys = (text: string): number => {
  let count = 0
  for (let at = text.indexOf(":"); at !== -1; at = text.indexOf(":", at + 1)) {
    const before = text.charCodeAt(at - 1)
    if (before <= space) return Infinity
    if (before === quote && !isEscaped(text, at - 1)) count++
  }
  return count
}

const isEscaped = (text: string, at: number): boolean => {
  let backslashes = 0
  while (text.charCodeAt(at - 1 - backslashes) === backslash) backslashes++
  return backslashes % 2 === 1
}

const suffix = /#\d+$/

/** The name that a key had before it was renamed; `undefined` if it was not. */
export const originalName = (key: string): string | undefined =>
  key.includes("#") && suffix.test(key) ? key.replace(suffix, "") : undefined

/** Renames the second `Passed` of an object to `Passed#2`, and so on. `text` must be valid JSON. */
const renameRepeatedKeys = (text: string): string => {
  const colon = /\s*:/y
  const isKey = (end: number): boolean => {
    colon.lastIndex = end
    return colon.test(text)
  }
  const objects: Array<Map<string, number>> = []
  let renamed = ""
  let kept = 0
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === openBrace) objects.push(new Map())
    else if (character === closeBrace) objects.pop()
    else if (character === quote) {
      const end = endOfString(text, at)
      const keys = objects.at(-1)
      if (keys !== undefined && isKey(end)) {
        const key: string = JSON.parse(text.slice(at, end))
        const times = (keys.get(key) ?? 0) + 1
        keys.set(key, times)
        if (times > 1) {
          renamed += `${text.slice(kept, end - 1)}#${times}"`
          kept = end
        }
      }
      at = end - 1
    }
  }
  return renamed + text.slice(kept)
}

/** The end of the string that begins at a quote, its closing quote included. */
const endOfString = (text: string, start: number): number => {
  let at = start + 1
  while (text.charCodeAt(at) !== quote) at += text.charCodeAt(at) === backslash ? 2 : 1
  return at + 1
}
