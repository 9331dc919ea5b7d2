/** Answers that contradict themselves, or that are about something else. None of them is a pass. */
import type { Appended, Verdict, VerdictOptions } from "./model.ts"
import { passed } from "./steps.ts"

const noRisk = { spoofResult: "N", spoofType: [] }

/** A key that stands twice, with its first and its second value. */
const twice: Readonly<Record<Repeatable, readonly [first: VerdictOptions, second: Appended]>> = {
  Passed: [
    { passed: "N", ocrIdPassed: "Y" },
    { in: "result", key: "Passed", value: "Y" }
  ],
  SubCode: [{ subCode: "212" }, { in: "result", key: "SubCode", value: "200" }],
  spoofResult: [{ spoof: { result: "Y", types: ["TAMPER"] } }, { in: "spoofInfo", key: "spoofResult", value: "N" }],
  spoofInfo: [
    { spoof: { result: "Y", types: ["TAMPER"] } },
    { in: "extIdInfo", key: "SpoofInfo", value: JSON.stringify(noRisk) }
  ],
  ocrIdPassed: [{ ocrIdPassed: "N" }, { in: "extIdInfo", key: "ocrIdPassed", value: "Y" }],
  idNumber: [{}, { in: "ocrIdInfo", key: "idNumber", value: "Q000000(0)" }],
  ExtIdInfo: [{}, { in: "result", key: "ExtIdInfo", value: "{}" }],
  Result: [
    { passed: "N", subCode: "212" },
    { in: "answer", key: "Result", value: { Passed: "Y", SubCode: "200" } }
  ],
  Code: [{}, { in: "answer", key: "code", value: "Success" }]
}

/**
 * A key of an answer that can be doubled.
 *
 * @category contradictions
 * @since 0.1.0
 */
export type Repeatable =
  | "Passed"
  | "SubCode"
  | "spoofResult"
  | "spoofInfo"
  | "ocrIdPassed"
  | "idNumber"
  | "ExtIdInfo"
  | "Result"
  | "Code"

/**
 * A key stands twice, `spoofInfo` and `Code` in two spellings. If the values differ, the one that says no comes first,
 * because a JSON parser keeps the last.
 *
 * @category contradictions
 * @since 0.1.0
 */
export const repeatedKey = (key: Repeatable, options: VerdictOptions = {}): Verdict => {
  const [first, second] = twice[key]
  return passed({ ...first, ...options, appended: [second, ...(options.appended ?? [])] })
}

/**
 * `Passed` is `Y`, and this part of the same answer says no or can't be read.
 *
 * @category contradictions
 * @since 0.1.0
 */
export type Contradiction =
  | "Passed"
  | "SubCode"
  | "SubCodeMissing"
  | "OcrNotPassed"
  | "OcrUnreadable"
  | "EvidenceMissing"
  | "EvidenceCutOff"
  | "NothingRead"
  | "EditedWithoutRead"
  | "SpoofRisk"
  | "SpoofUnreadable"
  | "SpoofTypeWithoutResult"
  | "NotSuccessful"
  | "SiblingVerdict"
  | "OtherTransaction"
  | "OtherMerchantBizId"
  | "Status500"

const against: Readonly<Record<Contradiction, VerdictOptions>> = {
  Passed: { passed: "true", ocrIdPassed: "Y" },
  SubCode: { subCode: "211" },
  SubCodeMissing: { subCode: "" },
  OcrNotPassed: { ocrIdPassed: "N" },
  OcrUnreadable: { ocrIdPassed: "n" },
  EvidenceMissing: { nesting: { extIdInfo: "absent" } },
  EvidenceCutOff: { nesting: { extIdInfo: "malformed" } },
  NothingRead: { read: false },
  EditedWithoutRead: { read: false, edited: { englishName: "EDITED BY HAND" } },
  SpoofRisk: { spoof: { result: "Y", types: ["PHOTO_COPY"] } },
  SpoofUnreadable: { spoof: { result: "?" } },
  SpoofTypeWithoutResult: { spoof: { types: ["TAMPER"] } },
  NotSuccessful: { appended: [{ in: "answer", key: "Success", value: false }] },
  SiblingVerdict: { extraResult: { EkycResult: "N" } },
  OtherTransaction: { extraResult: { TransactionId: "hksb0other0transaction0" } },
  OtherMerchantBizId: { extraResult: { MerchantBizId: "anotherOrder" } },
  Status500: { status: 500 }
}

/**
 * `Passed` is `Y`, but the answer contradicts it, or is incomplete or about another transaction.
 *
 * @category contradictions
 * @since 0.1.0
 */
export const contradictory = (contradiction: Contradiction, options: VerdictOptions = {}): Verdict =>
  passed({ ...against[contradiction], ...options })
