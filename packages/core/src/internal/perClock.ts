/** Values that all clients of a process share, however often a client is built. */
import type * as Clock from "effect/Clock"

/** The value for a key, made when it is first asked for. */
export type PerClock<A> = (clock: Clock.Clock, key: string) => A

/** Times of two clocks can't be compared, so each clock has values of its own: a test begins with none. */
export const perClock = <A>(make: (clock: Clock.Clock) => A): PerClock<A> => {
  const clocks = new WeakMap<Clock.Clock, Map<string, A>>()
  return (clock, key) => {
    const values = clocks.get(clock) ?? new Map<string, A>()
    clocks.set(clock, values)
    const value = values.get(key) ?? make(clock)
    values.set(key, value)
    return value
  }
}
