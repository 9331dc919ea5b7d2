/**
 * The decision on a check: accept, retake, review or decline, with the rule and the finding that decided, and a text that
 * may be shown to the person. It is pure: a policy and an assessed result in, a decision out.
 *
 * @example
 * import * as Assessment from "@effect-cloudauth/core/Assessment"
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import * as Decision from "@effect-cloudauth/core/Decision"
 * import * as DecisionPolicy from "@effect-cloudauth/core/DecisionPolicy"
 * import * as DateTime from "effect/DateTime"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.gen(function* () {
 *   const result = yield* Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb0000" })
 *   const assessed = Assessment.assess(result, { now: yield* DateTime.now })
 *   return Decision.match(Decision.of(DecisionPolicy.standard, assessed), {
 *     accept: () => "Welcome",
 *     retake: ({ userText }) => userText.en,
 *     review: ({ findings }) => `case opened: ${findings.map(({ code }) => code).join(", ")}`,
 *     decline: ({ userText }) => userText.en
 *   })
 * })
 *
 * @since 0.1.0
 */
import { dual } from "effect/Function"
import * as Schema from "effect/Schema"
import * as Advice from "./Advice.ts"
import { Finding } from "./Assessment.ts"
import type { DecisionPolicy } from "./DecisionPolicy.ts"
import { candidates, notAssessed, type Candidate, type Decidable } from "./internal/decision/candidates.ts"
import { DecidedBy } from "./internal/decision/decidedBy.ts"
import { userTextOf } from "./internal/decision/userText.ts"
import * as Verdict from "./Verdict.ts"

export type { Decidable } from "./internal/decision/candidates.ts"

export { DecidedBy } from "./internal/decision/decidedBy.ts"

const decision = <const Tag extends string>(tag: Tag) =>
  Schema.TaggedStruct(tag, {
    decidedBy: DecidedBy.annotate({
      description: "What decided: the verdict, one finding, or that the result was not assessed."
    }),
    /** The policy's rule, for example `findings.Expired`; `default` if the policy has none. */
    rule: Schema.String.annotate({
      description: "The policy's rule, for example findings.Expired; default if the policy has none."
    }),
    /** The version of the policy. */
    policy: Schema.String.annotate({ description: "The version of the policy." }),
    findings: Schema.Array(Finding).annotate({ description: "What the assessment found." }),
    /** May be shown to the person. It never says that a forgery is suspected. */
    userText: Advice.Texts.annotate({
      description: "May be shown to the person. It never says that a forgery is suspected."
    })
  })

/**
 * The document is accepted.
 *
 * @category models
 * @since 0.1.0
 */
export const Accept = decision("accept").check(
  Schema.makeFilter(({ decidedBy }) => decidedBy._tag === "Verdict" && decidedBy.verdict === "Passed", {
    expected: "an acceptance that a pass decided"
  })
)
export interface Accept extends Schema.Schema.Type<typeof Accept> {}
/**
 * The user tries once more.
 *
 * @category models
 * @since 0.1.0
 */
export const Retake = decision("retake")
export interface Retake extends Schema.Schema.Type<typeof Retake> {}
/**
 * A person decides.
 *
 * @category models
 * @since 0.1.0
 */
export const Review = decision("review")
export interface Review extends Schema.Schema.Type<typeof Review> {}
/**
 * The document is declined.
 *
 * @category models
 * @since 0.1.0
 */
export const Decline = decision("decline")
export interface Decline extends Schema.Schema.Type<typeof Decline> {}

/**
 * A decision. It holds no person, so it can be stored and sent; `findings` and `decidedBy` are for your reviewer.
 *
 * @category models
 * @since 0.1.0
 */
export const Decision = Schema.Union([Accept, Retake, Review, Decline]).pipe(Schema.toTaggedUnion("_tag"))
export type Decision = typeof Decision.Type

/** The worst of two; the first if they are alike. */
const worse = (one: Candidate, other: Candidate): Candidate => (other.rank > one.rank ? other : one)

const isVerdict = Schema.is(Verdict.Verdict)

/** Callers without types can hand over a result that was not assessed, or no result. */
const isAssessed = (result: Partial<Decidable> | null): boolean =>
  Array.isArray(result?.findings) && isVerdict(result.verdict)

const decide = (policy: DecisionPolicy, result: Decidable): Decision => {
  const [first, ...others] = isAssessed(result) ? candidates(policy, result) : [notAssessed]
  const { decidedBy, outcome, rule } = others.reduce(worse, first)
  return {
    _tag: outcome,
    decidedBy,
    rule,
    policy: policy.version,
    findings: isAssessed(result) ? result.findings : [],
    userText: userTextOf(outcome, decidedBy, result)
  }
}

/**
 * Decides on an assessed result, or on a stored view with its findings. The worst outcome of the verdict and the findings is
 * the decision, so a finding never makes it better. With a policy alone it returns the function for a `pipe`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const of: {
  (policy: DecisionPolicy): (result: Decidable) => Decision
  (policy: DecisionPolicy, result: Decidable): Decision
} = function (...[policy, result]: [DecisionPolicy] | [DecisionPolicy, Decidable]) {
  // `dual` would swap the arguments; here the policy comes first in both forms.
  return (result === undefined ? (later: Decidable) => decide(policy, later) : decide(policy, result)) as never
}

interface Cases<A, B, C, D> {
  readonly accept: (decision: Accept) => A
  readonly retake: (decision: Retake) => B
  readonly review: (decision: Review) => C
  readonly decline: (decision: Decline) => D
}

/**
 * Acts on a decision. Every case must be handled.
 *
 * @category pattern matching
 * @since 0.1.0
 */
export const match: {
  <A, B, C, D>(cases: Cases<A, B, C, D>): (decision: Decision) => A | B | C | D
  <A, B, C, D>(decision: Decision, cases: Cases<A, B, C, D>): A | B | C | D
} = dual(2, <A, B, C, D>(decision: Decision, cases: Cases<A, B, C, D>): A | B | C | D => {
  switch (decision._tag) {
    case "accept":
      return cases.accept(decision)
    case "retake":
      return cases.retake(decision)
    case "review":
      return cases.review(decision)
    case "decline":
      return cases.decline(decision)
  }
})
