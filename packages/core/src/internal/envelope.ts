/** The outer level of an answer: request id, code, message. */
import * as answerText from "./answerText.ts"
import type { Chunks } from "./chunks.ts"
import type { Cut } from "./imageFastPath.ts"
import * as nestedJson from "./nestedJson.ts"

/** An answer whose outer level was read. */
export interface Envelope {
  readonly requestId: string | undefined
  readonly code: string | undefined
  readonly message: string
  readonly json: nestedJson.Json
  readonly isUtf8: boolean
  readonly cuts: ReadonlyArray<Cut>
}

const envelopeOf = (answer: answerText.AnswerJson | undefined): Envelope | undefined =>
  answer === undefined || !nestedJson.isJson(answer.json) || !nestedJson.isShallow(answer.json)
    ? undefined
    : {
        requestId: nestedJson.pickText(answer.json, "RequestId"),
        code: nestedJson.pickText(answer.json, "Code"),
        message: nestedJson.pickText(answer.json, "Message") ?? "",
        json: answer.json,
        isUtf8: answer.isUtf8,
        cuts: answer.cuts
      }

/** Reads the outer level; `undefined` where the bytes are no JSON object. */
export const read = (body: Chunks): Envelope | undefined => envelopeOf(answerText.fast(body))

/** The same, by the general way alone. */
export const readGeneral = (body: Chunks): Envelope | undefined => envelopeOf(answerText.general(body))
