/**
 * A queue for places that come from a server which several processes share. A request takes a place before it is sent,
 * first come, first served.
 *
 * Effect's own `RateLimiter` takes a waiter's place at once and does not give it back when the waiter is interrupted;
 * after a burst of cancelled calls it would hold up the next ones.
 */
import { randomUUID } from "node:crypto"
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import * as Transport from "@effect-cloudauth/core/Transport"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Latch from "effect/Latch"
import * as Semaphore from "effect/Semaphore"
import * as monotonic from "./monotonic.ts"

/** Where places come from. */
export interface Places<Place extends object> {
  /** A place, or the milliseconds until there can be one. */
  readonly take: (ticket: string) => Effect.Effect<Place | number>
  /** The response has come. */
  readonly release: (place: Place) => Effect.Effect<void>
  /** Ends a ticket under which nothing was sent. */
  readonly cancel: (ticket: string) => Effect.Effect<void>
  /** How long to wait at most before asking again, in milliseconds. */
  readonly patience: number
}

/** Sends a request once it may go out. Its success is the response. Interrupting it while it waits leaves the queue. */
export type Use = <A, E, R>(send: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** A queue for these places. */
export const make = <Place extends object>(places: Places<Place>): Use => {
  const process = randomUUID()
  const turn = Semaphore.makeUnsafe(1)
  const released = Latch.makeUnsafe(false)
  let tickets = 0

  const ask = (ticket: string): Effect.Effect<Place> =>
    Effect.suspend(() => {
      released.closeUnsafe()
      return Effect.flatMap(places.take(ticket), (answer) =>
        typeof answer === "object"
          ? Effect.succeed(answer)
          : Effect.andThen(
              Effect.raceFirst(Effect.sleep(Math.min(answer, places.patience)), released.await),
              ask(ticket)
            )
      )
    })

  const take = reportingWait(
    Effect.suspend(() => {
      const ticket = `${process}:${tickets++}`
      // The first in line asks; the others queue behind it.
      return turn.withPermit(
        Effect.onExit(ask(ticket), (exit) => (Exit.isSuccess(exit) ? Effect.void : places.cancel(ticket)))
      )
    })
  )

  return (send) =>
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

/** Reports how long a wait took, if it took any time. */
const reportingWait = <A>(wait: Effect.Effect<A>): Effect.Effect<A> =>
  Effect.clockWith((clock) => {
    const arrived = monotonic.millis(clock)
    return Effect.tap(wait, () => {
      const waited = monotonic.millis(clock) - arrived
      return waited > 0 ? Telemetry.limiterWaited(waited) : Effect.void
    })
  })

/** Puts a limiter in front of a transport. The wait ends with the request's `queueTimeout`, and takes nothing of its `timeout`. */
export const limitTransport =
  (send: Transport.Send, use: Use): Transport.Send =>
  (request) =>
    Effect.clockWith((clock) => {
      const arrived = monotonic.millis(clock)
      const { queueTimeout = request.timeout } = request
      let isSent = false
      const sent = use(
        Effect.suspend(() => {
          isSent = true
          const left = queueTimeout - (monotonic.millis(clock) - arrived)
          return send({ ...request, timeout: Math.min(request.timeout, left), queueTimeout: left })
        })
      )
      if (queueTimeout === Infinity) return sent
      const timedOut = Effect.suspend(() =>
        isSent ? Effect.never : Effect.fail(new Transport.TimedOut({ httpStatus: undefined, phase: "queue" }))
      )
      // Ends the wait alone: the transport has its own timer.
      return Effect.raceFirst(sent, Effect.delay(timedOut, queueTimeout))
    })
