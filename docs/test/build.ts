/** Builds the site as `pnpm docs:build` does. */
import { execFile } from "node:child_process"
import { join } from "node:path"
import { promisify } from "node:util"

export const docs = join(import.meta.dirname, "..")
export const dist = join(docs, ".vitepress/dist")

const run = (program: string, ...args: ReadonlyArray<string>) =>
  promisify(execFile)(process.execPath, [join(docs, program), ...args], {
    cwd: docs,
    env: { ...process.env, CI: "true" }
  })

export const build = async (): Promise<void> => {
  await run("scripts/generate.ts")
  await run("node_modules/typedoc/bin/typedoc", "--options", "typedoc.config.js")
  await run("node_modules/vitepress/bin/vitepress.js", "build")
}
