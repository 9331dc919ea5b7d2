/** Whether calls succeed at all: failures in a row that are not about the ids stop a run, or make it pause. */
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { CloudauthError } from "../../CloudauthError.ts"
import * as monotonic from "../monotonic.ts"
import { Stopped } from "./options.ts"
import { concernsId, isOwnQueue } from "./outcome.ts"

export interface Health {
  /** The service answered about an id, so it works. */
  readonly answered: () => void
  /** A call failed. Fails if that was one too many. */
  readonly failed: (error: CloudauthError) => Effect.Effect<void, Stopped>
  /** No id is asked before so many milliseconds are over. */
  readonly wait: (millis: number) => void
  /** Waits until ids may be asked. */
  readonly pause: Effect.Effect<void>
  /** Fails if the run had failures alone. */
  readonly atTheEnd: Effect.Effect<void, Stopped>
}

const longestPause = 60_000

/** `isToEnd`: whether too many failures end the run. If not, it pauses, twice as long each time, a minute at most. */
export const make = (clock: Clock.Clock, concurrency: number, isToEnd: boolean): Health => {
  // All in flight, and a few more.
  const patience = concurrency + 5
  let inARow = 0
  let pauses = 0
  let hasAnswered = false
  let last: CloudauthError | undefined
  let notBefore = 0
  const wait = (millis: number) => {
    notBefore = Math.max(notBefore, monotonic.millis(clock) + millis)
  }
  const answered = () => {
    inARow = 0
    pauses = 0
    hasAnswered = true
  }
  const pause: Effect.Effect<void> = Effect.suspend(() => {
    const left = notBefore - monotonic.millis(clock)
    return left > 0 ? Effect.andThen(Effect.sleep(Math.ceil(left)), pause) : Effect.void
  })
  return {
    answered,
    wait,
    pause,
    failed: (error) => {
      if (concernsId(error)) {
        answered()
        return Effect.void
      }
      // The call was not sent: the service had no part in it.
      if (isOwnQueue(error)) return Effect.void
      inARow += 1
      last = error
      if (inARow <= patience) return Effect.void
      if (isToEnd) return Effect.fail(new Stopped({ because: error }))
      inARow = 0
      wait(Math.min(longestPause, 1000 * 2 ** pauses++))
      return Effect.void
    },
    atTheEnd: Effect.suspend(() =>
      last === undefined || hasAnswered ? Effect.void : Effect.fail(new Stopped({ because: last }))
    )
  }
}
