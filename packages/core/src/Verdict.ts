/**
 * The verdict on a document. Only `Passed` is a pass, and only where every part of the answer agrees.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 */
import * as Schema from "effect/Schema"
import * as SubCode from "./SubCode.ts"

/** `Passed` is `Y`, the sub code is 200, and nothing else in the answer speaks against it. */
export const Passed = Schema.TaggedStruct("Passed", { subCode: SubCode.SubCode })
export interface Passed extends Schema.Schema.Type<typeof Passed> {}

/** `Passed` is `N`, with a sub code that says why. */
export const Rejected = Schema.TaggedStruct("Rejected", { subCode: SubCode.SubCode })
export interface Rejected extends Schema.Schema.Type<typeof Rejected> {}

/** Why a verdict is `Inconclusive`, as a code: `OtherDocument` means that the request named another document. */
export const ReasonCode = Schema.Literals([
  "PassedUnreadable",
  "SubCodeMissing",
  "SubCodeContradicts",
  "OcrNotPassed",
  "SpoofRisk",
  "SpoofUnreadable",
  "OtherDocument"
])
export type ReasonCode = typeof ReasonCode.Type

const reasons: Readonly<Record<ReasonCode, string>> = {
  PassedUnreadable: "Passed is neither Y nor N",
  SubCodeMissing: "the sub code is missing",
  SubCodeContradicts: "Passed and the sub code contradict each other",
  OcrNotPassed: "Passed is Y, but the OCR phase did not pass",
  SpoofRisk: "Passed is Y, but the anti-spoofing check found a risk",
  SpoofUnreadable: "Passed is Y, but the anti-spoofing result can't be read",
  OtherDocument: "Passed is Y, but the fields are not those of the document that was asked for"
}

/** The answer is incomplete, contradicts itself, or shows another document. Never a pass: let a person decide. */
export const Inconclusive = Schema.TaggedStruct("Inconclusive", {
  /** Why, as a code. */
  reasonCode: ReasonCode,
  /** Why, in words. */
  reason: Schema.String,
  /** `Passed` as it came, where it was text. */
  passed: Schema.UndefinedOr(Schema.String),
  subCode: Schema.UndefinedOr(SubCode.SubCode)
})
export interface Inconclusive extends Schema.Schema.Type<typeof Inconclusive> {}

export const Verdict = Schema.Union([Passed, Rejected, Inconclusive])
export type Verdict = Passed | Rejected | Inconclusive

/** What the verdict rests on. */
export interface Evidence {
  /** `Result.Passed` as it came. */
  readonly passed: string | undefined
  /** `Result.SubCode` as it came. */
  readonly subCode: string | undefined
  /** `ExtIdInfo.ocrIdPassed`, where it was reported. */
  readonly ocrPassed: boolean | undefined
  /** Whether the anti-spoofing check of either side found a risk. */
  readonly spoofRisk: boolean
  /** Whether a side's anti-spoofing result is there but can't be read. */
  readonly spoofUnreadable: boolean
  /** Whether the fields show another document than the request named. */
  readonly otherDocument: boolean
}

/**
 * The verdict that the evidence supports.
 *
 * @example
 * import * as Verdict from "@effect-cloudauth/core/Verdict"
 *
 * const evidence = { ocrPassed: undefined, spoofRisk: false, spoofUnreadable: false, otherDocument: false }
 * Verdict.decide({ ...evidence, passed: "Y", subCode: "212" })._tag // => "Inconclusive"
 */
export const decide = (evidence: Evidence): Verdict => {
  const subCode = evidence.subCode === undefined ? undefined : SubCode.fromCode(evidence.subCode)
  const inconclusive = (reasonCode: ReasonCode): Inconclusive => ({
    _tag: "Inconclusive",
    reasonCode,
    reason: reasons[reasonCode],
    passed: evidence.passed,
    subCode
  })
  if (evidence.passed !== "Y" && evidence.passed !== "N") return inconclusive("PassedUnreadable")
  if (subCode === undefined) return inconclusive("SubCodeMissing")
  if (evidence.passed === "N") {
    return subCode._tag === "AuthenticationPassed" ? inconclusive("SubCodeContradicts") : { _tag: "Rejected", subCode }
  }
  if (subCode._tag !== "AuthenticationPassed") return inconclusive("SubCodeContradicts")
  if (evidence.ocrPassed === false) return inconclusive("OcrNotPassed")
  if (evidence.spoofRisk) return inconclusive("SpoofRisk")
  if (evidence.spoofUnreadable) return inconclusive("SpoofUnreadable")
  if (evidence.otherDocument) return inconclusive("OtherDocument")
  return { _tag: "Passed", subCode }
}

/**
 * Decides by the verdict: every case must be handled.
 *
 * @example
 * import * as Verdict from "@effect-cloudauth/core/Verdict"
 *
 * declare const verdict: Verdict.Verdict
 *
 * const answer = Verdict.match(verdict, {
 *   Passed: () => "welcome",
 *   Rejected: ({ subCode }) => subCode.userText,
 *   Inconclusive: () => "We will contact you."
 * })
 */
export const match = <A, B, C>(
  verdict: Verdict,
  cases: {
    readonly Passed: (passed: Passed) => A
    readonly Rejected: (rejected: Rejected) => B
    readonly Inconclusive: (inconclusive: Inconclusive) => C
  }
): A | B | C => {
  switch (verdict._tag) {
    case "Passed":
      return cases.Passed(verdict)
    case "Rejected":
      return cases.Rejected(verdict)
    case "Inconclusive":
      return cases.Inconclusive(verdict)
  }
}
