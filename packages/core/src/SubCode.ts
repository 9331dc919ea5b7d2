/**
 * What `Result.SubCode` says: the vendor's meaning, and whether the authentication record is billed. `Advice.ofSubCode`
 * has the texts for the user and for your reviewer.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * The sub codes of the vendor's page: its `meaning`, and whether the authentication record is billed.
 *
 * @category constants
 * @since 0.1.0
 */
export const table = {
  "200": {
    _tag: "AuthenticationPassed",
    code: "200",
    meaning: "Authentication passed.",
    billed: true
  },
  "211": {
    _tag: "ImageInsufficient",
    code: "211",
    meaning: "The quality or resolution of the certificate image does not meet requirements, or it is incomplete.",
    billed: true
  },
  "212": {
    _tag: "CounterfeitRisk",
    code: "212",
    meaning: "Anti-counterfeiting detection indicates risk: the image may be of a screen, a copy or a tampered card.",
    billed: true
  },
  "213": {
    _tag: "DocumentNotRecognised",
    code: "213",
    meaning: "The specified certificate type was not detected, or the type could not be identified.",
    billed: true
  }
} as const

/** A literal of one part of a row. Written as an index, the type stays this row's. */
const part = <const Row extends object, Key extends keyof Row>(row: Row, key: Key): Row[Key] => row[key]

/** What is known of a code, as the only values that it can have. */
const known = <const Row extends (typeof table)[keyof typeof table]>(row: Row) =>
  Schema.TaggedStruct(part(row, "_tag"), {
    /** The code as it came. */
    code: Schema.Literal(part(row, "code")).annotate({ description: "The code as it came." }),
    /** The vendor's meaning. */
    meaning: Schema.Literal(part(row, "meaning")).annotate({ description: "The vendor's meaning." }),
    /** Whether the authentication record is billed. */
    billed: Schema.Literal(part(row, "billed")).annotate({
      description: "Whether the authentication record is billed."
    })
  })

/**
 * 200: the document passed.
 *
 * @category models
 * @since 0.1.0
 */
export const AuthenticationPassed = known(table["200"])
export interface AuthenticationPassed extends Schema.Schema.Type<typeof AuthenticationPassed> {}

/**
 * 211: the image is not good enough.
 *
 * @category models
 * @since 0.1.0
 */
export const ImageInsufficient = known(table["211"])
export interface ImageInsufficient extends Schema.Schema.Type<typeof ImageInsufficient> {}

/**
 * 212: the document may be a copy, a screen or tampered with.
 *
 * @category models
 * @since 0.1.0
 */
export const CounterfeitRisk = known(table["212"])
export interface CounterfeitRisk extends Schema.Schema.Type<typeof CounterfeitRisk> {}

/**
 * 213: the document was not found in the image.
 *
 * @category models
 * @since 0.1.0
 */
export const DocumentNotRecognised = known(table["213"])
export interface DocumentNotRecognised extends Schema.Schema.Type<typeof DocumentNotRecognised> {}

const unknownMeaning = "A sub code that the vendor's page does not list."

const isKnown = (code: string): code is keyof typeof table => Object.hasOwn(table, code)

/**
 * A code that the vendor's page does not list.
 *
 * @category models
 * @since 0.1.0
 */
export const UnknownSubCode = Schema.TaggedStruct("UnknownSubCode", {
  code: Schema.NonEmptyString.annotate({ description: "The code as it came." }).check(
    Schema.makeFilter((code) => !isKnown(code), {
      expected: "a code that the vendor's page does not list",
      arbitraryConstraint: { patterns: [{ source: "^[3-9][0-9]{2}$", flags: "u" }] }
    })
  ),
  meaning: Schema.Literal(unknownMeaning).annotate({ description: "That the code's meaning is unknown." })
})
export interface UnknownSubCode extends Schema.Schema.Type<typeof UnknownSubCode> {}

/**
 * A sub code of a rejection.
 *
 * @category models
 * @since 0.1.0
 */
export const Rejection = Schema.Union([ImageInsufficient, CounterfeitRisk, DocumentNotRecognised, UnknownSubCode])
export type Rejection = typeof Rejection.Type

/**
 * A sub code as a tagged value.
 *
 * @category models
 * @since 0.1.0
 */
export const SubCode = Schema.Union([
  AuthenticationPassed,
  ImageInsufficient,
  CounterfeitRisk,
  DocumentNotRecognised,
  UnknownSubCode
]).pipe(Schema.toTaggedUnion("_tag"))
export type SubCode = typeof SubCode.Type

/**
 * The sub code of a text. Unknown ones are kept.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromCode = (code: string): SubCode =>
  isKnown(code) ? table[code] : { _tag: "UnknownSubCode", code, meaning: unknownMeaning }

/**
 * Whether the authentication record is billed; `undefined` if the vendor's page is silent.
 *
 * @category getters
 * @since 0.1.0
 */
export const isBilled = (subCode: SubCode): boolean | undefined =>
  subCode._tag === "UnknownSubCode" ? undefined : subCode.billed
