/**
 * The verdict on a document. Only `Passed` is a pass, and only if the answer is complete, agrees with itself and is
 * about what was asked for.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 * @since 0.1.0
 */
import { dual } from "effect/Function"
import * as Schema from "effect/Schema"
import { printableLike } from "./internal/decode/serverText.ts"
import * as SubCode from "./SubCode.ts"

/**
 * `Passed` is `Y`, the sub code is 200, and nothing in the answer speaks against it.
 *
 * @category models
 * @since 0.1.0
 */
export const Passed = Schema.TaggedStruct("Passed", { subCode: SubCode.AuthenticationPassed })
export interface Passed extends Schema.Schema.Type<typeof Passed> {}

/**
 * `Passed` is `N`, with a sub code that says why.
 *
 * @category models
 * @since 0.1.0
 */
export const Rejected = Schema.TaggedStruct("Rejected", { subCode: SubCode.Rejection })
export interface Rejected extends Schema.Schema.Type<typeof Rejected> {}

const reasons = {
  RepeatedKey: "a decisive part of the answer stands twice, so no value of it can be trusted",
  OtherTransaction: "the answer names another transaction or merchantBizId than the request",
  NotSuccessful: "the answer says that the call did not succeed",
  PassedUnreadable: "Passed is neither Y nor N",
  SubCodeMissing: "the sub code is missing",
  SubCodeContradicts: "Passed and the sub code contradict each other",
  OcrNotPassed: "Passed is Y, but the OCR phase did not pass",
  OcrPassedUnreadable: "Passed is Y, but ocrIdPassed is neither Y nor N",
  EvidenceMissing: "Passed is Y, but ExtIdInfo is missing",
  EvidenceUnreadable: "Passed is Y, but ExtIdInfo or the fields that were read are no JSON",
  SpoofRisk: "Passed is Y, but the anti-spoofing check found a risk",
  SpoofUnreadable: "Passed is Y, but the anti-spoofing result can't be read",
  SpoofTypeWithoutResult: "Passed is Y, but the anti-spoofing check names a type of attack without a result",
  SiblingVerdict: "Passed is Y, but another verdict in the answer says no",
  NothingRead: "Passed is Y, but no field of the document was read",
  EditedWithoutRead: "Passed is Y, but there are edited fields and none that were read",
  OtherDocument: "Passed is Y, but the fields are not those of the document that was asked for"
} as const

/**
 * Why a verdict is `Inconclusive`, as a code.
 *
 * @category models
 * @since 0.1.0
 */
export type ReasonCode = keyof typeof reasons

/**
 * All reason codes, in the order in which they are looked for.
 *
 * @category constants
 * @since 0.1.0
 */
export const reasonCodes = Object.keys(reasons) as ReadonlyArray<ReasonCode> // the keys of a literal record

/**
 * A reason code as a schema.
 *
 * @category models
 * @since 0.1.0
 */
export const ReasonCode = Schema.Literals(reasonCodes)

/**
 * The answer is incomplete, contradicts itself, or is about something else than was asked for. Never a pass: let a
 * person decide. `Verdict.explain` gives the reason in words.
 *
 * @category models
 * @since 0.1.0
 */
export const Inconclusive = Schema.TaggedStruct("Inconclusive", {
  reasonCode: ReasonCode.annotate({ description: "Why it is not a pass: the first rule that speaks against one." }),
  /** `Passed` as it came, if it was a short text. */
  passed: Schema.optional(printableLike("^(?:Y|N|y|true)$", "Passed as it came, if it was a short text.")),
  subCode: Schema.optional(SubCode.SubCode)
}).check(Schema.makeFilter((verdict) => isPossible(verdict), { expected: "a reason that fits passed and subCode" }))
export interface Inconclusive extends Schema.Schema.Type<typeof Inconclusive> {}

/** Whether a reason fits what the service said. Those that `isPossible` does not name are found only beside a pass. */
const isPossible = (verdict: {
  readonly reasonCode: ReasonCode
  readonly passed?: string | undefined
  readonly subCode?: SubCode.SubCode | undefined
}): boolean => {
  const { passed, reasonCode, subCode } = verdict
  const is200 = subCode?._tag === "AuthenticationPassed"
  switch (reasonCode) {
    case "RepeatedKey":
    case "OtherTransaction":
    case "NotSuccessful":
      return true
    case "PassedUnreadable":
      return passed !== "Y" && passed !== "N"
    case "SubCodeMissing":
      return subCode === undefined && (passed === "Y" || passed === "N")
    case "SubCodeContradicts":
      return subCode !== undefined && (passed === "Y") !== is200
    default:
      return passed === "Y" && is200
  }
}

/**
 * The verdict. `Verdict.cases`, `Verdict.guards` and `Verdict.isAnyOf` come with the schema.
 *
 * @category models
 * @since 0.1.0
 */
export const Verdict = Schema.Union([Passed, Rejected, Inconclusive]).pipe(Schema.toTaggedUnion("_tag"))
export type Verdict = typeof Verdict.Type

/**
 * The reason of an inconclusive verdict in words, for a reviewer. `Advice.ofReason` has it in Chinese, and what to do.
 *
 * @category getters
 * @since 0.1.0
 */
export const explain = ({ reasonCode }: Inconclusive): string => reasons[reasonCode]

interface Cases<A, B, C> {
  readonly Passed: (passed: Passed) => A
  readonly Rejected: (rejected: Rejected) => B
  readonly Inconclusive: (inconclusive: Inconclusive) => C
}

/**
 * Decides by the verdict. Every case must be handled.
 *
 * @example
 * import * as Advice from "@effect-cloudauth/core/Advice"
 * import * as Verdict from "@effect-cloudauth/core/Verdict"
 *
 * declare const verdict: Verdict.Verdict
 *
 * const answer = Verdict.match(verdict, {
 *   Passed: () => "welcome",
 *   Rejected: ({ subCode }) => Advice.ofSubCode(subCode).user.en,
 *   Inconclusive: () => "We will contact you."
 * })
 *
 * @category pattern matching
 * @since 0.1.0
 */
export const match: {
  <A, B, C>(cases: Cases<A, B, C>): (verdict: Verdict) => A | B | C
  <A, B, C>(verdict: Verdict, cases: Cases<A, B, C>): A | B | C
} = dual(2, <A, B, C>(verdict: Verdict, cases: Cases<A, B, C>): A | B | C => {
  switch (verdict._tag) {
    case "Passed":
      return cases.Passed(verdict)
    case "Rejected":
      return cases.Rejected(verdict)
    case "Inconclusive":
      return cases.Inconclusive(verdict)
  }
})
