/** The verdict that the claims of an answer support: the first reason that holds speaks against a pass. */
import type * as SubCode from "../../SubCode.ts"
import type { Inconclusive, ReasonCode, Verdict } from "../../Verdict.ts"

/** The reasons that also speak against a rejection: the answer can't be trusted, or is about something else. */
type Always =
  | "RepeatedKey"
  | "OtherTransaction"
  | "NotSuccessful"
  | "PassedUnreadable"
  | "SubCodeMissing"
  | "SubCodeContradicts"

/** What an answer says, and whether each reason holds, in the order in which they are looked for. */
export interface Claims {
  /** `Result.Passed`, as it came. */
  readonly passed: string | undefined
  readonly subCode: SubCode.SubCode | undefined
  readonly always: Readonly<Record<Always, boolean>>
  /** What speaks against a pass: it must be complete, consistent and expected. */
  readonly forPass: Readonly<Record<Exclude<ReasonCode, Always>, boolean>>
}

const firstOf = <R extends ReasonCode>(reasons: Readonly<Record<R, boolean>>): R | undefined =>
  (Object.keys(reasons) as Array<R>).find((reason) => reasons[reason]) // keys forgets the record's type

/** The verdict that the claims support. */
export const decide = (claims: Claims): Verdict => {
  const { passed, subCode } = claims
  const against = firstOf(claims.always)
  if (against !== undefined || subCode === undefined) return inconclusive(against ?? "SubCodeMissing", claims)
  if (passed !== "Y") {
    return subCode._tag === "AuthenticationPassed"
      ? inconclusive("SubCodeContradicts", claims)
      : { _tag: "Rejected", subCode }
  }
  const incomplete = firstOf(claims.forPass)
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
