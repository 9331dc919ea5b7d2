/** What the documentation shows of the stacks: the recipes, of the files that run, and what was found. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assertions, type Outcome } from "./assertions.ts"
import { tools } from "./installs.ts"
import type { Stack } from "./stacks.ts"

const page = join(import.meta.dirname, "../../../docs/how-to/stacks.md")

const cells = (outcome: Outcome): string => (outcome === undefined ? "–" : outcome ? "yes" : "no")

/** Aligned, as the formatter has it. */
const tableOf = (rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0), 3))
  const line = (row: ReadonlyArray<string>): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`
  const [head = [], ...body] = rows
  return [line(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...body.map(line)].join("\n")
}

export const table = (stacks: ReadonlyArray<Stack>, outcomes: ReadonlyMap<string, ReadonlyArray<Outcome>>): string => {
  const exceptions = [...new Set(stacks.flatMap((stack) => Object.values(stack.exceptions)))]
  const mark = (stack: Stack, title: string): string => {
    const exception = stack.exceptions[title]
    return exception === undefined ? "" : ` (${exceptions.indexOf(exception) + 1})`
  }
  const rows = assertions.map(([title], index) => [
    title,
    ...stacks.map((stack) => `${cells(outcomes.get(stack.name)?.[index])}${mark(stack, title)}`)
  ])
  const notes = exceptions.map((exception, index) => `${index + 1}. ${exception}`)
  return [tableOf([["", ...stacks.map(({ short }) => short)], ...rows]), notes.join("\n")].filter(Boolean).join("\n\n")
}

const fence = (language: string, text: string): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``

/** One section: what to install, the files, and how to start. */
const recipe = ({ environment, name, notes, packages, start, title }: Stack): string => {
  const files = readdirSync(join(import.meta.dirname, name))
    .filter((file) => file.endsWith(".mjs") && file !== "forgotten.mjs")
    .toSorted()
  const settings = Object.entries(environment).map(([key, value]) => `${key}=${value}`)
  return [
    `## ${title}`,
    ...(packages.length === 0 ? [] : [fence("sh", `npm install ${packages.join(" ")}`)]),
    ...files.map((file) => fence(`js [${file}]`, readFileSync(join(import.meta.dirname, name, file), "utf8"))),
    fence("sh", [...settings, "node", ...start, "main.mjs"].join(" ")),
    notes
  ].join("\n\n")
}

export const recipes = (stacks: ReadonlyArray<Stack>): string => stacks.map(recipe).join("\n\n")

/** The tools that npm accepts beside the packages. */
export const installs = tools.map(({ name, version }) => `- \`${name}\` ${version}`).join("\n")

const between = (name: string): RegExp => new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(\\n<!-- /${name} -->)`)

/** Writes the parts into the page, or says which of them are stale. */
export const update = (parts: Readonly<Record<string, string>>, isWriting: boolean): ReadonlyArray<string> => {
  const before = readFileSync(page, "utf8")
  const stale = Object.entries(parts).filter(([name, text]) => !before.includes(`<!-- ${name} -->\n\n${text}\n\n<!--`))
  if (!isWriting) return stale.map(([name]) => name)
  const after = stale.reduce(
    (text, [name, part]) => text.replace(between(name), (_, begin, end) => `${begin}\n${part}\n${end}`),
    before
  )
  writeFileSync(page, after)
  return []
}
