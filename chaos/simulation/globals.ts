/** The runtime's timers and monotonic time, for code that takes them from there: undici's way of a request. */
import * as Effect from "effect/Effect"
import type { EventLoop } from "./eventLoop.ts"

/** What is replaced. `refresh` is the only method of a timer that is used. */
const replacements = (loop: EventLoop) => {
  const cancels = new WeakMap<object, () => void>()
  const startTimer = (run: (argument: unknown) => void, millis: number, argument: unknown) => {
    const timer = {
      refresh: () => {
        cancels.get(timer)?.()
        cancels.set(
          timer,
          loop.timer(Math.max(1, millis), () => run(argument))
        )
        return timer
      }
    }
    return timer.refresh()
  }
  return {
    setTimeout: startTimer,
    clearTimeout: (timer: object | undefined) => {
      if (timer !== undefined) cancels.get(timer)?.()
    },
    setImmediate: (run: () => void) => loop.soon(run)
  }
}

/** Runs with global timers and a `performance.now` that are the loop's. */
export const withVirtualGlobals = <A, E, R>(loop: EventLoop, use: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.acquireUseRelease(
    Effect.sync(() => {
      const { clearTimeout, setImmediate, setTimeout } = globalThis
      const now = Object.getOwnPropertyDescriptor(performance, "now")
      Object.assign(globalThis, replacements(loop))
      Object.defineProperty(performance, "now", { value: loop.now, configurable: true, writable: true })
      return () => {
        Object.assign(globalThis, { clearTimeout, setImmediate, setTimeout })
        if (now === undefined) Reflect.deleteProperty(performance, "now")
        else Object.defineProperty(performance, "now", now)
      }
    }),
    () => use,
    (restore) => Effect.sync(restore)
  )
