/** Requests over an undici dispatcher in the terms of Effect's `HttpClient`. */
import * as Effect from "effect/Effect"
import type { HttpClientError } from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { HttpClientResponse } from "effect/http/HttpClientResponse"
import { type InFlight, TransportClosed } from "./InFlight.ts"
import type { LazyDispatcher } from "./LazyDispatcher.ts"
import type { Loaded } from "./LazyHttpClient.ts"
import * as target from "./target.ts"
import { transportError } from "./TransportResponse.ts"
import { UndiciExchange } from "./UndiciExchange.ts"

const dispatch = (
  dispatcher: LazyDispatcher,
  inFlight: InFlight,
  protocolVersion: string | undefined,
  request: HttpClientRequest.HttpClientRequest,
  to: target.Target,
  payload: target.Payload
) =>
  Effect.callback<HttpClientResponse, HttpClientError>((resume) => {
    if (inFlight.isClosing) return resume(Effect.fail(transportError(request, new TransportClosed())))
    const exchange = new UndiciExchange(request, resume, inFlight, protocolVersion)
    dispatcher.dispatch(
      { origin: to.origin, path: to.path, method: request.method, headers: payload.headers, body: payload.body },
      exchange
    )
    return Effect.sync(() => exchange.cancel())
  })

export const load = (dispatcher: LazyDispatcher, inFlight: InFlight, protocolVersion: string | undefined): Loaded => ({
  makeRequest: HttpClientRequest.make,
  send: (request) => {
    const to = target.ofRequest(request)
    if (to === undefined) return Effect.fail(target.invalidUrl(request))
    return request.body._tag === "Empty"
      ? dispatch(dispatcher, inFlight, protocolVersion, request, to, { headers: request.headers, body: null })
      : Effect.flatMap(target.payload(request), (payload) =>
          dispatch(dispatcher, inFlight, protocolVersion, request, to, payload)
        )
  }
})
