/**
 * The languages of the generated pages. Their texts come from the English sources and, by the English text, from
 * `translations.json` and the advice of core. A text without a translation fails the build.
 */
import { readFileSync } from "node:fs"
import * as Advice from "@effect-cloudauth/core/Advice"

export type Language = "en" | "zh-Hans" | "zh-Hant"

export const chinese = ["zh-Hans", "zh-Hant"] as const

/** The name of a language in the texts of core. */
export const keyOf = { en: "en", "zh-Hans": "zhHans", "zh-Hant": "zhHant" } as const satisfies Record<
  Language,
  keyof Advice.Texts
>

/** English text → its translations, for what is not in core. */
export const translations: Readonly<Record<string, Readonly<Record<(typeof chinese)[number], string>>>> = JSON.parse(
  readFileSync(new URL("../translations.json", import.meta.url), "utf8")
)

/** Gives an English text in the language. */
export type Translate = (english: string) => string

export const translator =
  (language: Language): Translate =>
  (english) => {
    if (language === "en") return english
    const found = Advice.table.errors.get(english)?.[keyOf[language]] ?? translations[english]?.[language]
    if (found === undefined) throw new Error(`translations.json lacks ${language} of ${JSON.stringify(english)}`)
    return found
  }
