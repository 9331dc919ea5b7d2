/**
 * The id that you give a check, for tracking: 1 to 32 letters and digits. The vendor does not check that it is unique,
 * but recommends it strongly; `MerchantBizId.unique` makes one.
 *
 * @example
 * import { MerchantBizId } from "@effect-cloudauth/core/MerchantBizId"
 * import * as Effect from "effect/Effect"
 *
 * const id = MerchantBizId.make("e0c34a77f5ac40a5aa5e6ed20c35")
 * const program = Effect.map(MerchantBizId.unique, (id) => id.length) // succeeds with 32
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Plain } from "./internal/operation/brand.ts"

export type { Plain } from "./internal/operation/brand.ts"

/**
 * The rule, in the words of the error that a wrong value becomes.
 *
 * @category constants
 * @since 0.1.0
 */
export const rule = "1 to 32 letters and digits"

// Annotated as text: an example of the brand would have to be parsed at each import.
const schema = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9]{1,32}$/u, { expected: rule }))
  .annotate({
    title: "MerchantBizId",
    description: `Your id of this check, for tracking: ${rule}. Make it unique: the vendor does not check.`,
    examples: ["e0c34a77f5ac40a5aa5e6ed20c35"]
  })
  .pipe(Schema.brand("MerchantBizId"))

/**
 * A merchantBizId. A `TransactionId` in its place does not compile.
 *
 * @category models
 * @since 0.1.0
 */
export const MerchantBizId = Object.assign(schema, {
  /** A new id: 32 random hexadecimal digits. */
  unique: Effect.sync(() => schema.make(crypto.randomUUID().replaceAll("-", "")))
})
export type MerchantBizId = typeof MerchantBizId.Type

/**
 * What a call takes: a merchantBizId, or plain text.
 *
 * @category models
 * @since 0.1.0
 */
export type Input = MerchantBizId | Plain<"TransactionId">
