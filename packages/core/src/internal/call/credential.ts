/** The credential of an attempt, within the call's deadline. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as CloudauthError from "../../CloudauthError.ts"
import * as Credentials from "../../Credentials.ts"
import { within } from "../timeLimit.ts"
import type { Call } from "./client.ts"
import { callTimeout, credentialsError, type Limits, timeLeft } from "./transportErrors.ts"

/** Asks for the current credential, judged by the server's clock. One that is at hand needs no timer. */
export const credential = (
  call: Call,
  limits: Limits
): Effect.Effect<Credentials.Credential, CloudauthError.CloudauthError> => {
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
export const isUsable = ({ client, clock }: Call, credential: Credentials.Credential): boolean =>
  credential !== client.refused &&
  clock.currentTimeMillisUnsafe() + (client.skew ?? 0) < (credential.expiresAt ?? Infinity)
