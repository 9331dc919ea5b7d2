/** The operation `CheckResult`. */
import type * as Answers from "./answers.ts"
import { type Asked, obey } from "./asked.ts"
import { appendedTo, renderResult } from "./extIdInfo.ts"
import * as Parameters from "./parameters.ts"
import type { Step, Verdict } from "./scenario/model.ts"
import { type Deleted, without } from "./deleted.ts"
import type * as Transactions from "./transactions.ts"

/** What an operation answers, before it is written. */
export type Answer =
  | { readonly error: Answers.ErrorAnswer; readonly delayMillis?: number | undefined }
  | { readonly raw: Extract<Step, { _tag: "Raw" }>; readonly delayMillis?: number | undefined }
  | {
      readonly result: Uint8Array
      readonly envelope?: Answers.Envelope | undefined
      readonly verdict?: { readonly passed: string; readonly subCode: string } | undefined
      readonly delayMillis?: number | undefined
    }

// An absent flag is valid, an empty one is not.
const flags = ["IsReturnImage", "ReturnFiveCategorySpoofResult"]

const refusal = (parameters: Parameters.Parameters): Answer | undefined => {
  const refused = Parameters.check(
    [
      ["MerchantBizId", true, Parameters.isMerchantBizId],
      ["TransactionId", true, () => true]
    ],
    parameters
  )
  if (refused !== undefined) return refused
  const wrong = flags.find((name) => !["Y", "N"].includes(parameters.get(name) ?? "N"))
  return wrong === undefined ? undefined : Parameters.invalid(wrong)
}

// Rendered results are kept: an image takes much longer to draw than to send.
const keptResults = 128

const dayMillis = 86_400_000

/** What the result of a step depends on besides the step. */
interface Circumstances {
  readonly asked: Asked | undefined
  readonly at: number
  readonly images: boolean
  /** The person's seed. */
  readonly seed: string
}

/** Renders results, and keeps the latest. */
const renderer = () => {
  const rendered = new Map<Verdict, Map<string, Uint8Array>>()
  return (step: Verdict, obedient: Verdict, { asked, at, images, seed }: Circumstances): Uint8Array => {
    const key = JSON.stringify([images, asked, Math.floor(at / dayMillis), seed])
    let ofStep = rendered.get(step)
    if (ofStep === undefined) {
      ofStep = new Map()
      if (rendered.size >= keptResults) rendered.clear()
      rendered.set(step, ofStep)
    }
    const kept = ofStep.get(key)
    if (kept !== undefined) return kept
    const result = Buffer.from(renderResult(obedient, { seed, images, at }))
    if (ofStep.size >= keptResults) ofStep.clear()
    ofStep.set(key, result)
    return result
  }
}

export const make = (transactions: Transactions.Transactions, deletions: Deleted, seed: string) => {
  const render = renderer()

  const answerVerdict = (step: Verdict, transactionId: string, circumstances: Omit<Circumstances, "seed">): Answer => {
    const person = `${seed}:${step.personPerTransaction === true ? transactionId : (step.person ?? "1")}`
    const verdict = obey(step, circumstances.asked)
    return {
      result: render(step, verdict, { ...circumstances, seed: person }),
      envelope: { status: verdict.status, appended: appendedTo(verdict, "answer") },
      verdict: { passed: verdict.passed, subCode: verdict.subCode },
      delayMillis: verdict.delayMillis
    }
  }

  return (parameters: Parameters.Parameters, now: number): Answer => {
    const refused = refusal(parameters)
    if (refused !== undefined) return refused
    const transactionId = parameters.get("TransactionId") ?? ""
    const deleted = deletions.of(transactionId)
    if (deleted.has("Img") && deleted.has("Text")) return { error: { code: "TransactionIdInvalid" } }
    const found = transactions.next(transactionId, now)
    switch (found._tag) {
      case "Unknown":
      case "Expired":
        return { error: { code: "TransactionIdInvalid" } }
      case "Pending":
        return { error: { code: "ProcessNotCompleted" } }
      case "Answer": {
        const { asked, at, step } = found
        switch (step._tag) {
          case "ErrorCode": {
            const { _tag, delayMillis, ...error } = step
            return { error, delayMillis }
          }
          case "Raw":
            return { raw: step, delayMillis: step.delayMillis }
          case "Verdict":
            deletions.queried(transactionId)
            return answerVerdict(without(step, deleted), transactionId, {
              asked,
              at,
              images: parameters.get("IsReturnImage") === "Y"
            })
        }
      }
    }
  }
}
