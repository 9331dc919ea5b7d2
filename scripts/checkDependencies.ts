/**
 * Checks each dependency's licence and origin, and which may run a script at installation. `pnpm licenses` has no list of
 * accepted licences, and lockfile-lint can't read pnpm's lockfile. `pnpm audit` beside this finds known weaknesses.
 */
import { execFileSync } from "node:child_process"
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { pnpm } from "./pnpm.ts"

const root = join(import.meta.dirname, "..")

/** Licences that ask for no more than their notice. */
const allowed =
  /^(MIT|MIT-0|ISC|Apache-2\.0|Apache License 2\.0|BSD-[23]-Clause|0BSD|BlueOak-1\.0\.0|CC0-1\.0|Unlicense|Python-2\.0)$/

/** Packages with another licence, by the start of their names. None is changed or passed on. */
const exceptions: Readonly<Record<string, string>> = {
  "axe-core": "MPL-2.0: examines the documentation site in its tests",
  elkjs: "EPL-2.0: places the boxes of the documentation's diagrams",
  lightningcss: "MPL-2.0: a part of the test runner",
  "caniuse-lite": "CC-BY-4.0: data that the mutation tests' compiler reads"
}

/** `(MIT OR GPL-3.0)` needs one accepted licence, `MIT AND Zlib` needs both. */
const isAllowed = (licence: string): boolean =>
  licence
    .replaceAll(/[()]/g, "")
    .split(" OR ")
    .some((choice) => choice.split(" AND ").every((part) => allowed.test(part.trim())))

const licences = (): ReadonlyArray<string> => {
  const [program, ...args] = pnpm
  const json = execFileSync(program, [...args, "licenses", "list", "-r", "--json"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1e8
  })
  const byLicence = JSON.parse(json) as Readonly<Record<string, ReadonlyArray<{ readonly name: string }>>> // pnpm's own format
  const count = Object.values(byLicence).flat().length
  console.log(`licences: ${count} packages, ${Object.keys(byLicence).toSorted().join(", ")}`)
  const isException = (name: string) => Object.keys(exceptions).some((start) => name.startsWith(start))
  const refused = Object.entries(byLicence)
    .filter(([licence]) => !isAllowed(licence))
    .flatMap(([licence, packages]) =>
      packages.flatMap(({ name }) => (isException(name) ? [] : [`${name}: licence ${licence}`]))
    )
  return count < 20 ? [`pnpm listed only ${count} packages`] : refused
}

/** Every package comes from the registry, with its checksum: no URL, no repository. */
const origins = (path: string): ReadonlyArray<string> => {
  const text = readFileSync(join(root, path), "utf8")
  const resolutions = [...text.matchAll(/\n {2}(\S+):\n {4}resolution: \{([^}]*)\}/g)]
  console.log(`${path}: ${resolutions.length} packages`)
  if (resolutions.length === 0) return [`${path}: no package was found`]
  return [
    ...resolutions
      .filter(([, , resolution = ""]) => !/^integrity: sha512-[A-Za-z0-9+/]{86}==$/.test(resolution))
      .map(([, name, resolution]) => `${path}: ${name} {${resolution}}`),
    ...(text.match(/(?:https?|git|ssh|git\+\w+):\/\/\S+|github:\S+/g) ?? []).map((url) => `${path}: a URL: ${url}`)
  ]
}

/** An install script runs with the rights of who installs. Node's own package needs one: it unpacks the runtime. */
const installScripts = (): ReadonlyArray<string> => {
  const text = readFileSync(join(root, "pnpm-workspace.yaml"), "utf8")
  const trusted = [...text.matchAll(/^ {2}"?([^":#\s]+)"?: true$/gm)].map(([, name]) => name)
  return trusted.filter((name) => name !== "node").map((name) => `${name} may run a script at installation`)
}

const lockfiles = [
  "pnpm-lock.yaml",
  "tools/pnpm-lock.yaml",
  "packages/node/test/runtimes/pnpm-lock.yaml",
  ...globSync("packages/otel/stacks/*/pnpm-lock.yaml", { cwd: root })
]
const problems = [...lockfiles.flatMap(origins), ...installScripts(), ...licences()]
for (const problem of problems) console.error(problem)
process.exitCode = problems.length === 0 ? 0 : 1
