/** What was read of a document: its fields, hidden; fields of no decided kind; or nothing. */
import * as Equal from "effect/Equal"
import * as Hash from "effect/Hash"
import * as Inspectable from "effect/Inspectable"
import * as Redacted from "effect/Redacted"
import { type Fields, type Kind, type Name, nameOf } from "./documentKinds.ts"
import { readFields } from "./readFields.ts"

/** Everything that was read, known or not, as it came. */
export type Raw = Redacted.Redacted<Readonly<Record<string, unknown>>>

/** The service read nothing: OCR failed, or that side was not asked for. */
export interface NotRead {
  readonly _tag: "NotRead"
}

/**
 * A document was read. Its fields are a person's data: `Document.reveal` shows them. `fields` and `raw` are getters: a
 * copy by `{ ...reading }` leaves them behind.
 */
export interface Read<out F extends Fields = Fields> {
  readonly _tag: "Read"
  readonly document: Name
  readonly fields: Redacted.Redacted<F>
  readonly raw: Raw
}

/** The fields fit more than one kind, or none. `Document.interpret` reads them as the kind that you know it is. */
export interface Ambiguous {
  readonly _tag: "Ambiguous"
  readonly candidates: ReadonlyArray<Name>
  readonly raw: Raw
}

/** What was read of a document whose kind the caller did not name. */
export type Inferred = NotRead | Read | Ambiguous

/** The fields of a document of kind `K`; of any kind where `K` is `undefined`. */
export type FieldsOf<K extends Kind | undefined> = K extends Kind ? InstanceType<K> : Fields

/** What was read of a document that was expected to be of kind `K`; `Inferred` where `K` is `undefined`. */
export type Expected<K extends Kind | undefined> =
  | NotRead
  | Read<FieldsOf<K>>
  | ([undefined] extends [K] ? Ambiguous : never)

/** Any reading. */
export type Reading = NotRead | Read | Ambiguous

/** Nothing was read. */
export const notRead: NotRead = { _tag: "NotRead" }

/**
 * A reading whose parts become `Redacted` when they are first looked at. `Redacted` keeps what it hides in a weak map,
 * which every garbage collection walks: made for each part of each answer, it cost more than the signature.
 */
class KnownReading<F extends Fields> extends Inspectable.Class implements Read<F>, Equal.Equal {
  readonly _tag = "Read"
  readonly document: Name
  readonly #fields: F
  readonly #raw: Readonly<Record<string, unknown>>
  #hiddenFields: Redacted.Redacted<F> | undefined
  #hiddenRaw: Raw | undefined

  constructor(document: Name, fields: F, raw: Readonly<Record<string, unknown>>) {
    super()
    this.document = document
    this.#fields = fields
    this.#raw = raw
  }

  /** Its fields, without making them `Redacted` only to look through it. */
  static reveal<F extends Fields>(reading: Read<F>): F {
    return #fields in reading && reading.#hiddenFields === undefined
      ? (reading.#fields as Fields as F) // the reading's own: the check by `in` forgets whose
      : Redacted.value(reading.fields)
  }

  get fields(): Redacted.Redacted<F> {
    return (this.#hiddenFields ??= Redacted.make(this.#fields, { label: this.document }))
  }

  get raw(): Raw {
    return (this.#hiddenRaw ??= Redacted.make(this.#raw, { label: this.document }))
  }

  [Equal.symbol](that: Equal.Equal): boolean {
    return (
      that instanceof KnownReading &&
      this.document === that.document &&
      Equal.equals(this.#fields, that.#fields) &&
      Equal.equals(this.#raw, that.#raw)
    )
  }

  [Hash.symbol](): number {
    return Hash.combine(Hash.string(this.document), Hash.hash(this.#raw))
  }

  toJSON(): unknown {
    const hidden = `<redacted:${this.document}>`
    return { _tag: this._tag, document: this.document, fields: hidden, raw: hidden }
  }
}

/** A reading of known kind. */
export const read = <F extends Fields>(document: Name, fields: F, raw: Readonly<Record<string, unknown>>): Read<F> =>
  new KnownReading(document, fields, raw)

/** A reading whose kind the fields do not decide. */
export const ambiguous = (candidates: ReadonlyArray<Name>, raw: Readonly<Record<string, unknown>>): Ambiguous => ({
  _tag: "Ambiguous",
  candidates,
  raw: Redacted.make(raw, { label: "document" })
})

/**
 * Shows the fields: the one explicit step from a result to a person's data. `undefined` where nothing was read or the
 * kind is not decided.
 *
 * @example
 * import * as Document from "@effect-cloudauth/core/Document"
 *
 * declare const reading: Document.Expected<typeof Document.GlobalPassport>
 *
 * const passportNo = Document.reveal(reading)?.passportNo
 */
export const reveal = <F extends Fields>(reading: NotRead | Read<F> | Ambiguous): F | undefined =>
  reading._tag === "Read" ? KnownReading.reveal(reading) : undefined

/**
 * Reads an undecided document as the kind that the caller knows it to be; one of another kind, too. `NotRead` stays so,
 * and is what comes of a class that is none of the seven.
 *
 * @example
 * import * as Document from "@effect-cloudauth/core/Document"
 *
 * declare const reading: Document.Inferred
 *
 * const permit = Document.interpret(reading, Document.MainlandTravelPermitTaiwan)
 * const idNumber = Document.reveal(permit)?.idNumber
 */
export const interpret = <K extends Kind>(reading: Reading, kind: K): Expected<K> => {
  if (reading._tag === "NotRead") return reading
  const name = nameOf(kind)
  if (name === undefined) return notRead
  const raw = Redacted.value(reading.raw)
  // The name comes from the kind, so the fields are that kind's.
  return read(name, readFields(name, raw).fields as FieldsOf<K>, raw)
}
