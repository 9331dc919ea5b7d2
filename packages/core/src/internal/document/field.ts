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

/** A field: its schema, with the vendor's words. */
const field =
  <S extends Schema.ConstraintCodec<unknown, string>>(value: S, format: string | undefined) =>
  (description: string, example: string) => {
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

export const text = field(Text, undefined)
export const day = field(DocumentDate.Day, "yyyy-MM-dd")
export const month = field(DocumentDate.Month, "yyyy-MM")
export const sex = field(Sex, undefined)
