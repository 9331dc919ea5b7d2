/** What a release brings, from the change intents: what readers must change first, then one sentence a change, by what they use. */
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "../..")

interface Intent {
  /** The first package that it names is the one that it is about. */
  readonly about: string
  readonly bump: string
  readonly text: string
}

const areas: Readonly<Record<string, ReadonlyArray<string>>> = {
  "The client": ["core", "node", "client"],
  "Command line": ["cli"],
  Emulator: ["emulator"],
  OpenTelemetry: ["otel"],
  "Several machines": ["cluster"]
}

const readIntent = (file: string): Intent => {
  const [, head = "", text = ""] = /^---\n([\s\S]*?)^---\n([\s\S]*)$/m.exec(file) ?? []
  const [, about = "", bump = ""] = /"@effect-cloudauth\/(\w+)": (\w+)/.exec(head) ?? []
  if (about === "" || text.trim() === "") throw new Error(`No change intent:\n${file}`)
  return { about, bump, text: text.trim() }
}

/** A full stop ends a sentence if a capital letter or code follows. */
const firstSentence = (text: string): string =>
  /^.*?[.!?](?=\s+[\p{Lu}`"]|\s*$)/u.exec((text.split("\n\n", 1)[0] ?? "").replaceAll("\n", " "))?.[0] ?? text

/** The list below "Migration:". Other text there would be lost. */
const migrations = (text: string): ReadonlyArray<string> => {
  if (!/^Migration:/m.test(text)) return []
  const list = /^Migration:\n+((?:(?:- |  ).*\n?)+)/m.exec(text)?.[1]
  if (list === undefined) throw new Error(`Write a list below "Migration:":\n${text}`)
  return list.trimEnd().split(/\n(?=- )/)
}

const group = (title: string, lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.length === 0 ? [] : [title, "", ...lines, ""]

/** A section's text, below a heading of the second level. */
export const changes = (files: ReadonlyArray<string>): string => {
  const intents = files.map(readIntent)
  const unknown = intents.find(({ about }) => !Object.values(areas).flat().includes(about))
  if (unknown !== undefined) throw new Error(`changes.ts names no area of ${unknown.about}`)
  const listed = (names: ReadonlyArray<string>, isFix: boolean) =>
    intents
      .filter(({ about, bump }) => names.includes(about) && (bump === "patch") === isFix)
      .map(({ text }) => `- ${firstSentence(text)}`)
  return [
    ...group(
      "### What you must change",
      intents.flatMap(({ text }) => migrations(text))
    ),
    ...Object.entries(areas).flatMap(([area, names]) => [
      ...group(`### ${area}`, listed(names, false)),
      ...group(`### ${area}: fixed`, listed(names, true))
    ])
  ].join("\n")
}

/** The page of changes: those that wait for a release, and the releases. */
export const page = (): string => {
  const read = (file: string) => readFileSync(join(root, file), "utf8")
  const waiting = globSync(".changeset/*.md", { cwd: root }).toSorted().map(read)
  return [
    "# Changes",
    "",
    "What each release brings, one sentence a change. The changelogs of the packages have the details.",
    "",
    ...(waiting.length === 0 ? [] : ["## Not yet released", "", changes(waiting)]),
    ...read("CHANGELOG.md")
      .split(/\n(?=## )/)
      .slice(1)
  ].join("\n")
}
