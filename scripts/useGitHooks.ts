/**
 * Points git at `.githooks`, after an installation. Does nothing in CI, outside a clone, or if other
 * hooks are set, and never fails.
 */
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "..")
const git = (...args: ReadonlyArray<string>) => spawnSync("git", args, { cwd: root, stdio: "ignore" })

// A copy without `.git` may lie inside another repository: that one's hooks are its own.
if (process.env["CI"] === undefined && existsSync(join(root, ".git")) && git("config", "core.hooksPath").status !== 0) {
  git("config", "core.hooksPath", ".githooks")
}
