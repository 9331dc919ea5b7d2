/** Time for waits: it goes on evenly when the machine's clock is set back or forward. */
import type * as Clock from "effect/Clock"

/** Monotonic milliseconds with an arbitrary origin: only differences mean something. */
export const millis = (clock: Clock.Clock): number => Number(clock.monotonicTimeNanosUnsafe()) / 1e6
