/**
 * Keeps an account under its quota of queries per second: every request that goes out is counted, retries and polls
 * included, and what is too much waits its turn.
 *
 * Over any window, whenever it begins, no more than `limit` requests are let through. Waiters are served first come,
 * first served; one that is interrupted frees its place. A wait counts towards the client's `attemptTimeout` and
 * `deadline`, and shows as an event on the attempt's span.
 *
 * Effect's own `RateLimiter` takes a waiter's place at once and does not give it back when the waiter is interrupted;
 * after a burst of cancelled calls it would hold up the next ones.
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
 */
import { type InvalidRequest, invalidRequest } from "@effect-cloudauth/core/CloudauthError"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import type * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Semaphore from "effect/Semaphore"
import * as monotonic from "./internal/monotonic.ts"
import * as settings from "./internal/settings.ts"

export interface Options {
  /** How many requests a window may see. */
  readonly limit: number
  /** The window. Default 1 second. */
  readonly window?: Duration.Input | undefined
}

/** Waits until a request may go out. */
export type Limiter = Effect.Effect<void>

class Window {
  /** When the last `limit` requests went out, as a ring. */
  readonly #starts: Float64Array
  #oldest = 0
  readonly #milliseconds: number

  constructor(limit: number, milliseconds: number) {
    this.#starts = new Float64Array(limit).fill(-Infinity)
    this.#milliseconds = milliseconds
  }

  /** Takes a place and returns 0, or returns the milliseconds until there is one. `now` is monotonic. */
  take(now: number): number {
    const wait = (this.#starts[this.#oldest] ?? -Infinity) + this.#milliseconds - now
    // Timers have whole milliseconds.
    if (wait > 0) return Math.ceil(wait)
    this.#starts[this.#oldest] = now
    this.#oldest = (this.#oldest + 1) % this.#starts.length
    return 0
  }
}

/** A limiter for use without a layer. Fails with `InvalidRequest` where an option is refused. */
export const make = Effect.fnUntraced(function* (options: Options): Effect.fn.Return<Limiter, InvalidRequest> {
  const { limit, window: length } = yield* Effect.fromResult(OwnOptions.own({ limit: true, window: true }, options))
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > 1_000_000) {
    return yield* invalidRequest("limit", "a whole number from 1 to 1000000")
  }
  const window = new Window(limit, yield* settings.milliseconds("window", length, 1000))
  const turn = Semaphore.makeUnsafe(1)
  let waiting = 0

  const takeOrSleep = (clock: Clock.Clock): Effect.Effect<void> =>
    Effect.suspend(() => {
      const wait = window.take(monotonic.millis(clock))
      return wait === 0 ? Effect.void : Effect.flatMap(Effect.sleep(wait), () => takeOrSleep(clock))
    })

  return Effect.clockWith((clock) => {
    const arrived = monotonic.millis(clock)
    if (waiting === 0 && window.take(arrived) === 0) return Effect.void
    return Effect.acquireUseRelease(
      Effect.sync(() => waiting++),
      // The first in line holds the turn while it sleeps; the others queue behind it.
      () => turn.withPermit(takeOrSleep(clock)),
      () => Effect.sync(() => waiting--)
    ).pipe(Effect.flatMap(() => Telemetry.limiterWaited(monotonic.millis(clock) - arrived)))
  })
})

/** Puts a limiter in front of the `HttpClient` that is provided. */
export const layer = (options: Options): Layer.Layer<HttpClient.HttpClient, InvalidRequest, HttpClient.HttpClient> =>
  Layer.effect(
    HttpClient.HttpClient,
    Effect.gen(function* () {
      const client = yield* HttpClient.HttpClient
      const limiter = yield* make(options)
      return HttpClient.transform(client, (send) => Effect.andThen(limiter, send))
    })
  )
