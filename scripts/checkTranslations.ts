/**
 * Lists what is untranslated or stale in Chinese: `node scripts/checkTranslations.ts`. With `--accept` it records that
 * each translation fits the English text as it is now: only after you have translated what changed.
 *
 * A translation carries the hash of each section of the English file that it was made from. Its blocks of code must be
 * the English ones. The generated pages need no hash: they take their texts from the tables, whose types demand all
 * languages. The command line's texts are keyed by the English ones: one that has no translation is named, and so is a
 * translation whose English text is gone.
 */
import { createHash } from "node:crypto"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as CommandLine from "../packages/cli/scripts/untranslated.ts"

const root = join(import.meta.dirname, "..")

/** English file → its translation into a language. */
const translations: Readonly<Record<string, (language: string) => string>> = {
  "README.md": (language) => `README.${language}.md`,
  "docs/index.md": (language) => `docs/${language}/index.md`,
  "docs/tutorial.md": (language) => `docs/${language}/tutorial.md`
}

const languages = ["zh-Hans", "zh-Hant"]

const codeOf = (text: string): ReadonlyArray<string> => text.match(/^```[\s\S]*?^```$/gm) ?? []

interface Section {
  readonly title: string
  readonly hash: string
}

/** The parts that begin with a heading; a line of code is no heading. */
const sectionsOf = (text: string): ReadonlyArray<Section> =>
  text
    .split(/(^```[\s\S]*?^```$)/m)
    .map((part) => (part.startsWith("```") ? part : part.replaceAll(/^(?=#{1,3} )/gm, "\0")))
    .join("")
    .split("\0")
    .filter((section) => section.trim() !== "")
    .map((section) => ({
      title: section.split("\n", 1)[0] ?? "",
      // Formatting and line breaks don't make a translation stale.
      hash: createHash("sha256")
        .update(section.replaceAll(/[\s|-]+/g, " ").trim())
        .digest("hex")
        .slice(0, 8)
    }))

const mark = /<!-- translated from (\S+?)(?:: ([0-9a-f ]+))? -->/

/** What is wrong with one translation, one line each. */
const faults = (source: string, file: string): ReadonlyArray<string> => {
  if (!existsSync(join(root, file))) return [`${file}: ${source} is not translated`]
  const english = readFileSync(join(root, source), "utf8")
  const chinese = readFileSync(join(root, file), "utf8")
  const [, from, hashes = ""] = mark.exec(chinese) ?? []
  if (from !== source) return [`${file}: has no comment <!-- translated from ${source}: … -->`]
  const known = hashes.split(" ")
  const sections = sectionsOf(english)
  const code = codeOf(chinese)
  return [
    ...sections.filter(({ hash }) => !known.includes(hash)).map(({ title }) => `${file}: stale: ${title}`),
    ...(known.length > sections.length ? [`${file}: stale: a section is no longer in ${source}`] : []),
    ...(sectionsOf(chinese).length === sections.length ? [] : [`${file}: has other headings than ${source}`]),
    ...codeOf(english).flatMap((block, index) =>
      block === code[index] ? [] : [`${file}: block ${index + 1} of code differs from ${source}`]
    ),
    ...(code.length > codeOf(english).length ? [`${file}: has more blocks of code than ${source}`] : [])
  ]
}

const accept = (source: string, file: string): void => {
  const path = join(root, file)
  if (!existsSync(path)) return
  const hashes = sectionsOf(readFileSync(join(root, source), "utf8")).map(({ hash }) => hash)
  writeFileSync(
    path,
    readFileSync(path, "utf8").replace(mark, () => `<!-- translated from ${source}: ${hashes.join(" ")} -->`)
  )
}

const pairs = Object.entries(translations).flatMap(([source, fileIn]) =>
  languages.map((language) => [source, fileIn(language)] as const)
)
if (process.argv.includes("--accept")) for (const [source, file] of pairs) accept(source, file)

const found = [...pairs.flatMap(([source, file]) => faults(source, file)), ...(await CommandLine.faults())]
if (found.length > 0) {
  process.stderr.write(
    `${found.join("\n")}\nTranslate what changed, then: node scripts/checkTranslations.ts --accept\n`
  )
  process.exitCode = 1
} else {
  process.stdout.write(`${pairs.length} translations are up to date\n`)
}
