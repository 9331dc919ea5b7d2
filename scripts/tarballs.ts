/** The packages as they would be published. */
import { execFileSync } from "node:child_process"
import { globSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

export interface Tarball {
  readonly name: string
  readonly path: string
}

const root = join(import.meta.dirname, "..")

const manifestName = (manifest: string): string =>
  (JSON.parse(readFileSync(join(root, manifest), "utf8")) as { readonly name: string }).name // a manifest has a name

/** Packs every package into the folder; they must have been built. */
export const pack = (folder: string): ReadonlyArray<Tarball> => {
  execFileSync("npx", ["-y", "pnpm@12", "-r", "--filter", "./packages/*", "pack", "--pack-destination", folder], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"]
  })
  const files = readdirSync(folder)
  return globSync("packages/*/package.json", { cwd: root })
    .map((manifest) => {
      const name = manifestName(manifest)
      const start = `${name.slice(1).replace("/", "-")}-`
      const file = files.find((candidate) => candidate.startsWith(start))
      if (file === undefined) throw new Error(`${name}: nothing was packed`)
      return { name, path: join(folder, file) }
    })
    .toSorted((a, b) => a.name.localeCompare(b.name))
}
