/** What the requests of the operations have in common: flags, texts, and the error that a wrong value becomes. */
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import * as CloudauthError from "../../CloudauthError.ts"

/** What a field means. It stands at the wire's side, too, for JSON Schema. */
type Words = { readonly title: string; readonly description: string }

/** A choice by name that stands as a code on the wire. */
export const coded = <const T extends Readonly<Record<string, string>>>(codes: T, words: Words) => {
  // The keys of a literal record are its names, each string.
  const names = Object.keys(codes) as Array<keyof T & string>
  const byCode = new Map<string, keyof T & string>(names.map((name) => [codes[name] ?? "", name]))
  return Schema.Literals([...byCode.keys()])
    .annotate(words)
    .pipe(
      Schema.decodeTo(Schema.Literals(names).annotate(words), {
        // The literals before let known codes through only.
        decode: SchemaGetter.transform((code) => byCode.get(code) as keyof T & string),
        encode: SchemaGetter.transform((name): string => codes[name] ?? "")
      })
    )
}

const flag =
  <const Y extends string, const N extends string>(yes: Y, no: N) =>
  (words: Words) =>
    Schema.Literals([yes, no])
      .annotate(words)
      .pipe(
        Schema.decodeTo(Schema.Boolean.annotate(words), {
          decode: SchemaGetter.transform((text) => text === yes),
          encode: SchemaGetter.transform((value) => (value ? yes : no))
        })
      )

/** A flag that is `Y` or `N` on the wire. */
export const yesOrNo = flag("Y", "N")

/** A flag that is `1` or `0` on the wire. */
export const oneOrZero = flag("1", "0")

export const noControlCharacters = Schema.isPattern(/^\P{Cc}*$/u, { expected: "text without control characters" })

const listIssues = SchemaIssue.makeFormatterStandardSchemaV1()

/**
 * Names the first wrong field and its rule; the value, which may be a person's id, stays out of the error. `whole` is
 * the rule if no field is to blame.
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
