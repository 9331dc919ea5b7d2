/** The numbers of the cards and permits: their shape, check digit, and what the number itself says of its holder. */
import type { Name } from "../document/kinds.ts"

/** A number without its spelling: full width, case, spaces, brackets and hyphens. */
export const compact = (raw: string): string =>
  raw
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, "")

/** The part of a number that stays if the document is renewed: a travel permit's last two digits count the renewals. */
export const lasting = (name: Name, raw: string): string => {
  const number = compact(raw)
  if (name === "MainlandTravelPermitHongKongMacao") return number.replace(/^([HM]\d{8})\d{2}$/, "$1")
  return name === "MainlandTravelPermitTaiwan" ? number.replace(/^(\d{8})\d{2}$/, "$1") : number
}

/**
 * The shapes, without spelling. Permits: one letter (two for the exit-entry permit's newer series) and eight digits, or
 * the eight digits of the permit for Taiwan residents, with two more that count the renewals.
 *
 * @source https://www.immd.gov.hk/eng/services/hkid/general_info.html
 * @source https://www.mps.gov.cn (rules for the numbers of Mainland Travel Permits, 2010)
 */
const shapes: Readonly<Record<Name, RegExp>> = {
  HongKongIdentityCard: /^[A-Z]{1,2}\d{6}[\dA]$/,
  ExitEntryPermitHongKongMacao: /^(?:[A-Z]\d{8}|[A-Z]{2}\d{7})$/,
  MainlandTravelPermitHongKongMacao: /^[HM]\d{8}(?:\d{2})?$/,
  GlobalPassport: /^[A-Z]{0,14}\d[A-Z\d]{0,14}$/,
  MacaoResidentIdentityCard: /^\d{8}$/,
  MainlandTravelPermitTaiwan: /^\d{8}(?:\d{2})?$/,
  PrcResidentIdentityCard: /^\d{17}[\dX]$/
}

/** Hong Kong: letters count from A = 10, a missing first letter is 36; the sum of the weighted places is a multiple of 11. */
const isHongKong = (number: string): boolean => {
  const values = Array.from(number.padStart(9, " "), (place) => (place === " " ? 36 : Number.parseInt(place, 36)))
  return values.reduce((sum, value, index) => sum + value * (9 - index), 0) % 11 === 0
}

/** People's Republic of China: GB 11643-1999, which is ISO 7064 MOD 11-2. */
const isPrc = (number: string): boolean =>
  Array.from(number, (place) => (place === "X" ? 10 : Number(place))).reduce(
    (sum, value, index) => sum + value * (2 ** (17 - index) % 11),
    0
  ) %
    11 ===
  1

/** Macao and the permits print no check digit whose rule is published. */
const checks: Readonly<Partial<Record<Name, (number: string) => boolean>>> = {
  HongKongIdentityCard: isHongKong,
  PrcResidentIdentityCard: isPrc
}

/** Letters, digits and what can stand between them, also in full width. Circled or raised digits print no number. */
const characters = /^[A-Za-z\d\s()<./Ａ-Ｚａ-ｚ０-９（）＜．／\p{Pd}]*$/u

/** Whether a number has its document's shape, and the right check digit if there is a rule. */
export const check = (name: Name, raw: string): "Right" | "Malformed" | "CheckDigitWrong" => {
  const number = compact(raw)
  if (!characters.test(raw) || !shapes[name].test(number)) return "Malformed"
  return checks[name]?.(number) === false ? "CheckDigitWrong" : "Right"
}

/** What a number of the People's Republic of China says of its holder; `undefined` for a number of another shape. */
export const holderOf = (raw: string): { readonly birthDate: number; readonly sex: "Female" | "Male" } | undefined => {
  const number = compact(raw)
  if (!shapes.PrcResidentIdentityCard.test(number)) return undefined
  return { birthDate: Number(number.slice(6, 14)), sex: Number(number[16]) % 2 === 0 ? "Female" : "Male" }
}
