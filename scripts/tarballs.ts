/** The packages as they would be published. `pnpm tarballs` puts them into `tarballs/`. */
import { execFileSync } from "node:child_process"
import { globSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { join, relative } from "node:path"
import { pnpm } from "./pnpm.ts"

export interface Tarball {
  readonly name: string
  readonly version: string
  readonly path: string
}

const root = join(import.meta.dirname, "..")

/** A manifest has a name and a version. */
const readManifest = (path: string) =>
  JSON.parse(readFileSync(join(root, path), "utf8")) as { readonly name: string; readonly version: string }

/** Packs every package into the folder; they must have been built. */
export const pack = (folder: string): ReadonlyArray<Tarball> => {
  const [program, ...args] = pnpm
  execFileSync(program, [...args, "-r", "--filter", "./packages/*", "pack", "--pack-destination", folder], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"]
  })
  const files = readdirSync(folder)
  return globSync("packages/*/package.json", { cwd: root })
    .map((manifest) => {
      const { name, version } = readManifest(manifest)
      const start = `${name.slice(1).replace("/", "-")}-`
      const file = files.find((candidate) => candidate.startsWith(start))
      if (file === undefined) throw new Error(`${name}: nothing was packed`)
      return { name, version, path: join(folder, file) }
    })
    .toSorted((a, b) => a.name.localeCompare(b.name))
}

if (import.meta.main) {
  const folder = join(root, "tarballs")
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  for (const { name, path } of pack(folder)) console.log(`${name}  ${relative(root, path)}`)
}
