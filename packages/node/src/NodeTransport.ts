/**
 * The HTTP transport for Node, over undici.
 *
 * It keeps connections open, uses the proxy of the environment, and follows no redirects, because a signed request must
 * not reach another host. It opens no span of its own. For `node:http`, `fetch` or an `HttpClient` of your own use
 * `Cloudauth.layer`, which takes any Effect `HttpClient`.
 *
 * @example
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import { Credentials } from "@effect-cloudauth/core/Credentials"
 * import * as NodeTransport from "@effect-cloudauth/node/NodeTransport"
 * import * as Layer from "effect/Layer"
 *
 * const live = Cloudauth.layerTransport({ region: "cn-hongkong" }).pipe(
 *   Layer.provide([Credentials.layerConfig(), NodeTransport.layer({ connections: 32, connectTimeout: "2 seconds" })])
 * )
 *
 * @since 0.1.0
 */
import type { InvalidRequest } from "@effect-cloudauth/core/CloudauthError"
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import * as Transport from "@effect-cloudauth/core/Transport"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Scope } from "effect/Scope"
import type { Dispatcher } from "undici"
import { InFlight, TransportClosed } from "./internal/InFlight.ts"
import type { Options } from "./internal/options.ts"
import { outside } from "./internal/outside.ts"
import * as settings from "./internal/settings.ts"
import { makeDispatcher } from "./internal/undici.ts"
import { UndiciExchange } from "./internal/UndiciExchange.ts"

export type { Options, Pem, Tls } from "./internal/options.ts"

/**
 * The transport. Fails with `InvalidRequest` if an option is refused, and with `TransportUnavailable` if undici can't be
 * loaded. When the layer closes, it waits for the requests under way (`drainTimeout`), then ends them.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (
  options: Options = {}
): Layer.Layer<Transport.Transport, InvalidRequest | Transport.TransportUnavailable> =>
  Layer.effect(Transport.Transport, make(options))

const make = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<Transport.Transport["Service"], InvalidRequest | Transport.TransportUnavailable, Scope> {
  const checked = yield* settings.undici(options)
  const made = yield* makeAgent(checked)
  const inFlight = new InFlight()
  // Before the agent's own end.
  yield* Effect.addFinalizer(() => inFlight.drain(checked.drainTimeout))
  return { send: send(made, inFlight) }
})

/**
 * undici's dispatcher of these options, for requests to another service over the same proxies, with the same checks of
 * certificates: `dispatcher.request({ origin, path, method })`. It lives as long as the scope, which ends its requests
 * under way. It follows no redirects.
 *
 * @example
 * import * as NodeTransport from "@effect-cloudauth/node/NodeTransport"
 * import * as Effect from "effect/Effect"
 *
 * const status = Effect.gen(function* () {
 *   const dispatcher = yield* NodeTransport.dispatcher()
 *   const request = { origin: "https://storage.example.com", path: "/", method: "HEAD" } as const
 *   return yield* Effect.promise(async (signal) => (await dispatcher.request({ ...request, signal })).statusCode)
 * }).pipe(Effect.scoped)
 *
 * @category constructors
 * @since 0.1.0
 */
export const dispatcher = (
  options: Options = {}
): Effect.Effect<Dispatcher, InvalidRequest | Transport.TransportUnavailable, Scope> =>
  Effect.flatMap(settings.undici(options), makeAgent)

const makeAgent = Effect.fnUntraced(function* (checked: settings.Undici) {
  const undici = yield* loadUndici
  return yield* Effect.acquireRelease(
    Effect.sync(() => makeDispatcher(undici, checked)),
    // Not undici's own `close`: an agent that is closing can't be destroyed any more.
    (agent) => Effect.promise(() => agent.destroy())
  )
})

const loadUndici = Effect.tryPromise({
  try: () => import("undici"),
  catch: () =>
    new Transport.TransportUnavailable({
      message:
        "undici could not be loaded. Install the package's dependencies. In an ESM bundle, leave undici external or add a `require` made by `createRequire` from node:module."
    })
})

const send =
  (dispatcher: Dispatcher, inFlight: InFlight): Transport.Send =>
  (request) =>
    Effect.withFiber((fiber) => {
      const isNested = fiber.getRef(Telemetry.TransportInstrumentation) === "nested"
      return exchange(dispatcher, inFlight, request, isNested)
    })

/** Options of a request that this package never sets: said to be `undefined`, so that undici asks no prototype. */
const unsaid = (): Readonly<Record<string, undefined>> => ({
  dispatcher: undefined,
  query: undefined,
  upgrade: undefined,
  blocking: undefined,
  idempotent: undefined,
  reset: undefined,
  expectContinue: undefined,
  throwOnError: undefined,
  typeOfService: undefined,
  headersTimeout: undefined,
  bodyTimeout: undefined
})

const exchange = (
  dispatcher: Dispatcher,
  inFlight: InFlight,
  request: Transport.Request,
  isNested: boolean
): ReturnType<Transport.Send> =>
  Effect.callback((resume) => {
    if (inFlight.isClosing) return resume(Effect.fail(Transport.connectionFailed(new TransportClosed())))
    // A timer waits at least 1 ms: fail now if no time is left.
    if (request.timeout <= 0 || (request.queueTimeout ?? 1) <= 0) {
      return resume(Effect.fail(new Transport.TimedOut({ httpStatus: undefined, phase: "queue" })))
    }
    const exchange = new UndiciExchange(request, inFlight, resume)
    const { headers, origin, path } = request
    const asked = Object.assign(unsaid(), { origin, path, method: "POST", headers, body: null } as const)
    const dispatch = () => dispatcher.dispatch(asked, exchange)
    if (isNested) dispatch()
    else outside(dispatch)
    return Effect.sync(() => exchange.cancel())
  })
