import * as Protocol from "../Protocol.ts"
import type * as Scenario from "../Scenario.ts"
import type * as Answers from "./answers.ts"
import { renderResult } from "./extIdInfo.ts"
import type * as Transactions from "./transactions.ts"

export type Parameters = ReadonlyMap<string, string>

/** What an operation answers, before it is written down. */
export type Answer =
  | { readonly error: Answers.ErrorAnswer; readonly delayMillis?: number | undefined }
  | { readonly raw: Extract<Scenario.Step, { _tag: "Raw" }>; readonly delayMillis?: number | undefined }
  | {
      readonly result: Uint8Array
      readonly verdict?: { readonly passed: string; readonly subCode: string } | undefined
      readonly delayMillis?: number | undefined
    }

/** The parameters of the query, and those of a form body where there is one. */
export const readParameters = (request: Protocol.Request): Parameters => {
  const pairs = [...(Protocol.parsePairs(Protocol.splitTarget(request.target).query) ?? [])]
  const form = Protocol.header(request, "content-type")?.toLowerCase().startsWith("application/x-www-form-urlencoded")
  if (form === true) pairs.push(...(Protocol.parsePairs(Buffer.from(request.body).toString("utf8")) ?? []))
  return new Map(pairs)
}

export const missing = (name: string): Answer => ({
  error: { code: "MissingParameter", message: `Parameter cannot be empty: ${name}.` }
})

export const invalid = (name: string): Answer => ({
  error: { code: "InvalidParameter", message: `Invalid parameter: ${name}.` }
})

const yesOrNo = ["IsReturnImage", "ReturnFiveCategorySpoofResult"]

// Rendered results are kept, as a photograph takes much longer to draw than to send.
const keptResults = 128

export const make = (transactions: Transactions.Transactions, seed: string) => {
  const rendered = new Map<Scenario.Verdict, Map<string, Uint8Array>>()

  const render = (step: Scenario.Verdict, transactionId: string, images: boolean): Uint8Array => {
    const person = `${seed}:${step.personPerTransaction === true ? transactionId : (step.person ?? "1")}`
    const key = `${images}:${person}`
    let ofStep = rendered.get(step)
    if (ofStep === undefined) {
      ofStep = new Map()
      if (rendered.size >= keptResults) rendered.clear()
      rendered.set(step, ofStep)
    }
    const kept = ofStep.get(key)
    if (kept !== undefined) return kept
    const result = Buffer.from(renderResult(step, { seed: person, images }))
    if (ofStep.size >= keptResults) ofStep.clear()
    ofStep.set(key, result)
    return result
  }

  const answer = (step: Scenario.Step, transactionId: string, images: boolean): Answer => {
    switch (step._tag) {
      case "ErrorCode": {
        const { _tag, delayMillis, ...error } = step
        return { error, delayMillis }
      }
      case "Raw":
        return { raw: step, delayMillis: step.delayMillis }
      case "Verdict":
        return {
          result: render(step, transactionId, images),
          verdict: { passed: step.passed, subCode: step.subCode },
          delayMillis: step.delayMillis
        }
    }
  }

  return (parameters: Parameters, now: number): Answer => {
    const merchantBizId = parameters.get("MerchantBizId") ?? ""
    const transactionId = parameters.get("TransactionId") ?? ""
    if (merchantBizId === "") return missing("MerchantBizId")
    if (!/^[A-Za-z0-9]{1,32}$/.test(merchantBizId)) return invalid("MerchantBizId")
    if (transactionId === "") return missing("TransactionId")
    const wrong = yesOrNo.find((name) => !["Y", "N"].includes(parameters.get(name) ?? "N"))
    if (wrong !== undefined) return invalid(wrong)
    const found = transactions.next(transactionId, now)
    switch (found._tag) {
      case "Unknown":
      case "Expired":
        return { error: { code: "TransactionIdInvalid" } }
      case "Pending":
        return { error: { code: "ProcessNotCompleted" } }
      case "Answer":
        return answer(found.step, transactionId, parameters.get("IsReturnImage") === "Y")
    }
  }
}
