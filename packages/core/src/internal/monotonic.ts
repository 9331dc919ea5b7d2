/** Time for waits and deadlines: it goes on evenly when the machine's clock is set back or forward. */
import type * as Clock from "effect/Clock"

/** Monotonic milliseconds with an arbitrary origin: only differences mean something. */
export const millis = (clock: Clock.Clock): number => Number(clock.monotonicTimeNanosUnsafe()) / 1e6

/** Milliseconds since 1970 as the clock said at the first step, and from then on without its jumps. */
export const steady = (clock: Clock.Clock): (() => number) => {
  const origin = clock.currentTimeMillisUnsafe() - millis(clock)
  return () => origin + millis(clock)
}
