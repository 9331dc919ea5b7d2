/** Writes docs/explanation/modules.md: what imports what, drawn by dependency-cruiser. `--check` only compares. */
import { execFileSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "..")
const page = join(root, "docs/explanation/modules.md")

const run = (command: string, args: ReadonlyArray<string>, input?: string): string =>
  execFileSync(command, args, { cwd: root, encoding: "utf8", ...(input === undefined ? {} : { input }) })

/** dependency-cruiser numbers its nodes and nests them in folders: by name, and flat, they read and diff better. */
const picture = (only: string, collapse: string): string => {
  const options = ["--config", ".dependency-cruiser.cjs", "--include-only", only, "--collapse", collapse]
  const drawn = run("tools/node_modules/.bin/depcruise", [...options, "--output-type", "mermaid", "packages"])
  const names = new Map(
    Array.from(
      drawn.matchAll(/^(\w+)\["([^"]+)"\]$/gm),
      ([, id, name = ""]) => [id, name.replace(/\.ts$/, "")] as const
    )
  )
  const arrows = Array.from(
    drawn.matchAll(/^(\w+)-->(\w+)$/gm),
    ([, from, to]) => `  ${names.get(from)} --> ${names.get(to)}`
  )
  if (arrows.length === 0) throw new Error(`nothing was drawn for ${only}`)
  const lines = [...Array.from(names.values(), (name) => `  ${name}[${name}]`), ...arrows]
  return ["```mermaid", "flowchart TD", ...lines, "```"].join("\n")
}

const text = `# Modules

\`pnpm run picture\` draws this page from the imports of the sources, types included. An arrow goes from a module to the one it
imports. \`pnpm run layers\` refuses every other direction (\`.dependency-cruiser.cjs\`).

## Packages

${picture("^packages/[^/]+/src", "^packages/[^/]+")}

## Inside core

The client and the folders of \`internal\`. Value types such as \`Document\` and \`ResponseCode\` are left out: every step uses them.

${picture(
  "^packages/core/src/(internal/(?!document)[^/]+/|(Cloudauth|Credentials|Signature|Transport|HttpTransport|TransactionStore|Callback|CollectQueue)\\.ts)",
  "^packages/core/src/internal/[^/]+"
)}
`

const formatted = run("oxfmt", ["--stdin-filepath", page], text)
if (!process.argv.includes("--check")) writeFileSync(page, formatted)
else if (readFileSync(page, "utf8") !== formatted) {
  console.error("docs/explanation/modules.md is not up to date: pnpm run picture")
  process.exitCode = 1
}
