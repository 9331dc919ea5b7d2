import { Failure } from "./Failure.ts"
import { type Language, render, translate } from "./Language.ts"

/** A failure in a language: its message and its advice. */
export const inLanguage = (failure: Failure, language: Language): Failure => {
  const { advice, code, exit, message, phrase, requestId } = failure
  if (language === "en") return failure
  const translated = advice === undefined ? undefined : translate(advice, language)
  const words = phrase === undefined ? message : render(phrase, language)
  return new Failure({
    exit,
    message: [words, ...(translated === undefined ? [] : translated.split("\n"))].join("\n  "),
    ...(translated === undefined ? {} : { advice: translated }),
    ...(code === undefined ? {} : { code }),
    ...(requestId === undefined ? {} : { requestId })
  })
}
