/** Every regular expression of the packages' sources, found by parsing them. */
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { parseSync, Visitor } from "oxc-parser"

export interface Found {
  /** File and line. */
  readonly place: string
  readonly pattern: string
  readonly flags: string
}

export interface Sources {
  readonly literals: ReadonlyArray<Found>
  /** Where one is built at run time: the places, with the text of the call. */
  readonly built: ReadonlyArray<{ readonly place: string; readonly text: string }>
  readonly files: number
}

const root = fileURLToPath(new URL("../packages/", import.meta.url))

const sourceFiles = (): ReadonlyArray<string> =>
  readdirSync(root).flatMap((name) => {
    const folder = `${root}${name}/src/`
    try {
      return readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts"))
        .map((file) => `${name}/src/${file}`)
    } catch {
      return []
    }
  })

export const find = (): Sources => {
  const literals: Array<Found> = []
  const built: Array<{ readonly place: string; readonly text: string }> = []
  const files = sourceFiles()
  for (const file of files) {
    const text = readFileSync(root + file, "utf8")
    const { errors, program } = parseSync(file, text)
    if (errors.length > 0) throw new Error(`${file} can't be parsed: ${errors[0]?.message}`)
    const placeOf = (offset: number): string => `${file}:${text.slice(0, offset).split("\n").length}`
    const note = (node: { readonly start: number; readonly end: number; readonly callee: unknown }): void => {
      const { callee } = node
      const isRegExp = typeof callee === "object" && callee !== null && "name" in callee && callee.name === "RegExp"
      if (isRegExp) built.push({ place: placeOf(node.start), text: text.slice(node.start, node.end) })
    }
    new Visitor({
      Literal: (node) => {
        if ("regex" in node)
          literals.push({ place: placeOf(node.start), pattern: node.regex.pattern, flags: node.regex.flags })
      },
      NewExpression: note,
      CallExpression: note
    }).visit(program)
  }
  return { literals, built, files: files.length }
}
