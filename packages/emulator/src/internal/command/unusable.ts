/** What keeps a command from its work. */
import * as CliError from "effect/cli/CliError"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Runtime from "effect/Runtime"
import * as Schema from "effect/Schema"

/**
 * What keeps the command from its work, in words. It exits with 2 if the command line or the environment is wrong, with 1
 * if the machine does not let it.
 *
 * @category errors
 * @since 0.1.0
 */
export class Unusable extends Schema.TaggedError<Unusable>("@effect-cloudauth/emulator/Unusable")(
  "Unusable",
  { message: Schema.String, exitCode: Schema.Literals([1, 2]) },
  { httpApiStatus: 500 }
) {
  override readonly name = "Unusable"
  override get [Runtime.errorExitCode](): number {
    return this.exitCode
  }
  override [Runtime.errorReported] = false
  // A stack trace does not help a user of the command.
  override get [CliError.userMessage](): string {
    return this.message
  }
}

/** The command line or the environment is wrong. */
export const wrong = (message: string): Unusable => new Unusable({ message, exitCode: 2 })

export const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** What an optional flag says, if it was given. */
export const given = <A, B, E extends Error, R>(
  name: string,
  flag: Option.Option<A>,
  read: (value: A) => Effect.Effect<B, E, R>
): Effect.Effect<B | undefined, Unusable, R> =>
  Option.isSome(flag)
    ? Effect.mapError(read(flag.value), ({ message }) => wrong(`--${name}: ${message}`))
    : Effect.succeed(undefined)
