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

const Headers = Schema.Array(Schema.Tuple([Schema.String, Schema.String]))

/**
 * What the emulator keeps of a recent call beyond the log's entry: the request, the signature's check and the answer.
 *
 * @category models
 * @since 0.1.0
 */
export const Detail = Schema.Struct({
  call: Call,
  request: Schema.Struct({
    method: Schema.String,
    /** The raw target. A key that is not the emulator's is left out of it and of the headers. */
    target: Schema.String,
    headers: Headers,
    body: Schema.String
  }),
  /** Left out if something was refused before the signature was compared. */
  signature: Schema.optional(
    Schema.Struct({
      /** What the emulator computed from the request that arrived. */
      canonicalRequest: Schema.String,
      stringToSign: Schema.String,
      /** The usual mistake that explains a signature that does not match, and what the caller signed then. */
      mistake: Schema.optional(
        Schema.Struct({ what: Schema.String, canonicalRequest: Schema.String, stringToSign: Schema.String })
      )
    })
  ),
  /** The answer before the faults of the wire. */
  answer: Schema.Struct({
    status: Schema.Int,
    headers: Headers,
    /** At most the first 262,144 bytes, as UTF-8. */
    body: Schema.String,
    /** The whole body's size in bytes. */
    bytes: Schema.Int,
    /** Milliseconds that the answer was held back. */
    delayMillis: Schema.Finite
  })
}).annotate({ identifier: "CallDetail" })
export type Detail = typeof Detail.Type
