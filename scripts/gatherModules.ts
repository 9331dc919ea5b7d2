/**
 * Gathers what a program that calls the service always loads into one file a package, without comments: Node needs
 * longer to find and link fifty small modules than to run them. Writes `dist/run`, a file for each of `dist`: what is
 * gathered is only named there, from the one file; the rest is as it was. A package's `exports` give `dist/run` to
 * runtimes and `dist` to bundlers (the condition `module`), which leave out what is not used, module by module.
 */
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import * as esbuild from "esbuild"

const packages = join(import.meta.dirname, "..", "packages")

/** In each package, the module whose imports are gathered. */
const gathered = { core: "Cloudauth.js", node: "NodeCloudauth.js", otel: "CloudauthOtel.js" } as const

const options = {
  format: "esm",
  platform: "neutral",
  target: "es2024",
  sourcemap: true,
  sourcesContent: false,
  // No whitespace is taken out: Node prints the line that threw, which would be the whole file.
  minifySyntax: true,
  logLevel: "warning"
} as const satisfies esbuild.BuildOptions

/** All modules of a package that a module loads, itself included; what is imported only when it is needed is left out. */
const closureOf = async (dist: string, entry: string): Promise<ReadonlyArray<string>> => {
  const { metafile } = await esbuild.build({
    ...options,
    absWorkingDir: dist,
    entryPoints: [entry],
    bundle: true,
    packages: "external",
    write: false,
    outdir: dist,
    metafile: true
  })
  const modules = new Set<string>()
  const visit = (module: string): void => {
    if (modules.has(module)) return
    modules.add(module)
    for (const { external, kind, path } of metafile.inputs[module]?.imports ?? []) {
      if (external !== true && kind === "import-statement") visit(path)
    }
  }
  visit(entry)
  return [...modules]
}

const namesOf = async (file: string): Promise<ReadonlyArray<string>> => Object.keys(await import(file))

/** The name of a module's export in the one file. */
const nameIn = (module: string, name: string): string => `${module.replace(/\.js$/, "").replaceAll(/\W/g, "_")}$${name}`

const specifier = (from: string, to: string): string => {
  const path = relative(dirname(from), to)
  return path.startsWith(".") ? path : `./${path}`
}

/** What is not gathered stays where it was, which esbuild does not name as seen from the one file. */
const leaveOut = (dist: string, files: ReadonlyArray<string>, one: string): esbuild.Plugin => ({
  name: "leave out",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
      const file = relative(dist, join(resolveDir, path))
      return files.includes(file) ? { path: specifier(one, file), external: true } : undefined
    })
})

const gather = async (name: string, entry: string): Promise<void> => {
  const dist = join(packages, name, "dist")
  const run = join(dist, "run")
  rmSync(run, { recursive: true, force: true })
  const closure = await closureOf(dist, entry)
  const exported = await Promise.all(
    closure.map(async (module) => ({ module, names: await namesOf(join(dist, module)) }))
  )
  const one = "internal/gathered.js"
  const rest = globSync("**/*.js", { cwd: dist, exclude: ["run/**"] }).filter((file) => !closure.includes(file))
  await esbuild.build({
    ...options,
    absWorkingDir: dist,
    stdin: {
      contents: exported
        .map(({ module, names }) => `export {${names.map((n) => `${n} as ${nameIn(module, n)}`)}} from "./${module}"`)
        .join("\n"),
      resolveDir: dist
    },
    bundle: true,
    packages: "external",
    plugins: [leaveOut(dist, rest, one)],
    outfile: join(run, one)
  })
  for (const { module, names } of exported) {
    const file = join(run, module)
    mkdirSync(dirname(file), { recursive: true })
    const list = names.map((n) => `${nameIn(module, n)} as ${n}`)
    writeFileSync(file, `export {${list}} from "${specifier(module, one)}"\n`)
  }
  await esbuild.build({ ...options, absWorkingDir: dist, entryPoints: rest, outbase: dist, outdir: run })
  const size = Math.round(readFileSync(join(run, one)).byteLength / 1024)
  console.log(`${name}: ${closure.length} modules in one file of ${size} KiB, ${rest.length} as they were`)
}

for (const [name, entry] of Object.entries(gathered)) await gather(name, entry)
