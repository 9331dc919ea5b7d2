/** The account's quota: an attempt waits for its place, and what the service throttles slows down the next ones. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as CloudauthError from "../../CloudauthError.ts"
import * as Quota from "../../Quota.ts"
import type { Place } from "../../Quota.ts"
import { type Call, currentCredential } from "./client.ts"
import * as observe from "./observe.ts"
import * as spans from "./spans.ts"
import { type Limits, timeLeft, toError } from "./transportErrors.ts"

/** Runs an attempt once it has its place. Waiting counts toward the deadline. */
export const underQuota = <A>(
  call: Call,
  limits: Limits,
  attempt: Effect.Effect<A, CloudauthError.CloudauthError>
): Effect.Effect<A, CloudauthError.CloudauthError> => {
  const { lane } = call
  const quota = call.client.quota?.limits
  if (lane === undefined || quota === undefined) return attempt
  const place = Effect.withFiber((fiber) =>
    lane.take({ limits: quota, priority: fiber.getRef(Quota.Priority), timeLeft: timeLeft(call, limits) })
  )
  return credentialReady(call, limits).pipe(
    Effect.andThen(Effect.mapError(place, (failure) => toError(failure, call, limits, timeLeft(call, limits)))),
    Effect.flatMap((place) => {
      tell(call, place)
      return Effect.tapError(attempt, (error) => Effect.sync(() => error._tag === "Throttled" && lane.throttled(place)))
    })
  )
}

/**
 * Waits until a credential is at hand: calls that got their places and then waited for one fetch would go out all at
 * once. If the fetch fails, so does the attempt, which asks again.
 */
const credentialReady = (call: Call, limits: Limits): Effect.Effect<void> => {
  const current = currentCredential(call.client)
  return Exit.isExit(current) ? Effect.void : Effect.ignore(Effect.timeout(current, timeLeft(call, limits)))
}

const tell = (call: Call, place: Place): void => {
  observe.quotaTaken(call, place)
  spans.quotaTaken(call, place)
}
