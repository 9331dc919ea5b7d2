/**
 * What Initialize returns: one user's way through ID OCR has begun.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-initialize
 */
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type * as CloudauthError from "./CloudauthError.ts"
import * as answer from "./internal/answer.ts"
import { fromSuccess } from "./internal/readInitialized.ts"

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
  Result.flatMap(answer.classify(answer.ofBody(body)), fromSuccess)
