// One package with nothing but its own dependencies: each public module loads by import and by require, and what is
// imported only when it is needed is there.
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"

const manifest = JSON.parse(readFileSync("package.json", "utf8"))
const require = createRequire(import.meta.url)

for (const name of Object.keys(manifest.dependencies)) {
  if (name === "effect") continue
  const { exports } = require(`${name}/package.json`)
  const folder = join("node_modules", name)
  const files = readdirSync(join(folder, "dist"), { recursive: true }).filter((file) => file.endsWith(".js"))
  for (const file of files) {
    const text = readFileSync(join(folder, "dist", file), "utf8")
    for (const [, path] of text.matchAll(/(?:\bfrom|\bimport\(?)\s*"(\.[^"]+)"/g)) {
      if (!existsSync(join(folder, "dist", dirname(file), path))) throw new Error(`${name}: ${file} imports ${path}`)
    }
  }
  const paths = Object.keys(exports).filter((path) => path !== "./package.json")
  const shown = paths.map((path) => join(name, path))
  for (const path of shown) {
    const exported = Object.keys(await import(path))
    if (exported.join() !== Object.keys(require(path)).join()) throw new Error(`${path}: require is another module`)
  }
  for (const module of files.map((file) => `./${file.slice(0, -".js".length)}`)) {
    if (paths.includes(module)) continue
    const found = await import(join(name, module)).catch(() => undefined)
    if (found !== undefined) throw new Error(`${name}: ${module} can be imported`)
  }
  console.log(`Passed ${shown.length} modules`)
}
