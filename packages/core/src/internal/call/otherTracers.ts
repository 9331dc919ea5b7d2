/** Tracers of the process that record every request, and that can't be told from here to leave some out. */
import * as Effect from "effect/Effect"
import { logQuietly } from "../quietly.ts"
import type * as TracerWarnings from "./tracerWarnings.ts"

/**
 * Logs the warnings if such a tracer is there. Few programs have one, so the texts are loaded then. Nothing waits for them: a
 * layer that was built at once still is.
 */
export const warn = (warnings: (of: typeof TracerWarnings) => Effect.Effect<void>): Effect.Effect<void> =>
  Effect.suspend(() =>
    "__SENTRY__" in globalThis || "_ddtrace" in globalThis ? Effect.forkDetach(loaded(warnings)) : Effect.void
  )

const loaded = (warnings: (of: typeof TracerWarnings) => Effect.Effect<void>): Effect.Effect<void> =>
  logQuietly(
    Effect.flatMap(
      Effect.promise(() => import("./tracerWarnings.ts")),
      warnings
    )
  )
