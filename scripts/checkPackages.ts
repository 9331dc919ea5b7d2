/** Packs each package as it would be published and has the tarball checked by publint and by Are the Types Wrong. */
import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pack } from "./tarballs.ts"

const root = join(import.meta.dirname, "..")
const target = mkdtempSync(join(tmpdir(), "packages-"))

const run = (command: string, args: ReadonlyArray<string>): void => {
  execFileSync(command, args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })
}

/** The packages are ESM with subpath exports: only resolutions that know both are asked for. */
const attw = ["--profile", "esm-only", "--format", "ascii", "--no-emoji"]

try {
  for (const { name, path } of pack(target)) {
    run("publint", ["run", path, "--strict"])
    run("attw", [path, ...attw])
    console.log(`${name}: packed, publint and attw are content`)
  }
} catch (error) {
  const { message, stderr, stdout } = error as { message?: string; stdout?: string; stderr?: string } // of execFileSync
  console.error([message, stdout, stderr].filter(Boolean).join("\n"))
  process.exitCode = 1
} finally {
  rmSync(target, { recursive: true, force: true })
}
