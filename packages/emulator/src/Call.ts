/**
 * The log's entry for one request that arrived, whatever became of it.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Fault from "./Fault.ts"

/**
 * Call.
 *
 * @category models
 * @since 0.1.0
 */
export const Call = Schema.Struct({
  /** Counts from 1. */
  sequence: Schema.Int,
  /** Milliseconds since 1970, on the emulator's clock. */
  time: Schema.Finite,
  requestId: Schema.String,
  method: Schema.String,
  action: Schema.optional(Schema.String),
  version: Schema.optional(Schema.String),
  transactionId: Schema.optional(Schema.String),
  merchantBizId: Schema.optional(Schema.String),
  nonce: Schema.optional(Schema.String),
  /** `Unchecked` if a fault or the method ended the call before the check. */
  signature: Schema.Literals(["Verified", "Refused", "Unchecked"]),
  /** `Success`, the error's code, or `(raw)`. */
  code: Schema.String,
  /** `Passed` and `SubCode` of the answer, if it had them. */
  passed: Schema.optional(Schema.String),
  subCode: Schema.optional(Schema.String),
  /** The HTTP status. */
  status: Schema.Int,
  faults: Schema.Array(Fault.Kind),
  /** Milliseconds from the request's last byte to the decision. */
  decidedMillis: Schema.Finite,
  /** Milliseconds from the request's last byte to the answer's; left out while it is under way. */
  answeredMillis: Schema.optional(Schema.Finite)
}).annotate({ identifier: "Call" })
export type Call = typeof Call.Type
