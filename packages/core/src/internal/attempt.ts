/** One attempt: credential → signed request → transport → answer, sorted by its code. */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Headers from "effect/http/Headers"
import * as HttpBody from "effect/http/HttpBody"
import type { HttpClient } from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { HttpClientResponse } from "effect/http/HttpClientResponse"
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
export const signedRequest = (
  crypto: SignatureCrypto,
  input: Input
): Effect.Effect<HttpClientRequest.HttpClientRequest> =>
  Effect.map(
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
    }),
    (signed) => {
      const headers = input.unsigned === undefined ? signed.headers : { ...signed.headers, ...input.unsigned }
      headers["accept"] = "application/json"
      const request = HttpClientRequest.makeWith(
        "POST",
        `${input.endpoint.origin}/?${signed.query}`,
        UrlParams.empty,
        Option.none(),
        Headers.fromRecordUnsafe(headers),
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
  )

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

/** An answer over its response, whose headers are read only where they are asked for: by the errors. */
class Received implements Answer.Answer {
  readonly status: number
  readonly body: Answer.Answer["body"]
  readonly receivedAt: number
  readonly attempt: number
  readonly #response: HttpClientResponse

  constructor(response: HttpClientResponse, body: Answer.Answer["body"], receivedAt: number, attempt: number) {
    this.status = response.status
    this.body = body
    this.receivedAt = receivedAt
    this.attempt = attempt
    this.#response = response
  }

  get headers(): Answer.Answer["headers"] {
    return this.#response.headers
  }
}

/** Sends a signed request and sorts the answer. */
export const send = (
  http: HttpClient,
  request: HttpClientRequest.HttpClientRequest,
  input: Input,
  end: AttemptEnd
): Effect.Effect<Answer.Success, CloudauthError.CloudauthError> =>
  Effect.flatMap(
    guarded(() => http.execute(request), input.attempt, ofHttp(input.attempt)),
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
        (body) => {
          end.responseBytes = sizeOf(body)
          return Effect.fromResult(Answer.classify(new Received(response, body, input.now(), input.attempt)))
        }
      )
    }
  )
