import { Failure } from "./Failure.ts"
import { replaceAdvice } from "./internal/replaceAdvice.ts"
import { type Language, translate } from "./Language.ts"

/** A failure whose advice is in a language. */
export const inLanguage = (failure: Failure, language: Language): Failure => {
  const { advice, code, exit, message, requestId } = failure
  if (advice === undefined || language === "en") return failure
  const translated = translate(advice, language)
  return new Failure({
    exit,
    message: replaceAdvice(message, advice, translated),
    advice: translated,
    ...(code === undefined ? {} : { code }),
    ...(requestId === undefined ? {} : { requestId })
  })
}
