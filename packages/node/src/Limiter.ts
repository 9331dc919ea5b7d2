/**
 * A limiter whose places come from a server that several processes share: the cluster's `Quota` over Redis, or a store of your
 * own. A request takes a place before it is sent, first come, first served. Within one process the client's own quota
 * (`@effect-cloudauth/core/Quota`) does it.
 *
 * Effect's own `RateLimiter` takes a waiter's place at once and does not give it back when the waiter is interrupted;
 * after a burst of cancelled calls it would hold up the next ones.
 *
 * @example
 * import * as Limiter from "@effect-cloudauth/node/Limiter"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.gen(function* () {
 *   const places = Limiter.memory(yield* Limiter.check({ limit: 10, flight: "5 seconds" }))
 *   const limiter = Limiter.make(places)
 *   yield* limiter.use(Effect.log("one of ten in a second"))
 * })
 *
 * @since 0.1.0
 */
import { randomUUID } from "node:crypto"
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import * as Transport from "@effect-cloudauth/core/Transport"
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Latch from "effect/Latch"
import * as Semaphore from "effect/Semaphore"
import * as monotonic from "./internal/monotonic.ts"
import * as inMemory from "./internal/places.ts"
import type { Place, Settings } from "./internal/places.ts"

export { check, keys, type Options } from "./internal/limiterOptions.ts"
export type { Place, Settings } from "./internal/places.ts"

/**
 * Where places come from: this process's memory, or a server that several processes share.
 *
 * @category models
 * @since 0.1.0
 */
export interface Places<Place extends object> {
  /** A place, or the milliseconds until there can be one. */
  readonly take: (ticket: string) => Effect.Effect<Place | number>
  /** The same without waiting for a server, if the source can do that. */
  readonly takeNow?: ((clock: Clock.Clock) => Place | number) | undefined
  /** The response has come. */
  readonly release: (place: Place) => Effect.Effect<void>
  /** Ends a ticket under which nothing was sent. */
  readonly cancel: (ticket: string) => Effect.Effect<void>
  /** How long to wait at most before asking again, in milliseconds. */
  readonly patience: number
}

/**
 * A queue for places.
 *
 * @category models
 * @since 0.1.0
 */
export interface Limiter<Place extends object> {
  /** Waits for a place. Interrupting it leaves the queue. */
  readonly take: Effect.Effect<Place>
  /** Sends a request once it may go out. Its success is the response. */
  readonly use: <A, E, R>(send: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

const isPlace = <Place extends object>(answer: Place | number): answer is Place => typeof answer === "object"

/**
 * A limiter over these places.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = <Place extends object>(places: Places<Place>): Limiter<Place> => {
  const process = randomUUID()
  const turn = Semaphore.makeUnsafe(1)
  const released = Latch.makeUnsafe(false)
  let tickets = 0
  let waiting = 0

  const ask = (ticket: string): Effect.Effect<Place> =>
    Effect.suspend(() => {
      released.closeUnsafe()
      return Effect.flatMap(places.take(ticket), (answer) =>
        isPlace(answer)
          ? Effect.succeed(answer)
          : Effect.andThen(
              Effect.raceFirst(Effect.sleep(Math.min(answer, places.patience)), released.await),
              ask(ticket)
            )
      )
    })

  const takeNow = (clock: Clock.Clock): Place | undefined => {
    const answer = waiting === 0 ? places.takeNow?.(clock) : undefined
    return typeof answer === "object" ? answer : undefined
  }

  const inTurn = reportingWait(() => {
    const ticket = `${process}:${tickets++}`
    const asked = Effect.onExit(ask(ticket), (exit) => (Exit.isSuccess(exit) ? Effect.void : places.cancel(ticket)))
    return Effect.acquireUseRelease(
      Effect.sync(() => waiting++),
      // The first in line asks; the others queue behind it.
      () => turn.withPermit(asked),
      () => Effect.sync(() => waiting--)
    )
  })

  const take = Effect.clockWith((clock) => {
    const place = takeNow(clock)
    return place === undefined ? inTurn : Effect.succeed(place)
  })

  return {
    take,
    use: (send) =>
      Effect.uninterruptibleMask((restore) =>
        Effect.flatMap(restore(take), (place) =>
          // A request that failed or was interrupted can still arrive: without a response its place ends by itself.
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

/** Reports how long a wait took, if it took any time. */
const reportingWait = <A>(wait: () => Effect.Effect<A>): Effect.Effect<A> =>
  Effect.clockWith((clock) => {
    const arrived = monotonic.millis(clock)
    return Effect.tap(wait(), () => {
      const waited = monotonic.millis(clock) - arrived
      return waited > 0 ? Telemetry.limiterWaited(waited) : Effect.void
    })
  })

/**
 * Places in this process.
 *
 * @category constructors
 * @since 0.1.0
 */
export const memory = (settings: Settings): Places<Place> => {
  const places = new inMemory.Places(settings)
  const takeNow = (clock: Clock.Clock) => places.take(monotonic.millis(clock))
  return {
    takeNow,
    take: () => Effect.clockWith((clock) => Effect.sync(() => takeNow(clock))),
    release: (place) => Effect.clockWith((clock) => Effect.sync(() => places.release(place, monotonic.millis(clock)))),
    cancel: () => Effect.void,
    patience: Infinity
  }
}

/**
 * Puts a limiter in front of a transport. A request's timeout covers the wait and the exchange.
 *
 * @category combinators
 * @since 0.1.0
 */
export const limitTransport =
  (send: Transport.Send, use: Limiter<object>["use"]): Transport.Send =>
  (request) =>
    Effect.clockWith((clock) => {
      const arrived = monotonic.millis(clock)
      let isSent = false
      const sent = use(
        Effect.suspend(() => {
          isSent = true
          return send({ ...request, timeout: request.timeout - (monotonic.millis(clock) - arrived) })
        })
      )
      if (request.timeout === Infinity) return sent
      const timedOut = Effect.suspend(() =>
        isSent ? Effect.never : Effect.fail(new Transport.TimedOut({ httpStatus: undefined, phase: "queue" }))
      )
      // Ends the wait alone: the transport has its own timer.
      return Effect.raceFirst(sent, Effect.delay(timedOut, request.timeout))
    })
