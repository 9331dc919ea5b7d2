/** The command with all its subcommands. */
import * as EmulatorCli from "@effect-cloudauth/emulator/Cli"
import * as Cause from "effect/Cause"
import * as CliConfig from "effect/cli/CliConfig"
import * as CliError from "effect/cli/CliError"
import * as CliOutput from "effect/cli/CliOutput"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import type { HelpDoc } from "effect/cli/HelpDoc"
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as Runtime from "effect/Runtime"
import * as Stdio from "effect/Stdio"
import { check } from "./commands/check.ts"
import { collect } from "./commands/collect.ts"
import { doctor } from "./commands/doctor.ts"
import { log } from "./commands/log.ts"
import { report } from "./commands/report.ts"
import { retention } from "./commands/retention.ts"
import * as ExitCode from "./ExitCode.ts"
import { Failure, failure, Outcome, toJson } from "./Failure.ts"
import * as Help from "./Help.ts"
import * as flags from "./internal/flags.ts"
import { inLanguage } from "./inLanguage.ts"
import { english, say } from "./internal/language/say.ts"
import * as Language from "./Language.ts"
import * as Output from "./Output.ts"
import { Settings, variables } from "./Settings.ts"
import { translated } from "./usageErrors.ts"

/** The version of this package. */
export const version = "0.1.0"

const shared = {
  config: Flag.String("config").pipe(
    Flag.withMetavar("FILE"),
    Flag.withDescription(
      "A JSON file of settings (default: ~/.config/effect-cloudauth/config.json, and over it effect-cloudauth.json)"
    ),
    Flag.optional
  ),
  region: Flag.String("region").pipe(
    Flag.withDescription("cn-hongkong (default), ap-southeast-1, ap-southeast-3 or ap-southeast-5"),
    Flag.optional
  ),
  network: Flag.Literals("network", ["public", "vpc"]).pipe(
    Flag.withDescription("vpc from inside the vendor's network (default: public)"),
    Flag.optional
  ),
  endpoint: Flag.String("endpoint").pipe(
    Flag.withMetavar("URL"),
    Flag.withDescription("Another endpoint, for a proxy or the emulator; in place of --region and --network"),
    Flag.optional
  ),
  quiet: flags.toggle("quiet", "Print nothing but what was asked for").pipe(Flag.withAlias("q")),
  verbose: flags.toggle("verbose", "Print what helps to understand; logs go to standard error")
}

/** Read before all else, because help needs it, too. */
const lang = GlobalFlag.Setting("lang")({
  flag: Flag.Literals("lang", Language.languages).pipe(
    Flag.withDescription("The language of help and advice (default: by LC_ALL, LC_MESSAGES or LANG)"),
    Flag.optional
  )
})

const logging = (verbose: boolean) =>
  Layer.merge(
    Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)]),
    Layer.succeed(References.MinimumLogLevel, verbose ? "Debug" : "None")
  )

/** The emulator's own command. */
const emulator = EmulatorCli.make("emulator").pipe(
  Command.withShortDescription("Start a local stand-in for the service"),
  Command.withExamples([
    {
      command: "effect-cloudauth emulator",
      description: "On 127.0.0.1:8787, with the lines that point a program at it"
    },
    {
      command: "effect-cloudauth emulator --port 9000 --completes-after 3000",
      description: "Users who finish after three seconds"
    }
  ])
)

/**
 * `effect-cloudauth`, to run it in a process of one's own.
 *
 * @public
 */
export const command = Command.make("effect-cloudauth").pipe(
  Command.withSharedFlags(shared),
  Command.withDescription(
    `Alibaba Cloud ID Verification from the command line: one check, whole collections, reports, diagnosis.

The access key comes from ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET or the vendor's default chain ('doctor' shows which). Settings come from flags, else from the environment (${Object.values(variables).join(", ")}), else from a file. NO_COLOR is honoured; --completions bash|zsh|fish|powershell prints a script for the shell.

${ExitCode.help(...ExitCode.names)}`
  ),
  Command.withExamples([
    { command: "effect-cloudauth doctor", description: "Is this machine set up?" },
    { command: "effect-cloudauth check hksb7e3a55f0c1d2", description: "One result" },
    {
      command: "effect-cloudauth collect ids.csv && effect-cloudauth report",
      description: "Many results, and a page of them"
    },
    { command: "effect-cloudauth retention --within 5d", description: "What will be lost soon?" },
    {
      command: "effect-cloudauth --completions bash > /etc/bash_completion.d/effect-cloudauth",
      description: "Completions for the shell"
    }
  ]),
  Command.withGlobalFlags([lang]),
  Command.withSubcommands([check, log, collect, report, doctor, retention, emulator]),
  Command.validate(({ quiet, verbose }) =>
    quiet && verbose
      ? Effect.fail(new CliError.ValidationError({ message: english(say`--quiet and --verbose exclude each other.`) }))
      : Effect.void
  ),
  Command.provide((input) => Layer.merge(Settings.layer(input), logging(input.verbose)))
)

/** On a usage error prints the error only, not the help: a script expects a result on standard output. */
const presenterIn = (language: Language.Language): CliOutput.Presenter => ({
  present: (event) =>
    Effect.flatMap(CliOutput.Formatter, (formatter) =>
      event._tag === "InvalidInvocation"
        ? Console.error(
            `${formatter.formatErrors(event.errors)}\n\n${Language.render(say`See ${event.commandPath.join(" ")} --help`, language)}`
          )
        : event._tag === "Help"
          ? Console.log(Help.text(event.helpDoc, formatter, language))
          : CliOutput.defaultPresenter.present(event)
    )
})

/** Effect's formatter; messages are in the language of the run. */
const formatterIn = (language: Language.Language, colors: boolean): CliOutput.Formatter => {
  const formatter = CliOutput.defaultFormatter({ colors })
  return {
    ...formatter,
    formatError: (error) => Help.headings(formatter.formatError(translated(error, language)), language),
    formatErrors: (errors) =>
      Help.headings(formatter.formatErrors(errors.map((error) => translated(error, language))), language)
  }
}

/** How the command shows help and errors, and which flags every command has. */
const layerIn = (language: Language.Language) =>
  Layer.mergeAll(
    Layer.succeed(Language.Language, language),
    CliOutput.layerPresenter(presenterIn(language)),
    Layer.unwrap(
      Effect.map(TerminalCapabilities.TerminalCapabilities, ({ canColor }) =>
        CliOutput.layer(formatterIn(language, canColor))
      )
    ),
    CliConfig.layer({
      // --verbose and --quiet take the place of --log-level.
      builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Wizard, GlobalFlag.Completions]
    })
  ).pipe(Layer.provideMerge(TerminalCapabilities.layer))

/** What is wrong with a command line, in one line. */
const wordsOf = (error: CliError.CliError, language: Language.Language): string =>
  (error._tag === "ShowHelp" ? error.errors : [error]).map((one) => translated(one, language).message).join(" ")

/** What `--json` prints of an error that no command has printed. */
const printed = (error: unknown, language: Language.Language): Effect.Effect<void> => {
  if (error instanceof Outcome) return Effect.void
  if (error instanceof Failure) return Output.json(toJson(inLanguage(error, language)))
  const words = CliError.isCliError(error) ? wordsOf(error, language) : ""
  return words === "" ? Effect.void : Output.json(toJson(failure("Usage", words)))
}

/** Help alone: what is wrong is printed as JSON. */
const jsonPresenterIn = (language: Language.Language): CliOutput.Presenter => ({
  present: (event) =>
    event._tag === "Help" && event.reason === "Implicit" ? Effect.void : presenterIn(language).present(event)
})

/** Runs the command with arguments. With `--json` among them, a failure is JSON on standard output. */
export const runWith = Effect.fnUntraced(function* (args: ReadonlyArray<string>) {
  const flags = args.includes("--") ? args.slice(0, args.indexOf("--")) : args
  const language = yield* Language.of(args)
  const isJson = flags.includes("--json")
  const main = Command.runWith(command, { version, renderErrors: !isJson })(args)
  return yield* isJson
    ? main.pipe(
        Effect.tapError((error) => printed(error, language)),
        Effect.provideService(CliOutput.Presenter, jsonPresenterIn(language)),
        Effect.provide(layerIn(language))
      )
    : Effect.provide(main, layerIn(language))
})

/** The help of every command, as Effect has it: in English, the program's own first. */
export const helpDocs = Effect.gen(function* () {
  const docs: Array<HelpDoc> = []
  const paths: Array<ReadonlyArray<string>> = [[]]
  for (let path = paths.shift(); path !== undefined; path = paths.shift()) {
    const parents = path
    const present = (event: CliOutput.Presenter.Event) =>
      Effect.sync(() => {
        if (event._tag !== "Help") return
        docs.push(event.helpDoc)
        const below = event.helpDoc.subcommands?.flatMap(({ commands }) => commands) ?? []
        paths.push(...below.map(({ name }) => [...parents, name]))
      })
    yield* Command.runWith(command, { version })([...path, "--help"]).pipe(
      Effect.provideService(CliOutput.Presenter, { present }),
      Effect.provide(layerIn("en"))
    )
  }
  return docs
})

/** Runs the command with the arguments that the `Stdio` service has. */
export const run = Effect.flatMap(
  Stdio.Stdio.use(({ args }) => args),
  runWith
)

/** Ends the process: a wrong command line has its own exit code, everything else that of its failure. */
export const teardown: Runtime.Teardown = (exit, onExit) => {
  if (Exit.isFailure(exit)) {
    const error = Cause.squash(exit.cause)
    if (CliError.isCliError(error) && Runtime.getErrorExitCode(error) !== 0) return onExit(ExitCode.table.Usage.code)
  }
  return Runtime.defaultTeardown(exit, onExit)
}
