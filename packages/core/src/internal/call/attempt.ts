/** One attempt: credential → signed request → transport → response, classified by its code. */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Tracer from "effect/Tracer"
import type * as CloudauthError from "../../CloudauthError.ts"
import type { Credential } from "../../Credentials.ts"
import * as Signature from "../../Signature.ts"
import * as Transport from "../../Transport.ts"
import { sizeOf } from "../decode/bytes.ts"
import { classify, type Success } from "../decode/classify.ts"
import type { Pairs } from "./canonicalRequest.ts"
import type { Call } from "./client.ts"
import { refuseKey } from "./emulatorMarks.ts"
import * as observe from "./observe.ts"
import { type TimeLimit, timeLeft } from "./retry.ts"
import * as spans from "./spans.ts"
import { callTimeout, toError } from "./transportErrors.ts"

/** Runs attempt `number` of a call. */
export const attempt = (
  call: Call,
  query: Pairs,
  number: number,
  limit: TimeLimit
): Effect.Effect<Success, CloudauthError.CloudauthError> =>
  Effect.suspend(() => {
    call.attempts = number
    const received: observe.Received = { httpStatus: undefined, responseBytes: undefined, protocolVersion: undefined }
    const sent = spans.attempt(call, number, received, (span) => send(call, query, limit, received, span))
    return observe.attempt(call, number, received, sent)
  })

const send = (
  call: Call,
  query: Pairs,
  limit: TimeLimit,
  received: observe.Received,
  span: Tracer.Span | undefined
): Effect.Effect<Success, CloudauthError.CloudauthError> =>
  Effect.flatMap(credential(call, limit), (credential) => {
    call.credential = credential
    const refused = refuseKey(call.client, credential)
    if (refused !== undefined) return Effect.fail(refused)
    const timeout = timeLeft(call, limit)
    if (timeout <= 0) return Effect.fail(callTimeout(call, limit))
    const request = signedRequest(call, query, credential, timeout, span)
    return Effect.matchCauseEffect(
      Effect.suspend(() => call.client.send(request)),
      {
        onFailure: (cause) => {
          const failure = failureOf(cause)
          // Only interruptions are left.
          if (failure === undefined) return Effect.failCause(cause as Cause.Cause<never>)
          received.httpStatus = failure.httpStatus
          return Effect.fail(toError(failure, call, limit))
        },
        onSuccess: (response) => {
          received.httpStatus = response.status
          received.protocolVersion = response.protocolVersion
          received.responseBytes = sizeOf(response.body)
          // A test clock can stand at a part of a millisecond.
          const receivedAt = Math.trunc(call.clock.currentTimeMillisUnsafe())
          return Effect.fromResult(classify({ ...response, receivedAt, attempt: call.attempts }))
        }
      }
    )
  })

/** A transport's failure. Its defects are failures of the connection: their text can quote the signed request. */
const failureOf = (cause: Cause.Cause<Transport.Failure>): Transport.Failure | undefined => {
  for (const reason of cause.reasons) {
    if (reason._tag === "Fail") return reason.error
    if (reason._tag === "Die") return Transport.connectionFailed(reason.defect)
  }
  return undefined
}

/** The current credential. One that is at hand needs no timer. */
const credential = (call: Call, limit: TimeLimit): Effect.Effect<Credential, CloudauthError.CloudauthError> => {
  const { get } = call.client.credentials
  return Exit.isExit(get)
    ? get
    : Effect.timeoutOrElse(get, {
        duration: timeLeft(call, limit),
        orElse: () => Effect.fail(callTimeout(call, limit))
      })
}

/** Signs a request. Every attempt has its own date and nonce. */
const signedRequest = (
  { action, client, clock, propagatesTrace, version }: Call,
  query: Pairs,
  credential: Credential,
  timeout: number,
  span: Tracer.Span | undefined
): Transport.Request => {
  const signed = Signature.sign(client.crypto, {
    method: "POST",
    path: "/",
    host: client.endpoint.host,
    action,
    version,
    query,
    credential,
    now: clock.currentTimeMillisUnsafe() + client.skew,
    nonce: client.crypto.nonce()
  })
  return {
    origin: client.endpoint.origin,
    path: `/?${signed.query}`,
    headers: {
      ...signed.headers,
      accept: "application/json",
      ...(span !== undefined && propagatesTrace ? { traceparent: traceparent(span) } : undefined)
    },
    timeout,
    queueTimeout: timeout,
    maxBodyBytes: client.maxBodyBytes
  }
}

/** W3C's header alone: Effect's own propagation adds B3. */
const traceparent = ({ sampled, spanId, traceId }: Tracer.Span): string =>
  `00-${traceId.padStart(32, "0")}-${spanId}-${sampled ? "01" : "00"}`
