/** `awaitResult` and `resume`: spans → wait → turn → transaction's life → call. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { CheckResult } from "../../CheckResult.ts"
import type * as CheckResultRequest from "../../CheckResultRequest.ts"
import type { CloudauthError, InvalidRequest } from "../../CloudauthError.ts"
import type * as Document from "../../Document.ts"
import * as spans from "../call/spans.ts"
import * as monotonic from "../monotonic.ts"
import { describeResult } from "../operation/checkResult.ts"
import * as lifetime from "../operation/lifetime.ts"
import { linked } from "./links.ts"
import { type PendingResult, type WaitTimedOut, type WhatIsAsked, whatIsAsked } from "./pendingResult.ts"
import { inTurn } from "./pollTurns.ts"
import * as waiting from "./waiting.ts"

/** What is polled for. */
interface Polled<A> {
  readonly request: CheckResultRequest.WithDocument<Document.Kind | undefined>
  /** The options, or why they are refused. */
  readonly options: Result.Result<waiting.Settings, InvalidRequest>
  /** One poll of the request. It fails if the request or the options are refused. */
  readonly poll: Effect.Effect<A, CloudauthError>
  /** Whose turns the polls take: an account's in a region, or an endpoint's. */
  readonly turns: string
}

/** Waits from now on. */
export const awaitResult = <A extends CheckResult<Document.Reading>>(
  polled: Polled<A>
): Effect.Effect<A, CloudauthError | WaitTimedOut> => wait(polled, waiting.begin)

/** Goes on with a wait. */
export const resume = <A extends CheckResult<Document.Reading>>(
  pending: PendingResult,
  polled: Polled<A>
): Effect.Effect<A, CloudauthError | WaitTimedOut> =>
  linked(
    pending.traceparent,
    wait(polled, (_, settings) => waiting.goOn(pending, settings))
  )

const wait = <A extends CheckResult<Document.Reading>>(
  { options, poll, request, turns }: Polled<A>,
  pendingOf: (what: WhatIsAsked, settings: waiting.Settings) => Effect.Effect<PendingResult, InvalidRequest>
): Effect.Effect<A, CloudauthError | WaitTimedOut> => {
  const asked = whatIsAsked(request)
  // A refused request or option fails as the poll does: unsent, but visible to spans and metrics.
  if (Result.isFailure(options) || Result.isFailure(asked)) return spans.polling(poll, describeResult)
  const asking = Effect.gen(function* () {
    const pending = yield* pendingOf(asked.success, options.success)
    const now = monotonic.steady(yield* Clock.Clock)
    // The transaction began before the wait for it did.
    const life: lifetime.Life = { now: Effect.sync(now), begunBy: pending.startedAt }
    return yield* waiting.wait(pending, lifetime.bound(request, inTurn(turns, poll), life), options.success)
  })
  return spans.polling(asking, describeResult)
}
