/**
 * The command that starts the emulator, to run it under a name or beside commands of your own. Its work is loaded when it
 * runs, so that a command line with many commands stays quick.
 *
 * @example
 * import * as Cli from "@effect-cloudauth/emulator/Cli"
 * import * as Command from "effect/cli/Command"
 *
 * const command = Command.make("tool").pipe(Command.withSubcommands([Cli.make("emulator")]))
 *
 * @since 0.1.0
 */
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { recordFlags, serveFlags } from "./internal/command/flags.ts"

export { Unusable } from "./internal/command/unusable.ts"

/**
 * The command under a name, with its subcommand `record`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = <const Name extends string>(name: Name) =>
  Command.make(name, serveFlags, (input) =>
    Effect.flatMap(
      Effect.promise(() => import("./internal/command/serve.ts")),
      ({ serve }) => serve(input)
    )
  ).pipe(
    Command.withDescription("A local CheckResult service that checks signatures and answers by scenario"),
    Command.withSubcommands([record])
  )

const record = Command.make("record", recordFlags, (input) =>
  Effect.flatMap(
    Effect.promise(() => import("./internal/command/record.ts")),
    ({ record }) => record(input)
  )
).pipe(Command.withDescription("A proxy that records real answers, masked unless --reveal"))
