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

/** The answer is incomplete or contradicts itself. Never a pass: let a person decide. */
export const Inconclusive = Schema.TaggedStruct("Inconclusive", {
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
}

/**
 * The verdict that the evidence supports.
 *
 * @example
 * import * as Verdict from "@effect-cloudauth/core/Verdict"
 *
 * Verdict.decide({ passed: "Y", subCode: "212", ocrPassed: undefined, spoofRisk: false, spoofUnreadable: false })._tag // => "Inconclusive"
 */
export const decide = (evidence: Evidence): Verdict => {
  const subCode = evidence.subCode === undefined ? undefined : SubCode.fromCode(evidence.subCode)
  const inconclusive = (reason: string): Inconclusive => ({
    _tag: "Inconclusive",
    reason,
    passed: evidence.passed,
    subCode
  })
  if (evidence.passed !== "Y" && evidence.passed !== "N") return inconclusive("Passed is neither Y nor N")
  if (subCode === undefined) return inconclusive("the sub code is missing")
  if (evidence.passed === "N") {
    return subCode._tag === "AuthenticationPassed"
      ? inconclusive("Passed is N, but the sub code says passed")
      : { _tag: "Rejected", subCode }
  }
  if (subCode._tag !== "AuthenticationPassed") return inconclusive("Passed is Y, but the sub code does not say passed")
  if (evidence.ocrPassed === false) return inconclusive("Passed is Y, but the OCR phase did not pass")
  if (evidence.spoofRisk) return inconclusive("Passed is Y, but the anti-spoofing check found a risk")
  if (evidence.spoofUnreadable) return inconclusive("Passed is Y, but the anti-spoofing result can't be read")
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
