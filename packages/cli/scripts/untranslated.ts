/** What of the command line's help and advice has no translation, and which translations have lost their English text. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Cli from "../src/Cli.ts"
import * as Doctor from "../src/Doctor.ts"
import * as ExitCode from "../src/ExitCode.ts"
import * as Failure from "../src/Failure.ts"
import * as Help from "../src/Help.ts"
import { texts, words } from "../src/Language.ts"

/** The English texts that the command line shows. */
const shown = async (): Promise<ReadonlySet<string>> => {
  const docs = await Effect.runPromise(Effect.provide(Cli.helpDocs, NodeServices.layer))
  return new Set([
    ...docs.flatMap(Help.textsOf),
    ...ExitCode.names.map((name) => ExitCode.table[name].meaning),
    ...Failure.advices.values(),
    ...Object.values(Doctor.fixes)
  ])
}

/** What is wrong with translations, one line each. */
export const compare = (
  english: ReadonlySet<string>,
  translated: Readonly<Record<string, unknown>>
): ReadonlyArray<string> => [
  ...[...english]
    .filter((text) => !Object.hasOwn(translated, text) && !Object.hasOwn(words, text))
    .map((text) => `packages/cli/src/internal/language: not translated: ${text}`),
  ...Object.keys(translated)
    .filter((text) => !english.has(text))
    .map((text) => `packages/cli/src/internal/language: stale: ${text}`)
]

/** What is wrong with the command line's. */
export const faults = async (): Promise<ReadonlyArray<string>> => compare(await shown(), texts)
