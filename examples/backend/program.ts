/** Runs as a process that ends with a signal, or with one line that says why it can't go on. */
import { NodeRuntime } from "@effect/platform-node"
import { Config, Console, Data, Effect, Runtime } from "effect"
import { isSqlError } from "effect/sql/SqlError"

class Told extends Data.TaggedError("Told") {
  override readonly [Runtime.errorReported] = false
}

/** The message of the first cause. It quotes no password. */
const innermost = (error: unknown): string =>
  error instanceof Error ? (error.cause instanceof Error ? innermost(error.cause) : error.message) : String(error)

const reason = (error: unknown): string =>
  error instanceof Config.ConfigError
    ? `${error.cause.message}: README.md lists the variables`
    : `${isSqlError(error) ? "DATABASE_URL: " : ""}${innermost(error)}`

export const run = <A, E>(program: Effect.Effect<A, E>): void =>
  NodeRuntime.runMain(
    Effect.catch(program, (error) =>
      Effect.andThen(Console.error(`backend: ${reason(error).replaceAll(/\s+/g, " ")}`), Effect.fail(new Told()))
    )
  )
