/** A decoded answer of CheckResult, and what it is held against. */
import type * as Expectation from "../../Expectation.ts"
import * as Wire from "../../Wire.ts"

/** What the answer is held against. */
export interface Asked {
  readonly transactionId: string | undefined
  readonly merchantBizId: string | undefined
  readonly expectation: Expectation.Expectation
}

/** An answer whose result is there. */
export interface Answered {
  readonly answer: Wire.Envelope
  readonly result: typeof Wire.CheckResultResult.Type
  readonly isUtf8: boolean
  /** Whether the header `x-acs-request-id` names another request than the body. */
  readonly hasOtherId: boolean
  /** When the response came, in milliseconds since 1970. */
  readonly receivedAt: number | undefined
}

/** The decoded result of an answer; `undefined` if it is absent or unreadable. */
export const resultOf = (answer: Wire.CheckResultAnswer) => Wire.readable(answer.fields.Result)

/** The decoded `ExtIdInfo` of a result. */
export const extOf = (result: Answered["result"]) => Wire.readable(result.fields.ExtIdInfo)

/** The anti-spoofing check of one side, as decoded. */
export type SpoofPart = NonNullable<ReturnType<typeof extOf>>["fields"]["spoofInfo"]
