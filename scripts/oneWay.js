/**
 * A rule for oxlint: imports go one way, as architecture.json says. A package imports only the packages below it, none
 * of their internals, and a module only the stages that its own stage uses.
 */
import { readFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"

const root = join(import.meta.dirname, "..")
const { packages, stages } = JSON.parse(readFileSync(join(import.meta.dirname, "architecture.json"), "utf8"))

/** The package and the module of a source file: `packages/core/src/internal/client.ts` is `core`, `internal/client`. */
const placeOf = (file) => {
  const [, name, module] = /^packages\/([^/]+)\/src\/(.+)\.ts$/.exec(relative(root, file).replaceAll("\\", "/")) ?? []
  return name === undefined || module === undefined ? undefined : { name, module }
}

const stageOf = ({ module, name }) => stages[name]?.find(({ modules }) => modules.includes(module))

const whyNot = (from, file, specifier) => {
  const [, imported, subpath = ""] = /^@effect-cloudauth\/([^/]+)\/?(.*)$/.exec(specifier) ?? []
  if (imported !== undefined) {
    if (!packages[from.name]?.includes(imported)) return `${from.name} does not build on ${imported}.`
    return subpath.startsWith("internal/") ? `${specifier} is internal to its package.` : undefined
  }
  if (!specifier.startsWith(".")) return undefined
  const to = placeOf(join(dirname(file), specifier))
  if (to?.name !== from.name) return `${specifier} is outside of the package.`
  const [above, below] = [stageOf(from), stageOf(to)]
  // The barrel has no stage: it shows all of them.
  if (above === undefined || above === below || below === undefined) return undefined
  return above.uses.includes(below.name) ? undefined : `The stage ${above.name} does not use ${below.name}.`
}

const imports = {
  create: (context) => {
    const from = placeOf(context.filename)
    if (from === undefined) return {}
    const check = ({ source }) => {
      const message = source && whyNot(from, context.filename, source.value)
      if (message) context.report({ node: source, message: `${message} See scripts/architecture.json.` })
    }
    const place = (program) => {
      if (stages[from.name] === undefined || from.module === "index" || stageOf(from) !== undefined) return
      context.report({ node: program, message: `Which stage is ${from.module}? Say it in scripts/architecture.json.` })
    }
    return {
      Program: place,
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check
    }
  }
}

export default { meta: { name: "one-way" }, rules: { imports } }
