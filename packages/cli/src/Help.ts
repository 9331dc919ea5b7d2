/**
 * Help as it is looked for: what the command is, its subcommands, its flags, examples, and then what is to be read. In
 * the language of the run.
 */
import type * as CliOutput from "effect/cli/CliOutput"
import type { HelpDoc } from "effect/cli/HelpDoc"
import * as Option from "effect/Option"
import { type Language, translate } from "./Language.ts"

type Translate = (english: string) => string

/** The text of a command's help. */
export const text = (english: HelpDoc, formatter: CliOutput.Formatter, language: Language): string => {
  const doc = map(english, (text) => translate(text, language))
  const [summary = "", ...details] = doc.description.split("\n\n")
  const { examples, flags, globalFlags, inheritedFlags, subcommands, ...rest } = doc
  const top = { ...rest, description: summary, flags: [], ...(subcommands === undefined ? {} : { subcommands }) }
  const below = {
    ...rest,
    description: "",
    args: [],
    flags,
    ...(globalFlags === undefined ? {} : { globalFlags }),
    ...(inheritedFlags === undefined ? {} : { inheritedFlags }),
    ...(examples === undefined ? {} : { examples })
  }
  const formatted = [formatter.formatHelpDoc(top), withoutUsage(formatter.formatHelpDoc(below))]
  return [...formatted.map((part) => headings(part, language)), ...details]
    .map((part) => part.trimEnd())
    .filter((part) => part !== "")
    .join("\n\n")
}

/** The heading, the usage and the empty line after it are in the part above. */
const withoutUsage = (text: string): string => text.split("\n").slice(3).join("\n")

/** What the formatter writes around a document, in a language: headings on lines of their own, and `(optional)`. */
export const headings = (text: string, language: Language): string =>
  language === "en"
    ? text
    : text
        .replace(
          // eslint-disable-next-line no-control-regex
          /^((?:\u001b\[\d+m)*)([A-Z]+(?: [A-Z]+)*)(?=(?:\u001b\[\d+m)*$)/gm,
          (_, style: string, heading: string) => style + translate(heading, language)
        )
        .replaceAll("(optional)", `(${translate("optional", language)})`)

/** Every text of a document that has a translation. */
export const textsOf = (doc: HelpDoc): ReadonlyArray<string> => {
  const texts = new Set<string>()
  map(doc, (text) => {
    texts.add(text)
    return text
  })
  return [...texts]
}

/** A document with its texts translated. */
export const map = (doc: HelpDoc, t: Translate): HelpDoc => {
  const { args, examples, globalFlags, inheritedFlags, subcommands } = doc
  const described = <A extends { readonly description: Option.Option<string> }>(entry: A): A => ({
    ...entry,
    description: Option.map(entry.description, (text) => descriptionIn(text, t))
  })
  return {
    ...doc,
    description: doc.description
      .split("\n\n")
      .map((paragraph) => paragraphIn(paragraph, t))
      .join("\n\n"),
    flags: doc.flags.map(described),
    ...(args === undefined ? {} : { args: args.map(described) }),
    ...(globalFlags === undefined ? {} : { globalFlags: globalFlags.map(described) }),
    ...(inheritedFlags === undefined ? {} : { inheritedFlags: inheritedFlags.map(described) }),
    ...(examples === undefined ? {} : { examples: examples.map((example) => exampleIn(example, t)) }),
    ...(subcommands === undefined ? {} : { subcommands: subcommands.map((group) => groupIn(group, t)) })
  }
}

/** Effect adds the values that a flag takes: they stay as they are. */
const descriptionIn = (description: string, t: Translate): string => {
  const [text = "", choices] = description.split(" (choices: ")
  return choices === undefined ? t(text) : `${t(text)} (${t("choices")}: ${choices}`
}

/** A table of exit codes has a meaning on each line. */
const paragraphIn = (paragraph: string, t: Translate): string =>
  paragraph.startsWith("Exit codes:")
    ? paragraph
        .split("\n")
        .map((line) => {
          const [, code, meaning = ""] = /^( +\d+ {2}\w+: )(.*)$/.exec(line) ?? []
          return code === undefined ? t(line) : code + t(meaning)
        })
        .join("\n")
    : t(paragraph)

type Example = NonNullable<HelpDoc["examples"]>[number]

const exampleIn = (example: Example, t: Translate): Example =>
  example.description === undefined ? example : { ...example, description: t(example.description) }

type Group = NonNullable<HelpDoc["subcommands"]>[number]

const groupIn = (group: Group, t: Translate): Group => {
  const [first, ...others] = group.commands
  const summary = (command: Group["commands"][number]) => ({
    ...command,
    shortDescription: t(command.shortDescription ?? command.description)
  })
  return { ...group, commands: [summary(first), ...others.map(summary)] }
}
