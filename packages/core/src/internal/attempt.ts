/** One attempt: credential → signed request → transport → answer, sorted by its code. */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Headers from "effect/http/Headers"
import * as HttpBody from "effect/http/HttpBody"
import type { HttpClient } from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as UrlParams from "effect/http/UrlParams"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as CheckResultRequest from "../CheckResultRequest.ts"
import * as CloudauthError from "../CloudauthError.ts"
import type { Credential } from "../Credentials.ts"
import type { Endpoint } from "../Endpoint.ts"
import * as Signature from "../Signature.ts"
import type { SignatureCrypto } from "../SignatureCrypto.ts"
import * as Transport from "../Transport.ts"
import * as Answer from "./answer.ts"
import { sizeOf } from "./chunks.ts"
import type * as parameters from "./parameters.ts"
import type { AttemptEnd } from "./spans.ts"

export interface Input {
  readonly endpoint: Endpoint
  readonly action: string
  readonly query: parameters.Query
  readonly credential: Credential
  /** Milliseconds since 1970, on this machine's clock. */
  readonly now: () => number
  /** The server's clock minus this machine's, in milliseconds. */
  readonly skew: number
  readonly attempt: number
  readonly maxBodyBytes: number
  /** Headers that are sent but not signed, such as `traceparent`. */
  readonly unsigned: Readonly<Record<string, string>> | undefined
}

/** Signs a request; every attempt has a date and a nonce of its own. */
export const sign = (crypto: SignatureCrypto, input: Input): Effect.Effect<Signature.Signed> =>
  Signature.sign(crypto, {
    method: "POST",
    path: "/",
    host: input.endpoint.host,
    action: input.action,
    version: CheckResultRequest.version,
    query: input.query,
    credential: input.credential,
    now: input.now() + input.skew,
    nonce: crypto.nonce()
  })

const headersOf = (signed: Signature.Signed, input: Input): Record<string, string> => {
  const headers = input.unsigned === undefined ? signed.headers : { ...signed.headers, ...input.unsigned }
  headers["accept"] = "application/json"
  return headers
}

/** A signed request as Effect's `HttpClient` takes it. */
export const requestOf = (signed: Signature.Signed, input: Input): HttpClientRequest.HttpClientRequest => {
  const request = HttpClientRequest.makeWith(
    "POST",
    `${input.endpoint.origin}/?${signed.query}`,
    UrlParams.empty,
    Option.none(),
    Headers.fromRecordUnsafe(headersOf(signed, input)),
    HttpBody.empty
  )
  // A transport may print a request: its headers are secret, and its query leads to a person.
  return Object.defineProperty(request, "toJSON", {
    value: () => ({
      _id: "HttpClientRequest",
      method: "POST",
      url: `${input.endpoint.origin}/`,
      headers: "<redacted>"
    })
  })
}

/** Names what failed, by error codes and class names alone: the transport's own words may quote the request. */
const reasonOf = (reason: unknown): string => {
  const names: Array<string> = []
  let cause = reason
  for (let depth = 0; depth < 6 && typeof cause === "object" && cause !== null; depth++) {
    const { code, name } = cause as { readonly code?: unknown; readonly name?: unknown } // any value can be a cause
    if (typeof code === "string" && /^[A-Z0-9_]{2,40}$/.test(code)) return `the connection failed: ${code}`
    if (typeof name === "string" && /^[A-Za-z]{2,40}$/.test(name)) names.push(name)
    cause = (cause as { readonly cause?: unknown }).cause
  }
  return `the connection failed: ${names.at(-1) ?? "unknown cause"}`
}

/** What helps where the code of a transport says more than that the network failed. */
const adviceOf = (reason: string): string =>
  reason.endsWith("ERR_REPEATED_ANSWER")
    ? "An answer came twice over one connection, so the next request would have got another's: look for a proxy that sends answers twice. A stand-in for the service must give each answer an x-acs-request-id of its own, or none."
    : "Check the network, the proxy and the endpoint; the client has retried as its policy says."

const transportError = (attempt: number, cause: unknown, underlying: unknown) => {
  const reason = reasonOf(cause)
  return new CloudauthError.TransportError({
    code: "TransportError",
    httpStatus: undefined,
    requestId: undefined,
    attempts: attempt,
    advice: adviceOf(reason),
    reason,
    underlying: Redacted.make(underlying, { label: "underlying" })
  })
}

const ofHttp = (attempt: number) => (error: HttpClientError) => transportError(attempt, error.reason, error)

const tooLarge = (attempt: number, status: number, limit: number) =>
  new CloudauthError.DecodeError({
    code: "DecodeError",
    httpStatus: status,
    requestId: undefined,
    attempts: attempt,
    advice: "Raise maxBodyBytes if the photographs are that large; the read stopped at the limit.",
    path: "",
    expected: `at most ${limit} bytes`,
    body: Redacted.make("", { label: "body" })
  })

/** Maps a transport's failures, and its defects too: they may quote the signed request, and must not reach a log. */
const guarded = <A, E>(
  transport: () => Effect.Effect<A, E>,
  attempt: number,
  map: (error: E) => CloudauthError.CloudauthError
): Effect.Effect<A, CloudauthError.CloudauthError> =>
  Effect.catchCause(Effect.suspend(transport), (cause) => {
    for (const reason of cause.reasons) {
      if (reason._tag === "Fail") return Effect.fail(map(reason.error))
      if (reason._tag === "Die") return Effect.fail(transportError(attempt, reason.defect, reason.defect))
    }
    return Effect.failCause(cause as Cause.Cause<never>) // only interruptions are left
  })

/** An answer whose headers are read only where they are asked for: by the errors. */
class Received implements Answer.Answer {
  readonly status: number
  readonly body: Answer.Answer["body"]
  readonly receivedAt: number
  readonly attempt: number
  readonly #headers: () => Answer.Answer["headers"]

  constructor(status: number, headers: () => Answer.Answer["headers"], body: Answer.Answer["body"], input: Input) {
    this.status = status
    this.body = body
    this.receivedAt = input.now()
    this.attempt = input.attempt
    this.#headers = headers
  }

  get headers(): Answer.Answer["headers"] {
    return this.#headers()
  }
}

const sorted = (answer: Received, end: AttemptEnd): Effect.Effect<Answer.Success, CloudauthError.CloudauthError> => {
  end.responseBytes = sizeOf(answer.body)
  return Effect.fromResult(Answer.classify(answer))
}

/** Sends a signed request by any `HttpClient`, and sorts the answer. */
export const send = (
  http: HttpClient,
  signed: Signature.Signed,
  input: Input,
  end: AttemptEnd
): Effect.Effect<Answer.Success, CloudauthError.CloudauthError> =>
  Effect.flatMap(
    guarded(() => http.execute(requestOf(signed, input)), input.attempt, ofHttp(input.attempt)),
    (response) => {
      end.httpStatus = response.status
      end.protocolVersion = Transport.protocolVersion(response)
      return Effect.flatMap(
        guarded(
          () => Transport.readBody(response, input.maxBodyBytes),
          input.attempt,
          (error) =>
            error._tag === "BodyTooLarge"
              ? tooLarge(input.attempt, response.status, error.limit)
              : ofHttp(input.attempt)(error)
        ),
        (body) => sorted(new Received(response.status, () => response.headers, body, input), end)
      )
    }
  )

/** How long an attempt may take, in milliseconds, and the error where it takes longer. */
export interface TimeLimit {
  readonly millis: number
  readonly error: () => CloudauthError.CloudauthError
}

/** The longest time that a timer of the runtime can wait for, in milliseconds. */
export const longestTimer = 2 ** 31 - 1

/** Sends a signed request within a time limit, and sorts the answer. */
type SendWithin = (
  signed: Signature.Signed,
  input: Input,
  end: AttemptEnd,
  limit: TimeLimit
) => Effect.Effect<Answer.Success, CloudauthError.CloudauthError>

/**
 * The same where the `HttpClient` offers whole round trips. One wait, and the time limit is a timer of the runtime: with
 * `send` under `Effect.timeoutOrElse`, which is what this stands for, a call costs two fibers and half of its steps more.
 */
export const sendWithin = (http: HttpClient): SendWithin | undefined => {
  const transport = Transport.roundTripsOf(http)
  return transport === undefined
    ? undefined
    : (signed, input, end, limit) => {
        // A timer waits a millisecond at least: an answer from nearby would come before it.
        if (limit.millis <= 0) return Effect.fail(limit.error())
        return Effect.flatMap(outcomeOf(transport, signed, input, end, limit), (outcome) => {
          if (outcome === "TimedOut") return Effect.fail(limit.error())
          switch (outcome._tag) {
            case "Answered":
              return sorted(new Received(end.httpStatus ?? 0, outcome.headers, outcome.body, input), end)
            case "BodyTooLarge":
              return Effect.fail(tooLarge(input.attempt, end.httpStatus ?? 0, outcome.limit))
            case "Failed":
              return Effect.fail(transportError(input.attempt, outcome.cause, outcome.cause))
          }
        })
      }
}

const outcomeOf = (
  transport: Transport.Send,
  signed: Signature.Signed,
  input: Input,
  end: AttemptEnd,
  limit: TimeLimit
): Effect.Effect<Transport.Outcome | "TimedOut"> =>
  Effect.callback((resume) => {
    const outgoing = {
      origin: input.endpoint.origin,
      path: `/?${signed.query}`,
      headers: headersOf(signed, input)
    }
    let timer: ReturnType<typeof setTimeout> | undefined
    let trip: Transport.RoundTrip | undefined
    let early: Transport.Outcome | undefined
    let isOver = false
    /** Notes how far the round trip has come, once. What it tells or shows later is nobody's any more. */
    const over = (): boolean => {
      if (isOver) return false
      isOver = true
      clearTimeout(timer)
      end.httpStatus = trip?.status
      // Without a status there was no answer, and no version was spoken.
      end.protocolVersion = trip?.status === undefined ? undefined : trip.protocolVersion
      return true
    }
    const told = (outcome: Transport.Outcome): void => {
      if (trip === undefined) early ??= outcome
      else if (over()) resume(Effect.succeed(outcome))
    }
    const stop = (): void => {
      if (!over()) return
      try {
        trip?.cancel()
      } catch {
        // The call has ended; there is nobody to tell.
      }
    }
    try {
      trip = transport(outgoing, input.maxBodyBytes, told)
    } catch (cause) {
      return resume(Effect.succeed({ _tag: "Failed", cause }))
    }
    if (early !== undefined) return told(early)
    if (limit.millis <= longestTimer) {
      timer = setTimeout(() => {
        stop()
        resume(Effect.succeed("TimedOut"))
      }, limit.millis)
    }
    return Effect.sync(stop)
  })
