/**
 * Finds public exports without `@category` or `@since`: `node scripts/checkTags.ts core node`, or without a name all
 * packages. Public is what the modules in a package's `exports` declare, or export from its `internal`.
 */
import { globSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"

const root = join(import.meta.dirname, "..")
const names = process.argv.slice(2)
const packages = names.length > 0 ? names : globSync("packages/*", { cwd: root }).map((path) => path.slice(9))

const declaration =
  /(?:\/\*\*((?:[^*]|\*(?!\/))*)\*\/\n)?export (?:declare )?(?:abstract )?(?:const|class|interface|type|function|namespace|enum) (\w+)/g
const passedOn = /export (?:type )?\{([^}]*)\} from "(\.\/[^"]+)"/g

/** Each declaration of a file, with the text of its comment. Overloads share the first one. */
const declared = (file: string): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  for (const [, comment = "", name = ""] of readFileSync(file, "utf8").matchAll(declaration)) {
    found.set(name, (found.get(name) ?? "") + comment)
  }
  return found
}

interface Export {
  readonly file: string
  readonly name: string
  readonly comment: string
}

const exportsOf = (file: string): ReadonlyArray<Export> => [
  ...[...declared(file)].map(([name, comment]) => ({ file, name, comment })),
  ...[...readFileSync(file, "utf8").matchAll(passedOn)].flatMap(([, list = "", path = ""]) => {
    const from = join(dirname(file), path)
    const there = declared(from)
    return list
      .split(",")
      .map(
        (item) =>
          item
            .trim()
            .replace(/^type /, "")
            .split(" as ")[0] ?? ""
      )
      .filter((name) => name !== "")
      .map((name) => ({ file: from, name, comment: there.get(name) ?? "" }))
  })
]

let missing = 0
for (const name of packages) {
  const folder = join(root, "packages", name)
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    readonly exports: Readonly<Record<string, string>>
  } // checkPackages.ts holds `exports` to this form
  const modules = Object.values(manifest.exports).filter((path) => path.endsWith(".ts") && !path.endsWith("/index.ts"))
  for (const { comment, file, name: exported } of modules.flatMap((path) => exportsOf(join(folder, path)))) {
    const tags = ["@category", "@since"].filter((tag) => !comment.includes(`${tag} `))
    if (tags.length === 0) continue
    missing++
    console.error(`${file.slice(root.length + 1)}: ${exported}: ${tags.join(", ")}`)
  }
  console.log(`${name}: ${modules.length} modules`)
}
process.exitCode = missing === 0 ? 0 : 1
