/**
 * What `Result.SubCode` says: the vendor's meaning, what to tell the user, and whether the record is billed.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 */
import * as Schema from "effect/Schema"

interface Of<Tag extends string> {
  readonly _tag: Tag
  /** The code as it came. */
  readonly code: string
  /** The vendor's meaning. */
  readonly meaning: string
  /** What to tell the user, or to do. */
  readonly advice: string
  /** Whether the authentication record is billed; `undefined` where the vendor's page is silent. */
  readonly billed: boolean | undefined
}

/** A sub code as a tagged value. */
export type SubCode =
  | Of<"AuthenticationPassed">
  | Of<"ImageInsufficient">
  | Of<"CounterfeitRisk">
  | Of<"DocumentNotRecognised">
  | Of<"UnknownSubCode">

const facts = {
  code: Schema.String,
  meaning: Schema.String,
  advice: Schema.String,
  billed: Schema.UndefinedOr(Schema.Boolean)
}

export const SubCode: Schema.Codec<SubCode> = Schema.Union([
  Schema.TaggedStruct("AuthenticationPassed", facts),
  Schema.TaggedStruct("ImageInsufficient", facts),
  Schema.TaggedStruct("CounterfeitRisk", facts),
  Schema.TaggedStruct("DocumentNotRecognised", facts),
  Schema.TaggedStruct("UnknownSubCode", facts)
])

/** The sub codes of the vendor's page. */
export const table = {
  "200": {
    _tag: "AuthenticationPassed",
    code: "200",
    meaning: "Authentication passed.",
    advice: "Nothing more to do.",
    billed: true
  },
  "211": {
    _tag: "ImageInsufficient",
    code: "211",
    meaning: "The quality or resolution of the certificate image does not meet requirements, or it is incomplete.",
    advice:
      "Ask the user for a new photograph of the portrait side: clear, normally exposed, complete, nothing covered, held straight.",
    billed: true
  },
  "212": {
    _tag: "CounterfeitRisk",
    code: "212",
    meaning:
      "Anti-counterfeiting detection indicates risk: the photograph may be of a screen, a copy or a tampered card.",
    advice: "Do not accept the document; let a person review it, or ask for the original card again.",
    billed: true
  },
  "213": {
    _tag: "DocumentNotRecognised",
    code: "213",
    meaning: "The specified certificate type was not detected, or the type could not be identified.",
    advice: "Ask the user for a clear, complete, straight photograph of the right document.",
    billed: true
  }
} as const satisfies Record<string, SubCode>

const isKnown = (code: string): code is keyof typeof table => Object.hasOwn(table, code)

/** The sub code of a text; unknown ones are kept. */
export const fromCode = (code: string): SubCode =>
  isKnown(code)
    ? table[code]
    : {
        _tag: "UnknownSubCode",
        code,
        meaning: "A sub code that the vendor's page does not list.",
        advice: "Let a person look at it; give the request id to the vendor's support for its meaning.",
        billed: undefined
      }
