/**
 * The turns of all waits of this process that use one quota: few polls at a time, first come, first served. Their key is
 * the quota's account and region; without a quota, the endpoint.
 *
 * A poll's own time begins with its turn. The account's quota is shared: when it is used up, all polls pause and fewer go
 * at a time, and the throttled ones keep their turns.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import * as Semaphore from "effect/Semaphore"
import type { CloudauthError, Throttled } from "../../CloudauthError.ts"
import * as monotonic from "../monotonic.ts"
import { type PerClock, perClock } from "../perClock.ts"

/** How many polls go at a time, at most: a healthy service answers 16 in well under a second. */
const most = 16

/**
 * How long polls pause: a second, by which the quota is counted; twice as long each time if no poll was answered since.
 * Longer hints of the service are cut.
 */
const pauseMillis = 1000
const mostDoublings = 3
const longestHintMillis = 60_000

interface Turns {
  readonly slots: Semaphore.Semaphore
  /** How many polls may go at a time. */
  room: number
  /** How many pauses there were since a poll was answered. */
  pauses: number
  /** No poll goes before this time, in milliseconds of the monotonic clock. */
  pausedUntil: number
}

const makeTurns = (): Turns => ({
  slots: Semaphore.makeUnsafe(most),
  room: most,
  pauses: 0,
  pausedUntil: -Infinity
})

/** All turns, by their owner. */
const AllTurns = Context.Reference<PerClock<Turns>>("@effect-cloudauth/core/internal/journey/AllTurns", {
  defaultValue: () => perClock(makeTurns)
})

/** Polls when it is its turn, and again while the quota is used up. */
export const inTurn = <A>(owner: string, poll: Effect.Effect<A, CloudauthError>): Effect.Effect<A, CloudauthError> =>
  Effect.gen(function* () {
    const clock = yield* Clock.Clock
    const turns = (yield* AllTurns)(clock, owner)
    return yield* turns.slots.withPermit(untilNotThrottled(turns, clock, poll))
  })

const untilNotThrottled = <A>(turns: Turns, clock: Clock.Clock, poll: Effect.Effect<A, CloudauthError>) =>
  Effect.gen(function* () {
    while (true) {
      yield* endOfPause(turns, clock)
      const polled = yield* Effect.result(poll)
      if (Result.isFailure(polled) && polled.failure._tag === "Throttled") {
        yield* pause(turns, clock, polled.failure)
        continue
      }
      turns.pauses = 0
      yield* resize(turns, turns.room + 1)
      return yield* Effect.fromResult(polled)
    }
  })

/** Another poll may have prolonged the pause meanwhile. Whole milliseconds: a fraction could pass without the clock's notice. */
const endOfPause = (turns: Turns, clock: Clock.Clock) =>
  Effect.gen(function* () {
    for (let left = timeLeft(turns, clock); left > 0; left = timeLeft(turns, clock)) {
      yield* Effect.sleep(Math.ceil(left))
    }
  })

const timeLeft = ({ pausedUntil }: Turns, clock: Clock.Clock): number => pausedUntil - monotonic.millis(clock)

/** Polls that were under way when a pause began are throttled for the same reason: they may only prolong it. */
const pause = (turns: Turns, clock: Clock.Clock, { retryAfter }: Throttled) =>
  Effect.gen(function* () {
    // Processes that share the quota should not come back at the same moment.
    const random = yield* Random.next
    const isNew = timeLeft(turns, clock) <= 0
    const own = isNew ? pauseMillis * 2 ** Math.min(turns.pauses, mostDoublings) * (1 + random / 10) : 0
    const wait = Math.max(own, Math.min(retryAfter ?? 0, longestHintMillis))
    turns.pausedUntil = Math.max(turns.pausedUntil, monotonic.millis(clock) + wait)
    if (!isNew) return
    turns.pauses++
    yield* resize(turns, Math.floor(turns.room / 2))
  })

const resize = (turns: Turns, room: number) => {
  turns.room = Math.min(most, Math.max(1, room))
  return Semaphore.resize(turns.slots, turns.room)
}
