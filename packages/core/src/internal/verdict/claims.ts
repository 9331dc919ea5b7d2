/** What a decoded answer claims, for the rules of the verdict. */
import * as Options from "../../Options.ts"
import * as SubCode from "../../SubCode.ts"
import * as Wire from "../../Wire.ts"
import { type Answered, type Asked, extOf, type SpoofPart } from "../decode/answered.ts"
import type { ReadDocuments } from "../decode/documents.ts"
import { isJson, type Json, parseNested } from "../decode/json.ts"
import { printable } from "../decode/printable.ts"
import { plainKey } from "../document/plainKey.ts"
import type { Claims } from "./rules.ts"

// Verdicts in an answer beside the documented ones: any that says no speaks against a pass.

const isRisk = /spoof|risk|fraud|tamper|attack|fake/
const isVerdict = /(?:passed|result|success|verified|valid)$/

const yes = new Set<unknown>(["Y", "y", "yes", "true", true, "high", "HIGH"])
const no = new Set<unknown>(["N", "n", "no", "false", false, "P", "fail", "failed", "FAIL", "reject", "rejected"])

/** Whether something below `path` says that the check did not pass, by the names of its keys. */
const speaksAgainst = (value: unknown, path: string): boolean => {
  const nested = isJson(value) || Array.isArray(value) ? value : parseNested(value)
  if (nested !== undefined) {
    return Object.entries(nested).some(([key, child]) => speaksAgainst(child, `${path}.${plainKey(key)}`))
  }
  return isRisk.test(path) ? yes.has(value) : isVerdict.test(path) && no.has(value)
}

/** Whether a key of an object that no schema names says that the check did not pass. */
const unknownKeySpeaksAgainst = ({ raw, unknown }: Wire.Source, path: string): boolean =>
  unknown.some((key) => speaksAgainst(raw[key], `${path}.${plainKey(key)}`))

/** Whether a field holds something that can be read. */
const hasText = (raw: Json | undefined): boolean =>
  raw !== undefined &&
  Object.values(raw).some((value) =>
    typeof value === "string" ? value.trim() !== "" : typeof value === "number" || typeof value === "boolean"
  )

/** The claims of an answer, held against what was asked. */
export const claimsOf = (answered: Answered, documents: ReadDocuments, asked: Asked): Claims => {
  const { result } = answered
  // A program that polluted `Object.prototype` must not decide what the service said.
  const { ExtIdInfo: ext, Passed, SubCode: code } = Options.ownData(result.fields)
  const fields = Wire.readable(ext)?.fields
  const spoofs = [fields?.spoofInfo, fields?.spoofBackInfo]
  const readPassed = Wire.readable(Passed)
  const passed = readPassed === undefined ? undefined : printable(readPassed)
  const readCode = Wire.readable(code)
  const subCode = readCode === undefined ? undefined : SubCode.fromCode(printable(readCode))
  const hasFields = hasText(documents.ocr.raw)
  return {
    passed,
    subCode,
    always: {
      RepeatedKey: hasRepeatedKey(answered, documents),
      OtherTransaction: isOtherTransaction(result, asked),
      NotSuccessful: isNotSuccessful(answered),
      PassedUnreadable: passed !== "Y" && passed !== "N",
      SubCodeMissing: subCode === undefined,
      SubCodeContradicts: (passed === "Y") !== (subCode?._tag === "AuthenticationPassed")
    },
    forPass: {
      OcrNotPassed: fields?.ocrIdPassed === false,
      OcrPassedUnreadable: Wire.isUnreadable(fields?.ocrIdPassed),
      EvidenceMissing: ext === undefined,
      EvidenceUnreadable: Wire.isUnreadable(ext) || hasUnreadableFields(documents),
      SpoofRisk: spoofs.some((spoof) => Wire.readable(Wire.readable(spoof)?.fields.spoofResult) === true),
      SpoofUnreadable: spoofs.some(isUnreadableSpoof),
      SpoofTypeWithoutResult: spoofs.some(hasTypeWithoutResult),
      SiblingVerdict: siblingSaysNo(answered),
      EditedWithoutRead: hasText(documents.edited.raw) && !hasFields,
      NothingRead: !hasFields,
      OtherDocument: documents.ocr.isOther || documents.edited.isOther
    }
  }
}

/** Whether a document's fields are there but are no JSON. */
const hasUnreadableFields = ({ back, edited, ocr }: ReadDocuments): boolean =>
  [ocr, edited, back].some(({ reading }) => reading._tag === "Unreadable")

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

const isOtherTransaction = ({ fields }: Answered["result"], asked: Asked): boolean =>
  differs(fields.TransactionId, asked.transactionId) || differs(fields.MerchantBizId, asked.merchantBizId)

const differs = (echoed: string | Wire.Unreadable | undefined, asked: string | undefined): boolean =>
  echoed !== undefined && asked !== undefined && echoed !== asked

const readableSpoofs = (ext: ReturnType<typeof extOf>) => [
  Wire.readable(ext?.fields.spoofInfo),
  Wire.readable(ext?.fields.spoofBackInfo)
]

const hasRepeatedKey = ({ answer, result }: Answered, documents: ReadDocuments): boolean => {
  const ext = extOf(result)
  const spoofs = readableSpoofs(ext)
  const repeated = [
    ...[answer, result, ext, ...spoofs].map((part) => part?.source.repeated),
    ...[documents.ocr, documents.edited, documents.back].map(({ repeated }) => repeated)
  ]
  return repeated.some((names) => names !== undefined && names.length > 0)
}

/** Whether a verdict that is not this operation's says no: a sibling solution's, or under an undocumented key. */
const siblingSaysNo = ({ answer, result }: Answered): boolean => {
  const { EkycResult, ExtRiskInfo } = result.fields
  if (EkycResult !== undefined && EkycResult !== "Y") return true
  if (ExtRiskInfo !== undefined && !isEmpty(ExtRiskInfo)) return true
  const ext = extOf(result)
  const spoofs = readableSpoofs(ext)
  return (
    unknownKeySpeaksAgainst(answer.source, "") ||
    unknownKeySpeaksAgainst(result.source, "") ||
    (ext !== undefined && unknownKeySpeaksAgainst(ext.source, "")) ||
    spoofs.some((spoof) => spoof !== undefined && unknownKeySpeaksAgainst(spoof.source, "spoof"))
  )
}

/** The rest of what a risk report can be says something that this client can't read. */
const isEmpty = (value: unknown): boolean =>
  value === null || (typeof value === "string" && /^(?:\{\s*\}|\[\s*\])?$/.test(value.trim()))
