/** The page of the command line: every command with its flags, as `--help` has them. */
import type { ArgDoc, FlagDoc, HelpDoc } from "effect/cli/HelpDoc"
import * as ExitCode from "@effect-cloudauth/cli/ExitCode"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Cli from "../../packages/cli/src/Cli.ts"
import * as Help from "../../packages/cli/src/Help.ts"
import { translate } from "../../packages/cli/src/Language.ts"
import { type Language, translator } from "./languages.ts"
import { code, pageIn, table, text } from "./markdown.ts"

const flagRow = ({ aliases, description, name, type }: FlagDoc): ReadonlyArray<string> => [
  [`--${name}`, ...aliases].map((spelling) => code(type === "boolean" ? spelling : `${spelling} ${type}`)).join(", "),
  text(Option.getOrElse(description, () => ""))
]

const argumentRow = ({ description, name }: ArgDoc): ReadonlyArray<string> => [
  code(name),
  text(Option.getOrElse(description, () => ""))
]

/** Exit codes have a table of their own. */
const proseOf = ({ description }: HelpDoc, ending: string): ReadonlyArray<string> =>
  description
    .split("\n\n")
    .filter((paragraph) => !paragraph.startsWith(ending))
    .map(text)

export const commands = async (language: Language = "en"): Promise<string> => {
  const t = translator(language)
  const inLanguage = (english: string) => translate(english, language)
  const inputs = (flags: ReadonlyArray<FlagDoc>, args: ReadonlyArray<ArgDoc> = []) =>
    flags.length + args.length === 0
      ? []
      : [table([t("flag"), t("meaning")], [...args.map(argumentRow), ...flags.map(flagRow)])]
  const docs = (await Effect.runPromise(Effect.provide(Cli.helpDocs, NodeServices.layer))).map((doc) =>
    Help.map(doc, inLanguage)
  )
  const [program, ...others] = docs
  if (program === undefined) throw new Error("The command line has no help")
  return pageIn(
    t,
    "Commands",
    "the help of the command line",
    ...proseOf(program, inLanguage("Exit codes:")),
    ...others.flatMap((doc) => [
      `## ${(doc.commandPath ?? []).slice(1).join(" ")}`,
      ...proseOf(doc, inLanguage("Exit codes:")),
      code(doc.usage),
      ...inputs(doc.flags, doc.args)
    ]),
    `## ${t("For every command")}`,
    ...inputs([...program.flags, ...(program.globalFlags ?? [])]),
    `## ${t("Exit codes")}`,
    table(
      [t("code"), t("outcome"), t("meaning")],
      ExitCode.names.map((name) => [
        String(ExitCode.table[name].code),
        code(name),
        text(inLanguage(ExitCode.table[name].meaning))
      ])
    )
  )
}
