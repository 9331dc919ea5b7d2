/** The facts of a result as stores have them whose rows were written before `StoredResult.View`. */
import * as Document from "@effect-cloudauth/core/Document"
import * as IdImage from "@effect-cloudauth/core/IdImage"
import type * as Spoof from "@effect-cloudauth/core/Spoof"
import * as SubCode from "@effect-cloudauth/core/SubCode"
import * as Verdict from "@effect-cloudauth/core/Verdict"
import * as Schema from "effect/Schema"

const EarlierSpoof = Schema.Struct({
  _tag: Schema.Literals(["NotReported", "Clear", "Risk"]),
  types: Schema.Array(Schema.String)
})

/** What was stored. */
export const Earlier = Schema.Struct({
  transactionId: Schema.String,
  merchantBizId: Schema.String,
  requestId: Schema.optionalKey(Schema.String),
  authenticatedAt: Schema.optionalKey(Schema.Finite),
  collectedAt: Schema.Finite,
  duration: Schema.Finite,
  verdict: Schema.Literals(["Passed", "Rejected", "Inconclusive"]),
  reason: Schema.optionalKey(Schema.String),
  subCode: Schema.optionalKey(Schema.String),
  document: Schema.Literals([...Document.names, "Undecided", "NotRead"]),
  ocrPassed: Schema.optionalKey(Schema.Boolean),
  spoofFront: EarlierSpoof,
  spoofBack: EarlierSpoof,
  edited: Schema.Array(Schema.String),
  warnings: Schema.Array(Schema.Struct({ path: Schema.String, expected: Schema.String })),
  images: Schema.Array(
    Schema.Struct({
      side: Schema.Literals(["front", "back"]),
      mediaType: Schema.String,
      size: Schema.Int,
      sha256: Schema.String,
      location: Schema.String
    })
  )
})
export type Earlier = typeof Earlier.Type

/** The reasons of earlier versions, in words, that differ from today's. */
const earlierReasons: Readonly<Record<string, Verdict.ReasonCode>> = {
  "Passed is N, but the sub code says passed": "SubCodeContradicts",
  "Passed is Y, but the sub code does not say passed": "SubCodeContradicts"
}

const reasonCodeOf = (reason: string | undefined): Verdict.ReasonCode =>
  Verdict.reasonCodes.find((reasonCode) => Verdict.explain({ _tag: "Inconclusive", reasonCode }) === reason) ??
  earlierReasons[reason ?? ""] ??
  "PassedUnreadable"

/** `Passed`, which was not stored, as far as the verdict and its reason tell it. */
const passedOf = ({ reason = "", subCode, verdict }: Earlier): "Y" | "N" => {
  if (verdict !== "Inconclusive") return verdict === "Passed" ? "Y" : "N"
  if (reason.startsWith("Passed is N")) return "N"
  return reason === contradicts && subCode === "200" ? "N" : "Y"
}
const contradicts = Verdict.explain({ _tag: "Inconclusive", reasonCode: "SubCodeContradicts" })

const isPossible = Schema.is(Verdict.Inconclusive)

const inconclusive = (earlier: Earlier, reasonCode: Verdict.ReasonCode, subCode: SubCode.SubCode | undefined) => {
  const found: Verdict.Inconclusive = {
    _tag: "Inconclusive",
    reasonCode,
    ...(reasonCode === "PassedUnreadable" ? {} : { passed: passedOf(earlier) }),
    ...(subCode === undefined ? {} : { subCode })
  }
  // A reason that does not fit today says at least that there was no pass.
  return isPossible(found) ? found : ({ _tag: "Inconclusive", reasonCode: "PassedUnreadable" } as const)
}

/** What can't be said today, such as `Passed` without the sub code 200, is inconclusive. */
const verdictOf = (earlier: Earlier): Verdict.Verdict => {
  const { reason, subCode: code, verdict } = earlier
  const subCode = code === undefined ? undefined : SubCode.fromCode(code)
  if (verdict === "Inconclusive") return inconclusive(earlier, reasonCodeOf(reason), subCode)
  if (subCode === undefined) return inconclusive(earlier, "SubCodeMissing", undefined)
  const isPass = subCode._tag === "AuthenticationPassed"
  if (verdict === "Passed" && isPass) return { _tag: "Passed", subCode }
  if (verdict === "Rejected" && !isPass) return { _tag: "Rejected", subCode }
  return inconclusive(earlier, "SubCodeContradicts", subCode)
}

/** Nothing was known of what Initialize had asked for, so `Clear` was not certain. */
const spoofOf = ({ _tag, types }: typeof EarlierSpoof.Type): Spoof.Spoof => ({
  _tag: _tag === "Clear" ? "Unconfirmed" : _tag,
  types
})

const isMediaType = Schema.is(IdImage.MediaType)

/** The same facts in today's form. */
export const toView = (earlier: Earlier) => {
  const { images, reason: _, spoofBack, spoofFront, subCode: __, ...same } = earlier
  return {
    ...same,
    expectation: {},
    verdict: verdictOf(earlier),
    spoof: { front: spoofOf(spoofFront), back: spoofOf(spoofBack) },
    images: Object.fromEntries(
      images.flatMap(({ mediaType, sha256, side, size }) =>
        isMediaType(mediaType) ? [[side, { mediaType, size, sha256 }] as const] : []
      )
    ),
    locations: Object.fromEntries(images.map(({ location, side }) => [side, location]))
  }
}
