/**
 * Finds words that this project does not use in comments, test names, Markdown and change files:
 * `node scripts/checkEnglish.ts packages/core README.md`, or without a path everything.
 */
import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "..")

/** What to write instead of each. */
const words: ReadonlyArray<readonly [RegExp, string]> = [
  // Not "says where it is", "the folder where they are".
  [
    /(?<!\b(?:says?|saying|knows?|tells?|shows?|names?|asks?|place|places|folder|folders|file|point|line|lines|page|of|from|and|to|on|is|about|decides?|sees?|find|finds|look) )\bwhere (?:it|they|there|nothing|none|not|no|one|this|that|an?|each|all|both|you|only|possible|needed)\b/,
    "if"
  ],
  [/[,;—(] ?where\b(?! and\b| to\b)/, "if"],
  [
    /\bwhere (?:the|its|their) [\w-]+ (?:is|are|was|were|has|have|can|could|does|did|knows?|needs?|allows?|says?)\b/,
    "if"
  ],
  [/(?:^|[.!?:] )Where\b[^.:?]*,/, "if"],
  [/\bnobody\b|\bno-one\b/i, "say who, or use the passive"],
  [/\bsomebody\b|\beverybody\b|\banybody\b/i, "a caller, a user, another process"],
  [/\bwhoever\b|\bwhomever\b|\bwhosoever\b/i, "a caller, a user"],
  [/\banew\b/i, "again"],
  [/\b(?:that|which|what) (?:is|are) none\b/i, "invalid, malformed"],
  [/\bphotograph(?:s|ed|ic)?\b/i, "image"],
  [/\bis told\b|\bare told\b|\bwas told\b/i, "receives, gets"],
  [/\bis of no use\b|\bin vain\b/i, "can't help"],
  [/\bby lot\b|\bby itself alone\b/i, "at random"]
]

/** Of a source, only comments and the names of tests; Markdown without code. Line breaks stay, so that lines count. */
const prose = (file: string, text: string): string => {
  const blank = (part: string) => part.replaceAll(/[^\n]/g, " ")
  if (file.endsWith(".md")) return text.replaceAll(/^```[\s\S]*?^```|`[^`\n]*`|\]\([^)]*\)/gm, blank)
  const shown =
    /\/\*[\s\S]*?\*\/|(?<![:"'`\w])\/\/[^\n]*|(?<=\b(?:it|describe|test)(?:\.\w+)*\(\s*)(?:"[^"\n]*"|`[^`\n]*`)/g
  let end = 0
  let result = ""
  for (const { 0: part, index } of text.matchAll(shown)) {
    result += blank(text.slice(end, index)) + part.replaceAll(/`[^`\n]*`(?!$)|^\s*\*|\/\*\*?|\/\/|"/gm, blank)
    end = index + part.length
  }
  return result
}

const paths = process.argv.slice(2)
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "--", ...paths], {
  cwd: paths.length === 0 ? root : process.cwd(),
  encoding: "utf8"
})
  .split("\n")
  .filter((file) => /\.(?:ts|md)$/.test(file) && !/(?:^|\/)CODE_OF_CONDUCT\.md$|checkEnglish\.ts$/.test(file))

let found = 0
for (const file of files) {
  // A sentence may go on in the next line.
  const text = prose(file, readFileSync(join(paths.length === 0 ? root : process.cwd(), file), "utf8"))
  for (const [index, line] of text.split("\n").entries()) {
    for (const [word, instead] of words) {
      const match = word.exec(line.trim())
      if (match === null) continue
      found++
      console.error(`${file}:${index + 1}: "${match[0]}": ${instead}`)
    }
  }
}
console.log(`${files.length} files, ${found} found`)
process.exitCode = found === 0 ? 0 : 1
