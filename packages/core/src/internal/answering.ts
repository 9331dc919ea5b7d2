/** The time limit of a database's statement. */
import * as Effect from "effect/Effect"

/** Fails if a statement has no answer in 30 seconds: over a broken connection a driver may wait for ever. */
export const answering = Effect.timeout("30 seconds")
