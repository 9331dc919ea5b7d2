/**
 * The id of a whole authentication, as Initialize returned it and your server stored it. Never take one from the user's
 * device: a tampered client could hand in another user's passed check.
 *
 * @example
 * import { TransactionId } from "@effect-cloudauth/core/TransactionId"
 *
 * const id = TransactionId.make("hksb7ba1b28130d24e015d6")
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type { Plain } from "./internal/operation/brand.ts"

export type { Plain } from "./internal/operation/brand.ts"

/**
 * The rule, in the words of the error that a wrong value becomes.
 *
 * @category constants
 * @since 0.1.0
 */
export const rule = "a non-empty string without control characters: the id that your server stored at Initialize"

/**
 * A transaction id. A `MerchantBizId` in its place does not compile.
 *
 * @category models
 * @since 0.1.0
 */
export const TransactionId = Schema.String.check(Schema.isPattern(/^\P{Cc}+$/u, { expected: rule }))
  .annotate({
    title: "TransactionId",
    description: "The TransactionId that your server stored at Initialize, never one from the client-side callback.",
    // An example of the brand would have to be parsed at each import.
    examples: ["hksb7ba1b28130d24e015d6"]
  })
  .pipe(Schema.brand("TransactionId"))
export type TransactionId = typeof TransactionId.Type

/**
 * What a call takes: a transaction id, or plain text.
 *
 * @category models
 * @since 0.1.0
 */
export type Input = TransactionId | Plain<"MerchantBizId">
