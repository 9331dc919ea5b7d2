/** What a failed call may show of its cause. */
import type * as Cause from "effect/Cause"
import type * as Exit from "effect/Exit"
import type { CloudauthError } from "../../CloudauthError.ts"

/** The first error of a failed exit. */
export const errorOf = (exit: Exit.Exit<unknown, CloudauthError>): CloudauthError | undefined =>
  exit._tag === "Success" ? undefined : errorIn(exit.cause)

/** The first error of a cause. */
export const errorIn = <E>(cause: Cause.Cause<E>): E | undefined => {
  const reason = cause.reasons.find((candidate) => candidate._tag === "Fail")
  return reason?._tag === "Fail" ? reason.error : undefined
}

/** The class of a cause's defect, `_OTHER` if that is no plain name; `undefined` without a defect. */
export const defectType = (cause: Cause.Cause<unknown>): string | undefined => {
  const reason = cause.reasons.find((candidate) => candidate._tag === "Die")
  return reason?._tag === "Die" ? failureName(reason.defect) : undefined
}

/**
 * The tag or the class of what failed if it is a plain name, else `_OTHER`: never its words, which may hold anything.
 */
export const failureName = (failed: unknown): string => {
  if (typeof failed !== "object" || failed === null) return "_OTHER"
  const name = "_tag" in failed && typeof failed._tag === "string" ? failed._tag : failed.constructor?.name
  return name !== undefined && /^[A-Za-z]{1,60}$/.test(name) ? name : "_OTHER"
}
