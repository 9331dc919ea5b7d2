/** The rules of the verdict: what speaks against a pass, in the order in which it is looked for. */
import type * as SubCode from "../../SubCode.ts"
import type { Inconclusive, ReasonCode, Verdict } from "../../Verdict.ts"

/** What an answer says, and how it stands to what was asked. */
export interface Claims {
  /** `Result.Passed`, as it came. */
  readonly passed: string | undefined
  readonly subCode: SubCode.SubCode | undefined
  /** A decisive part stands more than once. */
  readonly hasRepeatedKey: boolean
  /** The answer names other ids than the request. */
  readonly isOtherTransaction: boolean
  /** `Success` is there and is not true. */
  readonly isNotSuccessful: boolean
  readonly ocrPassed: "Y" | "N" | "unreadable" | "absent"
  readonly extIdInfo: "read" | "unreadable" | "absent"
  /** A document's fields are there but are no JSON. */
  readonly hasUnreadableFields: boolean
  readonly hasSpoofRisk: boolean
  readonly hasUnreadableSpoof: boolean
  readonly hasSpoofTypeWithoutResult: boolean
  /** Another verdict in the answer says no. */
  readonly siblingSaysNo: boolean
  /** A field of the front was read. */
  readonly hasFields: boolean
  /** There is an edited field. */
  readonly hasEditedFields: boolean
  /** The fields are those of another document than the one that was asked for. */
  readonly isOtherDocument: boolean
}

type Rule = readonly [ReasonCode, (claims: Claims) => boolean]

/** They hold whatever the answer says: it can't be trusted, or is about something else. */
const always: ReadonlyArray<Rule> = [
  ["RepeatedKey", (claims) => claims.hasRepeatedKey],
  ["OtherTransaction", (claims) => claims.isOtherTransaction],
  ["NotSuccessful", (claims) => claims.isNotSuccessful],
  ["PassedUnreadable", ({ passed }) => passed !== "Y" && passed !== "N"],
  ["SubCodeMissing", ({ subCode }) => subCode === undefined],
  ["SubCodeContradicts", ({ passed, subCode }) => (passed === "Y") !== (subCode?._tag === "AuthenticationPassed")]
]

/** They hold for a pass: it must be complete, consistent and expected. */
const forPass: ReadonlyArray<Rule> = [
  ["OcrNotPassed", ({ ocrPassed }) => ocrPassed === "N"],
  ["OcrPassedUnreadable", ({ ocrPassed }) => ocrPassed === "unreadable"],
  ["EvidenceMissing", ({ extIdInfo }) => extIdInfo === "absent"],
  ["EvidenceUnreadable", (claims) => claims.extIdInfo === "unreadable" || claims.hasUnreadableFields],
  ["SpoofRisk", (claims) => claims.hasSpoofRisk],
  ["SpoofUnreadable", (claims) => claims.hasUnreadableSpoof],
  ["SpoofTypeWithoutResult", (claims) => claims.hasSpoofTypeWithoutResult],
  ["SiblingVerdict", (claims) => claims.siblingSaysNo],
  ["EditedWithoutRead", (claims) => claims.hasEditedFields && !claims.hasFields],
  ["NothingRead", (claims) => !claims.hasFields],
  ["OtherDocument", (claims) => claims.isOtherDocument]
]

const firstOf = (rules: ReadonlyArray<Rule>, claims: Claims): ReasonCode | undefined =>
  rules.find(([, applies]) => applies(claims))?.[0]

/** The verdict that the claims support. */
export const decide = (claims: Claims): Verdict => {
  const { passed, subCode } = claims
  const against = firstOf(always, claims)
  if (against !== undefined || subCode === undefined) return inconclusive(against ?? "SubCodeMissing", claims)
  if (passed !== "Y") {
    return subCode._tag === "AuthenticationPassed"
      ? inconclusive("SubCodeContradicts", claims)
      : { _tag: "Rejected", subCode }
  }
  const incomplete = firstOf(forPass, claims)
  return incomplete !== undefined || subCode._tag !== "AuthenticationPassed"
    ? inconclusive(incomplete ?? "SubCodeContradicts", claims)
    : { _tag: "Passed", subCode }
}

const inconclusive = (reasonCode: ReasonCode, { passed, subCode }: Claims): Inconclusive => ({
  _tag: "Inconclusive",
  reasonCode,
  ...(passed === undefined ? {} : { passed }),
  ...(subCode === undefined ? {} : { subCode })
})
