/** The parameters of a call, and what is wrong with them. */
import * as Protocol from "../Protocol.ts"
import type * as Answers from "./answers.ts"

export type Parameters = ReadonlyMap<string, string>

/** The parameters of the query, and those of a form body if there is one. */
export const read = (request: Protocol.Request): Parameters => {
  const pairs = [...(Protocol.parsePairs(Protocol.splitTarget(request.target).query) ?? [])]
  const form = Protocol.header(request, "content-type")?.toLowerCase().startsWith("application/x-www-form-urlencoded")
  if (form === true) pairs.push(...(Protocol.parsePairs(Buffer.from(request.body).toString("utf8")) ?? []))
  return new Map(pairs)
}

/** A refusal because of a parameter. */
export interface Refused {
  readonly error: Answers.ErrorAnswer
}

const missing = (name: string): Refused => ({
  error: { code: "MissingParameter", message: `Parameter cannot be empty: ${name}.` }
})

export const invalid = (name: string): Refused => ({
  error: { code: "InvalidParameter", message: `Invalid parameter: ${name}.` }
})

export type Rule = readonly [name: string, isRequired: boolean, isValid: (value: string) => boolean]

/** The first rule that the parameters break. */
export const check = (rules: ReadonlyArray<Rule>, parameters: Parameters): Refused | undefined => {
  for (const [name, isRequired, isValid] of rules) {
    const value = parameters.get(name) ?? ""
    if (value === "" && isRequired) return missing(name)
    if (value !== "" && !isValid(value)) return invalid(name)
  }
  return undefined
}

export const isMerchantBizId = (value: string): boolean => /^[A-Za-z0-9]{1,32}$/.test(value)

/** A rule for one of a few values. */
export const oneOf =
  (...values: ReadonlyArray<string>) =>
  (value: string): boolean =>
    values.includes(value)
