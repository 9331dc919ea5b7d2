/** Writes the README's table of well-known ids: `node packages/emulator/scripts/readme.ts`. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Scenario from "../src/Scenario.ts"

const file = join(import.meta.dirname, "..", "README.md")
const rows = [
  ["id", "answers"],
  ["---", "---"],
  ...Scenario.wellKnownTable.map(([id, answers]) => [`\`${id}\``, answers])
]
const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
const line = (row: ReadonlyArray<string>): string =>
  `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0, cell === "---" ? "-" : " ")).join(" | ")} |`
const table = rows.map(line).join("\n")

const mark = (name: string) => `<!-- ${name}well-known ids -->`
const readme = readFileSync(file, "utf8")
const before = readme.slice(0, readme.indexOf(mark("")) + mark("").length)
const after = readme.slice(readme.indexOf(mark("/")))
const written = `${before}\n\n${table}\n\n${after}`

if (process.argv.includes("--check")) {
  if (written !== readme) throw new Error("The README's table is not that of the scenarios: run this script.")
} else writeFileSync(file, written)
