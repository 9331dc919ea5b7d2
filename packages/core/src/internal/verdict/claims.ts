/** What a decoded answer claims, for the rules of the verdict. */
import * as Options from "../../Options.ts"
import * as SubCode from "../../SubCode.ts"
import * as Wire from "../../Wire.ts"
import { type Answered, type Asked, extOf, type SpoofPart } from "../decode/answered.ts"
import type { ReadDocument, ReadDocuments } from "../decode/documents.ts"
import { type Json, parseNested } from "../decode/json.ts"
import { printable } from "../decode/serverText.ts"
import { isTold } from "../document/field.ts"
import { isField } from "../document/infer.ts"
import type { Claims } from "./rules.ts"

/** Something that an answer says under a key that no schema names. `isAboutRisk` if that key, or one above it, is. */
type Holds = (value: unknown, key: string, isAboutRisk: boolean) => boolean

// Verdicts in an answer beside the documented ones: any that says no speaks against a pass.

const isRisk =
  /spoof|risk|fraud|tamper|attack|fake|forge|counterfeit|copy|recapture|screenremark|blacklist|expired|revoked/
const isPass = /(?:passed|success|verified|valid)$/
const isOutcome = /(?:result|decision|verdict|conclusion|outcome)$/
const isCode = /^\.code$|subcodes?$/
const isError = /^\.?errors?$|(?:error|fail|reject)(?:code|msg|message|reason)s?$/
/** The ends of all these, and of `status` and `strange`: most keys have none. */
const isDecisive =
  /(?:passed|success|verified|valid|result|decision|verdict|conclusion|outcome|status|codes?|errors?|msg|message|reason|\?)$/

/** All that says yes under the key of a pass: anything else says no. */
const pass = /^(?:y|yes|true|1|pass(?:ed)?|success|valid|verified|是)?$/i
/** Says no under the key of an outcome, of a risk, or of a status. */
const refusal = /fail|reject|den[iy]|refuse|block|hit$|expire|error|ing$|review|invalid|not|susp|[失拒疑]|未通/i
const yes = /^(?:y|yes|true|1|high|medium|critical|found|detected|是|有)$/i
/** Says no of an outcome, and that there is no risk. `NORMAL` does neither. */
const no = /^(?:(?:n|false|0|p)$|no(?!r)|un|[不否未])/i

/** Whether a value says that the check did not pass, by the names of the keys that lead to it. */
const speaksAgainst: Holds = (value, key, isAboutRisk) => {
  if (!isAboutRisk && !isDecisive.test(key)) return false
  const text = String(value ?? "").trim()
  // The vendor's keys are in Latin letters: a key that only looks like one of them stands there to deceive.
  if (key.endsWith(strange)) return text !== ""
  if (isCode.test(key)) return !/^(?:200|success)?$/i.test(text)
  if (isError.test(key)) return !/^(?:200|success|ok|none|null|false|0)?$/i.test(text)
  if (isPass.test(key)) return !pass.test(text)
  if (isAboutRisk) return !no.test(text) && (yes.test(text) || refusal.test(text))
  const isAboutOutcome = isOutcome.test(key)
  return (isAboutOutcome && no.test(text)) || ((isAboutOutcome || key.endsWith("status")) && refusal.test(text))
}

/** Whether a value is the id of another transaction than `asked`. */
const isOtherId =
  (asked: Asked): Holds =>
  (value, key) => {
    const [, name] = /^\.?(transaction|merchantbiz)ids?$/.exec(key) ?? []
    return name !== undefined && differs(value, name === "transaction" ? asked.transactionId : asked.merchantBizId)
  }

/** Whether `holds` is true of a value, or of one below it. */
const holdsWithin = (holds: Holds, value: unknown, key: string, isAboutRisk: boolean): boolean => {
  // Most texts are no JSON, and the parser is slow to say so.
  const isPlain = typeof value === "string" && !/["{]/.test(value)
  const isList = Array.isArray(value)
  const nested = isPlain || isList ? value : parseNested(value)
  const isRisky = isAboutRisk || isRisk.test(key)
  const isOfParent = isList || isError.test(key)
  return typeof nested === "object"
    ? Object.entries(nested).some(([name, child]) =>
        holdsWithin(holds, child, isOfParent ? key : lettersOf(name), isRisky)
      )
    : holds(value, key, isRisky)
}

/** Stands for a key in letters that are neither Latin nor Chinese, or in full width. */
const strange = "?"
const isStrange = /[^\P{L}\p{Script=Han}A-Za-z]/u

/** The letters of a key. Of an endless one the end tells what it is about, and the rest would only cost time. */
const lettersOf = (key: string): string => {
  // Nearly every key is such a one.
  if (/^[A-Za-z]{1,100}$/.test(key)) return key.toLowerCase()
  const end = key.slice(-100)
  return isStrange.test(end) ? strange : end.toLowerCase().replace(/[^a-z]/g, "")
}

/** How the objects that schemas read came, and whether their keys are about a risk. */
const sourcesOf = ({ answer, result }: Answered) => {
  const ext = extOf(result)
  const spoofs = [Wire.readable(ext?.fields.spoofInfo), Wire.readable(ext?.fields.spoofBackInfo)]
  return [
    ...[answer, result, ext].map((part) => ({ isAboutRisk: false, source: part?.source })),
    ...spoofs.map((part) => ({ isAboutRisk: true, source: part?.source }))
  ]
}

type Pages = ReadonlyArray<ReadDocument>
type Fields = Answered["result"]["fields"]
type Sources = ReturnType<typeof sourcesOf>

/** Whether `holds` is true of a key that no schema names. */
const holdsOfUnknown = (sources: Sources, holds: Holds): boolean =>
  sources.some(({ isAboutRisk, source }) =>
    source?.unknown.some((key) => holdsWithin(holds, source.raw[key], `.${lettersOf(key)}`, isAboutRisk))
  )

/** Whether it holds of something in a document. */
const holdsOfPages = (pages: Pages, holds: Holds): boolean =>
  pages.some(({ raw }) => raw !== undefined && holdsWithin(holds, raw, "", false))

/** Whether a document has a field of the vendor's tables that holds something. */
const hasFields = (raw: Json | undefined): boolean =>
  raw !== undefined && Object.entries(raw).some(([key, value]) => isField(key) && isRead(value))

const isRead = (value: unknown): boolean => typeof value === "number" || (typeof value === "string" && isTold(value))

/** The claims of an answer, held against what was asked. */
export const claimsOf = (answered: Answered, documents: ReadDocuments, asked: Asked): Claims => {
  const { result } = answered
  const sources = sourcesOf(answered)
  const { back, edited, ocr } = documents
  const pages = [ocr, edited, back]
  // A program that polluted `Object.prototype` must not decide what the service said.
  const { ExtIdInfo: ext, Passed, SubCode: code } = Options.ownData(result.fields)
  const fields = Wire.readable(ext)?.fields
  const spoofs = [fields?.spoofInfo, fields?.spoofBackInfo]
  const readPassed = Wire.readable(Passed)
  const passed = readPassed === undefined ? undefined : printable(readPassed)
  const readCode = Wire.readable(code)
  const subCode = readCode === undefined ? undefined : SubCode.fromCode(printable(readCode))
  const isAnythingRead = hasFields(ocr.raw)
  return {
    passed,
    subCode,
    always: {
      RepeatedKey: hasRepeatedKey(sources, pages),
      OtherTransaction: isOtherTransaction(result.fields, asked, sources, pages),
      NotSuccessful: isNotSuccessful(answered),
      PassedUnreadable: passed !== "Y" && passed !== "N",
      SubCodeMissing: subCode === undefined,
      SubCodeContradicts: (passed === "Y") !== (subCode?._tag === "AuthenticationPassed")
    },
    forPass: {
      OcrNotPassed: fields?.ocrIdPassed === false,
      OcrPassedUnreadable: Wire.isUnreadable(fields?.ocrIdPassed),
      EvidenceMissing: ext === undefined,
      EvidenceUnreadable: Wire.isUnreadable(ext) || hasUnreadableFields(pages),
      SpoofRisk: spoofs.some((spoof) => Wire.readable(Wire.readable(spoof)?.fields.spoofResult) === true),
      SpoofUnreadable: spoofs.some(isUnreadableSpoof),
      SpoofTypeWithoutResult: spoofs.some(hasTypeWithoutResult),
      SiblingVerdict: siblingSaysNo(result.fields, pages, sources),
      EditedWithoutRead: hasFields(edited.raw) && !isAnythingRead,
      NothingRead: !isAnythingRead,
      OtherDocument: ocr.isOther || edited.isOther
    }
  }
}

/** Whether a document's fields are there but are no JSON. */
const hasUnreadableFields = (pages: Pages): boolean => pages.some(({ reading }) => reading._tag === "Unreadable")

const isNotSuccessful = ({ answer, result }: Answered): boolean => {
  const { HttpStatusCode, Success } = answer.fields
  return (HttpStatusCode !== undefined && HttpStatusCode !== "200") || isNo(Success) || isNo(result.fields.Success)
}

/** `Success` is there, and is not true. */
const isNo = (success: string | Wire.Unreadable | undefined): boolean =>
  success !== undefined && !(typeof success === "string" && /^(?:true|success|y)$/i.test(success))

const isUnreadableSpoof = (spoof: SpoofPart): boolean =>
  Wire.isUnreadable(spoof) || Wire.isUnreadable(spoof?.fields.spoofResult)

const hasTypeWithoutResult = (spoof: SpoofPart): boolean => {
  const fields = Wire.readable(spoof)?.fields
  return fields?.spoofResult === undefined && (Wire.readable(fields?.spoofType)?.length ?? 0) > 0
}

const isOtherTransaction = (
  { MerchantBizId, TransactionId }: Fields,
  asked: Asked,
  sources: Sources,
  pages: Pages
): boolean =>
  differs(TransactionId, asked.transactionId) ||
  differs(MerchantBizId, asked.merchantBizId) ||
  holdsOfUnknown(sources, isOtherId(asked)) ||
  holdsOfPages(pages, isOtherId(asked))

/** A blank echo says nothing. */
const differs = (echoed: unknown, asked: string | undefined): boolean =>
  asked !== undefined && echoed !== undefined && echoed !== null && echoed !== "" && echoed !== asked

const hasRepeatedKey = (sources: Sources, pages: Pages): boolean =>
  [...sources.map(({ source }) => source), ...pages].some((part) => part !== undefined && part.repeated.length > 0)

/** Whether a verdict that is not this operation's says no: a sibling solution's, or under an undocumented key. */
const siblingSaysNo = ({ EkycResult, ExtRiskInfo }: Fields, pages: Pages, sources: Sources): boolean => {
  if (EkycResult !== undefined && EkycResult !== "Y") return true
  if (ExtRiskInfo !== undefined && !isEmpty(ExtRiskInfo)) return true
  return holdsOfUnknown(sources, speaksAgainst) || holdsOfPages(pages, speaksAgainst)
}

/** Any other risk report says something that this client can't read. */
const isEmpty = (value: unknown): boolean =>
  value === null || (typeof value === "string" && /^(?:\{\s*\}|\[\s*\])?$/.test(value.trim()))
