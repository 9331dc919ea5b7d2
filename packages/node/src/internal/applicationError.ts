/** A failure of the application's own function: JavaScript can throw anything. */
import * as Data from "effect/Data"

class ApplicationError extends Data.TaggedError("ApplicationError")<{ readonly cause: unknown }> {}

export const applicationError = (cause: unknown): ApplicationError => new ApplicationError({ cause })
