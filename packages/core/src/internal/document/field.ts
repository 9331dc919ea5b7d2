/** What a field of a document can be, with the vendor's words, as the schemas of its value and of the wire. */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as DocumentDate from "../../DocumentDate.ts"
import { Sex } from "../../Sex.ts"

/** Text, or blank (absent, `null`, empty) for what was not read. */
const Blankable = Schema.optional(Schema.NullOr(Schema.String))

const isBlank = (value: string | null | undefined): value is null | undefined | "" =>
  value === null || value === undefined || value.trim() === ""

/** Whether a text says something. Dashes, stars and the words that writers leave for nothing don't. */
export const isTold = (text: string): boolean =>
  /[\p{L}\p{N}]/u.test(text) && !/^(?:null|none|undefined|n\/?a)$/i.test(text.trim())

/**
 * A field of a document: blank on the wire is absent. Its interfaces have names, so that a declaration names them: seven
 * documents that spelled their fields out made the compiler compare them part by part.
 *
 * @category models
 * @since 0.1.0
 */
export interface Field<S extends Schema.Constraint> extends Schema.decodeTo<Schema.optionalKey<S>, typeof Blankable> {
  /** The schema of what was read. */
  readonly value: S
}

/**
 * A field that holds text.
 *
 * @category models
 * @since 0.1.0
 */
export interface TextField extends Field<Schema.String> {}

/**
 * A field that holds a date.
 *
 * @category models
 * @since 0.1.0
 */
export interface DayField extends Field<typeof DocumentDate.Day> {}

/**
 * A field that holds a month, or a date.
 *
 * @category models
 * @since 0.1.0
 */
export interface MonthField extends Field<typeof DocumentDate.Month> {}

/**
 * A field that holds the sex.
 *
 * @category models
 * @since 0.1.0
 */
export interface SexField extends Field<typeof Sex> {}

/** A field: its schema, with the vendor's words. */
const field =
  <S extends Schema.ConstraintCodec<unknown, string>>(value: S, format: string | undefined) =>
  (description: string, example: string): Field<S> => {
    const annotations = {
      title: description,
      description: format === undefined ? description : `${description}, ${format}`,
      examples: [example],
      ...(format === undefined ? {} : { format })
    }
    const schema = Blankable.annotate(annotations).pipe(
      Schema.decodeTo(Schema.optionalKey(value), {
        decode: SchemaGetter.transformOptional<string, string | null | undefined>((text) =>
          Option.isNone(text) || isBlank(text.value) ? Option.none() : Option.some(text.value)
        ),
        encode: SchemaGetter.transform<string | null | undefined, string>((text) => text)
      })
    )
    return Object.assign(schema, { value })
  }

/** Text that is not blank; generators make a few letters. */
const Text = Schema.String.check(
  Schema.makeFilter((text) => !isBlank(text), {
    expected: "text that is not blank",
    arbitraryConstraint: { patterns: [{ source: "^[A-Z]{1,8}(?: [A-Z]{1,8})?$", flags: "u" }] }
  })
)

type Words = Parameters<ReturnType<typeof field>>

export const text: (...words: Words) => TextField = field(Text, undefined)
export const day: (...words: Words) => DayField = field(DocumentDate.Day, "yyyy-MM-dd")
export const month: (...words: Words) => MonthField = field(DocumentDate.Month, "yyyy-MM")
export const sex: (...words: Words) => SexField = field(Sex, undefined)
