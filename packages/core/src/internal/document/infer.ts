/** Which kind a document is, as the keys of its fields say. */
import { bySpelling, lookUp } from "./plainKey.ts"
import { fieldsOf, type Name, names, otherNames } from "./kinds.ts"

/** Which kinds have a field, one bit a kind in the order of `names`. */
const kindsWith: ReadonlyMap<string, number> = bySpelling(
  [...new Set(names.flatMap((name) => keysOf(name)))].map((key) => [
    key,
    names.reduce((bits, name, index) => (keysOf(name).includes(key) ? bits | (1 << index) : bits), 0)
  ])
)

function keysOf(name: Name): ReadonlyArray<string> {
  return [...fieldsOf(name), ...Object.keys(otherNames[name] ?? {})]
}

/** Whether a key is a field of some kind. */
export const isField = (key: string): boolean => lookUp(kindsWith, key) !== undefined

/**
 * What the page's raw keys say: the kinds that they fit.
 *
 * @category models
 * @since 0.1.0
 */
export type Inference =
  | { readonly _tag: "Decided"; readonly name: Name }
  | { readonly _tag: "Undecided"; readonly candidates: ReadonlyArray<Name> }

/**
 * Infers the document from the keys of its fields. Decided if they fit one kind only, or are exactly the fields of
 * one kind; undecided if two kinds have the same fields, or if too few fields came.
 *
 * @example
 * import * as Document from "@effect-cloudauth/core/Document"
 *
 * Document.infer(["passportNo", "surname"])
 * // => { _tag: "Decided", name: "GlobalPassport" }
 *
 * @category getters
 * @since 0.1.0
 */
export const infer = (keys: Iterable<string>): Inference => {
  let fitting = -1
  let present = 0
  for (const key of keys) {
    const bits = lookUp(kindsWith, key)
    if (bits === undefined) continue
    fitting &= bits
    present++
  }
  if (present === 0) return { _tag: "Undecided", candidates: [] }
  const candidates = names.filter((_, index) => (fitting & (1 << index)) !== 0)
  const exact = candidates.filter((name) => fieldsOf(name).length === present)
  const best = exact.length > 0 ? exact : candidates
  const [only] = best
  return best.length === 1 && only !== undefined
    ? { _tag: "Decided", name: only }
    : { _tag: "Undecided", candidates: best }
}

/**
 * Whether keys can be those of a kind: some are among its fields, none is a field of other kinds only, and they are not
 * exactly the fields of another kind.
 */
export const fits = (name: Name, keys: Iterable<string>): boolean => {
  const inference = infer(keys)
  return inference._tag === "Decided" ? inference.name === name : inference.candidates.includes(name)
}
