/** What the requests of the operations have in common: flags, texts, and the error that a wrong value becomes. */
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import * as CloudauthError from "../CloudauthError.ts"

export type Query = ReadonlyArray<readonly [name: string, value: string]>

/** A choice by name that stands as a code on the wire. */
export const coded = <const T extends Readonly<Record<string, string>>>(codes: T) => {
  // The keys of a literal record are its names, each string.
  const names = Object.keys(codes) as Array<keyof T & string>
  const byCode = new Map<string, keyof T & string>(names.map((name) => [codes[name] ?? "", name]))
  return Schema.String.check(Schema.makeFilter((text) => byCode.has(text))).pipe(
    Schema.decodeTo(Schema.Literals(names), {
      // The check before lets known codes through only.
      decode: SchemaGetter.transform((code) => byCode.get(code) as keyof T & string),
      encode: SchemaGetter.transform((name): string => codes[name] ?? "")
    })
  )
}

const flag = <const Y extends string, const N extends string>(yes: Y, no: N) =>
  Schema.Literals([yes, no]).pipe(
    Schema.decodeTo(Schema.Boolean, {
      decode: SchemaGetter.transform((text) => text === yes),
      encode: SchemaGetter.transform((value) => (value ? yes : no))
    })
  )

/** A flag that is `Y` or `N` on the wire. */
export const YesOrNo = flag("Y", "N")

/** A flag that is `1` or `0` on the wire. */
export const OneOrZero = flag("1", "0")

/** Whether a value is text without control characters. */
export const isPrintable = (value: unknown): value is string => typeof value === "string" && !/\p{Cc}/u.test(value)

export const noControlCharacters = Schema.makeFilter<string>(isPrintable, {
  expected: "text without control characters"
})

/** The rule of `merchantBizId`, in the words of the error that a wrong value becomes. */
export const merchantBizIdRule = "1 to 32 letters and digits"

const merchantBizId = /^[A-Za-z0-9]{1,32}$/

export const isMerchantBizId = (value: unknown): value is string =>
  typeof value === "string" && merchantBizId.test(value)

export const MerchantBizId = Schema.String.check(Schema.isPattern(merchantBizId, { expected: merchantBizIdRule }))

const listIssues = SchemaIssue.makeFormatterStandardSchemaV1()

/**
 * Names the first wrong field and its rule; the value, which may be somebody's id, stays out of the error. `whole` is
 * the rule where no field is to blame.
 */
export const refused =
  <R extends Readonly<Record<string, string>>>(rules: R, whole: string) =>
  (error: Schema.SchemaError): CloudauthError.InvalidRequest => {
    const field = String(listIssues(error.issue).issues[0]?.path?.[0] ?? "")
    const rule = Object.hasOwn(rules, field) ? rules[field] : undefined
    return rule === undefined
      ? CloudauthError.invalidRequest("request", whole)
      : CloudauthError.invalidRequest(field, rule)
  }
