/**
 * Packs each package as it would be published and has the tarball checked by publint and by Are the Types Wrong. Public
 * declarations name nothing internal but to export it: whoever uses a type must be able to say it.
 */
import { execFileSync } from "node:child_process"
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
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

/** The lines of public declarations that name an internal module, other than to export from it. */
const namingInternals = (): ReadonlyArray<string> =>
  globSync("packages/*/dist/*.d.ts", { cwd: root }).flatMap((file) =>
    readFileSync(join(root, file), "utf8")
      .split("\n")
      .filter((line) => line.includes('"./internal/') && !line.startsWith("export {"))
      .map((line) => `${file}: ${line.trim()}`)
  )

try {
  const naming = namingInternals()
  if (naming.length > 0) throw new Error(`A public declaration names what is internal:\n${naming.join("\n")}`)
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
