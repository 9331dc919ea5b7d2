/**
 * An operation of the service as data: its action, the schemas of its request and of its result, and whether it may be
 * repeated. `Cloudauth.call` runs it through the same signature, retries, errors and spans as CheckResult.
 *
 * @example
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import * as Operation from "@effect-cloudauth/core/Operation"
 * import * as Wire from "@effect-cloudauth/core/Wire"
 * import * as Schema from "effect/Schema"
 *
 * const DescribeLog = Operation.make({
 *   action: "DescribeLog",
 *   request: Schema.Struct({ transactionId: Schema.String }).pipe(
 *     Schema.encodeKeys({ transactionId: "TransactionId" })
 *   ),
 *   result: Wire.object({ LogInfo: Wire.Text }),
 *   retry: "repeatable"
 * })
 *
 * const program = Cloudauth.call(DescribeLog, { transactionId: "hksb0000" })
 *
 * @since 0.1.0
 */
import type * as Schema from "effect/Schema"
import * as Options from "./Options.ts"

/**
 * A request as the query's parameters.
 *
 * @category models
 * @since 0.1.0
 */
export type Parameters = Readonly<Record<string, string | undefined>>

/**
 * An operation. `I` is its request, `A` its result.
 *
 * @category models
 * @since 0.1.0
 */
export interface Operation<I, A> {
  /** The action's name, for example `CheckResult`. */
  readonly action: string
  /** The version of the API. Default: that of CheckResult. */
  readonly version?: string | undefined
  /** The request; encoded, the query's parameters. Keys that it does not name are refused. */
  readonly request: Schema.Codec<I, Parameters>
  /** What stands under `Result` in the answer, or the whole answer if `reads` says so. */
  readonly result: Schema.Codec<A, unknown>
  /** What `result` reads: `Result`, or the `Answer` with its `RequestId`. Default: `Result`. */
  readonly reads?: "Result" | "Answer" | undefined
  /** The codes that say success, in any case. Default: `Success`. Some operations answer `200`. */
  readonly successCodes?: ReadonlyArray<string> | undefined
  /** The rule of each field of the request, in the words of the error that a wrong value becomes. */
  readonly rules?: Readonly<Record<string, string>> | undefined
  /** `once`: a failure after which the service may have acted is not retried. */
  readonly retry: "repeatable" | "once"
}

/**
 * An operation as data.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = <I, A>(operation: Operation<I, A>): Operation<I, A> => Options.ownOrThrow(keys, operation)

const keys: Options.Keys<Operation<never, never>> = {
  action: true,
  version: true,
  request: true,
  result: true,
  reads: true,
  successCodes: true,
  rules: true,
  retry: true
}
