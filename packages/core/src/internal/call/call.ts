/** A call from its checked parameters to its result: spans → retry → attempts → decode. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as CloudauthError from "../../CloudauthError.ts"
import type * as RetryPolicy from "../../RetryPolicy.ts"
import { attempt } from "./attempt.ts"
import type { Success } from "../decode/classify.ts"
import { begin, type Call, type Client, type Operation } from "./client.ts"
import { refuseTransaction } from "./emulatorMarks.ts"
import * as observe from "./observe.ts"
import { limitsOf, retrying } from "./retry.ts"
import * as spans from "./spans.ts"
import { underQuota } from "./underQuota.ts"

/** Runs an operation. */
export type Run = <A>(
  operation: Operation<A>,
  retry: RetryPolicy.Override | undefined
) => Effect.Effect<A, CloudauthError.CloudauthError>

/** Runs operations over a client's transport. */
export const run =
  (client: Client): Run =>
  (operation, override) =>
    Effect.withFiber((fiber) => {
      const call = begin(client, operation, override, fiber)
      return spans.operation(call, operation, observe.operation(call, operation, answered(call, operation)))
    })

const answered = <A>(call: Call, operation: Operation<A>): Effect.Effect<A, CloudauthError.CloudauthError> => {
  const { query } = operation
  if (Result.isFailure(query)) return Effect.fail(query.failure)
  const refused = refuseTransaction(call.client, query.success)
  if (refused !== undefined) return Effect.fail(refused)
  const limits = limitsOf(call, query.success)
  const success = retrying(call, limits, (number) =>
    underQuota(call, limits, (credential) => attempt(call, query.success, number, limits, credential))
  )
  return Effect.flatMap(success, (success) => decode(call, operation, success))
}

const decode = <A>(
  call: Call,
  operation: Operation<A>,
  success: Success
): Effect.Effect<A, CloudauthError.CloudauthError> => {
  if (call.observer === undefined && call.span?.sampled !== true) return Effect.fromResult(operation.read(success))
  const started = performance.now()
  const decoded = operation.read(success)
  const duration = performance.now() - started
  spans.decoded(call, duration, success.requestId)
  observe.decoded(call, duration, Result.isSuccess(decoded) ? operation.checked(decoded.success) : undefined)
  return Effect.fromResult(decoded)
}
