/** After `pnpm version -r`: writes the section of the new version into CHANGELOG.md, from the change intents that it used up. */
import { execFileSync } from "node:child_process"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { changes } from "../docs/scripts/changes.ts"

const root = join(import.meta.dirname, "..")
const git = (...args: ReadonlyArray<string>) => execFileSync("git", args, { cwd: root, encoding: "utf8" })

const used = git("ls-tree", "--name-only", "HEAD", ".changeset/")
  .split("\n")
  .filter((file) => file.endsWith(".md") && !existsSync(join(root, file)))

if (used.length > 0) {
  const manifest = readFileSync(join(root, "packages/core/package.json"), "utf8")
  const { version } = JSON.parse(manifest) as { readonly version: string } // a manifest has a version
  const section = `## ${version}\n\n${changes(used.map((file) => git("show", `HEAD:${file}`)))}`
  const file = join(root, "CHANGELOG.md")
  const [introduction = "", ...releases] = readFileSync(file, "utf8").split(/\n(?=## )/)
  writeFileSync(file, [introduction, section, ...releases].join("\n"))
}
console.log(`CHANGELOG.md has ${used.length} more changes`)
