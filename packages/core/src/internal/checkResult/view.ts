/** The facts of a check without the person. */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex } from "@noble/hashes/utils.js"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import type * as Document from "../../Document.ts"
import * as IdImage from "../../IdImage.ts"
import { printable } from "../decode/serverText.ts"
import { differences } from "../document/differences.ts"
import { fieldName } from "../document/fieldName.ts"
import { names } from "../document/kinds.ts"
import { revealRedacted } from "../document/reading.ts"
import { generatedFrom } from "../generated.ts"
import { agrees, type CheckResult, facts } from "./model.ts"
import { resultFrom, sampleOf } from "./sample.ts"

const ImageView = Schema.Struct({
  mediaType: IdImage.MediaType.annotate({ description: "Its format, by its first bytes." }),
  size: Schema.Int.annotate({ description: "Bytes." }),
  sha256: Schema.String.annotate({
    description: "Of the bytes, in hex: shows later that an image is the one that came."
  })
})

const Facts = Schema.Struct({
  ...facts,
  document: Schema.Literals([...names, "Undecided", "NotRead", "Unreadable"]).annotate({
    description: "The kind of the document; Undecided if its fields fit several."
  }),
  edited: Schema.Array(Schema.String).annotate({
    description: "The fields that the person changed; other for one that is in none of the vendor's tables."
  }),
  warnings: Schema.Array(
    Schema.Struct({
      path: Schema.String.annotate({ description: "The path in the answer; empty for the whole." }),
      expected: Schema.String.annotate({ description: "What should have stood there." })
    })
  ).annotate({
    description: "What in the answer is not as documented: where, and what should have stood there."
  }),
  images: Schema.Struct({ front: Schema.optional(ImageView), back: Schema.optional(ImageView) })
})
  .annotate({ title: "Check result without personal data" })
  .check(agrees)
  .annotate({ identifier: "CheckResultView" })
/**
 * The facts of a check.
 *
 * @category models
 * @since 0.1.0
 */
export interface View extends Schema.Schema.Type<typeof Facts> {}

const generated: Schema.Codec<View, typeof Facts.Encoded> = Facts.pipe(
  Schema.decodeTo(
    generatedFrom(Schema.toType(Facts), sampleOf(undefined), (sample) => {
      const result = resultFrom(undefined)(sample)
      return result === undefined ? undefined : viewOf(result)
    }),
    SchemaTransformation.passthrough()
  )
)

/** The facts of a check. It can hold no person. Spread `fields` into a struct of your own. */
export const View = Object.assign(generated, { fields: Facts.fields })

/** The facts of a result. */
export const viewOf = (result: CheckResult<Document.Reading>): View => ({
  ...(result.requestId === undefined ? {} : { requestId: result.requestId }),
  ...(result.transactionId === undefined ? {} : { transactionId: result.transactionId }),
  ...(result.merchantBizId === undefined ? {} : { merchantBizId: result.merchantBizId }),
  ...(result.receivedAt === undefined ? {} : { receivedAt: result.receivedAt }),
  expectation: result.expectation,
  verdict: result.verdict,
  document: documentOf(result),
  ...(result.ocrPassed === undefined ? {} : { ocrPassed: result.ocrPassed }),
  spoof: result.spoof,
  edited: [...new Set(differences(result.ocr, result.ocrEdited).map(({ field }) => fieldName(field)))],
  warnings: result.warnings.map(({ expected, path }) => ({ path: path.split(".").map(printable).join("."), expected })),
  images: {
    ...(result.images.front === undefined ? {} : { front: imageView(result.images.front) }),
    ...(result.images.back === undefined ? {} : { back: imageView(result.images.back) })
  }
})

const documentOf = ({ ocr, ocrBack }: CheckResult<Document.Reading>): View["document"] => {
  const reading = ocr._tag === "NotRead" ? ocrBack : ocr
  if (reading._tag === "Read") return reading.document
  return reading._tag === "Ambiguous" ? "Undecided" : reading._tag
}

const imageView = ({ bytes, mediaType, size }: IdImage.IdImage): typeof ImageView.Type => ({
  mediaType,
  size,
  sha256: bytesToHex(sha256(revealRedacted(bytes)))
})
