/** The result of a check, as a type and as plain schemas. */
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as Document from "../../Document.ts"
import * as Expectation from "../../Expectation.ts"
import * as IdImage from "../../IdImage.ts"
import * as Spoof from "../../Spoof.ts"
import * as Verdict from "../../Verdict.ts"
import { type Kind, kinds, nameOf, names } from "../document/kinds.ts"
import * as reading from "../document/reading.ts"

/**
 * Something in the answer that is not what the vendor's page says. The rest of the answer was still read.
 *
 * @category models
 * @since 0.1.0
 */
export const Warning = Schema.Struct({
  /** The path, for example `Result.ExtIdInfo.ocrIdInfo.birthDate`; empty for the whole answer. */
  path: Schema.String.annotate({
    description: "The path, for example Result.ExtIdInfo.ocrIdInfo.birthDate; empty for the whole answer."
  }),
  expected: Schema.String.annotate({ description: "What should have stood there." }),
  /** What stood there; `null` if nothing stands for what is wrong. */
  raw: Schema.RedactedFromValue(Schema.Unknown, { label: "raw" })
})
export interface Warning extends Schema.Schema.Type<typeof Warning> {}

/**
 * A check's result. `R` is what is known of the document: see `Document.Expected` and `Document.Inferred`.
 *
 * @category models
 * @since 0.1.0
 */
export interface CheckResult<out R extends Document.Reading = Document.Inferred> {
  /** The vendor's id of the request, for its support. */
  readonly requestId?: string | undefined
  /** The transaction that was asked for; absent for an answer that was decoded by itself. */
  readonly transactionId?: string | undefined
  /** The merchant's id of the transaction that was asked for; absent for an answer that was decoded by itself. */
  readonly merchantBizId?: string | undefined
  /** When the answer came, in milliseconds since 1970. */
  readonly receivedAt?: number | undefined
  /** What the result was held against. */
  readonly expectation: Expectation.Expectation
  readonly verdict: Verdict.Verdict
  /** `ocrIdPassed`, the result of the OCR phase; absent if it was not reported. */
  readonly ocrPassed?: boolean | undefined
  /** What was read of the front. */
  readonly ocr: R
  /** What was read, as the user edited it on the result page, if the client shows that page (ShowOcrResult). */
  readonly ocrEdited: R
  /** What was read of the back. */
  readonly ocrBack: R
  readonly spoof: { readonly front: Spoof.Spoof; readonly back: Spoof.Spoof }
  /** The images, if the request had `isReturnImage: true` and OCR succeeded. */
  readonly images: { readonly front?: IdImage.IdImage | undefined; readonly back?: IdImage.IdImage | undefined }
  readonly warnings: ReadonlyArray<Warning>
  /** The whole answer with its nested documents decoded, unknown keys included, without the images. */
  readonly raw: Redacted.Redacted<Readonly<Record<string, unknown>>>
}

/** What a result and its `View` have in common. */
export const facts = {
  requestId: Schema.optional(
    Schema.String.annotate({ description: "The vendor's id of the request, for its support." })
  ),
  transactionId: Schema.optional(Schema.String.annotate({ description: "The transaction that was asked for." })),
  merchantBizId: Schema.optional(Schema.String.annotate({ description: "The merchant's id of the transaction." })),
  receivedAt: Schema.optional(
    Expectation.Time.annotate({ description: "When the answer came, in milliseconds since 1970." })
  ),
  expectation: Expectation.Expectation,
  verdict: Verdict.Verdict.annotate({
    description: "The final authentication result: a pass, a rejection, or neither, which a person decides."
  }),
  ocrPassed: Schema.optional(
    Schema.Boolean.annotate({ description: "The final result of the ID document OCR phase; absent if not reported." })
  ),
  spoof: Schema.Struct({
    front: Spoof.Spoof.annotate({ description: "The anti-spoofing check of the front." }),
    back: Spoof.Spoof.annotate({ description: "The anti-spoofing check of the back." })
  })
}

interface Facts extends Pick<CheckResult, "expectation" | "verdict" | "ocrPassed" | "spoof"> {
  /** The front of a result. */
  readonly ocr?: Document.Reading
  /** The kind of a view's document, or why it has none. */
  readonly document?: string
}

/** Whether a front can be that of a pass: it was read, and as a document that was asked for. */
const isExpected = (front: string | undefined, { documents }: Expectation.Expectation): boolean =>
  front !== "NotRead" &&
  front !== "Unreadable" &&
  (documents === undefined || !names.some((name) => name === front) || documents.some((name) => name === front))

/** Facts that no answer leads to: someone changed what was stored. */
export const agrees = Schema.makeFilter(
  ({ document, expectation, ocr, ocrPassed, spoof, verdict }: Facts) => {
    const spoofs = [spoof.front._tag, spoof.back._tag]
    const front = ocr?._tag === "Read" ? ocr.document : (ocr?._tag ?? document)
    return (
      (expectation.idSpoof === true || !spoofs.includes("Clear")) &&
      (verdict._tag !== "Passed" || (ocrPassed !== false && !spoofs.includes("Risk") && isExpected(front, expectation)))
    )
  },
  { expected: "a verdict and an anti-spoofing check that nothing else in the result contradicts" }
)

const struct = <R extends Schema.Constraint>(document: R) =>
  Schema.Struct({
    ...facts,
    ocr: document,
    ocrEdited: document,
    ocrBack: document,
    images: Schema.Struct({ front: Schema.optional(IdImage.IdImage), back: Schema.optional(IdImage.IdImage) }),
    warnings: Schema.Array(Warning),
    raw: Schema.RedactedFromValue(
      Schema.Record(Schema.String, Schema.Unknown).annotate({ description: "The whole answer without the images." }),
      { label: "answer" }
    )
  })

/** The result of a document whose kind was not named. */
export const inferred = struct(
  Schema.Union([
    reading.NotRead,
    reading.Unreadable,
    reading.Ambiguous,
    ...names.map((name) => reading.Read(kinds[name], name))
  ])
).check(agrees)

/** What an encoded result looks like; the fields of its document are those of the kind. */
export type Encoded = (typeof inferred)["Encoded"]

/** A codec of results that keeps nothing back. */
export type Plain<R extends Document.Reading> = Schema.Codec<CheckResult<R>, Encoded>

/** The result of a document of a kind. */
export const expected = <K extends Kind>(kind: K): Plain<Document.Expected<K>> => {
  const name = nameOf(kind)
  if (name === undefined) throw new TypeError("CheckResult.of takes one of the kinds of Document.")
  // A union of what is expected of this kind is what is expected of it.
  return struct(Schema.Union([reading.NotRead, reading.Unreadable, reading.Read(kinds[name], name)])).check(
    agrees
  ) as unknown as Plain<Document.Expected<K>>
}
