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
  const passed = Wire.readable(Passed)
  const subCode = Wire.readable(code)
  return {
    passed: passed === undefined ? undefined : printable(passed),
    subCode: subCode === undefined ? undefined : SubCode.fromCode(printable(subCode)),
    hasRepeatedKey: hasRepeatedKey(answered, documents),
    isOtherTransaction: isOtherTransaction(result, asked),
    isNotSuccessful: isNotSuccessful(answered),
    ocrPassed: stateOf(fields?.ocrIdPassed),
    extIdInfo: ext === undefined ? "absent" : Wire.isUnreadable(ext) ? "unreadable" : "read",
    hasUnreadableFields: [documents.ocr, documents.edited, documents.back].some(
      ({ reading }) => reading._tag === "Unreadable"
    ),
    hasSpoofRisk: spoofs.some((spoof) => Wire.readable(Wire.readable(spoof)?.fields.spoofResult) === true),
    hasUnreadableSpoof: spoofs.some(isUnreadableSpoof),
    hasSpoofTypeWithoutResult: spoofs.some(hasTypeWithoutResult),
    siblingSaysNo: siblingSaysNo(answered),
    hasFields: hasText(documents.ocr.raw),
    hasEditedFields: hasText(documents.edited.raw),
    isOtherDocument: documents.ocr.isOther || documents.edited.isOther
  }
}

const stateOf = (flag: boolean | Wire.Unreadable | undefined): Claims["ocrPassed"] =>
  flag === undefined ? "absent" : Wire.isUnreadable(flag) ? "unreadable" : flag ? "Y" : "N"

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
