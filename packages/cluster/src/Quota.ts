/**
 * Keeps an account under its quota of queries per second, over one process (`layerMemory`) or over many machines
 * (`layerRedis`), behind one interface.
 *
 * **The guarantee.** In no window, whenever it begins, do more than `limit` requests *arrive* at the service. A request
 * takes one of `limit` places before it is sent; when its answer comes, the place is free again one window later. Whatever
 * the network does in between, two requests in the same place thus arrive at least a window apart. The one condition:
 * a request that gets no answer, because it failed, was cut off or its process died, has arrived within `flight`, or
 * never does; its place is free a window after that.
 *
 * **The price.** A place is taken for the window plus the time an answer takes, so that `limit` places carry
 * `window / (window + answer time)` of the quota: 95 % at 50 ms. Where answers take long, `floor` gives it back: a
 * round trip faster than any that occurs.
 *
 * **Fairness.** In a process, first come, first served; between processes, one request of each in turn. A waiter that
 * is interrupted leaves its place in the queue; one that dies loses it after a second.
 *
 * **Failing safe.** Where Redis cannot be reached, nobody is let through. Where it lost its memory (flushed, restarted,
 * replaced), all places count as taken just now: everybody waits one window plus `flight`. A replica that takes over
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
 * const transport = Quota.layerHttpClient.pipe(
 *   Layer.provide([NodeTransport.layer(), Quota.layerRedis({ limit: 10, account: "kyc" })]),
 *   Layer.provide(NodeRedis.layer({ url: "redis://127.0.0.1:6379" }))
 * )
 * const live = NodeCloudauth.layer({ region: "cn-hongkong", transport })
 */
import { randomUUID } from "node:crypto"
import { type InvalidRequest, invalidRequest } from "@effect-cloudauth/core/CloudauthError"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as HttpClient from "effect/http/HttpClient"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redis from "effect/persistence/Redis"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as memorySlots from "./internal/memorySlots.ts"
import * as monotonic from "./internal/monotonic.ts"
import * as redisSlots from "./internal/redisSlots.ts"

export interface Options {
  /** How many requests a window may see. */
  readonly limit: number
  /** The window. Default 1 second. */
  readonly window?: Duration.Input | undefined
  /** The longest way of a request to the service, from the permission to the arrival. Default 5 seconds. */
  readonly flight?: Duration.Input | undefined
  /**
   * A time in which no request is ever answered, however fast the day: it is given back to each place. Default 0, which
   * is always right; measure before you set it.
   */
  readonly floor?: Duration.Input | undefined
}

export interface RedisOptions extends Options {
  /** Whose quota it is: processes with the same name share it. */
  readonly account: string
  /** What the keys in Redis begin with. Default `cloudauth:quota`. */
  readonly prefix?: string | undefined
}

export interface Operations {
  /**
   * Sends a request once it may go out. Its success is the answer. Interrupting it while it waits frees its place in the
   * queue.
   */
  readonly use: <A, E, R>(send: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

/** Where places come from. */
interface Places<Place> {
  /** A place, or the milliseconds until there may be one. */
  readonly take: (ticket: string) => Effect.Effect<Place | number>
  readonly release: (place: Place) => Effect.Effect<void>
  /** Ends a ticket under which nothing was sent. */
  readonly cancel: (ticket: string) => Effect.Effect<void>
  /** How long to wait at most before asking again, in milliseconds. */
  readonly patience: number
}

const isWait = <Place>(answer: Place | number): answer is number => typeof answer === "number"

const operations = <Place extends object>(places: Places<Place>): Operations => {
  const process = randomUUID()
  const turn = Semaphore.makeUnsafe(1)
  const released = Latch.makeUnsafe(false)
  let tickets = 0

  const ask = (ticket: string): Effect.Effect<Place> =>
    Effect.suspend(() => {
      released.closeUnsafe()
      return Effect.flatMap(places.take(ticket), (answer) =>
        isWait(answer)
          ? Effect.andThen(
              Effect.raceFirst(Effect.sleep(Math.min(answer, places.patience)), released.await),
              ask(ticket)
            )
          : Effect.succeed(answer)
      )
    })

  const acquire = Effect.clockWith((clock) => {
    const ticket = `${process}:${tickets++}`
    const arrived = monotonic.millis(clock)
    // The first in line asks; the others queue behind it.
    return turn
      .withPermit(Effect.onExit(ask(ticket), (exit) => (Exit.isSuccess(exit) ? Effect.void : places.cancel(ticket))))
      .pipe(
        Effect.tap(() => {
          const waited = monotonic.millis(clock) - arrived
          return waited > 0 ? Telemetry.limiterWaited(waited) : Effect.void
        })
      )
  })

  return {
    use: (send) =>
      Effect.uninterruptibleMask((restore) =>
        Effect.flatMap(restore(acquire), (place) =>
          // What failed or was cut off may yet arrive: without an answer its place ends by itself, `flight` later.
          Effect.tap(restore(send), () =>
            Effect.andThen(
              places.release(place),
              Effect.sync(() => released.openUnsafe())
            )
          )
        )
      )
  }
}

const keys: OwnOptions.Keys<Options> = { limit: true, window: true, flight: true, floor: true }

const redisKeys: OwnOptions.Keys<RedisOptions> = { ...keys, account: true, prefix: true }

/** `options` are own properties. */
const read = Effect.fnUntraced(function* (options: Options): Effect.fn.Return<memorySlots.Options, InvalidRequest> {
  const { limit } = options
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > 100_000) {
    return yield* invalidRequest("limit", "a whole number from 1 to 100000")
  }
  const milliseconds = (path: "window" | "flight" | "floor", fallback: number, least: number) => {
    const input = options[path]
    const given = Option.map(Duration.fromInput(input ?? fallback), Duration.toMillis)
    const value = Option.getOrElse(given, () => Number.NaN)
    return Number.isFinite(value) && value >= least && value <= 86_400_000
      ? Effect.succeed(value)
      : Effect.fail(invalidRequest(path, `a time of ${least} ms to a day`))
  }
  return {
    limit,
    window: yield* milliseconds("window", 1000, 1),
    flight: yield* milliseconds("flight", 5000, 1),
    floor: yield* milliseconds("floor", 0, 0)
  }
})

const memory = (slots: memorySlots.MemorySlots): Places<memorySlots.Place> => ({
  take: () => Effect.clockWith((clock) => Effect.sync(() => slots.take(monotonic.millis(clock)))),
  release: (place) => Effect.clockWith((clock) => Effect.sync(() => slots.release(place, monotonic.millis(clock)))),
  cancel: () => Effect.void,
  patience: Infinity
})

/** How long one command may take, in milliseconds. */
const commandTimeout = 2000

const outage = Schedule.min([Schedule.exponential("50 millis", 1.5), Schedule.spaced("1 second")])

interface Ticket {
  readonly ticket: string
}

const redis = Effect.fnUntraced(function* (
  { flight, floor, limit, window }: memorySlots.Options,
  options: RedisOptions
): Effect.fn.Return<Places<Ticket>, never, Redis.Redis | Scope.Scope> {
  const server = yield* Redis.Redis
  const scope = yield* Effect.scope
  // One hash slot, where Redis is a cluster.
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

  /** Nobody waits for it; what fails is made good by the place's own end. */
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
          // A place that took its time to get here is partly used up; asking again makes it last anew.
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

/** The quota of an account. */
export class Quota extends Context.Service<Quota, Operations>()("@effect-cloudauth/cluster/Quota") {}

/** A quota for one process. Fails with `InvalidRequest` where an option is refused. */
export const layerMemory = (options: Options): Layer.Layer<Quota, InvalidRequest> =>
  Layer.effect(
    Quota,
    Effect.gen(function* () {
      const given = yield* read(yield* Effect.fromResult(OwnOptions.own(keys, options)))
      return Quota.of(operations(memory(memorySlots.make(given))))
    })
  )

/**
 * A quota for all processes that name the same `account` on the same Redis (6.2 or newer). Fails with `InvalidRequest`
 * where an option is refused.
 */
export const layerRedis = (given: RedisOptions): Layer.Layer<Quota, InvalidRequest, Redis.Redis> =>
  Layer.effect(
    Quota,
    Effect.gen(function* () {
      const options = yield* Effect.fromResult(OwnOptions.own<RedisOptions>(redisKeys, given))
      const slots = yield* read(options)
      if (!/^[\w.:-]{1,100}$/.test(options.account)) {
        return yield* invalidRequest("account", "1 to 100 letters, digits, dots, colons, dashes or underscores")
      }
      return Quota.of(operations(yield* redis(slots, options)))
    })
  )

/** Puts the quota in front of the `HttpClient` that is provided: retries and polls count, too. */
export const layerHttpClient: Layer.Layer<HttpClient.HttpClient, never, HttpClient.HttpClient | Quota> = Layer.effect(
  HttpClient.HttpClient,
  Effect.gen(function* () {
    const client = yield* HttpClient.HttpClient
    const quota = yield* Quota
    return HttpClient.transform(client, quota.use)
  })
)
