/**
 * HTTP transports for Node, each a layer that provides Effect's `HttpClient`.
 *
 * | layer | take it when |
 * |---|---|
 * | `layer` | always, unless one of the next lines is the case: undici, the fastest |
 * | `layerNodeHttp` | an agent or an instrumentation of yours works on `node:http` |
 * | `layerFetch` | you replace or instrument the global `fetch`, or test with it |
 *
 * None of them follows redirects: a signed request would go to another host. `layer` and `layerNodeHttp` open no span of
 * their own, and `HttpClient.withScope` does not reach them: interruption ends a request, and a response that is
 * dropped unread.
 *
 * @example
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import { Credentials } from "@effect-cloudauth/core/Credentials"
 * import * as NodeTransport from "@effect-cloudauth/node/NodeTransport"
 * import * as Layer from "effect/Layer"
 *
 * const live = Cloudauth.layer({ region: "cn-hongkong" }).pipe(
 *   Layer.provide([Credentials.layerConfig, NodeTransport.layer({ connections: 32, connectTimeout: "2 seconds" })])
 * )
 */
import type { InvalidRequest } from "@effect-cloudauth/core/CloudauthError"
import * as Transport from "@effect-cloudauth/core/Transport"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { HttpClient } from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type { Scope } from "effect/Scope"
import { InFlight, TransportClosed } from "./internal/InFlight.ts"
import { LazyDispatcher } from "./internal/LazyDispatcher.ts"
import { LazyHttpClient } from "./internal/LazyHttpClient.ts"
import * as settings from "./internal/settings.ts"
import { makeAgent, makeEnvHttpProxyAgent } from "./internal/undici.ts"
import { UndiciRoundTrip } from "./internal/UndiciRoundTrip.ts"

/** Certificates: PEM text or DER bytes, one or several. */
export type Pem = string | Uint8Array | ReadonlyArray<string | Uint8Array>

/** What is presented to, and expected of, the other side of a TLS connection. */
export interface Tls {
  /**
   * The certificate authorities to trust **instead of** Node's own. To add one, set `NODE_EXTRA_CA_CERTS`, or give
   * `[...tls.getCACertificates("default"), yours]`.
   */
  readonly ca?: Pem | undefined
  /** This client's certificate, where the other side asks for one. */
  readonly cert?: Pem | undefined
  /** The private key of `cert`. */
  readonly key?: Pem | undefined
  /** The passphrase of `key`. */
  readonly passphrase?: string | undefined
  /** The name to ask for and to expect in the certificate, where it isn't the host's. */
  readonly servername?: string | undefined
  /**
   * Accepts every certificate, so that anybody on the way can read a person's documents and forge a verdict. For a test
   * against a server of your own, never elsewhere. There is no other way to turn the check off: `rejectUnauthorized`
   * is refused, and `NODE_TLS_REJECT_UNAUTHORIZED` has no effect.
   */
  readonly dangerouslyAcceptAnyCertificate?: true | undefined
}

/** What all Node transports can be told. Durations given as numbers are milliseconds. */
export interface CommonOptions {
  /** The most connections to one origin; further requests wait. Default 128. */
  readonly connections?: number | undefined
  /** How long an idle connection is kept, where the server does not say. Default 10 seconds. */
  readonly keepAlive?: Duration.Input | undefined
  /** How long connecting may take, TLS included. Default 5 seconds. */
  readonly connectTimeout?: Duration.Input | undefined
  readonly tls?: Tls | undefined
  /** How long requests under way may go on after the scope has closed, before they are ended. Default 5 seconds. */
  readonly drainTimeout?: Duration.Input | undefined
}

/** What the undici transport can be told. */
export interface Options extends CommonOptions {
  /**
   * Whether to speak HTTP/2 where the server offers it (ALPN). One connection then carries many calls, which saves
   * handshakes on far lines. Default `false`: Node's HTTP/2 costs more CPU time, more than twice as much where calls
   * come one by one.
   */
  readonly http2?: boolean | undefined
  /**
   * How long the response's headers may take. Default: no limit; the client's `attemptTimeout` ends an attempt, and
   * interruption ends any request.
   */
  readonly headersTimeout?: Duration.Input | undefined
  /** How long the body may pause. Default: no limit, as for `headersTimeout`. */
  readonly bodyTimeout?: Duration.Input | undefined
  /**
   * `environment` (the default): as `HTTPS_PROXY` (where it is missing, `HTTP_PROXY`) and `NO_PROXY`, or their
   * lower-case forms, say when the layer is built. `none`: directly. Or the proxy's URL, with user and password where it wants them.
   */
  readonly proxy?: "environment" | "none" | (string & {}) | undefined
}

/** What the client asks for: no response object, no body to be read from it, one wait. */
const roundTrips = (
  dispatcher: LazyDispatcher,
  inFlight: InFlight,
  protocolVersion: string | undefined
): Transport.Send => {
  return ({ headers, origin, path }, limit, done) => {
    const trip = new UndiciRoundTrip(limit, done, inFlight, protocolVersion)
    if (inFlight.isClosing) trip.onResponseError(null, new TransportClosed())
    else dispatcher.dispatch({ origin, path, method: "POST", headers, body: null }, trip)
    return trip
  }
}

const makeUndici = Effect.fnUntraced(function* (options: Options): Effect.fn.Return<HttpClient, InvalidRequest, Scope> {
  const checked = yield* settings.undici(options)
  const inFlight = new InFlight()
  const version = checked.agent.allowH2 ? undefined : "1.1"
  const dispatcher = yield* Effect.acquireRelease(
    Effect.sync(
      () =>
        new LazyDispatcher(() =>
          checked.proxy === undefined
            ? makeAgent(checked.agent)
            : makeEnvHttpProxyAgent({ ...checked.agent, ...checked.proxy })
        )
    ),
    // Not undici's own `close`: an agent that is closing can't be destroyed any more.
    (dispatcher) =>
      Effect.andThen(
        inFlight.drain(checked.drainTimeout),
        Effect.promise(() => dispatcher.destroy())
      )
  )
  const http = new LazyHttpClient(async () => {
    const { load } = await import("./internal/undiciHttp.ts")
    return load(dispatcher, inFlight, version)
  })
  // Before the dispatcher's own end, which counts a request from when it is sent.
  yield* Effect.addFinalizer(() => http.caughtUp)
  return Transport.withRoundTrips(http, roundTrips(dispatcher, inFlight, version))
})

/**
 * The default: undici. Fails with `InvalidRequest` where an option is refused. When the scope closes, requests under
 * way are waited for (`drainTimeout`), then ended.
 */
export const layer = (options: Options = {}): Layer.Layer<HttpClient, InvalidRequest> =>
  Layer.effect(Transport.HttpClient, makeUndici(options))

/** `node:http` and `node:https`, with an agent of its own. HTTP/1.1 only, and no proxy. */
export const layerNodeHttp = (options: CommonOptions = {}): Layer.Layer<HttpClient, InvalidRequest> =>
  Layer.effect(
    Transport.HttpClient,
    // Loaded here: Node's own HTTP takes as long to load as all modules of this package.
    Effect.flatMap(
      Effect.promise(() => import("./internal/nodeHttp.ts")),
      ({ make }) => make(options)
    )
  )

/**
 * The global `fetch`. Its connections are those of the process: nothing of them can be set here, and they outlive the
 * layer.
 */
export const layerFetch: Layer.Layer<HttpClient> = Layer.unwrap(
  Effect.map(
    Effect.promise(() => import("./internal/fetchHttp.ts")),
    ({ layer }) => layer
  )
)
