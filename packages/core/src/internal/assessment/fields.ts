/** The fields of a page: which are missing or unknown, and whether the numbers and codes are right. */
import type { Sex } from "../../Sex.ts"
import { isTold } from "../document/field.ts"
import { shownKey } from "../document/fieldName.ts"
import { fieldsOf, type Name, otherNames } from "../document/kinds.ts"
import { plainKey } from "../document/plainKey.ts"
import { found, type Found } from "./codes.ts"
import * as countries from "./countries.ts"
import { calendarDay } from "./dates.ts"
import { type Page, textOf } from "./evidence.ts"
import * as numbers from "./numbers.ts"

const name = ["name", "englishName"]

/** What identifies a holder and their document: of each group one field. */
const required: Readonly<Record<Name, ReadonlyArray<ReadonlyArray<string>>>> = {
  HongKongIdentityCard: [name, ["birthDate"], ["idNumber"]],
  ExitEntryPermitHongKongMacao: [name, ["birthDate"], ["idNumber"], ["expiryDate"]],
  MainlandTravelPermitHongKongMacao: [name, ["birthDate"], ["idNumber"], ["expiryDate"]],
  GlobalPassport: [
    ["surname", "givenname"],
    ["birthDate"],
    ["passportNo"],
    ["nationality"],
    ["expiryDate"],
    ["countryCode"]
  ],
  MacaoResidentIdentityCard: [["surname", "surnameCN"], ["birthDate"], ["idNumber"], ["expiryDate"]],
  MainlandTravelPermitTaiwan: [name, ["birthDate"], ["idNumber"], ["expiryDate"]],
  PrcResidentIdentityCard: [["name"], ["birthDate"], ["idNumber"]]
}

/** The required fields that the front lacks. */
export const missingFields = ({ fields, name, side }: Page): ReadonlyArray<Found> =>
  name === undefined
    ? []
    : required[name]
        .filter((group) => group.every((field) => isMissing(fields[field])))
        .map(([field = ""]) => found("RequiredFieldMissing", { side, field }))

const isMissing = (value: unknown): boolean => value === undefined || (typeof value === "string" && !isTold(value))

/** Control and format characters, halves of a character, pictures, and what stands for bytes that were no text. */
const unprinted = /[\p{Cc}\p{Cf}\p{Cs}\p{Noncharacter_Code_Point}\p{Extended_Pictographic}\ufffd]/u

/** Has a word of Latin and other letters: some only look like what they stand for. */
const isMixed = (text: string): boolean =>
  (text.match(/[\p{L}\p{N}]+/gu) ?? []).some(
    (word) => /\p{sc=Latin}/u.test(word) && /[\p{sc=Cyrl}\p{sc=Grek}]/u.test(word)
  )

const isGarbled = (text: string): boolean => unprinted.test(text.replace(/[\t\r\n]/g, "")) || isMixed(text)

/** The vendor's tables say Latin script, English or Pinyin of these. */
const latinFields = ["englishName", "surname", "givenname"]

/** Stands for a letter that was hidden, or that a writer or a font did not know. */
const placeholder = /[*?＊？□■〓]/

const isInOtherScript = (text: string): boolean => /[^\P{L}\p{sc=Latin}]/u.test(text)

/** The fields that are no text, or whose text no document can have. */
export const garbledFields = ({ fields, side, unreadable }: Page): ReadonlyArray<Found> => [
  ...unreadable.map((field) => found("EvidenceUnreadable", { side, field })),
  ...Object.entries(fields)
    .filter(
      ([field, value]) =>
        typeof value === "string" &&
        (isGarbled(value) ||
          (latinFields.includes(field) && isInOtherScript(value)) ||
          (/name/i.test(field) && isTold(value) && placeholder.test(value)))
    )
    .map(([field]) => found("EvidenceUnreadable", { side, field }))
]

/** The keys that no table has, and those of the vendor's other edition. */
export const foreignKeys = ({ keys, name, side }: Page): ReadonlyArray<Found> => {
  if (name === undefined) return []
  const own = new Set(fieldsOf(name).map(plainKey))
  const others = new Set(Object.keys(otherNames[name] ?? {}).map(plainKey))
  const foreign = keys.filter((key) => !own.has(plainKey(key)))
  const unknown = foreign.filter((key) => !others.has(plainKey(key)))
  return [
    ...(unknown.length > 0
      ? [found("FieldsUnknown", { side, keys: [...new Set(unknown.map(shownKey))].slice(0, mostKeys) })]
      : []),
    ...(unknown.length < foreign.length ? [found("OtherEdition", { side })] : [])
  ]
}

/** More unknown keys than a finding names. */
const mostKeys = 20

/** The field of the document's number. */
export const numberField = (name: Name | undefined): "passportNo" | "idNumber" =>
  name === "GlobalPassport" ? "passportNo" : "idNumber"

/** The document's number, against its rule and against the other fields. */
export const checkNumber = (page: Page): ReadonlyArray<Found> => {
  const field = numberField(page.name)
  const number = textOf(page, field)
  // Which rule holds for the number of an undecided document is not known.
  if (page.name === undefined || page.isUndecided || number === undefined) return []
  const { side } = page
  const result = numbers.check(page.name, number)
  if (result === "Malformed") return [found("NumberMalformed", { side, field })]
  const holder = page.name === "PrcResidentIdentityCard" ? numbers.holderOf(number) : undefined
  const birth = calendarDay(page, "birthDate")
  const sex = sexOf(page)
  return [
    ...(result === "CheckDigitWrong" ? [found("CheckDigitWrong", { side, field })] : []),
    ...(holder !== undefined && birth !== undefined && holder.birthDate !== birth
      ? [found("NumberContradictsBirthDate", { side, field })]
      : []),
    // A number of this card is a woman's or a man's: `X` contradicts it, too.
    ...(holder !== undefined && sex !== undefined && sex !== "Unknown" && holder.sex !== sex
      ? [found("NumberContradictsSex", { side, field })]
      : [])
  ]
}

const sexOf = ({ fields }: Page): Sex["value"] | undefined => {
  const { sex } = fields
  // The schema of the field decodes to a sex.
  return typeof sex === "object" && sex !== null ? (sex as Sex).value : undefined
}

/** A sex in no known spelling, or in two that contradict each other. */
export const checkSex = (page: Page): ReadonlyArray<Found> =>
  sexOf(page) === "Unknown" ? [found("SexUnreadable", { side: page.side, field: "sex" })] : []

/** A passport's country codes. */
export const checkCountries = (page: Page): ReadonlyArray<Found> =>
  page.name !== "GlobalPassport"
    ? []
    : ["nationality", "countryCode"].flatMap((field): ReadonlyArray<Found> => {
        const code = textOf(page, field)
        const country = code === undefined ? "Known" : countries.classify(code)
        if (country === "Known") return []
        return [found(country === "Specimen" ? "SpecimenDocument" : "CountryCodeUnknown", { side: page.side, field })]
      })
