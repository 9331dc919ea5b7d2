/**
 * Keeps an account under its quota of queries per second. Every request counts, retries and polls included; a request
 * over the limit waits.
 *
 * In no window, whenever it begins, do more than `limit` requests go out. Requests go out in the order in which they
 * came; one that is interrupted leaves the queue. A wait counts toward the client's `attemptTimeout` and `deadline`, and
 * shows as an event on the attempt's span.
 *
 * One layer is one quota: give the same layer value to the clients that share an account. Several processes each need
 * their part of the quota.
 *
 * @example
 * import * as NodeCloudauth from "@effect-cloudauth/node/NodeCloudauth"
 * import * as NodeTransport from "@effect-cloudauth/node/NodeTransport"
 * import * as Qps from "@effect-cloudauth/node/Qps"
 * import * as Layer from "effect/Layer"
 *
 * const transport = Qps.layer({ limit: 10 }).pipe(Layer.provide(NodeTransport.layer()))
 * const live = NodeCloudauth.layer({ region: "cn-hongkong", transport })
 *
 * @since 0.1.0
 */
import type { InvalidRequest } from "@effect-cloudauth/core/CloudauthError"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import { Transport } from "@effect-cloudauth/core/Transport"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Limiters from "./Limiter.ts"

/**
 * How many requests may go out.
 *
 * @category models
 * @since 0.1.0
 */
export type Options = Pick<Limiters.Options, "limit" | "window">

/**
 * Waits until a request may go out.
 *
 * @category models
 * @since 0.1.0
 */
export type Limiter = Effect.Effect<void>

const limiterOf = (options: Options) =>
  Effect.fromResult(OwnOptions.own({ limit: true, window: true }, options)).pipe(
    Effect.flatMap(Limiters.check),
    Effect.map((settings) => Limiters.make(Limiters.memory(settings)))
  )

/**
 * A limiter for use without a layer. Fails with `InvalidRequest` if an option is refused.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: Options): Effect.Effect<Limiter, InvalidRequest> =>
  Effect.map(limiterOf(options), ({ take }) => Effect.asVoid(take))

/**
 * Puts a limiter in front of a transport. Fails with `InvalidRequest` if an option is refused.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: Options): Layer.Layer<Transport, InvalidRequest, Transport> =>
  Layer.effect(
    Transport,
    Effect.gen(function* () {
      const { send } = yield* Transport
      const { take, takeNow } = yield* limiterOf(options)
      const waiting = Limiters.limitTransport(send, (request) => Effect.andThen(take, request))
      return {
        // A request that need not wait needs no timer for the wait.
        send: (request) =>
          Effect.clockWith((clock) => (takeNow(clock) === undefined ? waiting(request) : send(request)))
      }
    })
  )
