/** The outcomes that a policy has for a verdict and its findings. */
import type { Finding } from "../../Assessment.ts"
import type { DecidedBy } from "./decidedBy.ts"
import { isNeverAccepted } from "./neverAccepted.ts"
import { type DecisionPolicy, type Outcome, outcomes } from "../../DecisionPolicy.ts"
import type { Verdict } from "../../Verdict.ts"

/**
 * What can be decided on.
 *
 * @category models
 * @since 0.1.0
 */
export interface Decidable {
  readonly verdict: Verdict
  readonly findings: ReadonlyArray<Finding>
}

/** One outcome, and where it comes from. */
export interface Candidate {
  readonly outcome: Outcome
  /** 0 is the best. */
  readonly rank: number
  readonly rule: string
  readonly decidedBy: DecidedBy
}

/** The outcome of the verdict, then those of the findings. */
export const candidates = (
  policy: DecisionPolicy,
  { findings, verdict }: Decidable
): readonly [Candidate, ...ReadonlyArray<Candidate>] => [
  ofVerdict(policy, verdict),
  ...findings.map((finding) => ofFinding(policy, finding))
]

/** What a result leads to that callers without types did not assess. */
export const notAssessed: Candidate = {
  outcome: "review",
  rank: 2,
  rule: "default",
  decidedBy: { _tag: "NotAssessed" }
}

const ofVerdict = (policy: DecisionPolicy, verdict: Verdict): Candidate => {
  switch (verdict._tag) {
    case "Passed":
      return candidate(policy.passed, "passed", verdictOf(verdict._tag, verdict.subCode._tag))
    case "Rejected":
      return notAccepted(policy.rejected, "rejected", verdict.subCode._tag, verdict._tag)
    case "Inconclusive":
      return notAccepted(policy.inconclusive, "inconclusive", verdict.reasonCode, verdict._tag)
  }
}

/** Only a pass can be accepted, even if a policy that its schema never saw says otherwise. */
const notAccepted = (rules: Rules, group: string, code: string, verdict: "Rejected" | "Inconclusive"): Candidate => {
  const outcome = ruleOf(rules, code)
  return candidate(outcome === "accept" ? undefined : outcome, `${group}.${code}`, verdictOf(verdict, code))
}

const verdictOf = (verdict: Verdict["_tag"], code: string): DecidedBy => ({ _tag: "Verdict", verdict, code })

const ofFinding = (policy: DecisionPolicy, finding: Finding): Candidate => {
  const outcome = ruleOf(policy.findings, finding.code)
  return candidate(
    outcome === "accept" && isNeverAccepted(finding.code) ? undefined : outcome,
    `findings.${finding.code}`,
    { _tag: "Finding", finding }
  )
}

type Rules = Readonly<Partial<Record<string, Outcome>>>

const ruleOf = (rules: Rules, code: string): Outcome | undefined =>
  Object.hasOwn(rules, code) ? rules[code] : undefined

/** What a policy has no rule for, or none that is an outcome, is reviewed. */
const candidate = (outcome: Outcome | undefined, rule: string, decidedBy: DecidedBy): Candidate => {
  const rank = outcome === undefined ? -1 : outcomes.indexOf(outcome)
  return rank === -1 || outcome === undefined
    ? { outcome: "review", rank: outcomes.indexOf("review"), rule: "default", decidedBy }
    : { outcome, rank, rule, decidedBy }
}
