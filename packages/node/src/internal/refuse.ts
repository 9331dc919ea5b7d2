/** How options of the Promise client are refused. */
import * as CloudauthError from "@effect-cloudauth/core/CloudauthError"

export const refuse = (path: string, rule: string): never => {
  throw CloudauthError.invalidRequest(path, rule)
}

/** Refuses a value that is given and is not a function. */
export const optionalFunction = (path: string, value: unknown): void => {
  if (value !== undefined && typeof value !== "function") refuse(path, "a function")
}

/** Calls a listener of the application. What it throws, or rejects with, is its own. */
export const tell = <A>(listener: (value: A) => unknown, value: A): void => {
  ;(async () => listener(value))().catch(() => undefined)
}

/** A number that was given, or else the default. */
export const wholeNumber = (path: string, value: number | undefined, fallback: number, least = 0): number =>
  value === undefined
    ? fallback
    : Number.isSafeInteger(value) && value >= least
      ? value
      : refuse(path, `a whole number, ${least} or more`)
