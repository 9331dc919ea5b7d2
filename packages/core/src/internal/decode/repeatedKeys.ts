/**
 * Keeps what `JSON.parse` would drop: of two equal keys in one object it takes the last. Which one is true can't be
 * known, so both must stay visible.
 */

const quote = 0x22
const backslash = 0x5c
const space = 0x20
const openBrace = 0x7b
const closeBrace = 0x7d

/**
 * How many keys are written in a JSON text, in the objects at all depths. Infinitely many if white space stands before a
 * colon: then only renaming can tell. A value that begins with a colon counts, too, so the number is never too low.
 */
export const countWrittenKeys = (text: string): number => {
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
export const renameRepeatedKeys = (text: string): string => {
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
