/** The delays of a retry schedule. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Pull from "effect/Pull"
import * as Schedule from "effect/Schedule"
import type { CloudauthError } from "../CloudauthError.ts"
import type { RetrySchedule } from "../RetryPolicy.ts"

/** The next delay of a schedule after an error, in milliseconds; `undefined` after the last. `now` is a steady time. */
export type NextDelay = (now: number, error: CloudauthError) => Effect.Effect<number | undefined>

/** Starts a schedule. */
export const start = (schedule: RetrySchedule): Effect.Effect<NextDelay> =>
  Effect.map(
    Schedule.toStep(schedule),
    (step): NextDelay =>
      (now, error) =>
        step(now, error).pipe(
          Effect.map(([, delay]) => Duration.toMillis(delay)),
          Pull.catchDone(() => Effect.undefined)
        )
  )
