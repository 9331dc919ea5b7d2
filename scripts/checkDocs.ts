/**
 * Compiles every example of the docs: the ```ts blocks of the Markdown files and the `@example`s of the sources. A block
 * that is no program of its own starts with ```ts nocheck.
 */
import { execFileSync } from "node:child_process"
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join, relative } from "node:path"

interface Example {
  readonly file: string
  readonly line: number
  readonly code: string
}

const root = join(import.meta.dirname, "..")
// Inside the examples package, so that the examples resolve the packages as a user's program does.
const target = join(root, "examples", ".docs")

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

rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
const origins = new Map<string, Example>()
for (const [index, example] of examples.entries()) {
  const name = `${String(index).padStart(3, "0")}.ts`
  origins.set(name, example)
  writeFileSync(join(target, name), `${example.code}\nexport {}\n`)
}
writeFileSync(
  join(target, "tsconfig.json"),
  JSON.stringify({
    extends: relative(target, join(root, "tsconfig.base.json")),
    compilerOptions: {
      noEmit: true,
      types: ["node"],
      rewriteRelativeImportExtensions: false,
      noUnusedLocals: false,
      noUnusedParameters: false
    },
    include: ["*.ts"]
  })
)

try {
  execFileSync("tsc", ["-p", target], { stdio: "pipe", encoding: "utf8" })
  console.log(`${examples.length} examples of the docs compile.`)
} catch (error) {
  const output = String((error as { stdout?: unknown }).stdout ?? error) // execFileSync throws with the output attached
  console.error(
    output.replace(/\S*?(\d{3}\.ts)\((\d+),/g, (found, name: string, line: string) => {
      const origin = origins.get(name)
      return origin === undefined ? found : `${origin.file}:${origin.line + Number(line) - 1} (`
    })
  )
  process.exitCode = 1
} finally {
  rmSync(target, { recursive: true, force: true })
}
