/**
 * A transport over any Effect `HttpClient`: `FetchHttpClient`, platform-node's, a mock. `Cloudauth.layer` uses it.
 *
 * The timeout runs on Effect's clock, so `TestClock` drives it. Effect's own HTTP span is off, and OpenTelemetry's
 * instrumentation of the process does not see the requests (`Telemetry.TransportInstrumentation`): both would record the
 * query, which holds ids.
 *
 * @example
 * import * as HttpTransport from "@effect-cloudauth/core/HttpTransport"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 * import * as Layer from "effect/Layer"
 *
 * const transport = HttpTransport.layer.pipe(Layer.provide(FetchHttpClient.layer))
 *
 * @since 0.1.0
 */
import type * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Headers from "effect/http/Headers"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { HttpClientResponse } from "effect/http/HttpClientResponse"
import * as UrlParams from "effect/http/UrlParams"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { within } from "./internal/timeLimit.ts"
import * as Telemetry from "./Telemetry.ts"
import * as Transport from "./Transport.ts"

/**
 * The transport over the `HttpClient` in context.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Transport.Transport, never, HttpClient.HttpClient> = Layer.effect(
  Transport.Transport,
  Effect.gen(function* () {
    const http = yield* HttpClient.HttpClient
    const requestInit = Option.getOrUndefined(yield* Effect.serviceOption(FetchHttpClient.RequestInit))
    const withSettings = Effect.updateContext<never, never>((context) =>
      context.pipe(
        Context.add(HttpClient.TracerDisabledWhen, () => true),
        Context.add(Headers.CurrentRedactedNames, secretHeaders),
        // A redirect would carry the signature to another host.
        Context.add(FetchHttpClient.RequestInit, { ...requestInit, redirect: "manual" })
      )
    )
    return {
      send: (request) => {
        const sent = withSettings(withTimeout(request.timeout, (progress) => exchange(http, request, progress)))
        return Effect.flatMap(Telemetry.TransportInstrumentation, (seen) =>
          seen === "nested" ? sent : Telemetry.withoutInstrumentation(sent)
        )
      }
    }
  })
)

/** Headers that an `HttpClient` which logs requests must hide; Effect itself hides `authorization` only. */
const secretHeaders = ["authorization", "x-acs-accesskey-id", "x-acs-security-token", "x-acs-signature-nonce"]

/** What is known of an exchange that fails: something once the response's headers have arrived. */
interface Progress {
  response: HttpClientResponse | undefined
  /** How many pieces of the answer have come: its headers, and parts of its body. */
  parts: number
}

const withTimeout = <A>(
  millis: number,
  use: (progress: Progress) => Effect.Effect<A, Transport.Failure>
): Effect.Effect<A, Transport.Failure> =>
  Effect.suspend(() => {
    const progress: Progress = { response: undefined, parts: 0 }
    return within(use(progress), {
      millis,
      progress: () => progress.parts,
      orElse: () =>
        Effect.fail(new Transport.TimedOut({ httpStatus: undefined, ...begun(progress), phase: phaseOf(progress) }))
    })
  })

const exchange = (
  http: HttpClient.HttpClient,
  request: Transport.Request,
  progress: Progress
): Effect.Effect<Transport.Response, Transport.Failure> =>
  guarded(
    Effect.flatMap(execute(http, request), (response) => {
      progress.response = response
      progress.parts++
      return Effect.map(readBody(response, request.maxBodyBytes, progress), (body) => ({
        status: response.status,
        headers: response.headers,
        body,
        protocolVersion: undefined
      }))
    }),
    progress
  )

/** An application's `HttpClient` may treat a status as an error (`filterStatusOk`): the response is in that error. */
const execute = (
  http: HttpClient.HttpClient,
  request: Transport.Request
): Effect.Effect<HttpClientResponse, HttpClientError> =>
  Effect.catch(
    Effect.suspend(() => {
      request.onConnected?.()
      return http.execute(toHttpClientRequest(request))
    }),
    (error) => (error.reason._tag === "StatusCodeError" ? Effect.succeed(error.reason.response) : Effect.fail(error))
  )

const toHttpClientRequest = (request: Transport.Request): HttpClientRequest.HttpClientRequest => {
  const converted = HttpClientRequest.makeWith(
    "POST",
    `${request.origin}${request.path}`,
    UrlParams.empty,
    Option.none(),
    Headers.fromRecordUnsafe(request.headers),
    HttpBody.empty
  )
  // An HttpClient can print its request: the headers are secret, and the query holds ids.
  return Object.defineProperty(converted, "toJSON", {
    value: () => ({
      _id: "HttpClientRequest",
      method: "POST",
      url: `${request.origin}/`,
      headers: "<redacted>"
    })
  })
}

const readBody = (
  response: HttpClientResponse,
  limit: number,
  progress: Progress
): Effect.Effect<ReadonlyArray<Uint8Array>, HttpClientError | Transport.BodyTooLarge> =>
  Effect.suspend(() => {
    const chunks: Array<Uint8Array> = []
    let size = 0
    const collect = Stream.runForEach(response.stream, (chunk) => {
      size += chunk.byteLength
      progress.parts++
      if (size > limit) return Effect.fail(new Transport.BodyTooLarge(Transport.begun(response)))
      chunks.push(chunk)
      return Effect.void
    })
    // A response without a body, such as a 204, is an error of Effect's stream.
    const orEmpty = Effect.catch(collect, (error) =>
      error._tag === "HttpClientError" && error.reason._tag === "EmptyBodyError" ? Effect.void : Effect.fail(error)
    )
    return Effect.as(orEmpty, chunks)
  })

/** Turns errors and defects of an `HttpClient` into a failure: both can quote the signed request. */
const guarded = <A>(
  effect: Effect.Effect<A, HttpClientError | Transport.Failure>,
  progress: Progress
): Effect.Effect<A, Transport.Failure> =>
  Effect.catchCause(effect, (cause) => {
    for (const reason of cause.reasons) {
      if (reason._tag === "Fail") return Effect.fail(toFailure(reason.error, progress))
      if (reason._tag === "Die") return Effect.fail(failed(reason.defect, progress))
    }
    return Effect.failCause(cause as Cause.Cause<never>) // only interruptions are left
  })

const toFailure = (error: HttpClientError | Transport.Failure, progress: Progress): Transport.Failure =>
  error._tag === "HttpClientError" ? failed(error, progress) : error

const failed = (underlying: unknown, progress: Progress): Transport.ConnectionFailed =>
  Transport.connectionFailed(underlying, { ...begun(progress), phase: phaseOf(progress) })

const begun = ({ response }: Progress) => (response === undefined ? undefined : Transport.begun(response))

const phaseOf = ({ response }: Progress): Transport.Phase => (response === undefined ? "headers" : "body")
