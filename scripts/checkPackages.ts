/** Packs each package as it would be published and has the tarball checked by publint and by Are the Types Wrong. */
import { execFileSync } from "node:child_process"
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const root = join(import.meta.dirname, "..")
const target = mkdtempSync(join(tmpdir(), "packages-"))

const run = (command: string, args: ReadonlyArray<string>, cwd: string): string =>
  execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })

/** The packages are ESM with subpath exports: only resolutions that know both are asked for. */
const attw = ["--profile", "esm-only", "--format", "ascii", "--no-emoji"]

const check = (manifest: string): void => {
  const folder = join(root, manifest, "..")
  const { name } = JSON.parse(readFileSync(join(root, manifest), "utf8")) as { readonly name: string } // a manifest has a name
  const into = mkdtempSync(join(target, "pack-"))
  run("npx", ["-y", "pnpm@12", "pack", "--pack-destination", into], folder)
  const [tarball] = readdirSync(into)
  if (tarball === undefined) throw new Error(`${name}: nothing was packed`)
  const path = join(into, tarball)
  run("publint", ["run", path, "--strict"], root)
  run("attw", [path, ...attw], root)
  console.log(`${name}: packed, publint and attw are content`)
}

try {
  for (const manifest of globSync("packages/*/package.json", { cwd: root }).toSorted()) check(manifest)
} catch (error) {
  const { message, stderr, stdout } = error as { message?: string; stdout?: string; stderr?: string } // of execFileSync
  console.error([message, stdout, stderr].filter(Boolean).join("\n"))
  process.exitCode = 1
} finally {
  rmSync(target, { recursive: true, force: true })
}
