import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as Fault from "../Fault.ts"
import type * as Gateway from "../Gateway.ts"

const transportError = (request: HttpClientRequest.HttpClientRequest, description: string) =>
  new HttpClientError.HttpClientError({
    reason: new HttpClientError.TransportError({ request, description, cause: new Error(description) })
  })

const bodyOf = (
  request: HttpClientRequest.HttpClientRequest
): Effect.Effect<Uint8Array, HttpClientError.HttpClientError> => {
  switch (request.body._tag) {
    case "Empty":
      return Effect.succeed(new Uint8Array())
    case "Uint8Array":
      return Effect.succeed(request.body.body)
    case "Stream":
      return Stream.mkUint8Array(request.body.stream).pipe(
        Effect.mapError(() => transportError(request, "The request's body failed."))
      )
    default:
      return Effect.fail(transportError(request, `A ${request.body._tag} body cannot be sent in memory.`))
  }
}

type Body = Stream.Stream<Uint8Array, Error>

/** The body in pieces; `broken` ends it with an error, as a lost connection does. */
const streamOf = (pieces: ReadonlyArray<Uint8Array>, everyMillis: number, broken: boolean): Body => {
  const whole = Stream.fromIterable(pieces).pipe(
    everyMillis > 0 ? Stream.tap(() => Effect.sleep(everyMillis)) : (stream) => stream
  )
  return broken ? Stream.concat(whole, Stream.fail(new Error("The connection was lost."))) : whole
}

const cut = (body: Uint8Array, size: number): ReadonlyArray<Uint8Array> => {
  const pieces: Array<Uint8Array> = []
  for (let at = 0; at < body.length; at += size) pieces.push(body.subarray(at, at + size))
  return pieces
}

/** The body that a client would see, as far as a socket's faults show in it. */
const bodyAfterFaults = (body: Uint8Array, faults: ReadonlyArray<Fault.Fault>): Uint8Array | Body => {
  const reset = Fault.find(faults, "Reset")
  if (reset?.at === "after-headers") return streamOf([], 0, true)
  if (reset?.at === "within-body") return streamOf([body.subarray(0, Math.ceil(body.length / 2))], 0, true)
  const truncated = Fault.find(faults, "TruncatedBody")
  if (truncated) return streamOf([body.subarray(0, Math.floor(body.length * truncated.keep))], 0, true)
  const wrongLength = Fault.find(faults, "WrongContentLength")
  if (wrongLength) {
    const claimed = Math.max(0, body.length + wrongLength.by)
    return claimed > body.length ? streamOf([body], 0, true) : body.subarray(0, claimed)
  }
  const slow = Fault.find(faults, "SlowBody")
  return slow ? streamOf(cut(body, Math.max(1, slow.chunkBytes)), slow.everyMillis, false) : body
}

const withoutBody = new Set([204, 205, 304])

/** `DuplicatedAnswer` and `HalfClose` have no meaning without a socket and change nothing here. */
export const layer = (gateway: Gateway.Gateway): Layer.Layer<HttpClient.HttpClient> =>
  Layer.succeed(
    HttpClient.HttpClient,
    HttpClient.make(
      Effect.fnUntraced(function* (request, url) {
        const headers = Object.entries(request.headers)
        if (!headers.some(([name]) => name.toLowerCase() === "host")) headers.push(["host", url.host])
        const body = yield* bodyOf(request)
        if (gateway.faults.decideTls()) return yield* Effect.fail(transportError(request, "The TLS handshake failed."))
        const exchange = gateway.handle({ method: request.method, target: url.pathname + url.search, headers, body })
        return yield* Effect.gen(function* () {
          if (exchange.delayMillis > 0) yield* Effect.sleep(exchange.delayMillis)
          if (Fault.find(exchange.faults, "DroppedAnswer")) return yield* Effect.never
          const reset = Fault.find(exchange.faults, "Reset")
          if (reset?.at === "before-headers" || reset?.at === "within-headers") {
            return yield* Effect.fail(transportError(request, "The connection was reset."))
          }
          const { response } = exchange
          const visible = bodyAfterFaults(response.body, exchange.faults)
          const body =
            visible instanceof Uint8Array ? new Uint8Array(visible) : yield* Stream.toReadableStreamEffect(visible)
          const isEmpty = withoutBody.has(response.status)
          const received = HttpClientResponse.fromWeb(
            request,
            new Response(isEmpty ? null : body, {
              status: response.status,
              headers: response.headers.map(([name, value]) => [name, value])
            })
          )
          // Not through the web's stream: it needs promises, for which virtual time does not wait.
          const pieces = visible instanceof Uint8Array ? Stream.succeed(visible) : visible
          return Object.defineProperty(received, "stream", {
            value: isEmpty ? Stream.empty : Stream.mapError(pieces, (cause) => transportError(request, cause.message))
          })
        }).pipe(Effect.ensuring(Effect.sync(exchange.finished)))
      })
    )
  )
