/** Options count by their own properties, and an unknown key is refused: it would go unnoticed. */

/** The keys of an options object. A literal object has the keys of the options inside it; anything else stands for a value. */
export type Keys<O> = { readonly [K in keyof Required<O>]: unknown }

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> => {
  if (typeof value !== "object" || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

/** The own properties of `options`, on an object without a prototype. Throws `TypeError` for an unknown key. */
export const own = <O extends object>(keys: Keys<O>, options: O): O => copy(keys, options, "") as O // the copy has the same keys with the same values

const copy = (keys: Readonly<Record<string, unknown>>, options: object, path: string): object => {
  const copied: Record<string, unknown> = Object.create(null)
  for (const [key, value] of Object.entries(options)) {
    if (!Object.hasOwn(keys, key)) throw unknownKey(Object.keys(keys), key, path + key)
    const inner = keys[key]
    copied[key] = isPlain(inner) && isPlain(value) ? copy(inner, value, `${path}${key}.`) : value
  }
  return copied
}

const unknownKey = (known: ReadonlyArray<string>, key: string, at: string): TypeError => {
  const [nearest] = known.toSorted((one, other) => distance(one, key) - distance(other, key))
  const advice =
    nearest !== undefined && distance(nearest, key) <= 3
      ? `Did you mean ${nearest}?`
      : `The options are ${known.join(", ")}.`
  return new TypeError(`There is no option ${at}. ${advice}`)
}

/** Levenshtein's distance. */
const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}
