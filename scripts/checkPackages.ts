/**
 * Packs each package as it would be published and has publint and Are the Types Wrong check the tarball. A public
 * declaration names only what is exported: who uses a type must be able to name it.
 */
import { execFileSync } from "node:child_process"
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pack } from "./tarballs.ts"

const root = join(import.meta.dirname, "..")
const target = mkdtempSync(join(tmpdir(), "packages-"))

const tool = (name: string): string => join(root, "tools/node_modules/.bin", name)

const run = (command: string, args: ReadonlyArray<string>): void => {
  execFileSync(command, args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })
}

/** The packages are ESM with subpath exports: only resolutions that know both are asked for. */
const attw = ["--profile", "esm-only", "--format", "ascii", "--no-emoji"]

/** What is published: a file, or another one for browsers beside it. */
type Published = string | { readonly browser: string; readonly default: string }

interface Manifest {
  readonly exports: Readonly<Record<string, string>>
  readonly publishConfig: { readonly exports: Readonly<Record<string, Published>> }
}

/** What is wrong with a package's `exports`: two lists that differ, or a declaration that names what is not exported. */
const problemsOf = (folder: string): ReadonlyArray<string> => {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest // ours, of this form
  const modules = Object.values(manifest.publishConfig.exports)
    .map((published) => (typeof published === "string" ? published : published.default))
    .filter((path) => path.endsWith(".js"))
  const sources = Object.values(manifest.exports).filter((path) => path.endsWith(".ts"))
  const expected = sources.map((path) => path.replace(/^\.\/src\/(.+)\.ts$/, "./dist/$1.js"))
  if (expected.join() !== modules.join()) return [`${folder}: exports and publishConfig.exports differ`]
  const declarations = modules.map((module) => {
    const file = join(folder, module.replace(/\.js$/, ".d.ts"))
    return { file, lines: readFileSync(file, "utf8").split("\n") }
  })
  const pathOf = (line: string) => /(?:from |import\()"(\.\/[^"]+)\.ts"/.exec(line)?.[1]
  // What a module exports from there has a public name.
  const named = new Set(
    declarations.flatMap(({ lines }) => lines.filter((line) => /^export (?:type )?\{/.test(line)).map(pathOf))
  )
  return declarations.flatMap(({ file, lines }) =>
    lines
      .filter((line) => {
        const path = pathOf(line)
        return path !== undefined && !named.has(path) && !modules.includes(`./dist/${path.slice(2)}.js`)
      })
      .map((line) => `${file}: names what is not exported: ${line.trim()}`)
  )
}

try {
  const problems = globSync("packages/*", { cwd: root }).flatMap((folder) => problemsOf(join(root, folder)))
  if (problems.length > 0) throw new Error(problems.join("\n"))
  for (const { name, path } of pack(target)) {
    run(tool("publint"), ["run", path, "--strict"])
    run(tool("attw"), [path, ...attw])
    console.log(`${name}: packed, publint and attw are content`)
  }
} catch (error) {
  const { message, stderr, stdout } = error as { message?: string; stdout?: string; stderr?: string } // of execFileSync
  console.error([message, stdout, stderr].filter(Boolean).join("\n"))
  process.exitCode = 1
} finally {
  rmSync(target, { recursive: true, force: true })
}
