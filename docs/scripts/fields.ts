/** The page of all fields: what is asked, what is answered, and which part of the vendor's documentation says so. */
import type { CheckResult } from "@effect-cloudauth/core/CheckResult"
import * as CheckResultRequest from "@effect-cloudauth/core/CheckResultRequest"
import * as DocType from "@effect-cloudauth/core/DocType"
import * as Document from "@effect-cloudauth/core/Document"
import type { Initialized } from "@effect-cloudauth/core/Initialize"
import * as InitializeRequest from "@effect-cloudauth/core/InitializeRequest"
import * as Result from "effect/Result"
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

const request = (given: Request): string => {
  const wire = wireNames(given.file, given.name)
  return table(
    ["field, on the wire", "must be", "meaning", "source"],
    membersOf(given.file, given.name).map((member) => [
      `${code(member.name)}<br>${code(wire.get(member.name) ?? "")}`,
      `${text(ruleOf(given, member.name))}${isRequired(given, member.name) ? "; **required**" : ""}`,
      said(given.name, member),
      given.source(member.name)
    ])
  )
}

const checkResultRequest: Request = {
  file: `${core}/CheckResultRequest.ts`,
  name: "CheckResultRequest",
  toQuery: CheckResultRequest.toQuery,
  valid: { merchantBizId: "order1", transactionId: "hksb0000" },
  source: (field) =>
    ["merchantBizId", "transactionId", "isReturnImage"].includes(field) ? checkResultPage : "newer SDK"
}

const initializeRequest: Request = {
  file: `${core}/InitializeRequest.ts`,
  name: "InitializeRequest",
  toQuery: InitializeRequest.toQuery,
  valid: { merchantBizId: "order1", merchantUserId: "5e884898", docType: DocType.GlobalPassport },
  source: (field) => (["productCode", "merchantBizId", "sceneCode"].includes(field) ? `${initializePage}, ${sdk}` : sdk)
}

/** What on the wire each part of a result is made of. */
const resultWire: Readonly<Record<keyof CheckResult, readonly [wire: string, source: string]>> = {
  requestId: ["`RequestId`", checkResultPage],
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

/** What a reader gets of a field, by what is read of three samples. */
const kindOf = (name: Document.Name, field: string): string => {
  const has = (sample: string, key: string): boolean => {
    const read: unknown = Object.values(Document.readFields(name, { [field]: sample }).fields)[0]
    return typeof read === "object" && read !== null && key in read
  }
  if (has("F", "value")) return "`Female`, `Male` or `Unknown`, and the text as it came"
  // A month may come with a day, a day never without.
  if (has("2020-05", "month")) return "month, `yyyy-MM`"
  return has("2020-05-06", "day") ? "date, `yyyy-MM-dd`" : "text"
}

const document = (name: Document.Name): string => {
  const members = membersOf(`${core}/internal/documentKinds.ts`, name)
  const declared = members.map((member) => member.name)
  if (declared.join() !== Document.fieldsOf(name).join()) throw new Error(`${name}: the fields were misread`)
  const docTypes = DocType.codesOf(Document.kinds[name])
  return [
    `### ${Document.titles[name]}`,
    `\`Document.${name}\`; ${
      docTypes.length === 0
        ? "no confirmed `DocType`: ask the vendor"
        : `\`DocType\` ${docTypes.map(code).join(" or ")} (source: ${returnFieldPage})`
    }. Source of every field: ${checkResultPage}, OCR result fields, ${Document.titles[name]}.`,
    table(
      ["field", "type", "meaning"],
      members.map((member) => {
        const meaning = member.name === "sex" ? "Sex." : said(name, member)
        return [code(member.name), kindOf(name, member.name), meaning]
      })
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
    answer(`${core}/CheckResult.ts`, "CheckResult", resultWire),
    "## Documents",
    `Every field is optional: the service leaves out, or leaves empty, what it could not read. \`Document.reveal\` shows them; printing
never does. A date that is none keeps its text.`,
    ...Document.names.map(document),
    "## Initialize: what is asked",
    request(initializeRequest),
    "## Initialize: what is answered",
    answer(`${core}/Initialize.ts`, "Initialized", initializedWire)
  )
