/**
 * What Initialize asked for, to compare the result with it. The answer itself names neither the document nor whether
 * anti-spoofing was on: without an expectation a result says less.
 *
 * `TransactionStore.initialize` stores it, and `checkStored` and `awaitStored` use it. Pass it to `checkResult` as `expect`.
 *
 * @example
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import * as Document from "@effect-cloudauth/core/Document"
 *
 * const program = Cloudauth.checkResult({
 *   merchantBizId: "order1",
 *   transactionId: "hksb0000",
 *   expect: { document: Document.GlobalPassport, idSpoof: true, pages: "front" }
 * })
 *
 * @since 0.1.0
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import * as SchemaIssue from "effect/SchemaIssue"
import * as CloudauthError from "./CloudauthError.ts"
import type * as Document from "./Document.ts"
import { regions } from "./Endpoint.ts"
import { Name, nameOf } from "./internal/document/kinds.ts"
import { generatedFrom } from "./internal/generated.ts"
import * as Options from "./Options.ts"

/**
 * A time in milliseconds since 1970.
 *
 * @category models
 * @since 0.1.0
 */
export const Time = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 8_640_000_000_000_000 }))

/**
 * An expectation. Every part is optional: the client checks only the parts that are there.
 *
 * @category models
 * @since 0.1.0
 */
export const Expectation = Schema.Struct({
  /** The kinds of document that were asked for; one, as a rule. */
  documents: Schema.optionalKey(
    Schema.NonEmptyArray(Name)
      .annotate({ description: "The kinds of document that were asked for; one, as a rule." })
      .check(Schema.makeFilter((names) => new Set(names).size === names.length))
  ),
  /** Whether the anti-spoofing check was asked for (`IdSpoof`). */
  idSpoof: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "Whether the anti-spoofing check was asked for (IdSpoof)." })
  ),
  /** Which sides were asked for (`Pages`). */
  pages: Schema.optionalKey(
    Schema.Literals(["front", "frontAndBack"]).annotate({ description: "Which sides were asked for (Pages)." })
  ),
  /** Whether the user could edit what was read (`EditOcrResult`). */
  isEditable: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "Whether the user could edit what was read (EditOcrResult)." })
  ),
  /** The region in which the transaction began. */
  region: Schema.optionalKey(
    generatedFrom(
      Schema.String.annotate({ description: "The region in which the transaction began." }),
      Schema.Literals(regions),
      (region) => region
    )
  ),
  /** When the transaction began, in milliseconds since 1970. */
  startedAt: Schema.optionalKey(
    Time.annotate({ description: "When the transaction began, in milliseconds since 1970." })
  ),
  /** For how many days after completion the vendor keeps the result. Default 30. */
  retentionDays: Schema.optionalKey(
    Schema.Finite.check(Schema.isGreaterThan(0)).annotate({
      description: "For how many days after completion the vendor keeps the result. Default 30."
    })
  )
}).annotate({ identifier: "Expectation", title: "What was asked for at Initialize" })
export interface Expectation extends Schema.Schema.Type<typeof Expectation> {}

/**
 * An expectation as a caller writes it: the document by its kind.
 *
 * @category models
 * @since 0.1.0
 */
export interface Expect<out K extends Document.Kind | undefined = Document.Kind | undefined> extends Expectation {
  /** The kind of document that was asked for; `documents` if there are several. */
  readonly document?: K | undefined
}

/** The rule of each field, in the words of the error that a wrong value becomes. */
const rules: Readonly<Record<keyof Expectation, string>> = {
  documents: "a list of names of documents, for example GlobalPassport",
  idSpoof: "true or false",
  pages: "front or frontAndBack",
  isEditable: "true or false",
  region: "a region of the service",
  startedAt: "a time in milliseconds since 1970",
  retentionDays: "a number of days above 0"
}

/**
 * The keys of an expectation as a caller writes it.
 *
 * @category constants
 * @since 0.1.0
 */
export const keys: Options.Keys<Expect> = {
  document: true,
  documents: true,
  idSpoof: true,
  pages: true,
  isEditable: true,
  region: true,
  startedAt: true,
  retentionDays: true
}

/**
 * Nothing is expected.
 *
 * @category constants
 * @since 0.1.0
 */
export const none: Expectation = {}

/**
 * Checks the expectation that a caller has written. The error has the field's path.
 *
 * @category constructors
 * @since 0.1.0
 */
export const check = (expect: Expect): Result.Result<Expectation, CloudauthError.InvalidRequest> =>
  Result.flatMap(Options.own<Expect>(keys, expect, "expect"), ({ document, ...rest }) => {
    if (document === undefined) return checked(rest)
    const name = nameOf(document)
    if (name === undefined) return refuse("document", "one of the kinds of Document, or left out")
    return rest.documents === undefined
      ? checked({ ...rest, documents: [name] })
      : refuse("document", "left out beside documents")
  })

const checked = (expectation: Expectation): Result.Result<Expectation, CloudauthError.InvalidRequest> =>
  Result.orElse(decode(withoutUndefined(expectation)), ({ issue }) => {
    const wrong = listIssues(issue).issues[0]?.path?.[0]
    const field = Struct.keys(rules).find((name) => name === wrong)
    return field === undefined
      ? Result.fail(CloudauthError.invalidRequest("expect", "an expectation"))
      : refuse(field, rules[field])
  })

const refuse = (field: string, rule: string) => Result.fail(CloudauthError.invalidRequest(`expect.${field}`, rule))

const decode = Schema.decodeUnknownResult(Expectation)
const listIssues = SchemaIssue.makeFormatterStandardSchemaV1()

const withoutUndefined = (value: object): object =>
  Options.ownData(Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)))

/**
 * The one document that is expected; `undefined` if none or several are.
 *
 * @category getters
 * @since 0.1.0
 */
export const documentOf = ({ documents }: Expectation): Document.Name | undefined =>
  documents?.length === 1 ? documents[0] : undefined
