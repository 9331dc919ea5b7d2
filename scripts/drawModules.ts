/**
 * Draws what imports what, from the sources, into docs/explanation/modules.md; with `--check` it only says whether the
 * page is up to date. The linter holds the sources to architecture.json; this holds architecture.json to the sources:
 * nothing is allowed that nobody does.
 */
import { execFileSync } from "node:child_process"
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"

interface Stage {
  readonly name: string
  readonly uses: ReadonlyArray<string>
  readonly modules: ReadonlyArray<string>
}

interface Architecture {
  readonly packages: Readonly<Record<string, ReadonlyArray<string>>>
  readonly stages: Readonly<Record<string, ReadonlyArray<Stage>>>
}

const root = join(import.meta.dirname, "..")
const page = "docs/explanation/modules.md"
const problems: Array<string> = []

const read = (file: string): string => readFileSync(join(root, file), "utf8")

const { packages, stages } = JSON.parse(read("scripts/architecture.json")) as Architecture // a file of this folder

/** What the file imports, types included. Doc comments have examples with imports: they are no code. */
const importsOf = (file: string): ReadonlyArray<string> =>
  Array.from(
    read(file)
      .replaceAll(/\/\*[\s\S]*?\*\//g, "")
      .matchAll(/(?:\bfrom |\bimport\()"([^"]+)"/g),
    ([, specifier = ""]) => specifier
  )

const sourcesOf = (name: string): ReadonlyArray<string> => globSync(`packages/${name}/src/**/*.ts`, { cwd: root })

const sameSet = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): boolean =>
  a.toSorted().join() === b.toSorted().join()

/** The packages that a package's sources import. */
const packagesBelow = (name: string): ReadonlyArray<string> => {
  const specifiers = sourcesOf(name).flatMap(importsOf)
  return Object.keys(packages).filter((other) => specifiers.some((one) => one.startsWith(`@effect-cloudauth/${other}`)))
}

/** The stages that a stage's modules import. */
const stagesBelow = (name: string, stage: Stage): ReadonlyArray<string> => {
  const imported = stage.modules.flatMap((module) => {
    const file = join("packages", name, "src", `${module}.ts`)
    return importsOf(file)
      .filter((specifier) => specifier.startsWith("."))
      .map((specifier) => join(dirname(file), specifier))
  })
  const holds = ({ modules }: Stage) => modules.some((module) => imported.includes(`packages/${name}/src/${module}.ts`))
  return (stages[name] ?? []).filter((other) => other !== stage && holds(other)).map((other) => other.name)
}

/** Without the edges that a longer way says already. */
const shortest = (uses: ReadonlyMap<string, ReadonlyArray<string>>): ReadonlyArray<readonly [string, string]> => {
  const reaches = (from: string, to: string): boolean =>
    (uses.get(from) ?? []).some((next) => next === to || reaches(next, to))
  return [...uses].flatMap(([from, below]) =>
    below.filter((to) => !below.some((other) => other !== to && reaches(other, to))).map((to) => [from, to] as const)
  )
}

const flowchart = (uses: ReadonlyMap<string, ReadonlyArray<string>>): string =>
  [
    "```mermaid",
    "flowchart TD",
    ...[...uses.keys()].map((name) => `  ${name}[${name}]`),
    ...shortest(uses).map(([from, to]) => `  ${from} --> ${to}`),
    "```"
  ].join("\n")

const differences = (what: string, allowed: ReadonlyArray<string>, found: ReadonlyArray<string>): void => {
  if (sameSet(allowed, found)) return
  problems.push(`${what} may use ${allowed.join(", ") || "nothing"}, and uses ${found.join(", ") || "nothing"}`)
}

const usedPackages = new Map(Object.keys(packages).map((name) => [name, packagesBelow(name)]))
for (const [name, found] of usedPackages) differences(name, packages[name] ?? [], found)

const section = ([name, ofPackage]: readonly [string, ReadonlyArray<Stage>]): string => {
  const uses = new Map(ofPackage.map((stage) => [stage.name, stagesBelow(name, stage)]))
  for (const stage of ofPackage) differences(`${name}: ${stage.name}`, stage.uses, uses.get(stage.name) ?? [])
  const rows = ofPackage.map(
    (stage) => `| ${stage.name} | ${stage.modules.map((module) => `\`${module}\``).join(", ")} |`
  )
  return [
    `## Inside ${name}`,
    "An arrow goes from a stage to one that its modules import. What request, signature, transport and answer do, none of the others knows; an attempt puts them together. The barrel, `index`, shows all stages.",
    flowchart(uses),
    ["| stage | modules |", "| --- | --- |", ...rows].join("\n")
  ].join("\n\n")
}

const text = [
  "# Modules",
  "Drawn from the imports of the sources by `pnpm run picture`. Imports go one way: the linter refuses the others (`scripts/architecture.json`), and cycles. Arrows that a longer way says already are left out.",
  "## Packages",
  flowchart(usedPackages),
  ...Object.entries(stages).map(section)
].join("\n\n")

/** As the formatter writes it, so that it never comes back changed. */
const formatted = execFileSync("oxfmt", ["--stdin-filepath", page], { cwd: root, input: `${text}\n`, encoding: "utf8" })

if (process.argv.includes("--check")) {
  if (read(page) !== formatted) problems.push(`${page} is not up to date: pnpm run picture`)
} else {
  mkdirSync(join(root, dirname(page)), { recursive: true })
  writeFileSync(join(root, page), formatted)
}

for (const problem of problems) console.error(problem)
process.exitCode = problems.length === 0 ? 0 : 1
