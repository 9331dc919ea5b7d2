/** How options of the Promise client are refused. */
import * as CloudauthError from "@effect-cloudauth/core/CloudauthError"

export const refuse = (path: string, rule: string): never => {
  throw CloudauthError.invalidRequest(path, rule)
}

/** A number that was given, or else the default. */
export const wholeNumber = (path: string, value: number | undefined, fallback: number, least = 0): number =>
  value === undefined
    ? fallback
    : Number.isSafeInteger(value) && value >= least
      ? value
      : refuse(path, `a whole number, ${least} or more`)
