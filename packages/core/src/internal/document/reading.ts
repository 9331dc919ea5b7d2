/** What was read of a document: its fields (hidden), fields that fit several kinds, text that is not JSON, or nothing. */
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { type Fields, type Kind, type Name, Name as NameSchema } from "./kinds.ts"

/**
 * Everything that was read, known or not, as it came.
 *
 * @category models
 * @since 0.1.0
 */
export const Raw = Schema.RedactedFromValue(
  Schema.Record(Schema.String, Schema.Unknown).annotate({
    description: "Everything that was read, known or not, as it came."
  }),
  { label: "document" }
)
export type Raw = typeof Raw.Type

/**
 * The service read nothing: OCR failed, or that side was not asked for.
 *
 * @category models
 * @since 0.1.0
 */
export const NotRead = Schema.TaggedStruct("NotRead", {})
export interface NotRead extends Schema.Schema.Type<typeof NotRead> {}

/**
 * The service sent something that is not a JSON object, so what was read is unknown.
 *
 * @category models
 * @since 0.1.0
 */
export const Unreadable = Schema.TaggedStruct("Unreadable", {
  raw: Schema.RedactedFromValue(Schema.Unknown, { label: "document" })
})
export interface Unreadable extends Schema.Schema.Type<typeof Unreadable> {}

/**
 * The fields fit more than one kind, or none. `Document.interpret` reads them as the kind that you know it is.
 *
 * @category models
 * @since 0.1.0
 */
export const Ambiguous = Schema.TaggedStruct("Ambiguous", {
  candidates: Schema.Array(NameSchema).annotate({ description: "The kinds that the fields fit." }),
  raw: Raw
})
export interface Ambiguous extends Schema.Schema.Type<typeof Ambiguous> {}

/**
 * A document was read. Its fields are a person's data: `Document.reveal` shows them.
 *
 * @category models
 * @since 0.1.0
 */
export interface Read<out F extends Fields = Fields> {
  readonly _tag: "Read"
  readonly document: Name
  readonly fields: Redacted.Redacted<F>
  readonly raw: Raw
}

/** The schema of a document of a kind that was read. */
export const Read = <K extends Kind>(kind: K, name: Name) =>
  Schema.TaggedStruct("Read", {
    document: Schema.Literal(name).annotate({ description: "The kind of the document." }),
    fields: Schema.RedactedFromValue(kind, { label: "document" }),
    raw: Raw
  })

/**
 * What was read of a document if the caller did not name its kind.
 *
 * @category models
 * @since 0.1.0
 */
export type Inferred = NotRead | Unreadable | Read | Ambiguous

/**
 * The fields of a document of kind `K`; of any kind if `K` is `undefined`.
 *
 * @category models
 * @since 0.1.0
 */
export type FieldsOf<K extends Kind | undefined> = K extends Kind ? K["Type"] : Fields

/**
 * What was read of a document that was expected to be of kind `K`; `Inferred` if `K` is `undefined`.
 *
 * @category models
 * @since 0.1.0
 */
export type Expected<K extends Kind | undefined> =
  | NotRead
  | Unreadable
  | Read<FieldsOf<K>>
  | ([undefined] extends [K] ? Ambiguous : never)

/**
 * Any reading.
 *
 * @category models
 * @since 0.1.0
 */
export type Reading = NotRead | Unreadable | Read | Ambiguous

export const notRead: NotRead = { _tag: "NotRead" }

export const unreadable = (raw: unknown): Unreadable => ({
  _tag: "Unreadable",
  raw: Redacted.make(raw, { label: "document" })
})

export const ambiguous = (candidates: ReadonlyArray<Name>, raw: Readonly<Record<string, unknown>>): Ambiguous => ({
  _tag: "Ambiguous",
  candidates,
  raw: Redacted.make(raw, { label: "document" })
})

export const read = <F extends Fields>(document: Name, fields: F, raw: Readonly<Record<string, unknown>>): Read<F> => ({
  _tag: "Read",
  document,
  fields: Redacted.make(fields, { label: "document" }),
  raw: Redacted.make(raw, { label: "document" })
})

/**
 * A copy of a result (by `structuredClone`, or JSON) has lost the person's data, so there is nothing to reveal. Reveal
 * the original, or send it with the `CheckResult` schema.
 *
 * @category errors
 * @since 0.1.0
 */
export class PersonalDataMissing extends Schema.TaggedError<PersonalDataMissing>(
  "@effect-cloudauth/core/Document/PersonalDataMissing"
)("PersonalDataMissing", {}) {
  override get message(): string {
    return "This copy of a result holds no personal data: structuredClone and JSON drop it. Reveal the original result, or encode it with the CheckResult schema, which needs PersonalData."
  }
}

/** The value of a `Redacted`. Throws `PersonalDataMissing` if it is the copy of one. */
export const revealRedacted = <A>(hidden: Redacted.Redacted<A>): A => {
  if (!Redacted.isRedacted(hidden)) throw new PersonalDataMissing({})
  return Redacted.value(hidden)
}

/**
 * Shows the fields: the one explicit step from a result to a person's data. `undefined` if nothing was read or the kind
 * is not decided. Throws `PersonalDataMissing` for a copy that has lost them.
 *
 * @example
 * import * as Document from "@effect-cloudauth/core/Document"
 *
 * declare const reading: Document.Expected<typeof Document.GlobalPassport>
 *
 * const passportNo = Document.reveal(reading)?.passportNo
 *
 * @category getters
 * @since 0.1.0
 */
export const reveal = <F extends Fields>(reading: NotRead | Unreadable | Read<F> | Ambiguous): F | undefined =>
  reading._tag === "Read" ? revealRedacted(reading.fields) : undefined
