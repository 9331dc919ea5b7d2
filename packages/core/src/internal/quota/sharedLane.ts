/** The calls of one account to one action of one region, of all processes that share a database. */
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Schedule from "effect/Schedule"
import * as Semaphore from "effect/Semaphore"
import { QueueTooLong } from "../../Transport.ts"
import * as monotonic from "../monotonic.ts"
import type { Asked, Lane, Place } from "./lane.ts"
import { type Limits, window } from "./pace.ts"
import * as turns from "./turns.ts"

/** A place in the sequence of all processes. */
interface Booked {
  /** When it is, in milliseconds of the database's clock. */
  readonly at: number
  /** How long until then, in milliseconds. */
  readonly wait: number
}

/** The sequence of places, in a database. */
export interface Sequence {
  readonly book: (spacing: number) => Effect.Effect<Booked, unknown>
  /** The call with the place at this time was throttled. */
  readonly throttled: (at: number) => void
}

/** While the database is away no call goes out. */
const away = Schedule.spaced("1 second")

/** A database that has not answered by then is asked again: the connection may be broken. */
const bookTimeout = "10 seconds"

/** How often a place that the timer missed is given up for another. */
const mostMissed = 3

/** What the calls of this process share. */
interface Shared {
  readonly clock: Clock.Clock
  readonly sequence: Sequence
  readonly queue: turns.Turns
  readonly booking: Semaphore.Semaphore
  /** When the calls of the last second went out. */
  readonly recent: Array<number>
  readonly bookedAt: WeakMap<Place, number>
  /** The next place of this process: the most urgent call takes it, even if another booked it. */
  next: { readonly at: number; readonly due: number } | undefined
  missed: number
}

/** Any `perSecond + 1` places in a row take a window and the margin. */
const spacingOf = ({ margin, perSecond }: Limits): number => (window + margin) / perSecond

export const make =
  (sequence: Sequence) =>
  (clock: Clock.Clock): Lane => {
    const shared: Shared = {
      clock,
      sequence,
      queue: turns.make(),
      booking: Semaphore.makeUnsafe(1),
      recent: [],
      bookedAt: new WeakMap(),
      next: undefined,
      missed: 0
    }
    return {
      take: (asked) =>
        Effect.suspend(() => {
          if (asked.timeLeft === Infinity) return inTurn(shared, asked)
          const wait = waitOf(shared, asked)
          if (wait >= asked.timeLeft) return refused(shared, wait)
          return Effect.timeoutOrElse(inTurn(shared, asked), {
            duration: asked.timeLeft,
            orElse: () => refused(shared, waitOf(shared, asked))
          })
        }),
      throttled: (place) => {
        const at = shared.bookedAt.get(place)
        if (at !== undefined) sequence.throttled(at)
      }
    }
  }

/** As far as this process knows: others may be before it. */
const waitOf = ({ clock, next, queue }: Shared, { limits, priority }: Asked): number => {
  const first = next === undefined ? 0 : Math.max(0, next.due - monotonic.millis(clock))
  return first + queue.ahead(priority) * spacingOf(limits)
}

/** Made only for a call that fails: an error is dear. */
const refused = ({ queue }: Shared, wait: number): Effect.Effect<never, QueueTooLong> =>
  Effect.suspend(() => Effect.fail(new QueueTooLong({ httpStatus: undefined, waiting: queue.size(), wait })))

/** Waits in this process's queue; only the call whose turn is next books a place. */
const inTurn = (shared: Shared, asked: Asked): Effect.Effect<Place> =>
  Effect.suspend(() => {
    const { clock, queue } = shared
    const arrived = monotonic.millis(clock)
    const latch = Latch.makeUnsafe(false)
    const ticket: turns.Ticket = { priority: asked.priority, wake: () => latch.openUnsafe() }
    queue.add(ticket)
    const step: Effect.Effect<Place> = Effect.suspend(() => {
      latch.closeUnsafe()
      if (queue.next() !== ticket) return Effect.andThen(latch.await, step)
      const { next } = shared
      if (next === undefined) return Effect.andThen(book(shared, asked.limits), step)
      const late = monotonic.millis(clock) - next.due
      if (late < 0) return Effect.andThen(Effect.sleep(Math.ceil(-late)), step)
      shared.next = undefined
      // Too near to the place behind it.
      if (late > asked.limits.margin && ++shared.missed <= mostMissed) return step
      shared.missed = 0
      queue.remove(ticket)
      return Effect.succeed(placeOf(shared, asked, arrived, next.at))
    })
    return Effect.ensuring(
      step,
      Effect.sync(() => {
        queue.remove(ticket)
        queue.next()?.wake()
      })
    )
  })

const book = (shared: Shared, limits: Limits): Effect.Effect<void> =>
  shared.booking.withPermit(
    Effect.suspend(() =>
      shared.next === undefined
        ? Effect.map(Effect.timeout(shared.sequence.book(spacingOf(limits)), bookTimeout), ({ at, wait }) => {
            // From now on: the answer's way makes the call later, never earlier.
            shared.next = { at, due: monotonic.millis(shared.clock) + Math.max(0, wait) }
          })
        : Effect.void
    ).pipe(Effect.retry(away), Effect.orDie) // the schedule has no end
  )

const placeOf = ({ bookedAt, clock, queue, recent }: Shared, { limits }: Asked, arrived: number, at: number): Place => {
  const now = monotonic.millis(clock)
  queue.pass()
  recent.push(now)
  while ((recent[0] ?? now) <= now - window) recent.shift()
  const place = { at: now, waited: now - arrived, waiting: queue.size(), share: recent.length / limits.perSecond }
  bookedAt.set(place, at)
  return place
}
