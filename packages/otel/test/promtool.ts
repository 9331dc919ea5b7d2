import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

export const hasPromtool = spawnSync("promtool", ["--version"]).error === undefined
if (!hasPromtool) {
  process.stderr.write("\n!! promtool is missing: the alert rules are NOT checked. apt-get install prometheus\n\n")
}

/** Runs promtool on files in a folder of their own; fails with its words. */
export const promtool = (files: Readonly<Record<string, string>>, parameters: ReadonlyArray<string>): void => {
  const folder = mkdtempSync(join(tmpdir(), "promtool-"))
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    execFileSync("promtool", parameters, { cwd: folder, encoding: "utf8", stdio: "pipe" })
  } finally {
    rmSync(folder, { recursive: true })
  }
}
