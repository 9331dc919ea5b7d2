/** A successful answer → what Initialize returns. */
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type * as Answer from "./answer.ts"
import { decodeError } from "./answer.ts"
import * as envelope from "./envelope.ts"
import * as nestedJson from "./nestedJson.ts"

/** The transaction that a success holds; `Initialize.Initialized` says what each part of it means. */
export const fromSuccess = (success: Answer.Success) => {
  const { answer } = success
  // Where something was cut out as a photograph, the general way has it whole.
  const whole = success.envelope.cuts.length === 0 ? success.envelope : envelope.readGeneral(answer.body)
  const { json, requestId } = whole ?? success.envelope
  const refuse = (path: string, expected: string) => Result.fail(decodeError(answer, requestId, path, expected))

  const nested = nestedJson.parse(nestedJson.pick(json, "Result"))
  if (nested._tag !== "Value") return refuse("Result", nested._tag === "Absent" ? "an object" : nested.expected)
  const transactionId = nestedJson.pickText(nested.value, "TransactionId")
  if (transactionId === undefined || transactionId === "") return refuse("Result.TransactionId", "a non-empty text")

  const secret = (key: string, label: string) => {
    const text = nestedJson.pickText(nested.value, key)
    return text === undefined || text === "" ? undefined : Redacted.make(text, { label })
  }
  return Result.succeed({
    requestId,
    transactionId,
    transactionUrl: secret("TransactionUrl", "transactionUrl"),
    protocol: secret("Protocol", "protocol"),
    clientConfig: secret("ClientCfg", "clientConfig"),
    raw: Redacted.make<Readonly<Record<string, unknown>>>({ ...json, Result: nested.value }, { label: "raw" })
  })
}
