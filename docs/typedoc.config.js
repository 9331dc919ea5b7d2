/** The reference has the public modules: those that the packages' `exports` list. */
import { globSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"

const entryPoints = globSync("../packages/*/package.json", { cwd: import.meta.dirname }).flatMap((manifest) => {
  const { exports } = JSON.parse(readFileSync(join(import.meta.dirname, manifest), "utf8"))
  return Object.values(exports)
    .filter((path) => path.endsWith(".ts") && !path.endsWith("/index.ts"))
    .map((path) => join(dirname(manifest), path))
})

export default { extends: ["./typedoc.json"], entryPoints }
