/**
 * Keeps an account under its quota of queries per second, over many machines that share a Redis. Within one process the
 * client's own quota does it (`@effect-cloudauth/core/Quota`).
 *
 * **The guarantee.** In no window, whenever it begins, do more than `limit` requests *arrive* at the service. A request
 * takes one of `limit` places before it is sent; when its answer comes, the place is free again one window later. Whatever
 * the network does in between, two requests in the same place thus arrive at least a window apart. The one condition:
 * a request that gets no answer, because it failed, was cut off or its process died, has arrived within `flight`, or
 * never does; its place is free a window after that.
 *
 * **The price.** A place is taken for the window plus the time an answer takes, so that `limit` places carry
 * `window / (window + answer time)` of the quota: 95 % at 50 ms. If answers take long, `floor` gives it back: a
 * round trip faster than any that occurs.
 *
 * **Fairness.** In a process, first come, first served; between processes, one request of each in turn. A waiter that
 * is interrupted leaves its place in the queue; one that dies loses it after a second.
 *
 * **Failing safe.** If Redis can't be reached, no request is sent. If it lost its memory (flushed, restarted, replaced),
 * all places count as taken just now: all requests wait one window plus `flight`. A replica that takes over
 * may have missed the last moments of its master; its run id is another, so the same wait covers them.
 *
 * Effect's own `RateLimiter` does not keep this guarantee: its token bucket lets nearly twice the limit through in the
 * first window, on each machine's own clock, and both its algorithms begin afresh where Redis was flushed.
 *
 * @example
 * import * as NodeCloudauth from "@effect-cloudauth/node/NodeCloudauth"
 * import * as NodeTransport from "@effect-cloudauth/node/NodeTransport"
 * import * as Quota from "@effect-cloudauth/cluster/Quota"
 * import * as Layer from "effect/Layer"
 * import * as NodeRedis from "@effect/platform-node/NodeRedis"
 *
 * const transport = Quota.layerTransport.pipe(
 *   Layer.provide([NodeTransport.layer(), Quota.layerRedis({ limit: 10, account: "kyc" })]),
 *   Layer.provide(NodeRedis.layer({ url: "redis://127.0.0.1:6379" }))
 * )
 * // The quota that all machines share takes the place of the process's own.
 * const live = NodeCloudauth.layer({ region: "cn-hongkong", transport, quota: "none" })
 *
 * @since 0.1.0
 */
import { type InvalidRequest, invalidRequest } from "@effect-cloudauth/core/CloudauthError"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import { Transport } from "@effect-cloudauth/core/Transport"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redis from "effect/persistence/Redis"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import { limitTransport, make, type Places } from "./internal/limiter.ts"
import { check, keys, type Limits, type Options } from "./internal/limits.ts"
import * as monotonic from "./internal/monotonic.ts"
import * as redisSlots from "./internal/redisSlots.ts"

export type { Options } from "./internal/limits.ts"

/**
 * How a quota over Redis is set up.
 *
 * @category models
 * @since 0.1.0
 */
export interface RedisOptions extends Options {
  /** Whose quota it is: processes with the same name share it. */
  readonly account: string
  /** What the keys in Redis begin with. Default `cloudauth:quota`. */
  readonly prefix?: string | undefined
}

const redisKeys: OwnOptions.Keys<RedisOptions> = { ...keys, account: true, prefix: true }

/**
 * What a quota does.
 *
 * @category models
 * @since 0.1.0
 */
export interface Operations {
  /**
   * Sends a request once it may go out. Its success is the response. Interrupting it while it waits leaves the queue.
   */
  readonly use: <A, E, R>(send: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

/** How long one command may take, in milliseconds. */
const commandTimeout = 2000

const outage = Schedule.min([Schedule.exponential("50 millis", 1.5), Schedule.spaced("1 second")])

interface Ticket {
  readonly ticket: string
}

const redis = Effect.fnUntraced(function* (
  { flight, floor, limit, window }: Limits,
  options: RedisOptions
): Effect.fn.Return<Places<Ticket>, never, Redis.Redis | Scope.Scope> {
  const server = yield* Redis.Redis
  const scope = yield* Effect.scope
  // One hash slot if Redis is a cluster.
  const base = `{${options.prefix ?? "cloudauth:quota"}:${options.account}}`
  const slots = `${base}:slots`
  const queue = `${base}:queue`
  const seen = `${base}:seen`
  const take = server.eval(redisSlots.take)
  const release = server.eval(redisSlots.release)
  const cancel = server.eval(redisSlots.cancel)
  let isDown = false

  const warned = (error: { readonly _tag: string }) =>
    Effect.suspend(() => {
      if (isDown) return Effect.void
      isDown = true
      return Effect.annotateLogs(
        Effect.logWarning("The quota's Redis does not answer; nothing is sent until it does"),
        {
          "error.type": error._tag
        }
      )
    })

  /** Runs without a wait. If it fails, the place ends by its own time. */
  const background = (effect: Effect.Effect<unknown, Redis.RedisError>) =>
    effect.pipe(
      Effect.timeout(commandTimeout),
      Effect.retry({ schedule: outage, times: 3 }),
      Effect.ignore,
      Effect.forkIn(scope, { startImmediately: true }),
      Effect.asVoid
    )

  const once = (ticket: string) =>
    Effect.clockWith((clock) => {
      const asked = monotonic.millis(clock)
      return take(slots, queue, seen, ticket, limit, window, flight, 1000).pipe(
        Effect.timeout(commandTimeout),
        Effect.map((wait): Ticket | number => {
          isDown = false
          if (wait > 0) return wait
          // A place that took its time to get here is partly used up; asking again gives it its full time.
          return monotonic.millis(clock) - asked > Math.min(flight / 4, 500) ? 1 : { ticket }
        })
      )
    })

  return {
    take: (ticket) => once(ticket).pipe(Effect.tapError(warned), Effect.retry(outage), Effect.orDie),
    release: ({ ticket }) => background(release(slots, ticket, window, flight, floor)),
    cancel: (ticket) => background(cancel(slots, queue, seen, ticket)),
    patience: 20
  }
})

/**
 * The quota of an account.
 *
 * @category services
 * @since 0.1.0
 */
export class Quota extends Context.Service<Quota, Operations>()("@effect-cloudauth/cluster/Quota") {}

/**
 * A quota for all processes that name the same `account` on the same Redis (6.2 or newer). Fails with `InvalidRequest` if
 * an option is refused.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerRedis = (options: RedisOptions): Layer.Layer<Quota, InvalidRequest, Redis.Redis> =>
  Layer.effect(
    Quota,
    Effect.gen(function* () {
      const { account, prefix, ...limits } = yield* Effect.fromResult(OwnOptions.own(redisKeys, options))
      const given = yield* check(limits)
      if (!/^[\w.:-]{1,100}$/.test(account)) {
        return yield* invalidRequest("account", "1 to 100 letters, digits, dots, colons, dashes or underscores")
      }
      return { use: make(yield* redis(given, { ...limits, account, prefix })) }
    })
  )

/**
 * Puts the quota in front of a transport. Every request counts, retries and polls included. Its wait counts toward the call's
 * deadline, not toward the attempt's time.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerTransport: Layer.Layer<Transport, never, Transport | Quota> = Layer.effect(
  Transport,
  Effect.gen(function* () {
    const { send } = yield* Transport
    const quota = yield* Quota
    return { send: limitTransport(send, quota.use) }
  })
)
