/** The basic scenarios. */
import type * as ResponseCode from "../../ResponseCode.ts"
import type { Sequence, Step, Verdict, VerdictOptions } from "./model.ts"

/**
 * Passed, with sub code 200, unless the options say otherwise.
 *
 * @category constructors
 * @since 0.1.0
 */
export const passed = (options: VerdictOptions = {}): Verdict => ({
  _tag: "Verdict",
  document: "hong-kong-identity-card",
  passed: "Y",
  subCode: "200",
  ...options
})

/**
 * Rejected. With 211 and 213 nothing was read; with 212 the fields are there and a risk was found.
 *
 * @category constructors
 * @since 0.1.0
 */
export const rejected = (subCode: string, options: VerdictOptions = {}): Verdict =>
  passed({
    passed: "N",
    subCode,
    ocrIdPassed: "N",
    read: subCode !== "211" && subCode !== "213",
    ...(subCode === "212" ? { spoof: { result: "Y", types: ["SCREEN_REMARK"] } } : {}),
    ...options
  })

/**
 * A risk was found on the document: sub code 212, with the given types.
 *
 * @category constructors
 * @since 0.1.0
 */
export const spoofed = (types: ReadonlyArray<string> = ["SCREEN_REMARK"], options: VerdictOptions = {}): Verdict =>
  rejected("212", { spoof: { result: "Y", types: [...types] }, ...options })

/**
 * `Passed` is `P`: the service has not decided yet. Seen in an older edition of the vendor's page.
 *
 * @category constructors
 * @since 0.1.0
 */
export const undecided = (options: VerdictOptions = {}): Verdict => passed({ passed: "P", subCode: "", ...options })

/**
 * An error's code.
 *
 * @category constructors
 * @since 0.1.0
 */
export const errorCode = (
  code: ResponseCode.Code | (string & {}),
  options: Partial<Omit<typeof Step.cases.ErrorCode.Type, "_tag" | "code">> = {}
): Step => ({ _tag: "ErrorCode", code, ...options })

/**
 * `Throttling.Api`, with `x-acs-retry-after` in milliseconds if given.
 *
 * @category constructors
 * @since 0.1.0
 */
export const throttled = (options: { readonly retryAfterMillis?: number; readonly code?: string } = {}): Step =>
  errorCode(
    options.code ?? "Throttling.Api",
    options.retryAfterMillis === undefined ? {} : { retryAfterMillis: options.retryAfterMillis }
  )

/**
 * The user has not finished.
 *
 * @category constructors
 * @since 0.1.0
 */
export const notCompleted: Step = errorCode("ProcessNotCompleted")

/**
 * An answer as it is given.
 *
 * @category constructors
 * @since 0.1.0
 */
export const raw = (options: Omit<typeof Step.cases.Raw.Type, "_tag">): Step => ({ _tag: "Raw", ...options })

/**
 * Answers in turn.
 *
 * @category constructors
 * @since 0.1.0
 */
export const sequence = (
  steps: readonly [Step, ...ReadonlyArray<Step>],
  afterwards: "repeat-last" | "start-anew" = "repeat-last"
): Sequence => ({ _tag: "Sequence", steps, afterwards })
