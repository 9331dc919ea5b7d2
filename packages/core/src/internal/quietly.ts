/** Runs observers and loggers so that their faults can't break the call that they watch. */
import * as Effect from "effect/Effect"

/** Calls a watcher. What it throws is dropped, and so is the failure of a promise that it returns. */
export const quietly = (watch: () => unknown): void => {
  try {
    const watched = watch()
    if (watched instanceof Promise) watched.catch(() => {})
  } catch {
    // The observer's fault is not the caller's.
  }
}

/** Writes a log line. A logger that throws, or dies, changes nothing. */
export const logQuietly = (line: Effect.Effect<void>): Effect.Effect<void> =>
  Effect.catchDefect(line, () => Effect.void)
