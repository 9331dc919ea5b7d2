/**
 * What the service answers for a transaction. A scenario is plain data: it can be written in TypeScript with the constructors below or
 * sent as JSON to the admin API, and means the same in both.
 *
 * @example
 * import * as Scenario from "@effect-cloudauth/emulator/Scenario"
 *
 * const recovering = Scenario.sequence([
 *   Scenario.throttled({ retryAfterMillis: 50 }),
 *   Scenario.throttled({ retryAfterMillis: 50 }),
 *   Scenario.passed({ document: "global-passport" })
 * ])
 */
import * as Schema from "effect/Schema"
import * as Document from "./Document.ts"
import * as Person from "./Person.ts"
import * as ResponseCode from "./ResponseCode.ts"
import * as Specimen from "./Specimen.ts"

/** How one nested document is written. `malformed` is the JSON string cut off in the middle. */
export const Form = Schema.Literals(["string", "object", "double", "absent", "null", "empty", "malformed"])
export type Form = typeof Form.Type

/** The nesting variants that have been seen on the wire. What is left out is the vendor's documented form. */
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
  /** Where `=` is written as `\u003d` and `/` as `\/`: in ExtIdInfo's own text, in the envelope's, or in both. */
  escape: Schema.optionalKey(Schema.Literals(["none", "inner", "outer", "both"]))
})
export type Nesting = typeof Nesting.Type

/** `result` `Y` means that a risk was found. Types seen: `SCREEN_REMARK`, `PHOTO_COPY`, `TAMPER`. */
export const Spoof = Schema.Struct({
  result: Schema.Literals(["Y", "N"]),
  types: Schema.optionalKey(Schema.Array(Schema.String))
})
export type Spoof = typeof Spoof.Type

/** The photographs, which are sent only where the caller asked for them with `IsReturnImage=Y`. */
export const Images = Schema.Struct({
  format: Schema.optionalKey(Specimen.Format),
  /** The size of each file in bytes; left out: the plain drawing, some 20 KB. */
  bytes: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 64 * 1024 * 1024 })))
})
export type Images = typeof Images.Type

const verdictFields = {
  document: Document.Slug,
  passed: Schema.String,
  subCode: Schema.String,
  ocrIdPassed: Schema.optionalKey(Schema.String),
  /** The person's seed. */
  person: Schema.optionalKey(Schema.String),
  /** Makes the transaction id the person's seed, so that an answer given to the wrong caller shows. */
  personPerTransaction: Schema.optionalKey(Schema.Boolean),
  sexSpelling: Schema.optionalKey(Person.SexSpelling),
  /** Replaces fields that were read; `null` takes a field away. */
  fields: Schema.optionalKey(Schema.Record(Schema.String, Schema.NullOr(Schema.String))),
  /** What the person changed by hand; `ocrIdEditInfo` is then the read fields with these on top. */
  edited: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
  /** `false`: the recognition failed, and neither fields nor photographs come back. */
  read: Schema.optionalKey(Schema.Boolean),
  /** `true`: the back was photographed, too. */
  back: Schema.optionalKey(Schema.Boolean),
  images: Schema.optionalKey(Images),
  spoof: Schema.optionalKey(Spoof),
  spoofBack: Schema.optionalKey(Spoof),
  nesting: Schema.optionalKey(Nesting),
  /** Further keys of `Result` and of `ExtIdInfo`, as sibling solutions send them. */
  extraResult: Schema.optionalKey(Schema.Record(Schema.String, Schema.Json)),
  extraExtIdInfo: Schema.optionalKey(Schema.Record(Schema.String, Schema.Json)),
  delayMillis: Schema.optionalKey(Schema.Finite)
}

export const ErrorFormat = Schema.Literals(["json", "json-lower-case", "xml"])
export type ErrorFormat = typeof ErrorFormat.Type

/** One answer. */
export const Step = Schema.TaggedUnion({
  Verdict: verdictFields,
  ErrorCode: {
    code: Schema.String,
    message: Schema.optionalKey(Schema.String),
    /** The HTTP status, where it shall differ from the code's usual one. */
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
export type Verdict = typeof Step.cases.Verdict.Type

/** Answers in turn; after the last one it is repeated, or the sequence starts anew. */
export const Sequence = Schema.TaggedStruct("Sequence", {
  steps: Schema.NonEmptyArray(Step),
  afterwards: Schema.optionalKey(Schema.Literals(["repeat-last", "start-anew"]))
})
export type Sequence = typeof Sequence.Type

export const Scenario = Schema.Union([Step.cases.Verdict, Step.cases.ErrorCode, Step.cases.Raw, Sequence]).annotate({
  identifier: "Scenario"
})
export type Scenario = typeof Scenario.Type

type VerdictOptions = Partial<Omit<Verdict, "_tag">>

/** Passed, unless `passed` and `subCode` say otherwise (contradictions are allowed: the client must notice them). */
export const passed = (options: VerdictOptions = {}): Verdict => ({
  _tag: "Verdict",
  document: "hong-kong-identity-card",
  passed: "Y",
  subCode: "200",
  ...options
})

/** Rejected. With 211 and 213 nothing was read; with 212 the fields are there and the spoof check says `Y`. */
export const rejected = (subCode: string, options: VerdictOptions = {}): Verdict =>
  passed({
    passed: "N",
    subCode,
    ocrIdPassed: "N",
    read: subCode !== "211" && subCode !== "213",
    ...(subCode === "212" ? { spoof: { result: "Y", types: ["SCREEN_REMARK"] } } : {}),
    ...options
  })

/** A risk was found on the card: sub code 212, with the given types. */
export const spoofed = (types: ReadonlyArray<string> = ["SCREEN_REMARK"], options: VerdictOptions = {}): Verdict =>
  rejected("212", { spoof: { result: "Y", types: [...types] }, ...options })

export const errorCode = (
  code: ResponseCode.Code | (string & {}),
  options: Partial<Omit<typeof Step.cases.ErrorCode.Type, "_tag" | "code">> = {}
): Step => ({ _tag: "ErrorCode", code, ...options })

/** `Throttling.Api`, with `x-acs-retry-after` in milliseconds where given. */
export const throttled = (options: { readonly retryAfterMillis?: number; readonly code?: string } = {}): Step =>
  errorCode(
    options.code ?? "Throttling.Api",
    options.retryAfterMillis === undefined ? {} : { retryAfterMillis: options.retryAfterMillis }
  )

export const notCompleted: Step = errorCode("ProcessNotCompleted")

export const raw = (options: Omit<typeof Step.cases.Raw.Type, "_tag">): Step => ({ _tag: "Raw", ...options })

export const sequence = (
  steps: readonly [Step, ...ReadonlyArray<Step>],
  afterwards: "repeat-last" | "start-anew" = "repeat-last"
): Sequence => ({ _tag: "Sequence", steps, afterwards })

const times = (count: number, step: Step): [Step, ...ReadonlyArray<Step>] => [
  step,
  ...Array.from({ length: count - 1 }, () => step)
]

/** Transaction ids that answer without any registration. `-` and anything after one of them starts the same scenario afresh. */
export const wellKnown: ReadonlyMap<string, Scenario> = new Map<string, Scenario>([
  ...Document.slugs.map((document) => [`hksb-passed-${document}`, passed({ document, back: true })] as const),
  ...["211", "212", "213"].map((subCode) => [`hksb-rejected-${subCode}`, rejected(subCode)] as const),
  ["hksb-spoofed", spoofed()],
  ["hksb-edited", passed({ edited: { englishName: "EDITED BY HAND" } })],
  ["hksb-contradictory", passed({ subCode: "211" })],
  ["hksb-nested-object", passed({ nesting: { extIdInfo: "object", inner: "object" } })],
  ["hksb-nested-double", passed({ nesting: { extIdInfo: "double", inner: "double", spoofType: "string" } })],
  ["hksb-nested-empty", passed({ nesting: { inner: "empty" } })],
  ["hksb-nested-malformed", passed({ nesting: { ocrIdInfo: "malformed" } })],
  ["hksb-escaped", passed({ nesting: { escape: "inner" } })],
  ["hksb-large-images", passed({ back: true, images: { bytes: 400_000 } })],
  ["hksb-throttled", throttled({ retryAfterMillis: 100 })],
  ["hksb-throttled-twice", sequence([...times(2, throttled({ retryAfterMillis: 50 })), passed()])],
  ["hksb-unavailable-twice", sequence([...times(2, errorCode("ServiceUnavailable")), passed()])],
  ["hksb-pending", notCompleted],
  ["hksb-pending-three", sequence([...times(3, notCompleted), passed()])],
  ["hksb-slow", passed({ delayMillis: 3000 })],
  ...Object.keys(ResponseCode.codes).map((code) => [`hksb-error-${code}`, errorCode(code)] as const)
])

const longestFirst = [...wellKnown].sort(([one], [other]) => other.length - one.length)

/** The well-known scenario of an id, if it has one. */
export const lookup = (transactionId: string): Scenario | undefined =>
  wellKnown.get(transactionId) ?? longestFirst.find(([id]) => transactionId.startsWith(`${id}-`))?.[1]
