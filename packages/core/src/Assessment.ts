/**
 * The assessment of a result: what a careful reviewer would see in it beside the verdict. It checks dates, numbers,
 * country codes, missing and edited fields, the anti-spoofing check, and what the user claimed. It is pure and offline.
 *
 * A verdict says whether the service passed the document. An assessment says whether there is more to look at: the
 * service passes an expired passport.
 *
 * @example
 * import * as Assessment from "@effect-cloudauth/core/Assessment"
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import * as Document from "@effect-cloudauth/core/Document"
 * import * as DateTime from "effect/DateTime"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.gen(function* () {
 *   const result = yield* Cloudauth.checkResult({
 *     merchantBizId: "order1",
 *     transactionId: "hksb0000",
 *     document: Document.GlobalPassport
 *   })
 *   return Assessment.assess(result, { now: yield* DateTime.now, minimumAge: 18, claim: { name: "Anna Example" } })
 * })
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import { dual } from "effect/Function"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import * as Struct from "effect/Struct"
import { CheckResult } from "./CheckResult.ts"
import * as CloudauthError from "./CloudauthError.ts"
import type * as Document from "./Document.ts"
import { check } from "./internal/assessment/checks.ts"
import type { Claim } from "./internal/assessment/claims.ts"
import { codes, found, table } from "./internal/assessment/codes.ts"
import { todayOf } from "./internal/assessment/days.ts"
import { agrees } from "./internal/checkResult/model.ts"
import { resultFrom, sampleOf } from "./internal/checkResult/sample.ts"
import { generatedFrom } from "./internal/generated.ts"
import * as OwnOptions from "./Options.ts"
import type * as Verdict from "./Verdict.ts"

export type { Claim } from "./internal/assessment/claims.ts"

/**
 * The codes of findings, in the order of the table "What a result means".
 *
 * @category constants
 * @since 0.1.0
 */
export const findingCodes: ReadonlyArray<FindingCode> = codes

/**
 * The severity of a finding and the next step, by its code.
 *
 * @category constants
 * @since 0.1.0
 */
export const findings: Readonly<Record<FindingCode, Pick<Finding, "severity" | "nextStep">>> = table

/**
 * A code as a schema.
 *
 * @category models
 * @since 0.1.0
 */
export const FindingCode = Schema.Literals(codes)
export type FindingCode = typeof FindingCode.Type

const AnyFinding = Schema.Struct({
  code: FindingCode.annotate({ description: "What was found, as a code." }),
  /** `info` needs no action; `critical` speaks against the document. */
  severity: Schema.Literals(["info", "warning", "critical"]).annotate({
    description: "info needs no action; critical speaks against the document."
  }),
  /** The side of the document; absent if it concerns the whole. */
  side: Schema.optionalKey(
    Schema.Literals(["front", "back"]).annotate({
      description: "The side of the document; absent if it concerns the whole."
    })
  ),
  /** The field's name; `other` for one that is in none of the vendor's tables. */
  field: Schema.optionalKey(
    Schema.String.annotate({ description: "The field's name; other for one that is in none of the vendor's tables." })
  ),
  /** The unknown keys of `FieldsUnknown`: at most 20, `other` for one that does not look like a name. */
  keys: Schema.optionalKey(
    Schema.Array(Schema.String).annotate({
      description: "The unknown keys of FieldsUnknown: at most 20, other for one that does not look like a name."
    })
  ),
  /** What helps. */
  nextStep: Schema.Literals(["None", "RetakeImage", "UseAnotherDocument", "Review", "ChangeRequest"]).annotate({
    description: "What helps."
  })
}).annotate({ identifier: "Finding" })

/**
 * One thing that a reviewer should know. It can hold no person. `Advice.ofFinding` has its texts.
 *
 * @category models
 * @since 0.1.0
 */
export const Finding = generatedFrom(
  AnyFinding,
  AnyFinding.mapFields(Struct.pick(["code", "side"])),
  ({ code, ...place }) => found(code, place)
)
export interface Finding extends Schema.Schema.Type<typeof Finding> {}

/**
 * An assessment: what was found, and when.
 *
 * @category models
 * @since 0.1.0
 */
export const Assessment = Schema.Struct({
  findings: Schema.Array(Finding),
  /** The time that the dates were held against, in milliseconds since 1970. */
  at: Schema.Finite.annotate({ description: "The time that the dates were held against, in milliseconds since 1970." })
}).annotate({ identifier: "Assessment" })
export interface Assessment extends Schema.Schema.Type<typeof Assessment> {}

/**
 * A result, or a view of one, with its findings.
 *
 * @category models
 * @since 0.1.0
 */
export type Assessed<R> = R & { readonly findings: ReadonlyArray<Finding> }

const AnyView = Schema.Struct({ ...CheckResult.View.fields, findings: Schema.Array(Finding) })
  .annotate({ title: "Assessed check result without personal data" })
  .check(agrees)
  .annotate({ identifier: "AssessedView" })

/**
 * The facts of an assessed result, for responses, logs and stores: it can hold no person. `Decision.of` takes it.
 *
 * @category models
 * @since 0.1.0
 */
export const View = Object.assign(
  AnyView.pipe(
    Schema.decodeTo(
      generatedFrom(Schema.toType(AnyView), sampleOf(undefined), (sample): unknown => {
        const result = resultFrom(undefined)(sample)
        return result === undefined ? undefined : view(assess(result, sample.receivedAt))
      }),
      SchemaTransformation.passthrough()
    )
  ),
  { fields: AnyView.fields }
)
export interface View extends Schema.Schema.Type<typeof AnyView> {}

/**
 * What a result is assessed by.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /**
   * The time to hold dates against: milliseconds since 1970, or a `DateTime`. A zoned one counts days in its zone; any
   * other in that of Hong Kong, Macao, Beijing and Taipei.
   */
  readonly now: number | DateTime.DateTime
  /** The age in years that the holder must have reached. */
  readonly minimumAge?: number | undefined
  /** The days that the document must still be valid. */
  readonly expiresWithin?: number | undefined
  /** What the user typed. Names are compared Latin with Latin and Chinese with Chinese. */
  readonly claim?: Claim | undefined
  /** Whether the request had `isReturnImage: true`. */
  readonly imagesRequested?: boolean | undefined
}

const optionKeys: OwnOptions.Keys<Options> = {
  now: true,
  minimumAge: true,
  expiresWithin: true,
  claim: { name: true, number: true, birthDate: true } satisfies OwnOptions.Keys<Claim>,
  imagesRequested: true
}

type Now = Options["now"]

const optionsOf = (given: Options | Now): Options =>
  typeof given === "number" || DateTime.isDateTime(given) ? { now: given } : given

type Checked = CheckResult<Document.Reading>

/**
 * Assesses a result by options, or by a time alone. It needs the personal data: for a copy without it (from `structuredClone`
 * or JSON) the finding is `EvidenceUnreadable`. Throws `InvalidRequest` for an option that is not valid, never for a result.
 *
 * @category constructors
 * @since 0.1.0
 */
export const of: {
  (options: Options | Now): (result: Checked) => Assessment
  (result: Checked, options: Options | Now): Assessment
} = dual(2, (result: Checked, options: Options | Now): Assessment => {
  const { at, claim, ...measures } = read(optionsOf(options))
  return { findings: check(result, { ...measures, claim }), at }
})

/**
 * Adds the findings to a result, for `Decision.of`.
 *
 * @category combinators
 * @since 0.1.0
 */
export const assess: {
  (options: Options | Now): <R extends Checked>(result: R) => Assessed<R>
  <R extends Checked>(result: R, options: Options | Now): Assessed<R>
} = dual(2, <R extends Checked>(result: R, options: Options | Now): Assessed<R> => ({
  ...result,
  findings: of(result, options).findings
}))

/**
 * The facts of an assessed result.
 *
 * @category getters
 * @since 0.1.0
 */
export const view = (assessed: Assessed<Checked>): View => ({
  ...CheckResult.view(assessed),
  findings: assessed.findings
})

interface Cases<A, B, C> {
  readonly Passed: (passed: WithFindings<Verdict.Passed>) => A
  readonly Rejected: (rejected: WithFindings<Verdict.Rejected>) => B
  readonly Inconclusive: (inconclusive: WithFindings<Verdict.Inconclusive>) => C
}

interface WithFindings<V extends Verdict.Verdict> {
  readonly verdict: V
  readonly findings: ReadonlyArray<Finding>
}

/**
 * Branches by the verdict and passes the findings on, because a pass can have findings that speak against it. Every case must
 * be handled.
 *
 * @example
 * import * as Assessment from "@effect-cloudauth/core/Assessment"
 * import type { CheckResult } from "@effect-cloudauth/core/CheckResult"
 *
 * declare const assessed: Assessment.Assessed<CheckResult>
 *
 * const isAccepted = Assessment.match(assessed, {
 *   Passed: ({ findings }) => findings.every(({ severity }) => severity === "info"),
 *   Rejected: () => false,
 *   Inconclusive: () => false
 * })
 *
 * @category pattern matching
 * @since 0.1.0
 */
export const match: {
  <A, B, C>(cases: Cases<A, B, C>): (assessed: WithFindings<Verdict.Verdict>) => A | B | C
  <A, B, C>(assessed: WithFindings<Verdict.Verdict>, cases: Cases<A, B, C>): A | B | C
} = dual(2, <A, B, C>({ findings, verdict }: WithFindings<Verdict.Verdict>, cases: Cases<A, B, C>): A | B | C => {
  switch (verdict._tag) {
    case "Passed":
      return cases.Passed({ verdict, findings })
    case "Rejected":
      return cases.Rejected({ verdict, findings })
    case "Inconclusive":
      return cases.Inconclusive({ verdict, findings })
  }
})

/** The options as the checks need them. */
const read = (options: Options) => {
  const { claim, expiresWithin, imagesRequested, minimumAge, now } = OwnOptions.ownOrThrow(optionKeys, options)
  const at = DateTime.isDateTime(now) ? DateTime.toEpochMillis(now) : now
  mustBe("now", "milliseconds since 1970, or a DateTime", typeof at === "number" && Math.abs(at) <= 8.64e15)
  mustBe("minimumAge", "a number of years from 0 to 150", isWithin(minimumAge, 150))
  mustBe("expiresWithin", "a number of days from 0 to 36500", isWithin(expiresWithin, 36_500))
  mustBe("imagesRequested", "true or false", imagesRequested === undefined || typeof imagesRequested === "boolean")
  mustBe("claim", "an object", claim === undefined || (typeof claim === "object" && claim !== null))
  for (const [key, value] of Object.entries(claim ?? {})) {
    mustBe(`claim.${key}`, "a text", value === undefined || typeof value === "string")
  }
  return {
    at,
    today: todayOf(now),
    minimumAge,
    expiresWithin,
    claim: { ...claim },
    imagesRequested: imagesRequested ?? false
  }
}

const isWithin = (value: unknown, maximum: number): boolean =>
  value === undefined || (typeof value === "number" && value >= 0 && value <= maximum)

const mustBe = (path: string, rule: string, isValid: boolean): void =>
  Result.getOrThrow(isValid ? Result.void : Result.fail(CloudauthError.invalidRequest(path, rule)))
