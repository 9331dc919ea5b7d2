/** What of the command line's texts has no translation, and which translations have lost their English text. */
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as CloudauthError from "@effect-cloudauth/core/CloudauthError"
import * as ResponseCode from "@effect-cloudauth/core/ResponseCode"
import * as SubCode from "@effect-cloudauth/core/SubCode"
import * as VerifyLog from "@effect-cloudauth/core/VerifyLog"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import { parseAst } from "rolldown/parseAst"
import * as Cli from "../src/Cli.ts"
import * as Doctor from "../src/Doctor.ts"
import * as ExitCode from "../src/ExitCode.ts"
import * as Failure from "../src/Failure.ts"
import * as Help from "../src/Help.ts"
import * as Language from "../src/Language.ts"
import { reasons as fileReasons } from "../src/internal/durable.ts"

const packages = join(import.meta.dirname, "../..")

const sources = globSync("{cli,core,emulator,node}/src/**/*.ts", { cwd: packages })
  .filter((file) => !/\/advice\/|\/language\/(?!say)/.test(file))
  .map((file) => ({ file, text: readFileSync(join(packages, file), "utf8") }))

/** The templates of a module. Those of the emulator's command are the first argument of `wrong` and `refused`. */
const templatesOf = ({ file, text }: (typeof sources)[number]): ReadonlyArray<string> => {
  const found: Array<string> = []
  const walk = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return
    if (Array.isArray(node)) return node.forEach(walk)
    const template = templateOf(node as Node, file.startsWith("emulator/")) // what the parser makes
    if (template !== undefined) found.push(template)
    Object.values(node).forEach(walk)
  }
  walk(parseAst(text, { lang: "ts" }))
  return found
}

/** The parts of a syntax tree that are looked at. */
interface Node {
  readonly type?: string
  readonly tag?: { readonly name?: string }
  readonly quasi?: { readonly quasis: ReadonlyArray<{ readonly value: { readonly cooked: string } }> }
  readonly callee?: { readonly name?: string }
  readonly arguments?: ReadonlyArray<{ readonly value?: unknown }>
}

const templateOf = (node: Node, isEmulator: boolean): string | undefined => {
  if (node.type === "TaggedTemplateExpression" && node.tag?.name === "say") {
    return node.quasi?.quasis
      .map(({ value }) => value.cooked)
      .reduce((text, part, index) => `${text}{${index - 1}}${part}`)
  }
  const isMessage = isEmulator && node.type === "CallExpression" && /^(?:wrong|refused)$/.test(node.callee?.name ?? "")
  const [first] = isMessage ? (node.arguments ?? []) : []
  return typeof first?.value === "string" ? first.value : undefined
}

const templates = sources
  .filter(({ file }) => file.startsWith("cli/") || file.startsWith("emulator/src/internal/command/"))
  .flatMap(templatesOf)

/** The English texts that the command line shows. */
const shown = async (): Promise<ReadonlySet<string>> => {
  const docs = await Effect.runPromise(Effect.provide(Cli.helpDocs, NodeServices.layer))
  return new Set([
    ...docs.flatMap(Help.textsOf),
    ...ExitCode.names.map((name) => ExitCode.table[name].meaning),
    ...Failure.advices.values(),
    ...Object.values(Doctor.fixes),
    ...templates
  ])
}

/** The reasons that stand in tables. Others are found by the tests alone. */
const tables: ReadonlyArray<string> = [
  ...Object.values(ResponseCode.table).map(({ meaning }) => meaning.replace(/\.$/, "")),
  ...Object.values(SubCode.table).map(({ meaning }) => meaning),
  ...Object.values(VerifyLog.reasons).flatMap(({ advice, meaning }) => [advice, meaning]),
  ...Object.values(fileReasons),
  ...Object.values(CloudauthError.waits)
]

/** Reasons without a translation, and translations whose reason no source has. */
const reasonFaults = (): ReadonlyArray<string> => [
  ...tables
    .filter((reason) => !Object.hasOwn(Language.reasons, reason))
    .map((reason) => `packages/cli/src/internal/language: not translated: ${reason}`),
  ...Object.keys(Language.reasons)
    .filter((reason) => !reason.split(/\{\d\}/).every((part) => sources.some(({ text }) => text.includes(part))))
    .map((reason) => `packages/cli/src/internal/language: stale: ${reason}`)
]

/** What is wrong with translations, one line each. */
export const compare = (
  english: ReadonlySet<string>,
  translated: Readonly<Record<string, unknown>>
): ReadonlyArray<string> => [
  ...[...english]
    .filter((text) => !Object.hasOwn(translated, text) && !Object.hasOwn(Language.words, text))
    .map((text) => `packages/cli/src/internal/language: not translated: ${text}`),
  ...Object.keys(translated)
    .filter((text) => !english.has(text))
    .map((text) => `packages/cli/src/internal/language: stale: ${text}`)
]

/** What is wrong with the command line's. */
export const faults = async (): Promise<ReadonlyArray<string>> => [
  ...new Set([...compare(await shown(), Language.texts), ...reasonFaults()])
]
