/** A machine that runs the real client: its clock, and layers over a service. */
import { Cloudauth, type Options } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as HttpTransport from "@effect-cloudauth/core/HttpTransport"
import { SignatureCrypto } from "@effect-cloudauth/core/SignatureCrypto"
import type { Transport } from "@effect-cloudauth/core/Transport"
import * as NodeCrypto from "@effect-cloudauth/node/NodeCrypto"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import type * as Protocol from "@effect-cloudauth/emulator/Protocol"
import * as MachineClock from "./clock.ts"
import { type Service, url } from "./service.ts"
import type { Simulation } from "./simulation.ts"

export interface ClientOptions extends Options {
  /** Default: the key that the service knows. */
  readonly credentials?: Layer.Layer<Credentials> | undefined
  /** Default: over an `HttpClient` that reaches the service. */
  readonly transport?: Layer.Layer<Transport> | undefined
}

export interface Machine {
  readonly clock: MachineClock.MachineClock
  /** Runs on this machine. */
  readonly on: <A, E, R>(use: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** A client of a service, built again each time. */
  readonly client: (service: Service, options?: ClientOptions) => Layer.Layer<Cloudauth>
}

export const make = ({ loop, lots }: Simulation, name = "machine"): Machine => {
  const clock = MachineClock.make(loop, lots(name).below(10 ** 9))
  let nonces = 0
  const crypto = Layer.succeed(SignatureCrypto, { ...NodeCrypto.nodeCrypto, nonce: () => `${name}-${nonces++}` })
  return {
    clock,
    on: Effect.provideService(Clock.Clock, clock),
    client: (service, { credentials, transport, ...options } = {}) =>
      Cloudauth.layerTransport({ url, ...options }).pipe(
        Layer.provide([
          credentials ?? Credentials.layerStatic(service.gateway),
          transport ?? Layer.provide(HttpTransport.layer, httpClient(service)),
          crypto
        ]),
        Layer.orDie
      )
  }
}

const httpClient = (service: Service): Layer.Layer<HttpClient.HttpClient> =>
  Layer.succeed(
    HttpClient.HttpClient,
    HttpClient.make((request, target) =>
      Effect.callback((resume) => {
        let isOver = false
        service.exchange(requestOf(request, target), (response) => {
          if (!isOver) resume(Effect.succeed(responseOf(request, response)))
        })
        return Effect.sync(() => {
          isOver = true
        })
      })
    )
  )

const requestOf = ({ headers, method }: HttpClientRequest.HttpClientRequest, target: URL): Protocol.Request => ({
  method,
  target: target.pathname + target.search,
  headers: Object.entries({ host: target.host, ...headers }),
  body: new Uint8Array()
})

const responseOf = (request: HttpClientRequest.HttpClientRequest, { body, headers, status }: Protocol.Response) => {
  const received = HttpClientResponse.fromWeb(
    request,
    new Response(null, { status, headers: headers.map(([name, value]): [string, string] => [name, value]) })
  )
  // Not through the web's stream: its promises would cost a turn of the real event loop each.
  return Object.defineProperty(received, "stream", { value: Stream.succeed(body) })
}
