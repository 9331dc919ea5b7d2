/**
 * What goes where: results to standard output, everything else to standard error, so that output can be piped. Colour
 * as `NO_COLOR`, `FORCE_COLOR` and the terminal say.
 */
import * as CliOutput from "effect/cli/CliOutput"
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import type { Value } from "./internal/language/say.ts"
import { Language, render } from "./Language.ts"
import { Settings } from "./Settings.ts"

/** Styles as functions; the identity without colour. */
export interface Paint {
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly doubtful: (text: string) => string
  readonly faint: (text: string) => string
  readonly strong: (text: string) => string
}

const style =
  (code: number, on: boolean) =>
  (text: string): string =>
    on ? `\u001b[${code}m${text}\u001b[0m` : text

/** The styles of this terminal. */
export const paint: Effect.Effect<Paint> = Effect.map(
  TerminalCapabilities.TerminalCapabilities,
  ({ canColor }): Paint => ({
    good: style(32, canColor),
    bad: style(31, canColor),
    doubtful: style(33, canColor),
    faint: style(2, canColor),
    strong: style(1, canColor)
  })
)

/** Text from outside, without what would steer a terminal or turn the direction of what follows, and not endless. */
export const plain = (text: string): string =>
  text.slice(0, longest).replace(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, "\uFFFD")

const longest = 1000

/** What was asked for. */
export const result = (text: Value): Effect.Effect<void> =>
  Effect.flatMap(Language, (language) => Console.log(render(text, language)))

/** A value as JSON, two blanks deep. */
export const json = (value: unknown): Effect.Effect<void> => Console.log(JSON.stringify(value, undefined, 2))

/** What is good to know; not with `--quiet`. */
export const note = (text: Value): Effect.Effect<void, never, Settings> =>
  Effect.flatMap(Settings, ({ volume }) => (volume === "quiet" ? Effect.void : aside(text)))

/** What helps to understand; with `--verbose` only. */
export const detail = (text: Value): Effect.Effect<void, never, Settings> =>
  Effect.flatMap(Settings, ({ volume }) => (volume === "verbose" ? aside(text) : Effect.void))

/** To standard error, in the language of the run. */
export const aside = (text: Value): Effect.Effect<void> =>
  Effect.flatMap(Language, (language) => Console.error(render(text, language)))

/** A table with aligned columns. */
export const columns = (rows: ReadonlyArray<readonly [name: string, value: string]>, indent = "  "): string => {
  const width = Math.max(0, ...rows.map(([name]) => CliOutput.displayWidth(name)))
  return rows.map(([name, value]) => `${indent}${pad(name, width)}  ${value}`).join("\n")
}

/** Fills up with blanks; a Chinese character takes two places. */
export const pad = (text: string, width: number): string =>
  text + " ".repeat(Math.max(0, width - CliOutput.displayWidth(text)))
