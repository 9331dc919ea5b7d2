/** Time for waits and deadlines: it goes on evenly when the machine's clock is set back or forward. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"

/** Monotonic milliseconds with an arbitrary origin: only differences mean something. */
export const millis = (clock: Clock.Clock): number => Number(clock.monotonicTimeNanosUnsafe()) / 1e6

/** Milliseconds since 1970 as the clock said at the first step, and from then on without its jumps. */
export const steady = (clock: Clock.Clock): (() => number) => {
  const origin = clock.currentTimeMillisUnsafe() - millis(clock)
  return () => origin + millis(clock)
}

/** The same schedule, measuring elapsed time on the monotonic clock. Effect's drivers use the wall clock. */
export const schedule = <Output, Input, Error, Env>(
  self: Schedule.Schedule<Output, Input, Error, Env>
): Schedule.Schedule<Output, Input, Error, Env> =>
  Schedule.fromStep(
    Clock.clockWith((clock) =>
      Effect.map(Schedule.toStep(self), (step) => {
        const now = steady(clock)
        return (_: number, input: Input) => step(now(), input)
      })
    )
  )
