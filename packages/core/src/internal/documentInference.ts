/** Which kind a document is, as the keys of its fields say. */
import { fieldsOf, type Name, names } from "./documentKinds.ts"

/** Which kinds have a field, one bit a kind in the order of `names`. */
const kindsWith: ReadonlyMap<string, number> = names.reduce((bits, name, index) => {
  for (const field of fieldsOf(name)) bits.set(field, (bits.get(field) ?? 0) | (1 << index))
  return bits
}, new Map<string, number>())

/** What the page's raw keys say: the kinds that they fit. */
export type Inference =
  | { readonly _tag: "Decided"; readonly name: Name }
  | { readonly _tag: "Undecided"; readonly candidates: ReadonlyArray<Name> }

/**
 * Infers the document from the keys of its fields. Decided where they fit one kind only, or are exactly the fields of
 * one kind; undecided where two kinds have the same fields, or where too few fields came.
 *
 * @example
 * import * as Document from "@effect-cloudauth/core/Document"
 *
 * Document.infer(["passportNo", "surname"])
 * // => { _tag: "Decided", name: "GlobalPassport" }
 */
export const infer = (keys: Iterable<string>): Inference => {
  let fitting = -1
  let present = 0
  for (const key of new Set(keys)) {
    const bits = kindsWith.get(key)
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
