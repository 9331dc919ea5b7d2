/** The README's program runs and prints what it says. */
import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, it } from "@effect/vitest"
import * as Document from "../src/Document.ts"
import * as Scenario from "../src/Scenario.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
const readme = readFileSync(join(root, "README.md"), "utf8")

it("its program", () => {
  const program = /```ts run\n([^`]*?runPromise[^`]*?)```/.exec(readme)?.[1] ?? ""
  // Inside the package, so that its imports are found.
  const folder = mkdtempSync(join(root, "test", "readme-"))
  try {
    writeFileSync(join(folder, "program.ts"), program)
    const output = execFileSync(process.execPath, [join(folder, "program.ts")], { encoding: "utf8" })
    assert.strictEqual(output.trim(), /\/\/ (Passed .*)/.exec(program)?.[1])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it("its table is that of the well-known ids, and it names every document and constructor", () => {
  execFileSync(process.execPath, [join(root, "scripts", "readme.ts"), "--check"])
  for (const slug of Document.slugs) assert.include(readme, slug)
  const constructors = Object.entries(Scenario).filter(([name]) => /^[a-z]/.test(name))
  for (const [name] of constructors) assert.match(readme, new RegExp(`\\b${name}\\b`), name)
})
