/** What an attempt waits for: its credential, and its place under the account's quota. What the service throttles slows down the next ones. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as CloudauthError from "../../CloudauthError.ts"
import * as Credentials from "../../Credentials.ts"
import type { Credential } from "../../Credentials.ts"
import * as Quota from "../../Quota.ts"
import type { Place } from "../../Quota.ts"
import { within } from "../timeLimit.ts"
import type { Call } from "./client.ts"
import * as observe from "./observe.ts"
import * as spans from "./spans.ts"
import { callTimeout, credentialsError, type Limits, timeLeft, toError } from "./transportErrors.ts"

/** An attempt that signs with this credential. */
type Attempt<A> = (
  credential: Effect.Effect<Credential, CloudauthError.CloudauthError>
) => Effect.Effect<A, CloudauthError.CloudauthError>

/**
 * Runs an attempt once it has its credential and its place. Waiting counts toward the deadline.
 *
 * The credential comes first: calls that got their places and then waited for one fetch would go out all at once.
 */
export const underQuota = <A>(
  call: Call,
  limits: Limits,
  attempt: Attempt<A>
): Effect.Effect<A, CloudauthError.CloudauthError> => {
  const { lane } = call
  const quota = call.client.quota?.limits
  const credential = credentialOf(call, limits)
  if (lane === undefined || quota === undefined) return attempt(credential)
  const place = Effect.withFiber((fiber) =>
    lane.take({ limits: quota, priority: fiber.getRef(Quota.Priority), timeLeft: timeLeft(call, limits) })
  )
  const inPlace = (ready: Credential) =>
    Effect.flatMap(
      Effect.mapError(place, (failure) => toError(failure, call, limits, timeLeft(call, limits))),
      (place) => {
        tell(call, place)
        const sent = attempt(isUsable(call, ready) ? Effect.succeed(ready) : credential)
        return Effect.tapError(sent, (error) => Effect.sync(() => error._tag === "Throttled" && lane.throttled(place)))
      }
    )
  return Effect.matchEffect(credential, {
    // Nothing is sent without one: the attempt needs no place.
    onFailure: (error) => attempt(Effect.fail(error)),
    onSuccess: inPlace
  })
}

const tell = (call: Call, place: Place): void => {
  observe.quotaTaken(call, place)
  spans.quotaTaken(call, place)
}

/** Asks for the current credential, judged by the server's clock. One that is at hand needs no timer. */
const credentialOf = (call: Call, limits: Limits): Effect.Effect<Credential, CloudauthError.CloudauthError> => {
  const {
    credentials: { get },
    skew
  } = call.client
  const inTime = Exit.isExit(get)
    ? get
    : within(Effect.provideService(get, Credentials.ServerClockOffset, skew), {
        millis: timeLeft(call, limits),
        orElse: () => Effect.fail(callTimeout(call, limits, "deadline", "credential"))
      })
  return Effect.mapErrorEager(inTime, (error) =>
    error._tag === "CredentialsError" ? credentialsError(call, error) : error
  )
}

/** Whether a credential can be used: it may have expired, or the service refused it, while the call waited. */
const isUsable = ({ client, clock }: Call, credential: Credential): boolean =>
  credential !== client.refused &&
  clock.currentTimeMillisUnsafe() + (client.skew ?? 0) < (credential.expiresAt ?? Infinity)
