/**
 * Compiles every example of the docs: the ```ts blocks of the Markdown files and the `@example`s of the sources. A block
 * that is no program of its own starts with ```ts nocheck.
 *
 * A block that starts with ```ts run is a whole program: it is also run, with an emulator in its environment, and what
 * it prints must be the ```text block below it, if there is one.
 */
import { execFile, execFileSync } from "node:child_process"
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { availableParallelism } from "node:os"
import { dirname, join, relative } from "node:path"
import { promisify } from "node:util"
import { printed } from "../docs/scripts/printed.ts"
import * as Server from "../packages/emulator/src/Server.ts"

interface Example {
  readonly file: string
  readonly line: number
  readonly code: string
  /** Set for a program that is run: what it must print, if the docs say so. */
  readonly run?: { readonly output: string | undefined }
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
  Array.from(
    text.matchAll(/^```ts( run)?(?: \[[^\]]*\])?\n([\s\S]*?)^```$(?:\n+```text\n([\s\S]*?)^```$)?/gm),
    (match) => ({
      file,
      line: lineOf(text, match.index) + 1,
      code: match[2] ?? "",
      ...(match[1] === undefined ? {} : { run: { output: match[3] } })
    })
  )

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

/**
 * The site's generated pages have the examples of the sources once more; translations have those of the English pages, letter
 * by letter (checkTranslations.ts).
 */
const isLeftOut = (name: string): boolean =>
  /node_modules|(?:^|\/)dist$|^docs\/(?:api|packages|reference|zh-\w+)(?:\/|$)|^README\.zh-/.test(name)

const files = (pattern: string): Array<string> =>
  globSync(pattern, { cwd: root, exclude: isLeftOut }).filter((name) => !isLeftOut(name))

const read = (file: string): string => readFileSync(join(root, file), "utf8")

/**
 * Our programs are TypeScript, so that they are compiled. A block of JavaScript is another project's program, or, with a name
 * in brackets, a file that a suite of its own runs.
 */
const uncompiled = (file: string, text: string): ReadonlyArray<string> =>
  Array.from(text.matchAll(/^```js\n[\s\S]*?^```$/gm))
    .filter(([block]) => block.includes("@effect-cloudauth/"))
    .map(({ index }) => `${file}:${lineOf(text, index)}: make it \`\`\`ts, so that it is compiled`)

const pages = ["*.md", "packages/*/README.md", "packages/*/docs/*.md", "examples/**/README.md", "docs/**/*.md"].flatMap(
  files
)

const examples = [
  ...pages.flatMap((file) => ofMarkdown(file, read(file))),
  ...files("packages/*/src/**/*.ts").flatMap((file) => ofSource(file, read(file)))
]

const folders = new Set(examples.map(({ file }) => folderOf(file)))
const clean = () => {
  for (const path of [...folders, config]) rmSync(path, { recursive: true, force: true })
}

clean()
const origins = new Map<string, Example>()
const programs: Array<{ readonly path: string; readonly example: Example }> = []
for (const [index, example] of examples.entries()) {
  const path = join(folderOf(example.file), `${String(index).padStart(4, "0")}.ts`)
  mkdirSync(dirname(path), { recursive: true })
  origins.set(relative(root, path), example)
  writeFileSync(path, `${example.code}\nexport {}\n`)
  if (example.run !== undefined) programs.push({ path, example })
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

/** The places in the docs instead of those in the files that were made of them. */
const named = (output: string): string =>
  output.replace(/([\w-]+(?:\/[\w-]+)*\/\.docs\/\d{4}\.ts)[(:](\d+)/g, (found, path: string, line: string) => {
    const origin = [...origins].find(([place]) => path.endsWith(place))?.[1]
    return origin === undefined ? found : `${origin.file}:${origin.line + Number(line) - 1} (`
  })

/** Compiles all; the compiler's complaints are thrown. */
const compile = (): void => {
  try {
    execFileSync("tsc", ["-p", config], { cwd: root, stdio: "pipe", encoding: "utf8" })
  } catch (error) {
    throw new Error(String((error as { stdout?: unknown }).stdout ?? error), { cause: error }) // execFileSync attaches it
  }
}

/** Runs the programs, as many at once as there are processors; what went wrong is returned. */
const runPrograms = async (): Promise<ReadonlyArray<string>> => {
  const emulator = await Server.start({ journeys: { completesAfterMillis: 500 } })
  const env = {
    PATH: process.env["PATH"],
    NODE_NO_WARNINGS: "1",
    NO_COLOR: "1",
    ALIBABA_CLOUD_ACCESS_KEY_ID: emulator.gateway.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: emulator.gateway.accessKeySecret,
    CLOUDAUTH_ENDPOINT: emulator.url
  }
  const wrong: Array<string> = []
  const left = [...programs]
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const { example, path } = next
      const place = `${example.file}:${example.line}`
      try {
        const { stdout } = await promisify(execFile)(process.execPath, [path], { cwd: root, env, timeout: 60_000 })
        const expected = example.run?.output
        if (expected !== undefined && printed(stdout) !== expected.trim()) {
          wrong.push(`${place} printed\n${printed(stdout)}\nand not\n${expected.trim()}`)
        }
      } catch (error) {
        wrong.push(`${place} ended badly: ${String((error as { stderr?: unknown }).stderr ?? error)}`) // execFile attaches it
      }
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
  await emulator.close()
  return wrong
}

try {
  const left = pages.flatMap((file) => uncompiled(file, read(file)))
  if (left.length > 0) throw new Error(left.join("\n"))
  compile()
  console.log(`${examples.length} examples of the docs compile.`)
  const wrong = await runPrograms()
  if (wrong.length > 0) throw new Error(wrong.join("\n\n"))
  console.log(`${programs.length} programs of the docs run.`)
} catch (error) {
  console.error(named(error instanceof Error ? error.message : String(error)))
  process.exitCode = 1
} finally {
  clean()
}
