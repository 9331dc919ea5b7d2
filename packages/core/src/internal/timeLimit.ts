/** A time limit that takes an answer which is already there. */
import * as Effect from "effect/Effect"

interface Options<B, E> {
  /** In milliseconds; `Infinity` for none. */
  readonly millis: number
  readonly orElse: () => Effect.Effect<B, E>
  /** What has come so far: a value that changes with each part. */
  readonly progress?: () => unknown
}

/** Runs `use` for so long; then interrupts it and runs `orElse`. */
export const within = <A, E, R, B, E2>(
  use: Effect.Effect<A, E, R>,
  { millis, orElse, progress }: Options<B, E2>
): Effect.Effect<A | B, E | E2, R> =>
  millis === Infinity
    ? use
    : Effect.raceFirst(
        use,
        Effect.flatMap(Effect.sleep(millis), () => Effect.flatMap(settled(progress ?? (() => 0)), orElse))
      )

/** How many turns of the event loop may pass without progress. */
const idleTurns = 2

/** However much comes, a limit must end. */
const mostTurns = 1000

/**
 * Waits until nothing more comes. A blocked event loop runs its timers first and reads its sockets afterwards, so a late
 * timer can find its answer unread.
 */
const settled = (progress: () => unknown): Effect.Effect<void> =>
  Effect.gen(function* () {
    let idle = 0
    for (let turn = 0; idle < idleTurns && turn < mostTurns; turn++) {
      const before = progress()
      yield* Effect.yieldNow
      idle = progress() === before ? idle + 1 : 0
    }
  })
