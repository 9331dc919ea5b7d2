/** The clock of one machine: it can be wrong, and be set. Its monotonic time and its timers go on evenly. */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { EventLoop } from "./eventLoop.ts"

/** When simulations begin, in milliseconds since 1970: 15 January 2027, 08:00. */
export const epoch = 1_800_000_000_000

export interface MachineClock extends Clock.Clock {
  /** Sets the machine's clock by so many milliseconds, back if below 0. */
  readonly set: (byMillis: number) => void
}

const nanosPerMilli = 1_000_000

/** Each machine's monotonic time has an origin of its own. */
export const make = (loop: EventLoop, origin: number): MachineClock => {
  let offset = 0
  const millis = () => epoch + offset + Math.floor(loop.now())
  const nanos = () => BigInt(millis()) * BigInt(nanosPerMilli)
  const monotonic = () => BigInt(Math.round((origin + loop.now()) * nanosPerMilli))
  return {
    set: (byMillis) => {
      offset += byMillis
    },
    currentTimeMillisUnsafe: millis,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: monotonic,
    monotonicTimeNanos: Effect.sync(monotonic),
    sleep: (duration) => {
      const wait = Duration.toMillis(duration)
      if (wait <= 0) return Effect.yieldNow
      return wait === Infinity
        ? Effect.never
        : Effect.callback((resume) => {
            const cancel = loop.timer(wait, () => resume(Effect.void))
            return Effect.sync(cancel)
          })
    }
  }
}
