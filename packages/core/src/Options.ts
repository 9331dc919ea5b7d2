/**
 * Reads only the own properties of options, because the caller did not write what is on a prototype. Refuses unknown keys,
 * because a misspelled option would go unnoticed.
 *
 * @example
 * import * as Options from "@effect-cloudauth/core/Options"
 *
 * const keys: Options.Keys<{ readonly region?: string; readonly retry?: { readonly deadline?: number } }> = {
 *   region: true,
 *   retry: { deadline: true }
 * }
 *
 * Options.own(keys, { region: "cn-hongkong" }) // succeeds
 * Options.own(keys, JSON.parse('{ "regoin": "cn-hongkong" }')) // fails: regoin … did you mean region?
 */
import * as Result from "effect/Result"
import * as CloudauthError from "./CloudauthError.ts"

/**
 * The keys of an options object. A literal object has the keys of the options inside it; anything else stands for a value.
 *
 * @category models
 * @since 0.1.0
 */
export type Keys<O> = { readonly [K in keyof Required<O>]: unknown }

type AnyKeys = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Whether a value is a literal object, and not a layer, a schedule or another thing with methods. */
const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> => {
  if (!isObject(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

/**
 * The own properties of `options` on an object without a prototype, so that reading another key finds nothing. Fails with
 * `InvalidRequest` for a key that is not among `keys`, with its path and the nearest valid key. `path` is where the
 * options stand, if they are inside others.
 *
 * @category constructors
 * @since 0.1.0
 */
export const own = <O extends object>(
  keys: Keys<O>,
  options: O,
  path = ""
): Result.Result<O, CloudauthError.InvalidRequest> =>
  // The copy has the same keys with the same values.
  copy(keys, options, path) as Result.Result<O, CloudauthError.InvalidRequest>

/**
 * The own properties of data that may have more than is read, on an object without a prototype.
 *
 * @category constructors
 * @since 0.1.0
 */
export const ownData = <A extends object>(data: A): A => Object.assign(Object.create(null), data)

/**
 * `own`, but throws `InvalidRequest`: for functions that can't fail otherwise.
 *
 * @category constructors
 * @since 0.1.0
 */
export const ownOrThrow = <O extends object>(keys: Keys<O>, options: O, path = ""): O =>
  Result.getOrThrow(own(keys, options, path))

const copy = (
  keys: AnyKeys,
  options: unknown,
  path: string
): Result.Result<Readonly<Record<string, unknown>>, CloudauthError.InvalidRequest> => {
  if (!isObject(options)) return Result.fail(CloudauthError.invalidRequest(path === "" ? "options" : path, "an object"))
  const copied: Record<string, unknown> = Object.create(null)
  for (const key of Object.keys(options)) {
    if (!Object.hasOwn(keys, key)) return Result.fail(unknownKey(Object.keys(keys), key, within(path, key)))
    const inner = keys[key]
    const value = options[key]
    if (!isPlain(inner) || !isPlain(value)) {
      copied[key] = value
      continue
    }
    const nested = copy(inner, value, within(path, key))
    if (Result.isFailure(nested)) return nested
    copied[key] = nested.success
  }
  return Result.succeed(copied)
}

const within = (path: string, key: string): string => (path === "" ? shown(key) : `${path}.${shown(key)}`)

/** A key as a message may show it: one that is no name could hold anything. */
const shown = (key: string): string => (/^[\w$-]{1,60}$/.test(key) ? key : "(a key that is no name)")

const unknownKey = (known: ReadonlyArray<string>, key: string, at: string): CloudauthError.InvalidRequest => {
  const found = nearest(known, key)
  return CloudauthError.invalidRequest(
    at,
    found === undefined
      ? `left out: there is no such key. The keys are ${known.join(", ")}`
      : `left out: there is no such key. Did you mean ${found}?`,
    found
  )
}

/** The known key with the fewest edits to an unknown one, if they are less than half of it. */
const nearest = (known: ReadonlyArray<string>, key: string): string | undefined => {
  let best: string | undefined
  let fewest = Math.max(2, key.length / 2)
  for (const candidate of key.length > 60 ? [] : known) {
    const edits = distance(candidate.toLowerCase(), key.toLowerCase())
    if (edits <= fewest && (best === undefined || edits < fewest)) {
      best = candidate
      fewest = edits
    }
  }
  return best
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
