/** What is wrong with a command line, in the language of the run. Effect's parser says it in English. */
import { Unusable } from "@effect-cloudauth/emulator/Cli"
import * as CliError from "effect/cli/CliError"
import { Failure } from "./Failure.ts"
import { list, type Phrase, say, type Value } from "./internal/language/say.ts"
import { inLanguage } from "./inLanguage.ts"
import { type Language, render } from "./Language.ts"

/** The error with its message in a language. */
export const translated = (error: CliError.CliError, language: Language): CliError.CliError => {
  const cause = error._tag === "UserError" ? error.cause : error
  const userMessage = messageOf(cause, language)
  return userMessage === undefined || language === "en" ? error : new CliError.UserError({ cause, userMessage })
}

/** `undefined` for an error that is not known here. */
const messageOf = (error: unknown, language: Language): string | undefined => {
  if (error instanceof Failure) return inLanguage(error, language).message
  if (error instanceof Unusable) return render(error, language)
  const phrase = CliError.isCliError(error) ? phraseOf(error) : undefined
  return phrase === undefined ? undefined : render(phrase, language)
}

/** The errors of Effect's parser, by what they hold. */
const phraseOf = (error: CliError.CliError): Value | undefined => {
  switch (error._tag) {
    case "UnrecognizedOption":
      return withSuggestions(say`There is no flag ${error.option}.`, error.suggestions)
    case "UnknownSubcommand":
      return withSuggestions(say`There is no subcommand ${error.subcommand}.`, error.suggestions)
    case "DuplicateOption":
      return say`The flag ${error.option} belongs to ${error.parentCommand} and to ${error.childCommand}.`
    case "MissingOption":
      return say`The flag --${error.option} is missing.`
    case "MissingArgument":
      return say`The argument ${error.argument} is missing.`
    case "UnexpectedArgument":
      return say`The command takes no further argument: ${list(error.arguments.map((text) => JSON.stringify(text)))}.`
    case "InvalidValue":
      return invalidValue(error)
    case "ValidationError":
      return { template: error.message, values: [] }
    case "ShowHelp":
    case "UserError":
      return undefined
  }
}

const withSuggestions = (phrase: Phrase, suggestions: ReadonlyArray<string>): Phrase =>
  suggestions.length === 0 ? phrase : say`${phrase}\n\n  Did you mean this?\n    ${suggestions.join("\n    ")}`

const invalidValue = ({ expected, kind, option, value }: CliError.InvalidValue): Phrase => {
  const name = kind === "flag" ? `--${option}` : option
  const wrong = value === "" ? say`${name} has no value.` : say`${name} can't be ${JSON.stringify(value)}.`
  return isChoice(expected) ? say`${wrong} Expected: ${expected}` : say`${wrong} ${expected}`
}

/** The values or the kind of value that a flag takes: `public | vpc`, `STORE`. */
const isChoice = (expected: string): boolean => expected.split(" | ").every((choice) => !choice.includes(" "))
