/** After `pnpm version -r`: what the sources say of their version is what their manifest says. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "..")

/** Each says it once. A manifest that were read at run time would be missing from a bundle. */
const places = [
  "packages/cli/src/Cli.ts",
  "packages/cluster/src/bin/submit.ts",
  "packages/emulator/src/internal/routes.ts",
  "packages/emulator/src/main.ts",
  "packages/node/src/internal/version.ts",
  "packages/otel/src/internal/version.ts"
]

const said = /(?<=\bversion(?: =|:) ")\d+\.\d+\.\d+[^"]*(?=")/g

for (const place of places) {
  const [packages, name] = place.split("/")
  const manifest = readFileSync(join(root, `${packages}/${name}/package.json`), "utf8")
  const { version } = JSON.parse(manifest) as { readonly version: string } // a manifest has a version
  const text = readFileSync(join(root, place), "utf8")
  const count = text.match(said)?.length ?? 0
  if (count !== 1) throw new Error(`${place} says its version ${count} times`)
  writeFileSync(join(root, place), text.replace(said, version))
}
