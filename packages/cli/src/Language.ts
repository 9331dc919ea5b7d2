/**
 * The language of what the commands print: `--lang`, else the locale of the environment. The English text, or template, is
 * the key of its translations; one that is missing stays English, and `scripts/checkTranslations.ts` names it.
 */
import * as Advice from "@effect-cloudauth/core/Advice"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { collecting } from "./internal/language/collecting.ts"
import { general } from "./internal/language/general.ts"
import { keeping } from "./internal/language/keeping.ts"
import { outcomes } from "./internal/language/outcomes.ts"
import { foreign, reasons } from "./internal/language/reasons.ts"
import { english, fill, type Value } from "./internal/language/say.ts"
import { sentences } from "./internal/language/sentences.ts"
import { showing } from "./internal/language/showing.ts"
import { words } from "./internal/language/words.ts"

export { words } from "./internal/language/words.ts"

/** The languages, as `--lang` names them. */
export const languages = ["en", "zh-Hans", "zh-Hant"] as const

export type Language = (typeof languages)[number]

/** The language of this run. */
export const Language = Context.Reference<Language>("@effect-cloudauth/cli/Language", { defaultValue: () => "en" })

/** The name of a language in the texts of core. */
export const keyOf = { en: "en", "zh-Hans": "zhHans", "zh-Hant": "zhHant" } as const satisfies Record<
  Language,
  keyof Advice.Texts
>

/** What is translated here: help, meanings of exit codes, messages, and advice that core does not have. */
export const texts = { ...general, ...collecting, ...keeping, ...outcomes, ...sentences, ...showing } as const

export { reasons } from "./internal/language/reasons.ts"

const own = new Map(Object.entries({ ...texts, ...words }))
const ownReasons = new Map(Object.entries({ ...reasons, ...foreign }))

/** A text in a language. */
export const translate = (english: string, language: Language): string => {
  if (language === "en") return english
  const found = own.get(english)
  return found === undefined
    ? Advice.ofError({ advice: english })[keyOf[language]]
    : found[language === "zh-Hans" ? 0 : 1]
}

/** A sentence in a language. A value that is a known reason is translated; every other value stays as it is. */
export const render = (value: Value, language: Language): string =>
  language === "en"
    ? english(value)
    : typeof value === "object"
      ? fill(translate(value.template, language), value.values, (part) => render(part, language))
      : reasonIn(String(value), language)

/** A reason can have a detail behind it: `permission is denied (EACCES)`. */
const reasonIn = (text: string, language: "zh-Hans" | "zh-Hant"): string => {
  const found = knownReason(text, language)
  const open = text.endsWith(")") ? text.lastIndexOf(" (") : -1
  if (found !== undefined || open < 0) return found ?? text
  const before = text.slice(0, open)
  const translated = reasonIn(before, language)
  const detail = text.slice(open + 2, -1)
  return translated === before ? text : `${translated}（${knownReason(detail, language) ?? detail}）`
}

/** In the table, each number of a reason is a placeholder. */
const knownReason = (text: string, language: "zh-Hans" | "zh-Hant"): string | undefined => {
  const numbers = text.match(/\d+/g) ?? []
  let index = 0
  const found = ownReasons.get(text) ?? ownReasons.get(text.replaceAll(/\d+/g, () => `{${index++}}`))
  return found === undefined ? undefined : fill(found[language === "zh-Hans" ? 0 : 1], numbers, (part) => String(part))
}

/** What `--lang` says, wherever it stands. Another value is left to the parser, which refuses it. */
const asked = (args: ReadonlyArray<string>): Language | undefined => {
  const flags = args.includes("--") ? args.slice(0, args.indexOf("--")) : args
  const at = flags.findIndex((arg) => arg === "--lang" || arg.startsWith("--lang="))
  const value = flags[at] === "--lang" ? flags[at + 1] : flags[at]?.slice("--lang=".length)
  return languages.find((language) => language === value)
}

/** The language of a POSIX locale, such as `zh_HK.UTF-8`. Other encodings than UTF-8 could not show Chinese. */
export const ofLocale = (locale: string): Language => {
  const [known = ""] = locale.split("@")
  const [name = "", encoding = "UTF-8"] = known.split(".")
  if (!/^utf-?8$/i.test(encoding) || !/^zh(?:[_-]|$)/i.test(name)) return "en"
  return !/hans/i.test(name) && /[_-](?:hant|hk|mo|tw)/i.test(name) ? "zh-Hant" : "zh-Hans"
}

/** In the order in which POSIX has them. */
const variables = ["LC_ALL", "LC_MESSAGES", "LANG"] as const

/** The language for a command line. */
export const of = Effect.fnUntraced(function* (args: ReadonlyArray<string>) {
  const flag = asked(args)
  if (flag !== undefined) return flag
  for (const name of variables) {
    const locale = yield* Effect.orElseSucceed(Config.String(name), () => "")
    if (locale !== "") return ofLocale(locale)
  }
  return "en"
})
