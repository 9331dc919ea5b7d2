/**
 * A policy: which verdicts and findings lead to which decision. It is data with a version, so it can be stored, compared
 * and named in an audit. `DecisionPolicy.standard` is a safe start.
 *
 * What a policy does not name leads to `review`. No policy can accept a verdict that is not `Passed`.
 *
 * @example
 * import * as DecisionPolicy from "@effect-cloudauth/core/DecisionPolicy"
 *
 * const policy = DecisionPolicy.make({
 *   ...DecisionPolicy.standard,
 *   version: "2026-11",
 *   findings: { ...DecisionPolicy.standard.findings, Expired: "decline" }
 * })
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { type FindingCode, findingCodes } from "./Assessment.ts"
import { isNeverAccepted, type NeverAccepted } from "./internal/decision/neverAccepted.ts"
import { type ReasonCode, reasonCodes } from "./Verdict.ts"

export type { NeverAccepted } from "./internal/decision/neverAccepted.ts"

/**
 * The outcomes, from the best to the worst. The worst that applies is the decision.
 *
 * @category constants
 * @since 0.1.0
 */
export const outcomes = ["accept", "retake", "review", "decline"] as const

/**
 * What a decision can be: `accept`; `retake`, the user tries once more; `review`, a person decides; `decline`.
 *
 * @category models
 * @since 0.1.0
 */
export const Outcome = Schema.Literals(outcomes)
export type Outcome = typeof Outcome.Type

const NotAccept = Schema.optionalKey(Schema.Literals(["retake", "review", "decline"]))

type FindingRules = {
  readonly [C in FindingCode]: C extends NeverAccepted ? typeof NotAccept : Schema.optionalKey<typeof Outcome>
}
type ReasonRules = { readonly [C in ReasonCode]: typeof NotAccept }

const findingRules = Object.fromEntries(
  findingCodes.map((code) => [code, isNeverAccepted(code) ? NotAccept : Schema.optionalKey(Outcome)])
) as FindingRules // fromEntries forgets the keys

const reasonRules = Object.fromEntries(reasonCodes.map((code) => [code, NotAccept])) as ReasonRules // likewise

/**
 * A policy as a schema. It refuses rules that accept anything but a pass. `make` refuses unknown rules, too.
 *
 * @category models
 * @since 0.1.0
 */
export const DecisionPolicy = Schema.Struct({
  /** The version of the policy: each decision names it. */
  version: Schema.NonEmptyString.annotate({ description: "The version of the policy: each decision names it." }),
  /** What a pass without findings leads to. */
  passed: Outcome,
  /** What a rejection leads to, by its sub code. */
  rejected: Schema.Struct({
    ImageInsufficient: NotAccept,
    CounterfeitRisk: NotAccept,
    DocumentNotRecognised: NotAccept,
    UnknownSubCode: NotAccept
  }),
  /** What an inconclusive verdict leads to, by its reason. */
  inconclusive: Schema.Struct(reasonRules).annotate({
    description: "What an inconclusive verdict leads to, by its reason."
  }),
  /** What each finding leads to. It can only make the decision worse. */
  findings: Schema.Struct(findingRules).annotate({
    description: "What each finding leads to. It can only make the decision worse."
  })
}).annotate({ identifier: "DecisionPolicy" })
export interface DecisionPolicy extends Schema.Schema.Type<typeof DecisionPolicy> {}

/**
 * A policy of its rules. Throws if the schema refuses it, and says where.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (policy: DecisionPolicy): DecisionPolicy => decode(policy)

/** A misspelled rule would go unnoticed. */
const decode = Schema.decodeUnknownSync(DecisionPolicy, { onExcessProperty: "error" })

/**
 * A safe start: it accepts a pass whose findings need no action, asks for a new image if the service or the fields say that
 * the image was not good enough, declines a holder below the minimum age, and sends everything else to a reviewer.
 *
 * @category constants
 * @since 0.1.0
 */
export const standard: DecisionPolicy = {
  version: "standard-1",
  passed: "accept",
  rejected: { ImageInsufficient: "retake", DocumentNotRecognised: "retake" },
  inconclusive: {},
  findings: {
    BackNotRead: "retake",
    RequiredFieldMissing: "retake",
    Underage: "decline",
    FieldsUnknown: "accept",
    OtherEdition: "accept"
  }
}
