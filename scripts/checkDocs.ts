/**
 * Compiles every example of the docs: the ```ts blocks of the Markdown files and the `@example`s of the sources. A block
 * that is no program of its own starts with ```ts nocheck.
 */
import { execFileSync } from "node:child_process"
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"

interface Example {
  readonly file: string
  readonly line: number
  readonly code: string
}

const root = join(import.meta.dirname, "..")
const config = join(root, "tsconfig.docs.json")

/** Inside the package that the example is of, so that it resolves what a reader of that package can import. */
const folderOf = (file: string): string => {
  const owner = /^packages\/[^/]+/.exec(file)?.[0] ?? "examples"
  return join(root, owner, ".docs")
}

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split("\n").length

const ofMarkdown = (file: string, text: string): Array<Example> =>
  Array.from(text.matchAll(/^```ts\n([\s\S]*?)^```$/gm), (match) => ({
    file,
    line: lineOf(text, match.index) + 1,
    code: match[1] ?? ""
  }))

const ofSource = (file: string, text: string): Array<Example> =>
  Array.from(text.matchAll(/^[ \t]*\* @example[^\n]*\n((?:[ \t]*\*(?!\/)[^\n]*\n)+)/gm), (match) => ({
    file,
    line: lineOf(text, match.index) + 1,
    code: (match[1] ?? "")
      .split("\n")
      .map((line) => line.replace(/^[ \t]*\* ?/, ""))
      .join("\n")
      .replace(/^@[a-z]+[\s\S]*/m, "")
  }))

const files = (pattern: string): Array<string> =>
  globSync(pattern, { cwd: root, exclude: (name) => name.includes("node_modules") || name.endsWith("dist") })

const read = (file: string): string => readFileSync(join(root, file), "utf8")

const examples = [
  ...["README.md", "packages/*/README.md", "packages/*/docs/*.md", "examples/**/README.md", "docs/**/*.md"]
    .flatMap(files)
    .flatMap((file) => ofMarkdown(file, read(file))),
  ...files("packages/*/src/**/*.ts").flatMap((file) => ofSource(file, read(file)))
]

const folders = new Set(examples.map(({ file }) => folderOf(file)))
const clean = () => {
  for (const path of [...folders, config]) rmSync(path, { recursive: true, force: true })
}

clean()
const origins = new Map<string, Example>()
for (const [index, example] of examples.entries()) {
  const path = join(folderOf(example.file), `${String(index).padStart(4, "0")}.ts`)
  mkdirSync(dirname(path), { recursive: true })
  origins.set(relative(root, path), example)
  writeFileSync(path, `${example.code}\nexport {}\n`)
}
writeFileSync(
  config,
  JSON.stringify({
    extends: "./tsconfig.base.json",
    compilerOptions: {
      noEmit: true,
      types: ["node"],
      rewriteRelativeImportExtensions: false,
      noUnusedLocals: false,
      noUnusedParameters: false
    },
    include: ["packages/*/.docs/*.ts", "examples/.docs/*.ts"]
  })
)

try {
  execFileSync("tsc", ["-p", config], { cwd: root, stdio: "pipe", encoding: "utf8" })
  console.log(`${examples.length} examples of the docs compile.`)
} catch (error) {
  const output = String((error as { stdout?: unknown }).stdout ?? error) // execFileSync throws with the output attached
  console.error(
    output.replace(/(\S+\/\.docs\/\d{4}\.ts)\((\d+),/g, (found, path: string, line: string) => {
      const origin = origins.get(path)
      return origin === undefined ? found : `${origin.file}:${origin.line + Number(line) - 1} (`
    })
  )
  process.exitCode = 1
} finally {
  clean()
}
