/** What keeps a command from its work. */
import * as CliError from "effect/cli/CliError"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { isPlatformError } from "effect/PlatformError"
import * as Runtime from "effect/Runtime"
import * as Schema from "effect/Schema"

/**
 * What keeps the command from its work. It exits with 2 if the command line or the environment is wrong, with 1 if the
 * machine does not let it. Template and values are apart, so that a command line of yours can translate the message.
 *
 * @category errors
 * @since 0.1.0
 */
export class Unusable extends Schema.TaggedError<Unusable>("@effect-cloudauth/emulator/Unusable")(
  "Unusable",
  {
    /** The message; `{0}` stands for the first value. */
    template: Schema.String,
    values: Schema.Array(Schema.String),
    exitCode: Schema.Literals([1, 2])
  },
  { httpApiStatus: 500 }
) {
  override readonly name = "Unusable"
  override get message(): string {
    return this.template.replaceAll(/\{(\d)\}/g, (_, index: string) => this.values[Number(index)] ?? "")
  }
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
export const wrong = (template: string, ...values: ReadonlyArray<string>): Unusable =>
  new Unusable({ template, values, exitCode: 2 })

/** The machine does not let the command do its work. */
export const refused = (template: string, ...values: ReadonlyArray<string>): Unusable =>
  new Unusable({ template, values, exitCode: 1 })

/** The text of a file that a flag names, if it was given. */
export const given = <A, B, E, R>(
  name: string,
  flag: Option.Option<A>,
  read: (value: A) => Effect.Effect<B, E, R>
): Effect.Effect<B | undefined, Unusable, R> =>
  Option.isSome(flag)
    ? Effect.mapError(read(flag.value), (error) =>
        isPlatformError(error)
          ? wrong("--{0}: the file cannot be read ({1}): {2}", name, error.reason._tag, String(flag.value))
          : wrong("--{0}: {1}", name, messageOf(error))
      )
    : Effect.succeed(undefined)

export const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
