/** One attempt: credential → signed request → transport → response, classified by its code. */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Tracer from "effect/Tracer"
import type * as CloudauthError from "../../CloudauthError.ts"
import type { Credential } from "../../Credentials.ts"
import * as Signature from "../../Signature.ts"
import * as Transport from "../../Transport.ts"
import { sizeOf } from "../decode/bytes.ts"
import { classify, type Success } from "../decode/classify.ts"
import * as monotonic from "../monotonic.ts"
import * as Traceparent from "../traceparent.ts"
import { within } from "../timeLimit.ts"
import type { Pairs } from "./canonicalRequest.ts"
import type { Call } from "./client.ts"
import { refuseKey } from "./emulatorMarks.ts"
import * as observe from "./observe.ts"
import * as serverClock from "./serverClock.ts"
import * as spans from "./spans.ts"
import { callTimeout, credentialsError, isSent, type Limits, timeLeft, toError } from "./transportErrors.ts"

/** Runs attempt `number` of a call with the credential that `credential` gives. */
export const attempt = (
  call: Call,
  query: Pairs,
  number: number,
  limits: Limits,
  credential: Effect.Effect<Credential, CloudauthError.CloudauthError>
): Effect.Effect<Success, CloudauthError.CloudauthError> =>
  Effect.suspend(() => {
    const progress = observe.begun()
    progress.phase = "credential"
    const sent = spans.attempt(call, progress, (span) =>
      Effect.flatMap(credential, (credential) => send(call, query, limits, progress, credential, span))
    )
    return observe.attempt(call, number, progress, sent)
  })

const send = (
  call: Call,
  query: Pairs,
  limits: Limits,
  progress: observe.Progress,
  credential: Credential,
  span: Tracer.Span | undefined
): Effect.Effect<Success, CloudauthError.CloudauthError> => {
  call.credential = credential
  const refused = refuseKey(call.client, credential)
  if (refused !== undefined) return Effect.fail(credentialsError(call, refused))
  const left = timeLeft(call, limits)
  if (left <= 0) return Effect.fail(callTimeout(call, limits, "deadline", progress.phase))
  if (limits.attemptTimeout <= 0) return Effect.fail(callTimeout(call, limits, "attempt", progress.phase))
  const timeout = Math.min(limits.attemptTimeout, left)
  const skew = call.client.skew ?? 0
  const onConnected =
    call.observer === undefined ? undefined : () => void (progress.connectedAt = monotonic.millis(call.clock))
  const request = signedRequest(call, query, {
    credential,
    skew,
    exchange: { timeout, queueTimeout: left, onConnected },
    span
  })
  return within(
    exchange(call, { request, skew }, progress, (failure) => toError(failure, call, limits, left)),
    { millis: left + grace, orElse: () => Effect.fail(callTimeout(call, limits, "deadline", progress.phase)) }
  )
}

/**
 * How much later than the transport the client ends a request at the deadline, in milliseconds: the transport's own timer
 * knows the phase. It does not end a request that got its connection late, or that waits in a wrapper of the transport.
 */
const grace = 20

/** A signed request, and the skew by which it is dated. */
interface Dated {
  readonly request: Transport.Request
  readonly skew: number
}

/** Hands a request to the transport. It counts as sent unless the transport says that it was not. */
const exchange = (
  call: Call,
  { request, skew }: Dated,
  progress: observe.Progress,
  toError: (failure: Transport.Failure) => CloudauthError.CloudauthError
): Effect.Effect<Success, CloudauthError.CloudauthError> =>
  Effect.suspend(() => {
    const sentAt = monotonic.millis(call.clock)
    progress.phase = "headers"
    progress.isSent = true
    call.attempts++
    return Effect.matchCauseEffect(
      Effect.suspend(() => call.client.send(request)),
      {
        onFailure: (cause) => {
          const failure = failureOf(cause)
          // Only interruptions are left.
          if (failure === undefined) return Effect.failCause(cause as Cause.Cause<never>)
          progress.httpStatus = failure.httpStatus
          progress.isSent = isSent(failure)
          if (progress.isSent) progress.connectedAt ??= sentAt
          if (!progress.isSent) call.attempts--
          return Effect.fail(toError(failure))
        },
        onSuccess: (response) => {
          progress.httpStatus = response.status
          progress.connectedAt ??= sentAt
          progress.protocolVersion = response.protocolVersion
          progress.responseBytes = sizeOf(response.body)
          return Effect.fromResult(classified(call, response, { skew, took: monotonic.millis(call.clock) - sentAt }))
        }
      }
    )
  })

/** Sorts a response by its code, and takes the server's time from it. */
const classified = (
  call: Call,
  response: Transport.Response,
  { skew, took }: { readonly skew: number; readonly took: number }
): Result.Result<Success, CloudauthError.CloudauthError> => {
  // A test clock can stand at a part of a millisecond.
  const receivedAt = Math.trunc(call.clock.currentTimeMillisUnsafe())
  const answer = classify(
    { ...response, receivedAt, attempt: call.attempts },
    { isStrict: call.client.strictRequestId, successCodes: call.successCodes }
  )
  if (Result.isFailure(answer) && answer.failure._tag === "ClockSkewed") {
    serverClock.correct(call.client, answer.failure, skew)
  } else {
    const { requestId } = Result.isSuccess(answer) ? answer.success : answer.failure
    serverClock.learn(call.client, { headers: response.headers, requestId, receivedAt, took })
  }
  return answer
}

/** A transport's failure. Its defects are failures of the connection: their text can quote the signed request. */
const failureOf = (cause: Cause.Cause<Transport.Failure>): Transport.Failure | undefined => {
  for (const reason of cause.reasons) {
    if (reason._tag === "Fail") return reason.error
    if (reason._tag === "Die") return Transport.connectionFailed(reason.defect)
  }
  return undefined
}

/** What a request is signed with. */
interface Signing {
  readonly credential: Credential
  readonly skew: number
  readonly exchange: Pick<Transport.Request, "timeout" | "queueTimeout" | "onConnected">
  readonly span: Tracer.Span | undefined
}

/** Signs a request. Every attempt has its own date and nonce. */
const signedRequest = (
  { action, client, clock, propagatesTrace, version }: Call,
  query: Pairs,
  { credential, exchange, skew, span }: Signing
): Transport.Request => {
  const signed = Signature.sign(client.crypto, {
    method: "POST",
    path: "/",
    host: client.endpoint.host,
    action,
    version,
    query,
    credential,
    now: clock.currentTimeMillisUnsafe() + skew,
    nonce: client.crypto.nonce()
  })
  return {
    origin: client.endpoint.origin,
    path: `/?${signed.query}`,
    headers: {
      ...signed.headers,
      accept: "application/json",
      // W3C's header alone: Effect's own propagation adds B3.
      ...(span !== undefined && propagatesTrace ? { traceparent: Traceparent.of(span) } : undefined)
    },
    ...exchange,
    maxBodyBytes: client.maxBodyBytes
  }
}
