/** One attempt: credential → signed request → transport → answer, sorted by its code. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as CheckResultRequest from "../CheckResultRequest.ts"
import * as CloudauthError from "../CloudauthError.ts"
import type { Credential } from "../Credentials.ts"
import type { Endpoint } from "../Endpoint.ts"
import * as Signature from "../Signature.ts"
import type { SignatureCrypto } from "../SignatureCrypto.ts"
import type * as Transport from "../Transport.ts"
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

export const headersOf = (signed: Signature.Signed, input: Input): Record<string, string> => {
  const headers = input.unsigned === undefined ? signed.headers : { ...signed.headers, ...input.unsigned }
  headers["accept"] = "application/json"
  return headers
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

export const transportError = (attempt: number, cause: unknown, underlying: unknown) => {
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

export const tooLarge = (attempt: number, status: number, limit: number, headers: Answer.Answer["headers"] = {}) =>
  new CloudauthError.DecodeError({
    code: "DecodeError",
    httpStatus: status,
    requestId: Answer.requestIdOf(undefined, { headers }),
    attempts: attempt,
    advice: "Raise maxBodyBytes if the photographs are that large; the read stopped at the limit.",
    path: "",
    expected: `at most ${limit} bytes`,
    body: Redacted.make("", { label: "body" })
  })

/** An answer whose headers are read only where they are asked for: by the errors. */
export class Received implements Answer.Answer {
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

export const sorted = (
  answer: Received,
  end: AttemptEnd
): Effect.Effect<Answer.Success, CloudauthError.CloudauthError> => {
  end.responseBytes = sizeOf(answer.body)
  return Effect.fromResult(Answer.classify(answer))
}

/** How long an attempt may take, in milliseconds, and the error where it takes longer. */
export interface TimeLimit {
  readonly millis: number
  readonly error: () => CloudauthError.CloudauthError
}

/** The longest time that a timer of the runtime can wait for, in milliseconds. */
export const longestTimer = 2 ** 31 - 1

/** Sends a signed request, and sorts the answer. Only round trips keep a time limit; otherwise the caller must. */
export type Send = (
  signed: Signature.Signed,
  input: Input,
  end: AttemptEnd,
  limit?: TimeLimit
) => Effect.Effect<Answer.Success, CloudauthError.CloudauthError>

/**
 * Sends by whole round trips. One wait, and the time limit is a timer of the runtime: with `Effect.timeoutOrElse`, which
 * is what this stands for, a call costs two fibers and half of its steps more.
 */
export const byRoundTrips =
  (transport: Transport.Send): Send =>
  (signed, input, end, limit) => {
    // A timer waits a millisecond at least: an answer from nearby would come before it.
    if (limit !== undefined && limit.millis <= 0) return Effect.fail(limit.error())
    return Effect.flatMap(outcomeOf(transport, signed, input, end, limit), (outcome) => {
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

const outcomeOf = (
  transport: Transport.Send,
  signed: Signature.Signed,
  input: Input,
  end: AttemptEnd,
  limit: TimeLimit | undefined
): Effect.Effect<Transport.Outcome, CloudauthError.CloudauthError> =>
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
    if (limit !== undefined && limit.millis <= longestTimer) {
      timer = setTimeout(() => {
        stop()
        resume(Effect.fail(limit.error()))
      }, limit.millis)
    }
    return Effect.sync(stop)
  })
