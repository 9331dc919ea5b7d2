/**
 * Bundles a package's modules into `dist`: Node takes longer to find and read a hundred small files than to run them.
 * What the package's public modules share becomes a few files, so a bundler still drops what it doesn't need. `tsc` emits the declarations.
 */
import { globSync, readFileSync, rmSync } from "node:fs"
import { basename, join } from "node:path"
import { type Plugin, rolldown } from "rolldown"

const root = join(import.meta.dirname, "..")

interface Manifest {
  readonly exports: Readonly<Record<string, string>>
}

/** The public modules by name. */
const entries = (folder: string): Record<string, string> => {
  const { exports }: Manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
  const modules = Object.values(exports).filter((path) => path.endsWith(".ts"))
  return Object.fromEntries(modules.map((path) => [basename(path, ".ts"), join(folder, path)]))
}

/** The index names the built modules: bundled with them, each would need an object of its names. */
const indexOfModules: Plugin = {
  name: "index",
  resolveId: (id, importer) =>
    importer?.endsWith("index.ts") === true ? { id: id.replace(/\.ts$/, ".js"), external: true } : undefined
}

const bundle = async (name: string): Promise<void> => {
  const folder = join(root, "packages", name)
  const dist = join(folder, "dist")
  for (const old of globSync("**/*.js{,.map}", { cwd: dist })) rmSync(join(dist, old))
  const modules = await rolldown({
    input: entries(folder),
    platform: "node",
    // Its dependencies stay outside, whole.
    external: /^[^./]/,
    treeshake: { moduleSideEffects: false },
    plugins: [indexOfModules]
  })
  const { output } = await modules.write({
    dir: dist,
    format: "esm",
    chunkFileNames: "internal/[name].js",
    comments: false,
    sourcemap: true
  })
  console.log(`${name}: ${output.filter(({ type }) => type === "chunk").length} modules`)
}

for (const name of process.argv.slice(2)) await bundle(name)
