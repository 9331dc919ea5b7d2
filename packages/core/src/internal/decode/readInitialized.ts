/** A successful response of Initialize → the transaction that has begun. */
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as CloudauthError from "../../CloudauthError.ts"
import { TransactionId } from "../../TransactionId.ts"
import * as Wire from "../../Wire.ts"
import { contradiction, decodeError, type Success, whole } from "./classify.ts"
import { decodePart } from "./body.ts"

/** The parts of `Initialize.Initialized`, which says what each means. */
export interface InitializedParts {
  readonly requestId: string | undefined
  readonly transactionId: TransactionId
  readonly transactionUrl: Redacted.Redacted | undefined
  readonly protocol: Redacted.Redacted | undefined
  readonly clientConfig: Redacted.Redacted | undefined
  readonly raw: Redacted.Redacted<Readonly<Record<string, unknown>>>
}

const isTransactionId = Schema.is(TransactionId)

const decode = decodePart(Wire.NestedJson(Wire.InitializeResult))

export const readInitialized = (success: Success): Result.Result<InitializedParts, CloudauthError.CloudauthError> => {
  // Nothing of this answer is an image.
  const answer = whole(success)
  const { body, envelope, received, requestId } = answer
  const result = Wire.readable(decode(envelope.fields.Result, body.images))
  if (result === undefined) return Result.fail(decodeError(received, requestId, "Result", "an object"))
  const twice = contradiction(answer)
  if (twice !== undefined) return Result.fail(twice)
  const transactionId = Wire.readable(result.fields.TransactionId)
  if (!isTransactionId(transactionId) || result.source.repeated.includes("TransactionId")) {
    return Result.fail(decodeError(received, requestId, "Result.TransactionId", "one text that is not empty"))
  }
  const { ClientCfg, Protocol, TransactionUrl } = result.fields
  return Result.succeed({
    requestId,
    transactionId,
    transactionUrl: secret(TransactionUrl, "transactionUrl"),
    protocol: secret(Protocol, "protocol"),
    clientConfig: secret(ClientCfg, "clientConfig"),
    raw: Redacted.make<Readonly<Record<string, unknown>>>(
      { ...envelope.source.raw, Result: result.source.raw },
      { label: "raw" }
    )
  })
}

const secret = (text: string | Wire.Unreadable | undefined, label: string): Redacted.Redacted | undefined => {
  const readable = Wire.readable(text)
  return readable === undefined ? undefined : Redacted.make(readable, { label })
}
