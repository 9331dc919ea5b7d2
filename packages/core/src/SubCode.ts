/**
 * What `Result.SubCode` says: the vendor's meaning, a text for the user, advice for your reviewer, and whether the record
 * is billed.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 */
import * as Schema from "effect/Schema"

const facts = {
  /** The code as it came. */
  code: Schema.String,
  /** The vendor's meaning. */
  meaning: Schema.String,
  /** What your reviewer should do. Never show it to the user: for 212 it tells a forger what was found. */
  advice: Schema.String,
  /** Text to show to the user. It never says that a forgery is suspected. */
  userText: Schema.String,
  /** Whether the authentication record is billed; `undefined` where the vendor's page is silent. */
  billed: Schema.UndefinedOr(Schema.Boolean)
}

/** 200: the document passed. */
export const AuthenticationPassed = Schema.TaggedStruct("AuthenticationPassed", facts)
export interface AuthenticationPassed extends Schema.Schema.Type<typeof AuthenticationPassed> {}

/** 211: the photograph is not good enough. */
export const ImageInsufficient = Schema.TaggedStruct("ImageInsufficient", facts)
export interface ImageInsufficient extends Schema.Schema.Type<typeof ImageInsufficient> {}

/** 212: the document may be a copy, a screen or tampered with. */
export const CounterfeitRisk = Schema.TaggedStruct("CounterfeitRisk", facts)
export interface CounterfeitRisk extends Schema.Schema.Type<typeof CounterfeitRisk> {}

/** 213: the document was not found in the photograph. */
export const DocumentNotRecognised = Schema.TaggedStruct("DocumentNotRecognised", facts)
export interface DocumentNotRecognised extends Schema.Schema.Type<typeof DocumentNotRecognised> {}

/** A code that the vendor's page does not list. */
export const UnknownSubCode = Schema.TaggedStruct("UnknownSubCode", facts)
export interface UnknownSubCode extends Schema.Schema.Type<typeof UnknownSubCode> {}

/** A sub code as a tagged value. */
export const SubCode = Schema.Union([
  AuthenticationPassed,
  ImageInsufficient,
  CounterfeitRisk,
  DocumentNotRecognised,
  UnknownSubCode
])
export type SubCode =
  | AuthenticationPassed
  | ImageInsufficient
  | CounterfeitRisk
  | DocumentNotRecognised
  | UnknownSubCode

/** The same for 212 and for unknown codes: it says nothing about what was found. */
const neutral = "We could not accept this document. We will contact you."

/** The sub codes of the vendor's page. */
export const table = {
  "200": {
    _tag: "AuthenticationPassed",
    code: "200",
    meaning: "Authentication passed.",
    advice: "Nothing more to do.",
    // An inconclusive verdict can have this code, so the text does not say "accepted".
    userText: "We have received your document.",
    billed: true
  },
  "211": {
    _tag: "ImageInsufficient",
    code: "211",
    meaning: "The quality or resolution of the certificate image does not meet requirements, or it is incomplete.",
    advice:
      "Ask the user for a new photograph of the portrait side: clear, normally exposed, complete, nothing covered, held straight.",
    userText:
      "We could not read your document. Please take a new photo: in good light, in focus, with all corners visible and nothing covered.",
    billed: true
  },
  "212": {
    _tag: "CounterfeitRisk",
    code: "212",
    meaning:
      "Anti-counterfeiting detection indicates risk: the photograph may be of a screen, a copy or a tampered card.",
    advice: "Do not accept the document; let a person review it, or ask for the original card again.",
    userText: neutral,
    billed: true
  },
  "213": {
    _tag: "DocumentNotRecognised",
    code: "213",
    meaning: "The specified certificate type was not detected, or the type could not be identified.",
    advice: "Ask the user for a clear, complete, straight photograph of the right document.",
    userText:
      "We could not find the document in your photo. Please take a new photo of the right document: straight, in focus and with all corners visible.",
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
        userText: neutral,
        billed: undefined
      }
