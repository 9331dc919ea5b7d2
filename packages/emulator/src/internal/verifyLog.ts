/** The operation `CheckVerifyLog`: what the client's SDK is said to have reported. */
import { obey } from "./asked.ts"
import type * as CheckResult from "./checkResult.ts"
import type { Deletions } from "./deletions.ts"
import type * as Journeys from "./journeys.ts"
import * as Parameters from "./parameters.ts"
import type * as Transactions from "./transactions.ts"

const rules: ReadonlyArray<Parameters.Rule> = [
  ["MerchantBizId", true, Parameters.isMerchantBizId],
  ["TransactionId", true, () => true]
]

const statistics = (pages: Readonly<Record<string, string>>): string =>
  JSON.stringify({
    hasOcrPermissionRefuse: false,
    hasOcrEdit: false,
    hasOcrOverTimes: false,
    ocrEditTimes: 0,
    ocrOverTimes: 0,
    pageStayTimeInfo: pages
  })

const log = (result: Readonly<Record<string, string>>): CheckResult.Answer => ({
  result: Buffer.from(JSON.stringify({ ExtInfo: "{}", ...result }))
})

/** The user is under way, and nothing is reported yet. */
const notStarted = log({ VerifyStatus: "2" })

/** The user left at the page that takes the image. */
const left = log({
  VerifyStatus: "1",
  VerifyErrorCode: "1006",
  InterruptPageEn: "OCR_SCAN",
  LogStatisticsInfo: statistics({ LOADING: "1615", OCR_SCAN: "37446" })
})

const finished = (passed: string, subCode: string): CheckResult.Answer =>
  log({
    VerifyStatus: "0",
    VerifyErrorCode: passed === "Y" ? "1000" : "1001",
    Passed: passed,
    SubCode: subCode,
    LogStatisticsInfo: statistics({ LOADING: "1615", OCR_SCAN: "12446", OCR_RESULT: "1338" })
  })

export const make =
  (transactions: Transactions.Transactions, journeys: ReturnType<typeof Journeys.make>, deletions: Deletions) =>
  (parameters: Parameters.Parameters, now: number): CheckResult.Answer => {
    const refused = Parameters.check(rules, parameters)
    if (refused !== undefined) return refused
    const transactionId = parameters.get("TransactionId") ?? ""
    if (journeys.stateOf(transactionId) === "Abandoned") return left
    const deleted = deletions.of(transactionId)
    const found = transactions.last(transactionId, now)
    if (found._tag === "Pending") return notStarted
    if (found._tag !== "Answer" || deleted.has("Text")) return { error: { code: "TransactionIdInvalid" } }
    const { asked, step } = found
    if (step._tag === "Verdict") {
      const { passed, subCode } = obey(step, asked)
      return passed === "P" ? left : finished(passed, subCode)
    }
    if (step._tag === "Raw" || step.code === "ProcessNotCompleted") return left
    const { _tag, delayMillis, ...error } = step
    return { error, delayMillis }
  }
