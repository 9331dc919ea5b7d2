/**
 * What the project takes from others: known weaknesses, licences, where packages come from, and which of them may run a script at installation.
 *
 * The audit needs a registry that answers it: where it does not, this is said loudly and the rest is checked.
 */
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "..")
const problems: Array<string> = []

// A registry that is not there is asked again and again: two minutes are enough.
const pnpm = (...args: ReadonlyArray<string>) => {
  const { status, stderr, stdout } = spawnSync("npx", ["-y", "pnpm@12", ...args], {
    cwd: root,
    encoding: "utf8",
    timeout: 120_000
  })
  return { status, stdout, stderr }
}

/** Licences that ask for no more than their notice. */
const allowed = new Set([
  "MIT",
  "MIT-0",
  "ISC",
  "Apache-2.0",
  "Apache License 2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "BlueOak-1.0.0",
  "CC0-1.0",
  "Unlicense",
  "Python-2.0"
])

/** Packages whose licence is another, by the start of their names, and why they may stay. */
const exceptions: Readonly<Record<string, string>> = {
  "axe-core": "MPL-2.0: examines the documentation site in its tests, neither changed nor passed on",
  elkjs: "EPL-2.0: places the boxes of the documentation's diagrams, neither changed nor passed on",
  lightningcss: "MPL-2.0: a part of the test runner, neither changed nor passed on",
  "caniuse-lite": "CC-BY-4.0: data that the mutation tests' compiler reads, neither changed nor passed on"
}

const isException = (name: string): boolean => Object.keys(exceptions).some((start) => name.startsWith(start))

/** `(MIT OR GPL-3.0)` is fine where one of them is, `MIT AND Zlib` where both are. */
const isAllowed = (licence: string): boolean =>
  licence
    .replaceAll(/[()]/g, "")
    .split(" OR ")
    .some((choice) => choice.split(" AND ").every((part) => allowed.has(part.trim())))

const licences = (): void => {
  const { status, stderr, stdout } = pnpm("licenses", "list", "-r", "--json")
  if (status !== 0) {
    problems.push(`the licences can't be listed: ${stderr}`)
    return
  }
  const byLicence = JSON.parse(stdout) as Readonly<Record<string, ReadonlyArray<{ readonly name: string }>>> // pnpm's own format
  let count = 0
  for (const [licence, packages] of Object.entries(byLicence)) {
    count += packages.length
    if (isAllowed(licence)) continue
    for (const { name } of packages) if (!isException(name)) problems.push(`${name}: licence ${licence}`)
  }
  if (count < 20) problems.push(`only ${count} packages were listed: the check saw next to nothing`)
  console.log(`licences: ${count} packages, ${Object.keys(byLicence).toSorted().join(", ")}`)
}

/** Every package comes from the registry that is set up, and is what it was: no address, no repository, a checksum each. */
const lockfile = (path: string): void => {
  const text = readFileSync(join(root, path), "utf8")
  const packages = text.slice(text.indexOf("\npackages:"), text.indexOf("\nsnapshots:"))
  let count = 0
  for (const entry of packages.split(/\n {2}(?=\S)/).slice(1)) {
    const name = entry.split("\n")[0]
    if (!/\n {4}resolution: \{/.test(entry)) continue
    count++
    const [, resolution = ""] = /resolution: \{([^}]*)\}/.exec(entry) ?? []
    if (!/^integrity: sha512-[A-Za-z0-9+/]{86}==$/.test(resolution)) problems.push(`${path}: ${name} {${resolution}}`)
  }
  if (count === 0) problems.push(`${path}: no package was found`)
  const addresses = text.match(/(?:https?|git|ssh|git\+\w+):\/\/\S+|github:\S+/g) ?? []
  for (const address of addresses) problems.push(`${path}: an address: ${address}`)
  console.log(`${path}: ${count} packages, each with its checksum`)
}

/** A package's script runs as whoever installs it. */
const scripts = (): void => {
  const text = readFileSync(join(root, "pnpm-workspace.yaml"), "utf8")
  const builds = /\nallowBuilds:\n((?:[ #].*\n?)+)/.exec(text)?.[1] ?? ""
  const trusted = [...builds.matchAll(/^ {2}"?([^":#\s]+)"?: true$/gm)].map(([, name]) => name)
  // Node's own package unpacks the runtime that everything else runs on.
  for (const name of trusted) if (name !== "node") problems.push(`${name} may run a script at installation`)
  console.log(`scripts at installation: ${trusted.join(", ") || "none"}`)
}

const audit = (): void => {
  const { stderr, stdout } = pnpm("audit", "--json")
  let report: {
    readonly advisories?: Readonly<
      Record<string, { readonly module_name: string; readonly severity: string; readonly title: string }>
    >
  }
  try {
    report = JSON.parse(stdout) as typeof report // pnpm's own format
  } catch {
    const why = /responded with \d+|ERR_\w+/.exec(`${stdout}${stderr}`)?.[0] ?? "no JSON came"
    console.log(
      `audit: NOT DONE, the registry that is set up here does not answer it (${why}); run this again where one does`
    )
    return
  }
  if (report.advisories === undefined) {
    console.log("audit: NOT DONE, the answer has no advisories")
    return
  }
  const found = Object.values(report.advisories)
  for (const { module_name, severity, title } of found) {
    // What can be reached from outside must be mended; the rest is shown.
    const line = `${module_name}: ${severity}: ${title}`
    if (severity === "high" || severity === "critical") problems.push(line)
    else console.log(`audit: ${line}`)
  }
  console.log(`audit: ${found.length} advisories`)
}

lockfile("pnpm-lock.yaml")
lockfile("packages/node/test/runtimes/pnpm-lock.yaml")
scripts()
licences()
audit()

for (const problem of problems) console.error(problem)
process.exitCode = problems.length === 0 ? 0 : 1
