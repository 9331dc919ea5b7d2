/** The page of all fields: what is asked, what is answered, and which part of the vendor's documentation says so. */
import type { CheckResult } from "@effect-cloudauth/core/CheckResult"
import * as CheckResultRequest from "@effect-cloudauth/core/CheckResultRequest"
import * as DocType from "@effect-cloudauth/core/DocType"
import * as Document from "@effect-cloudauth/core/Document"
import type { Initialized } from "@effect-cloudauth/core/Initialize"
import * as InitializeRequest from "@effect-cloudauth/core/InitializeRequest"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { type Member, membersOf, wireNames } from "./declarations.ts"
import { code, page, table, text } from "./markdown.ts"

const core = "packages/core/src"

const checkResultPage = "[CheckResult](https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult)"
const initializePage = "[Initialize](https://www.alibabacloud.com/help/en/ekyc/latest/ocr-initialize)"
const returnFieldPage = "[Return fields](https://www.alibabacloud.com/help/en/ekyc/latest/return-field)"
const sdk = "SDK"

const said = (where: string, { doc, name }: Member): string => {
  if (doc === "") throw new Error(`${where}.${name} has no docstring`)
  return text(doc)
}

interface Request {
  readonly file: string
  readonly name: string
  readonly schema: Schema.Codec<unknown, unknown>
  /** Where a field's name and meaning come from. */
  readonly source: (field: string) => string
  readonly toQuery: (request: never) => Result.Result<unknown, { readonly path: string; readonly rule: string }>
  /** A request that passes. */
  readonly valid: Readonly<Record<string, unknown>>
}

/** The rule of a field in the words that a wrong value is refused with. */
const ruleOf = ({ toQuery, valid }: Request, field: string): string => {
  const refused = toQuery({ ...valid, [field]: Symbol("wrong") } as never) // wrong on purpose
  if (Result.isSuccess(refused) || refused.failure.path !== field) throw new Error(`${field} takes anything`)
  return refused.failure.rule
}

const isRequired = ({ toQuery, valid }: Request, field: string): boolean => {
  const { [field]: _, ...rest } = valid
  return Result.isFailure(toQuery(rest as never)) // a field is missing on purpose
}

const Parameters = Schema.Struct({
  properties: Schema.Record(Schema.String, Schema.Struct({ description: Schema.NonEmptyString }))
})

const request = (given: Request): string => {
  const wire = wireNames(given.file, given.name)
  const { properties } = Schema.decodeUnknownSync(Parameters)(Schema.toJsonSchemaDocument(given.schema).schema)
  return table(
    ["field, on the wire", "must be", "meaning", "source"],
    [...wire].map(([field, parameter]) => [
      `${code(field)}<br>${code(parameter)}`,
      `${text(ruleOf(given, field))}${isRequired(given, field) ? "; **required**" : ""}`,
      text(properties[parameter]?.description ?? ""),
      given.source(field)
    ])
  )
}

const checkResultRequest: Request = {
  file: `${core}/CheckResultRequest.ts`,
  name: "CheckResultRequest",
  schema: CheckResultRequest.CheckResultRequest,
  toQuery: (request) => Result.map(CheckResultRequest.check(request), ({ query }) => query),
  valid: { merchantBizId: "order1", transactionId: "hksb0000" },
  source: (field) =>
    ["merchantBizId", "transactionId", "isReturnImage"].includes(field) ? checkResultPage : "newer SDK"
}

const initializeRequest: Request = {
  file: `${core}/InitializeRequest.ts`,
  name: "InitializeRequest",
  schema: InitializeRequest.InitializeRequest,
  toQuery: InitializeRequest.toQuery,
  valid: { merchantBizId: "order1", merchantUserId: "5e884898", docType: DocType.GlobalPassport },
  source: (field) => (["productCode", "merchantBizId", "sceneCode"].includes(field) ? `${initializePage}, ${sdk}` : sdk)
}

/** What on the wire each part of a result is made of. */
const resultWire: Readonly<Record<keyof CheckResult, readonly [wire: string, source: string]>> = {
  requestId: ["`RequestId`", checkResultPage],
  transactionId: ["the request", "this client"],
  merchantBizId: ["the request", "this client"],
  receivedAt: ["the response's arrival", "this client"],
  expectation: ["the request's `expect`, or the store", "this client"],
  verdict: ["`Result.Passed`, `Result.SubCode`, and what could contradict them", checkResultPage],
  ocrPassed: ["`ExtIdInfo.ocrIdPassed`", checkResultPage],
  ocr: ["`ExtIdInfo.ocrIdInfo`", checkResultPage],
  ocrEdited: ["`ExtIdInfo.ocrIdEditInfo`", checkResultPage],
  ocrBack: ["`ExtIdInfo.ocrIdBackInfo`", checkResultPage],
  spoof: ["`ExtIdInfo.spoofInfo`, `ExtIdInfo.spoofBackInfo`", checkResultPage],
  images: ["`ExtIdInfo.idImage`, `ExtIdInfo.idBackImage`", checkResultPage],
  warnings: ["all of it", "this client"],
  raw: ["all of it", "this client"]
}

const initializedWire: Readonly<Record<keyof Initialized, readonly [wire: string, source: string]>> = {
  requestId: ["`RequestId`", initializePage],
  transactionId: ["`Result.TransactionId`", initializePage],
  transactionUrl: ["`Result.TransactionUrl`", sdk],
  protocol: ["`Result.Protocol`", sdk],
  clientConfig: ["`Result.ClientCfg`", sdk],
  raw: ["all of it", "this client"]
}

/** Members that say by their type alone what they are. */
const plain: Readonly<Record<string, string>> = {
  verdict: "Passed, rejected with a sub code, or inconclusive. Never a pass where anything contradicts.",
  spoof: "Whether the anti-spoofing check found a risk on either side, and of which types.",
  warnings: "What in the answer was not as documented, with its path. It cost nothing else."
}

const answer = (
  file: string,
  name: string,
  wire: Readonly<Record<string, readonly [wire: string, source: string]>>
): string =>
  table(
    ["field", "from", "meaning", "source"],
    membersOf(file, name).map((member) => {
      const [from, source] = wire[member.name] ?? ["", ""]
      if (from === "") throw new Error(`${name}.${member.name}: where does it come from?`)
      const meaning = member.doc === "" ? (plain[member.name] ?? said(name, member)) : text(member.doc)
      return [code(member.name), from, meaning, source]
    })
  )

/** What the schema of a field says of it. */
interface Described {
  readonly description: string
  readonly examples: ReadonlyArray<string>
  readonly format?: string
}

const Properties = Schema.Record(
  Schema.String,
  Schema.Struct({
    description: Schema.String,
    examples: Schema.Array(Schema.String),
    format: Schema.optionalKey(Schema.String)
  })
)

/** The fields of a document, by the annotations of its schema. */
const describedFields = (name: Document.Name): Readonly<Record<string, Described>> => {
  const { definitions } = Schema.toJsonSchemaDocument(Document.kinds[name])
  return Schema.decodeUnknownSync(Properties)(definitions[name]?.["properties"])
}

/** What a reader gets of a field. */
const typeOf = (field: string, { format }: Described): string => {
  if (field === "sex") return "`Female`, `Male`, `Unspecified` or `Unknown`, and the text as it came"
  return format === undefined ? "text" : `${format === "yyyy-MM" ? "month" : "date"}, ${code(format)}`
}

const document = (name: Document.Name): string => {
  const docTypes = DocType.codesOf(Document.kinds[name])
  return [
    `### ${Document.titles[name]}`,
    `\`Document.${name}\`; ${
      docTypes.length === 0
        ? "no confirmed `DocType`: ask the vendor"
        : `\`DocType\` ${docTypes.map(code).join(" or ")} (source: ${returnFieldPage})`
    }. Source of every field: ${checkResultPage}, OCR result fields, ${Document.titles[name]}.`,
    table(
      ["field", "type", "meaning", "example"],
      Object.entries(describedFields(name)).map(([field, described]) => [
        code(field),
        typeOf(field, described),
        text(described.description),
        described.examples.map(code).join(", ")
      ])
    )
  ].join("\n\n")
}

export const fields = (): string =>
  page(
    "Fields",
    "the schemas, their docstrings and the rules that wrong values are refused with",
    `Names on the wire are the vendor's. The source of a field is one of its pages, ${checkResultPage}, ${initializePage} or
${returnFieldPage}, or the model in its SDK of version 2022-08-09 ("SDK"; "newer SDK" where only later editions of it have the field).`,
    "## CheckResult: what is asked",
    request(checkResultRequest),
    "## CheckResult: what is answered",
    `\`ExtIdInfo\` is JSON inside JSON, and so are its parts; each may also come as an object, encoded twice, empty or not at all. What
is not as documented becomes a warning and costs nothing else.`,
    answer(`${core}/internal/checkResult/model.ts`, "CheckResult", resultWire),
    "## Documents",
    `Every field is optional: the service leaves out, or leaves empty, what it could not read. \`Document.reveal\` shows them; printing
never does. A date that is none keeps its text.`,
    ...Document.names.map(document),
    "## Initialize: what is asked",
    request(initializeRequest),
    "## Initialize: what is answered",
    answer(`${core}/Initialize.ts`, "Initialized", initializedWire)
  )
