/** A copy of the stacks in a folder of its own, with the tools by their lockfiles and the packages by their tarballs. */
import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, relative } from "node:path"
import { pack, type Tarball } from "../../../scripts/tarballs.ts"

export interface Project {
  readonly folder: string
  readonly tarballs: ReadonlyArray<Tarball>
}

/** The packages that an application with a tool installs. */
const needed = /^@effect-cloudauth\/(core|node|otel)$/

export const make = (names: ReadonlyArray<string>): Project => {
  const folder = mkdtempSync(join(tmpdir(), "stacks-"))
  cpSync(import.meta.dirname, folder, {
    recursive: true,
    filter: (path) => !relative(import.meta.dirname, path).includes("node_modules")
  })
  const filters = names.map((name) => `--filter=./${name}`)
  execFileSync("npx", ["-y", "pnpm@12", ...filters, "install", "--frozen-lockfile", "--prefer-offline"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"]
  })
  const packed = join(folder, "tarballs")
  mkdirSync(packed)
  const tarballs = pack(packed).filter(({ name }) => needed.test(name))
  // Not yet published, so that no lockfile can name them; what they depend on is in each stack's manifest.
  for (const name of names) for (const tarball of tarballs) unpack(tarball, join(folder, name, "node_modules"))
  return { folder, tarballs }
}

const unpack = ({ name, path }: Tarball, modules: string): void => {
  const target = join(modules, name)
  mkdirSync(target, { recursive: true })
  execFileSync("tar", ["-xzf", path, "--strip-components=1", "-C", target])
}
