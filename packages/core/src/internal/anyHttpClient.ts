/** An attempt over any `HttpClient` of Effect's. Loaded for a transport that offers no round trips, together with what that takes. */
import type * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Headers from "effect/http/Headers"
import * as HttpBody from "effect/http/HttpBody"
import type * as HttpClient from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { HttpClientResponse } from "effect/http/HttpClientResponse"
import * as UrlParams from "effect/http/UrlParams"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type * as CloudauthError from "../CloudauthError.ts"
import type { Signed } from "../Signature.ts"
import * as Transport from "../Transport.ts"
import type * as Answer from "./answer.ts"
import { headersOf, type Input, Received, type Send, sorted, tooLarge, transportError } from "./attempt.ts"
import type { AttemptEnd } from "./spans.ts"
import { withoutTracing } from "./untraced.ts"

/** A signed request as Effect's `HttpClient` takes it. */
export const requestOf = (signed: Signed, input: Input): HttpClientRequest.HttpClientRequest => {
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

const ofHttp = (attempt: number) => (error: HttpClientError) => transportError(attempt, error.reason, error)

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

const hasBoundedBody = (response: object): response is Transport.HasBoundedBody => Transport.BoundedBody in response

/** Reads the body of a response, at most `limit` bytes, in pieces. */
const readBody = (
  response: HttpClientResponse,
  limit: number
): Effect.Effect<ReadonlyArray<Uint8Array>, HttpClientError | Transport.BodyTooLarge> => {
  if (hasBoundedBody(response)) return response[Transport.BoundedBody](limit)
  return Effect.suspend(() => {
    const chunks: Array<Uint8Array> = []
    let size = 0
    const collect = Stream.runForEach(response.stream, (chunk) => {
      size += chunk.byteLength
      if (size > limit) return Effect.fail(Transport.bodyTooLarge(limit))
      chunks.push(chunk)
      return Effect.void
    })
    return Effect.as(collect, chunks)
  })
}

const send = (
  http: HttpClient.HttpClient,
  signed: Signed,
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
          () => readBody(response, input.maxBodyBytes),
          input.attempt,
          (error) =>
            error._tag === "BodyTooLarge"
              ? tooLarge(input.attempt, response.status, error.limit, response.headers)
              : ofHttp(input.attempt)(error)
        ),
        (body) => sorted(new Received(response.status, () => response.headers, body, input), end)
      )
    }
  )

/** For whoever logs a transport's requests: Effect itself knows `authorization` only. */
const redactedHeaders = ["authorization", "x-acs-accesskey-id", "x-acs-security-token", "x-acs-signature-nonce"]

/** Sends over an `HttpClient`; the options of `fetch` are those in context when this is made. */
export const make = (http: HttpClient.HttpClient): Effect.Effect<Send> =>
  Effect.map(Effect.serviceOption(FetchHttpClient.RequestInit), (requestInit): Send => {
    // Effect's own client span would carry the ids of the query; a redirect would carry the signature to another host.
    // Laid over the caller's context: merging the two would copy it for every attempt.
    const transportOptions = { ...Option.getOrUndefined(requestInit), redirect: "manual" } as const
    const forTransport = Effect.updateContext<never, never>((context) =>
      context.pipe(
        withoutTracing,
        Context.add(Headers.CurrentRedactedNames, redactedHeaders),
        Context.add(FetchHttpClient.RequestInit, transportOptions)
      )
    )
    return (signed, input, end) => forTransport(send(http, signed, input, end))
  })
