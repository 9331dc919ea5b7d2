/** The calls of one account to one action of one region: each waits for its place, or fails if the queue is too long. */
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import { QueueTooLong } from "../../Transport.ts"
import * as monotonic from "../monotonic.ts"
import * as pace from "./pace.ts"
import * as turns from "./turns.ts"

/**
 * What a call asks for.
 *
 * @category models
 * @since 0.1.0
 */
export interface Asked {
  readonly limits: pace.Limits
  readonly priority: turns.Priority
  /** How long the call can wait, in milliseconds. */
  readonly timeLeft: number
}

/**
 * A call's permission to go out.
 *
 * @category models
 * @since 0.1.0
 */
export interface Place {
  /** When it was given, in milliseconds of monotonic time. */
  readonly at: number
  /** How long the call waited for it, in milliseconds. */
  readonly waited: number
  /** How many calls wait behind it. */
  readonly waiting: number
  /** The part of the quota that the last second has used, this call included. */
  readonly share: number
}

/**
 * The queue of one account, region and action.
 *
 * @category models
 * @since 0.1.0
 */
export interface Lane {
  /** Waits for a place. Fails at once if it can't come in time; interrupting it leaves the queue. */
  readonly take: (asked: Asked) => Effect.Effect<Place, QueueTooLong>
  /** The service has throttled the call with this place. */
  readonly throttled: (place: Place) => void
}

/** `clock` gives the time of all calls of the lane. */
export const make = (clock: Clock.Clock): Lane => {
  const { depart, due, spacing, throttled } = pace.make()
  const queue = turns.make()
  const wakeNext = () => queue.next()?.wake()

  const placeFor = ({ limits }: Asked, arrived: number): Place => {
    const at = monotonic.millis(clock)
    const share = depart(at, limits)
    queue.pass()
    return { at, waited: at - arrived, waiting: queue.size(), share }
  }

  const waitOf = ({ limits, priority }: Asked): number => {
    const now = monotonic.millis(clock)
    return due(now, limits) - now + queue.ahead(priority) * spacing(now, limits)
  }

  // Made only for a call that fails: an error is dear.
  const refused = (wait: number) =>
    Effect.suspend(() => Effect.fail(new QueueTooLong({ httpStatus: undefined, waiting: queue.size(), wait })))

  /** Waits in the queue. Only the call whose turn is next has a timer. */
  const inTurn = (asked: Asked, arrived: number) =>
    Effect.suspend(() => {
      const latch = Latch.makeUnsafe(false)
      const ticket: turns.Ticket = { priority: asked.priority, wake: () => latch.openUnsafe() }
      queue.add(ticket)
      const step: Effect.Effect<Place> = Effect.suspend(() => {
        latch.closeUnsafe()
        if (queue.next() !== ticket) return Effect.andThen(latch.await, step)
        const now = monotonic.millis(clock)
        const wait = due(now, asked.limits) - now
        if (wait > 0) return Effect.andThen(Effect.sleep(Math.ceil(wait)), step)
        queue.remove(ticket)
        return Effect.succeed(placeFor(asked, arrived))
      })
      const leave = Effect.sync(() => {
        queue.remove(ticket)
        wakeNext()
      })
      return Effect.ensuring(step, leave)
    })

  return {
    take: (asked) =>
      Effect.suspend(() => {
        const now = monotonic.millis(clock)
        if (queue.size() === 0 && due(now, asked.limits) <= now) return Effect.succeed(placeFor(asked, now))
        if (asked.timeLeft === Infinity) return inTurn(asked, now)
        const wait = waitOf(asked)
        if (wait >= asked.timeLeft) return refused(wait)
        return Effect.timeoutOrElse(inTurn(asked, now), {
          duration: asked.timeLeft,
          // Others came first, or the pace became slower.
          orElse: () => refused(waitOf(asked))
        })
      }),
    throttled: ({ at }) => throttled(at, monotonic.millis(clock))
  }
}
