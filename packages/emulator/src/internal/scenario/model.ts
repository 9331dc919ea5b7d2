/** What a scenario can say, as schemas. */
import * as Schema from "effect/Schema"
import * as Document from "../../Document.ts"
import * as Person from "../../Person.ts"
import * as Specimen from "../../Specimen.ts"

/**
 * How one nested document is written. `malformed` is the JSON text cut off in the middle.
 *
 * @category models
 * @since 0.1.0
 */
export const Form = Schema.Literals(["string", "object", "double", "absent", "null", "empty", "malformed"])
export type Form = typeof Form.Type

/**
 * The nesting variants that have been seen on the wire. A part that is left out has the vendor's documented form.
 *
 * @category models
 * @since 0.1.0
 */
export const Nesting = Schema.Struct({
  extIdInfo: Schema.optionalKey(Form),
  /** For all five inner documents; each can be set apart, too. */
  inner: Schema.optionalKey(Form),
  ocrIdInfo: Schema.optionalKey(Form),
  ocrIdEditInfo: Schema.optionalKey(Form),
  ocrIdBackInfo: Schema.optionalKey(Form),
  spoofInfo: Schema.optionalKey(Form),
  spoofBackInfo: Schema.optionalKey(Form),
  spoofType: Schema.optionalKey(Schema.Literals(["array", "string"])),
  /** Whose `=` is written as `\u003d` and `/` as `\/`: ExtIdInfo's own text, the envelope's, or both. */
  escape: Schema.optionalKey(Schema.Literals(["none", "inner", "outer", "both"]))
})
export type Nesting = typeof Nesting.Type

/**
 * The anti-spoofing check of one side.
 *
 * @category models
 * @since 0.1.0
 */
export const Spoof = Schema.Struct({
  /** `Y`: a risk was found. Left out: the result is missing. Anything but `Y` and `N` is unreadable. */
  result: Schema.optionalKey(Schema.String),
  /** Types seen: `SCREEN_REMARK`, `PHOTO_COPY`, `TAMPER`. */
  types: Schema.optionalKey(Schema.Array(Schema.String))
})
export type Spoof = typeof Spoof.Type

const Side = Schema.Literals(["front", "back"])

/**
 * The images. They are sent only if the caller asks for them with `IsReturnImage=Y`.
 *
 * @category models
 * @since 0.1.0
 */
export const Images = Schema.Struct({
  format: Schema.optionalKey(Specimen.Format),
  /** The size of each file in bytes; left out: the plain drawing, some 20 KB. */
  bytes: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 64 * 1024 * 1024 }))),
  /** Sides whose image does not come, although the document was read. */
  missing: Schema.optionalKey(Schema.Array(Side))
})
export type Images = typeof Images.Type

/**
 * A date so many days after (or, below 0, before) the day of the result on the emulator's clock, as `yyyy-MM-dd`.
 *
 * @category models
 * @since 0.1.0
 */
export const RelativeDate = Schema.Struct({ daysFromNow: Schema.Int })
export type RelativeDate = typeof RelativeDate.Type

/**
 * The value of a field; `null` takes the field away.
 *
 * @category models
 * @since 0.1.0
 */
export const FieldValue = Schema.NullOr(Schema.Union([Schema.String, RelativeDate]))
export type FieldValue = typeof FieldValue.Type

/**
 * A key that is written behind the others of an object, even if the object has it already: that is how keys are
 * doubled.
 *
 * @category models
 * @since 0.1.0
 */
export const Appended = Schema.Struct({
  in: Schema.Literals(["answer", "result", "extIdInfo", "ocrIdInfo", "spoofInfo"]),
  key: Schema.String,
  value: Schema.Json
})
export type Appended = typeof Appended.Type

const verdictFields = {
  document: Document.Slug,
  /** `Y`, `N`, or `P` while it is pending; contradictions are allowed, because a client must notice them. */
  passed: Schema.String,
  subCode: Schema.String,
  ocrIdPassed: Schema.optionalKey(Schema.String),
  /** The person's seed. */
  person: Schema.optionalKey(Schema.String),
  /** Makes the transaction id the person's seed, so that an answer given to the wrong caller shows. */
  personPerTransaction: Schema.optionalKey(Schema.Boolean),
  sexSpelling: Schema.optionalKey(Person.SexSpelling),
  /** `snake-case` writes the field names of the vendor's other edition: `passport_number`, `date_of_birth`. */
  fieldNames: Schema.optionalKey(Schema.Literals(["documented", "snake-case"])),
  /** Replaces fields that were read, or adds others. */
  fields: Schema.optionalKey(Schema.Record(Schema.String, FieldValue)),
  /** The same for the back. */
  backFields: Schema.optionalKey(Schema.Record(Schema.String, FieldValue)),
  /** What the user changed; `ocrIdEditInfo` is then the read fields with these on top. */
  edited: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
  /** `false`: OCR failed, and neither fields nor images come back. */
  read: Schema.optionalKey(Schema.Boolean),
  /** Whether the back was captured, too. Left out: if `Pages` of Initialize asks for it. */
  back: Schema.optionalKey(Schema.Boolean),
  images: Schema.optionalKey(Images),
  spoof: Schema.optionalKey(Spoof),
  spoofBack: Schema.optionalKey(Spoof),
  nesting: Schema.optionalKey(Nesting),
  /** Further keys of `Result` and of `ExtIdInfo`, as sibling solutions send them. */
  extraResult: Schema.optionalKey(Schema.Record(Schema.String, Schema.Json)),
  extraExtIdInfo: Schema.optionalKey(Schema.Record(Schema.String, Schema.Json)),
  appended: Schema.optionalKey(Schema.Array(Appended)),
  /** The HTTP status beside the code `Success` (200). */
  status: Schema.optionalKey(Schema.Int),
  delayMillis: Schema.optionalKey(Schema.Finite)
}

/**
 * How an error is written.
 *
 * @category models
 * @since 0.1.0
 */
export const ErrorFormat = Schema.Literals(["json", "json-lower-case", "xml"])
export type ErrorFormat = typeof ErrorFormat.Type

/**
 * One answer.
 *
 * @category models
 * @since 0.1.0
 */
export const Step = Schema.TaggedUnion({
  Verdict: verdictFields,
  ErrorCode: {
    code: Schema.String,
    message: Schema.optionalKey(Schema.String),
    /** The HTTP status, if it differs from the code's usual one. */
    status: Schema.optionalKey(Schema.Int),
    retryAfterMillis: Schema.optionalKey(Schema.Finite),
    format: Schema.optionalKey(ErrorFormat),
    delayMillis: Schema.optionalKey(Schema.Finite)
  },
  Raw: {
    status: Schema.Int,
    headers: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
    body: Schema.String,
    /** `base64` for bodies that are not text. */
    encoding: Schema.optionalKey(Schema.Literals(["utf8", "base64"])),
    delayMillis: Schema.optionalKey(Schema.Finite)
  }
})
export type Step = typeof Step.Type

/**
 * An answer with a result.
 *
 * @category models
 * @since 0.1.0
 */
export type Verdict = typeof Step.cases.Verdict.Type

/**
 * Answers in turn. After the last one it is repeated, or the sequence starts again.
 *
 * @category models
 * @since 0.1.0
 */
export const Sequence = Schema.TaggedStruct("Sequence", {
  steps: Schema.NonEmptyArray(Step),
  afterwards: Schema.optionalKey(Schema.Literals(["repeat-last", "start-anew"]))
})
export type Sequence = typeof Sequence.Type

/**
 * What a transaction answers.
 *
 * @category models
 * @since 0.1.0
 */
export const Scenario = Schema.Union([Step.cases.Verdict, Step.cases.ErrorCode, Step.cases.Raw, Sequence]).annotate({
  identifier: "Scenario"
})
export type Scenario = typeof Scenario.Type

/**
 * Everything about a verdict that can be set.
 *
 * @category models
 * @since 0.1.0
 */
export type VerdictOptions = Partial<Omit<Verdict, "_tag">>
