/** Help as it is looked for: what the command is, its subcommands, its flags, examples, and then what is to be read. */
import type * as CliOutput from "effect/cli/CliOutput"
import type { HelpDoc } from "effect/cli/HelpDoc"

/** The text of a command's help. */
export const helpText = (doc: HelpDoc, formatter: CliOutput.Formatter): string => {
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
  return [formatter.formatHelpDoc(top), withoutUsage(formatter.formatHelpDoc(below)), ...details]
    .map((part) => part.trimEnd())
    .filter((part) => part !== "")
    .join("\n\n")
}

/** The heading, the usage and the empty line after it are in the part above. */
const withoutUsage = (text: string): string => text.split("\n").slice(3).join("\n")
