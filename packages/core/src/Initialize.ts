/**
 * What Initialize returns: one user's way through ID OCR has begun.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-initialize
 */
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Answer from "./Answer.ts"
import type * as CloudauthError from "./CloudauthError.ts"
import * as envelope from "./internal/envelope.ts"
import * as nestedJson from "./internal/nestedJson.ts"

/**
 * A transaction that has begun. Printing it shows the ids alone: whoever holds the URL or the protocol can take the
 * user's place.
 */
export interface Initialized {
  /** The vendor's id of the request, for its support. */
  readonly requestId: string | undefined
  /**
   * The id of the whole authentication. Store it on your server, tied to your user, before the user gets the rest:
   * `TransactionStore.initialize` does so.
   */
  readonly transactionId: string
  /**
   * Where the user's browser is to go; for the web only. A sibling operation's page says that it works once, for 30
   * minutes, and must not be changed; for this one that could not be confirmed.
   */
  readonly transactionUrl: Redacted.Redacted | undefined
  /** What the app's SDK takes to begin. Its content is not documented. */
  readonly protocol: Redacted.Redacted | undefined
  /** `ClientCfg` of the vendor's SDK model. Its content is not documented. */
  readonly clientConfig: Redacted.Redacted | undefined
  /** The whole answer, unknown keys included. */
  readonly raw: Redacted.Redacted<Readonly<Record<string, unknown>>>
}

/** The result that a success holds. */
export const toResult = (success: Answer.Success): Result.Result<Initialized, CloudauthError.DecodeError> => {
  const { answer } = success
  // Where something was cut out as a photograph, the general way has it whole.
  const whole = success.envelope.cuts.length === 0 ? success.envelope : envelope.readGeneral(answer.body)
  const { json, requestId } = whole ?? success.envelope
  const refuse = (path: string, expected: string) => Result.fail(Answer.decodeError(answer, requestId, path, expected))

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

const encoder = new TextEncoder()

/**
 * Decodes an answer's body: bytes or text.
 *
 * @example
 * import * as Initialize from "@effect-cloudauth/core/Initialize"
 * import * as Result from "effect/Result"
 *
 * const body = `{"RequestId":"1","Code":"Success","Result":{"TransactionId":"hksb0000"}}`
 * Result.getOrThrow(Initialize.decode(body)).transactionId // => "hksb0000"
 */
export const decode = (body: Uint8Array | string): Result.Result<Initialized, CloudauthError.CloudauthError> =>
  Result.flatMap(
    Answer.classify({
      status: 200,
      headers: {},
      body: [typeof body === "string" ? encoder.encode(body) : body],
      receivedAt: 0,
      attempt: 0
    }),
    toResult
  )
