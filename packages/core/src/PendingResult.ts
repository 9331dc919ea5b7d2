/**
 * A wait as data: create it, store it, continue it in another process, and follow its progress.
 *
 * `Cloudauth.awaitResult` and `TransactionStore.awaitStored` make one themselves. Make one yourself if a wait must outlive the
 * process, or if a page shows its progress. It ends with a result, or fails with `TransactionAbandoned` (the user's 30 minutes
 * are over), `TransactionExpired` (30 days), `WaitTimedOut` (the time of the wait is over; resume it) or an error that no later
 * poll can change.
 *
 * A `PendingResult` holds the ids that lead to a person's check, encoded, too: store it like the transactions,
 * and never log it.
 *
 * @example
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import * as PendingResult from "@effect-cloudauth/core/PendingResult"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * declare const keep: (encoded: string) => Effect.Effect<void>
 * const Json = Schema.fromJsonString(PendingResult.PendingResult)
 *
 * const begin = PendingResult.make({ merchantBizId: "order1", transactionId: "hksb0000" }).pipe(
 *   Effect.flatMap(Schema.encodeEffect(Json)),
 *   Effect.flatMap(keep)
 * )
 *
 * // In any process.
 * const goOn = (encoded: string) => Effect.flatMap(Schema.decodeEffect(Json)(encoded), (pending) => Cloudauth.resume(pending))
 *
 * @since 0.1.0
 */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import type { CheckResult } from "./CheckResult.ts"
import type * as CheckResultRequest from "./CheckResultRequest.ts"
import { type AwaitError, type AwaitOptions, Cloudauth } from "./Cloudauth.ts"
import type { InvalidRequest } from "./CloudauthError.ts"
import type * as Document from "./Document.ts"
import type { PendingResult, Waiting } from "./internal/journey/pendingResult.ts"
import { beginWait, type PendingOptions } from "./internal/journey/waiting.ts"

export { PendingResult, type Waiting, WaitTimedOut } from "./internal/journey/pendingResult.ts"
export type { PendingOptions } from "./internal/journey/waiting.ts"

/**
 * A step of a wait: a poll without a result, or the result.
 *
 * @category models
 * @since 0.1.0
 */
export type Progress = Waiting | { readonly _tag: "Completed"; readonly result: CheckResult }

/**
 * A wait that begins now. Nothing is sent. Fails with `InvalidRequest` if the request or an option is refused.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: (
  request: CheckResultRequest.WithDocument<Document.Kind | undefined>,
  options?: PendingOptions
) => Effect.Effect<PendingResult, InvalidRequest> = beginWait

/**
 * Continues a wait, as `Cloudauth.resume` does, and emits each step: `Waiting` with the current wait after a poll without a
 * result, and `Completed` at the end. Interrupting the stream ends the wait.
 *
 * @example
 * import * as PendingResult from "@effect-cloudauth/core/PendingResult"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * const shown = PendingResult.make({ merchantBizId: "order1", transactionId: "hksb0000" }).pipe(
 *   Effect.map((pending) => PendingResult.progress(pending)),
 *   Stream.unwrap,
 *   Stream.map((step) => (step._tag === "Completed" ? step.result.verdict._tag : `waiting: ${step.reason}`))
 * )
 *
 * @category constructors
 * @since 0.1.0
 */
export const progress = (
  pending: PendingResult,
  options: AwaitOptions = {}
): Stream.Stream<Progress, AwaitError, Cloudauth> =>
  Stream.callback<Progress, AwaitError, Cloudauth>((queue: Queue.Queue<Progress, AwaitError | Cause.Done>) => {
    const onProgress = (waiting: Waiting) =>
      Effect.andThen(Queue.offer(queue, waiting), options.onProgress?.(waiting) ?? Effect.void)
    return Cloudauth.resume(pending, { ...options, onProgress }).pipe(
      Effect.matchCauseEffect({
        onFailure: (cause) => Queue.failCause(queue, cause),
        onSuccess: (result) => Effect.andThen(Queue.offer(queue, { _tag: "Completed", result }), Queue.end(queue))
      })
    )
  })
