/**
 * What Initialize returns: one user's way through ID OCR has begun.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-initialize
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as CloudauthError from "./CloudauthError.ts"
import { classify, ofBody } from "./internal/decode/classify.ts"
import { readInitialized } from "./internal/decode/readInitialized.ts"
import { hidden } from "./internal/errorClass.ts"
import { TransactionId } from "./TransactionId.ts"

/**
 * A transaction that has begun. Printing it shows only the ids, because anyone who has the URL or the protocol can take the
 * user's place. The encoded form has both, because the user's browser or app needs them. It never has the raw answer.
 *
 * @category models
 * @since 0.1.0
 */
export const Initialized = Schema.Struct({
  /** The vendor's id of the request, for its support. */
  requestId: Schema.UndefinedOr(Schema.String).annotate({
    description: "The vendor's id of the request, for its support."
  }),
  /**
   * The id of the whole authentication. Store it on your server, tied to your user, before the user gets the rest:
   * `TransactionStore.initialize` does so.
   */
  transactionId: TransactionId.annotate({
    description:
      "The id of the whole authentication. Store it on your server, tied to your user, before the user gets the rest: TransactionStore.initialize does so."
  }),
  /**
   * Where the user's browser is to go; for the web only. A sibling operation's page says that it works once, for 30
   * minutes, and must not be changed; for this one that could not be confirmed.
   */
  transactionUrl: Schema.UndefinedOr(
    Schema.RedactedFromValue(
      Schema.String.annotate({ description: "Where the user's browser is to go; for the web only." }),
      { label: "transactionUrl" }
    )
  ),
  /** What the app's SDK takes to begin. Its content is not documented. */
  protocol: Schema.UndefinedOr(
    Schema.RedactedFromValue(Schema.String.annotate({ description: "What the app's SDK takes to begin." }), {
      label: "protocol"
    })
  ),
  /** `ClientCfg` of the vendor's SDK model. Its content is not documented. */
  clientConfig: Schema.UndefinedOr(
    Schema.RedactedFromValue(Schema.String.annotate({ description: "ClientCfg of the vendor's SDK model." }), {
      label: "clientConfig"
    })
  ),
  /** The whole answer, unknown keys included. Absent after decoding. */
  raw: hidden(Schema.Record(Schema.String, Schema.Unknown))
})
export interface Initialized extends Schema.Schema.Type<typeof Initialized> {}

/**
 * Decodes an answer's body: bytes or text.
 *
 * @example
 * import * as Initialize from "@effect-cloudauth/core/Initialize"
 * import * as Result from "effect/Result"
 *
 * const body = `{"RequestId":"1","Code":"Success","Result":{"TransactionId":"hksb0000"}}`
 * Result.getOrThrow(Initialize.decode(body)).transactionId // => "hksb0000"
 *
 * @category constructors
 * @since 0.1.0
 */
export const decode = (body: Uint8Array | string): Result.Result<Initialized, CloudauthError.CloudauthError> =>
  Result.flatMap(classify(ofBody(body)), readInitialized)
