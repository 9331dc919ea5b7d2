/** A document's raw fields → the fields of a kind. */
import { memoize } from "effect/Function"
import * as Schema from "effect/Schema"
import * as Wire from "../../Wire.ts"
import { type Fields, type Kind, kinds, type Name, nameOf, otherNames } from "./kinds.ts"
import { type Expected, type FieldsOf, notRead, read, type Reading, revealRedacted } from "./reading.ts"

/** What the raw fields of a document decode to. */
export interface DocumentParts {
  readonly fields: Fields
  /** The fields whose value is not text. */
  readonly unreadable: Readonly<Record<string, Wire.Unreadable>>
  /** The fields that stand more than once. */
  readonly repeated: ReadonlyArray<string>
  /** The keys of the vendor's other edition, such as `given_names`. */
  readonly synonyms: ReadonlyArray<string>
}

type Raw = Readonly<Record<string, unknown>>

/** The wire form of a kind: each field as its schema reads text, or unreadable. Made when the first such document comes. */
const decoderOf = memoize((kind: Kind) => {
  const name = nameOf(kind)
  const fields = Object.entries(kind.fields).map(
    ([field, { value }]) => [field, Wire.TextOf<Schema.Codec<unknown, string>>(value)] as const
  )
  // A field's schema decodes every text that is not blank, and blank ones are left out: its checks would find nothing.
  return Schema.decodeUnknownSync(Wire.object(Object.fromEntries(fields), name && otherNames[name]), {
    disableChecks: true
  })
})

/** The parts of a document, decoded as a kind. Nothing is refused: a value that is not text is unreadable. */
export const partsOf = (name: Name, raw: Raw): DocumentParts => {
  const { fields, source } = decoderOf(kinds[name])(raw)
  const { repeated, synonyms } = source
  const unreadable: Record<string, Wire.Unreadable> = {}
  const readable: Record<string, unknown> = {}
  for (const field of Object.keys(fields)) {
    const value: unknown = fields[field]
    if (Wire.isUnreadable(value)) unreadable[field] = value
    else readable[field] = value
  }
  // Each value is what the schema of its field decodes to.
  return { fields: readable as Fields, unreadable, repeated, synonyms }
}

/**
 * Reads an undecided document, or one that was read as another kind, as the kind that you know it to be. A reading without
 * fields stays as it is.
 *
 * @example
 * import * as Document from "@effect-cloudauth/core/Document"
 *
 * declare const reading: Document.Inferred
 *
 * const permit = Document.interpret(reading, Document.MainlandTravelPermitTaiwan)
 * const idNumber = Document.reveal(permit)?.idNumber
 *
 * @category combinators
 * @since 0.1.0
 */
export const interpret = <K extends Kind>(reading: Reading, kind: K): Expected<K> => {
  if (reading._tag === "NotRead" || reading._tag === "Unreadable") return reading
  const name = nameOf(kind)
  if (name === undefined) return notRead
  const raw = revealRedacted(reading.raw)
  // The name comes from the kind, so the fields are that kind's.
  return read(name, partsOf(name, raw).fields as FieldsOf<K>, raw)
}
