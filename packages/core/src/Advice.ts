/**
 * What to tell the person, and what the reviewer should do: for each sub code, each reason of an inconclusive verdict and
 * each finding; and what to do about each error. In English, Traditional Chinese as Hong Kong writes it, and Simplified Chinese.
 *
 * The `user` text may be shown. It never says that a forgery is suspected. The `reviewer` text tells what was found:
 * never show it to the person.
 *
 * @example
 * import * as Advice from "@effect-cloudauth/core/Advice"
 * import * as SubCode from "@effect-cloudauth/core/SubCode"
 *
 * Advice.ofSubCode(SubCode.fromCode("212")).user.en // => "We could not accept this document. We will contact you."
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type { FindingCode } from "./Assessment.ts"
import { errors, ofAdvice } from "./internal/advice/errors.ts"
import { findings } from "./internal/advice/findings.ts"
import { reasons } from "./internal/advice/reasons.ts"
import { subCodes } from "./internal/advice/subCodes.ts"
import { type Advice, user } from "./internal/advice/texts.ts"
import type { SubCode } from "./SubCode.ts"
import type { ReasonCode } from "./Verdict.ts"

export type { Advice } from "./internal/advice/texts.ts"

/**
 * A text in each language.
 *
 * @category models
 * @since 0.1.0
 */
export const Texts = Schema.Struct({
  en: Schema.String.annotate({ description: "English." }),
  zhHant: Schema.String.annotate({ description: "Traditional Chinese." }),
  zhHans: Schema.String.annotate({ description: "Simplified Chinese." })
})
export interface Texts extends Schema.Schema.Type<typeof Texts> {}

/**
 * All texts: by code, those of errors by their English `advice`.
 *
 * @category constants
 * @since 0.1.0
 */
export const table = { subCodes, reasons, findings, errors } as const

/**
 * The text for a person whose check is looked at by a reviewer, whatever the reason is.
 *
 * @category constants
 * @since 0.1.0
 */
export const neutral: Texts = user.contact

/**
 * The advice of a sub code.
 *
 * @category getters
 * @since 0.1.0
 */
export const ofSubCode = ({ _tag }: Pick<SubCode, "_tag">): Advice => subCodes[_tag]

/**
 * The advice of a reason of an inconclusive verdict.
 *
 * @category getters
 * @since 0.1.0
 */
export const ofReason = (reasonCode: ReasonCode): Advice => reasons[reasonCode]

/**
 * The advice of a finding.
 *
 * @category getters
 * @since 0.1.0
 */
export const ofFinding = (code: FindingCode): Advice => findings[code]

/**
 * The advice of an error in each language, for the people who operate the program. `en` is the error's own `advice`. An
 * advice that this version does not know, such as one of your own errors, stays as it is in all three.
 *
 * @example
 * import * as Advice from "@effect-cloudauth/core/Advice"
 *
 * Advice.ofError({ advice: "Correct the value; nothing was sent." }).zhHans // => "请更正该值；没有发送任何请求。"
 *
 * @category getters
 * @since 0.1.0
 */
export const ofError = ({ advice }: { readonly advice: string }): Texts => ofAdvice(advice)
