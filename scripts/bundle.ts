/**
 * Bundles a package's modules into `dist`: Node takes longer to find and read a hundred small files than to run them.
 * What the package's public modules share becomes a few files, of which a bundler drops what it doesn't need. `tsc` emits the declarations.
 */
import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { basename, join } from "node:path"
import { type Plugin, rolldown } from "rolldown"
import { ascii } from "./ascii.ts"
import { browserModule } from "./browserModule.ts"
import { unusedGoes } from "./unusedGoes.ts"

const root = join(import.meta.dirname, "..")

interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, string>>
  readonly publishConfig: { readonly exports: Readonly<Record<string, string | { readonly browser: string }>> }
}

/** The public modules by name. */
const entries = ({ exports }: Manifest, folder: string): Record<string, string> => {
  const modules = Object.values(exports).filter((path) => path.endsWith(".ts"))
  return Object.fromEntries(modules.map((path) => [basename(path, ".ts"), join(folder, path)]))
}

/** The index names the built modules: bundled with them, each would need an object of its names. */
const indexOfModules: Plugin = {
  name: "index",
  resolveId: (id, importer) =>
    importer?.endsWith("index.ts") === true ? { id: id.replace(/\.ts$/, ".js"), external: true } : undefined
}

/**
 * What every call loads, in two files: Node takes a tenth of a cold start for forty. Reading an answer is the one, so that
 * a program that only has documents or errors loads no HTTP.
 */
const together = [
  { name: "model", test: /core[\\/]src[\\/](?:internal[\\/]checkResult[\\/]readResult|CheckResultRequest)\.ts$/ },
  { name: "call", test: /core[\\/]src[\\/]Cloudauth\.ts$/ }
]

const bundle = async (name: string): Promise<void> => {
  const folder = join(root, "packages", name)
  const dist = join(folder, "dist")
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
  for (const old of globSync("**/*.js{,.map}", { cwd: dist })) rmSync(join(dist, old))
  const modules = await rolldown({
    input: entries(manifest, folder),
    platform: "node",
    // Its dependencies stay outside, whole.
    external: /^[^./]/,
    treeshake: { moduleSideEffects: false },
    plugins: [indexOfModules, unusedGoes]
  })
  const { output } = await modules.write({
    dir: dist,
    format: "esm",
    chunkFileNames: "internal/[name].js",
    // Marks of pure calls.
    comments: { annotation: true, jsdoc: false, legal: false },
    codeSplitting: { groups: together },
    sourcemap: true
  })
  for (const { fileName, type } of output) {
    if (type !== "chunk") continue
    const file = join(dist, fileName)
    writeFileSync(file, ascii(readFileSync(file, "utf8")))
  }
  const names = new Set(output.flatMap((part) => (part.type === "chunk" && part.isEntry ? part.exports : [])))
  for (const published of Object.values(manifest.publishConfig.exports)) {
    if (typeof published === "object")
      writeFileSync(join(folder, published.browser), browserModule(manifest.name, [...names]))
  }
  console.log(`${name}: ${output.filter(({ type }) => type === "chunk").length} modules`)
}

for (const name of process.argv.slice(2)) await bundle(name)
