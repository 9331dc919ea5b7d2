/**
 * Obviously fictitious people and their documents. The same seed gives the same person, field by field.
 *
 * Chinese names spell words such as 样本 (sample) and 虚构 (fictional), passports are issued by `UTO`, the Utopia of ICAO 9303,
 * and numbers lie in ranges that no authority issues, so that no real person is hit by accident. The check digits of Hong
 * Kong and PRC numbers are right; the rule for Macao numbers is not published, and theirs is always 0.
 *
 * @example
 * import * as Person from "@effect-cloudauth/emulator/Person"
 * const person = Person.make("any text")
 * Person.read(person, "global-passport").nationality // "UTO"
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type * as Document from "./Document.ts"
import * as Numbers from "./internal/numbers.ts"
import * as Seeded from "./internal/seeded.ts"

/**
 * How a document writes the sex: `M`/`F`, `Male`/`Female` or `男`/`女`.
 *
 * @category models
 * @since 0.1.0
 */
export const SexSpelling = Schema.Literals(["letter", "word", "chinese"])
export type SexSpelling = typeof SexSpelling.Type

/**
 * A person, from whom every document is written.
 *
 * @category models
 * @since 0.1.0
 */
export interface Person {
  readonly sex: "M" | "F"
  readonly surname: string
  readonly givenname: string
  readonly surnameCN: string
  readonly givennameCN: string
  /** Dates are `yyyy-MM-dd`. */
  readonly birthDate: string
  readonly issueDate: string
  readonly expiryDate: string
  readonly firstIssueDate: string
  readonly permanent: boolean
  /** Six digits from which every document's number is made. */
  readonly serial: string
}

type Written = readonly [chinese: string, latin: string]
const surnames: readonly [Written, ...ReadonlyArray<Written>] = [
  ["样", "YANG"],
  ["范", "FAN"],
  ["虚", "XU"],
  ["测", "CE"]
]
const givennames: readonly [Written, ...ReadonlyArray<Written>] = [
  ["本", "BEN"],
  ["例", "LI"],
  ["构", "GOU"],
  ["试用", "SHIYONG"],
  ["样张", "YANGZHANG"]
]

const date = (seeded: Seeded.Seeded, from: number, years: number): string => {
  const two = (value: number) => String(value).padStart(2, "0")
  return `${from + seeded.int(years)}-${two(1 + seeded.int(12))}-${two(1 + seeded.int(28))}`
}

/**
 * The person of a seed.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (seed: string): Person => {
  const seeded = Seeded.make(`person:${seed}`)
  const [surnameCN, surname] = seeded.pick(surnames)
  const [givennameCN, givenname] = seeded.pick(givennames)
  const issueDate = date(seeded, 2018, 6)
  return {
    sex: seeded.pick(["M", "F"]),
    surname,
    givenname,
    surnameCN,
    givennameCN,
    birthDate: date(seeded, 1950, 50),
    issueDate,
    expiryDate: `${Number(issueDate.slice(0, 4)) + 10}${issueDate.slice(4)}`,
    firstIssueDate: date(seeded, 2003, 12).slice(0, 7),
    permanent: seeded.float() < 0.7,
    serial: seeded.digits(6)
  }
}

const sexWords: Record<SexSpelling, Record<"M" | "F", string>> = {
  letter: { M: "M", F: "F" },
  word: { M: "Male", F: "Female" },
  chinese: { M: "男", F: "女" }
}

/** How each document spells the sex when nothing else is asked; the vendor's page fixes it for the passport only. */
const usualSpelling: Record<Document.Slug, SexSpelling> = {
  "hong-kong-identity-card": "letter",
  "exit-entry-permit-hong-kong-macao": "word",
  "mainland-travel-permit-hong-kong-macao": "word",
  "global-passport": "letter",
  "macao-resident-identity-card": "letter",
  "mainland-travel-permit-taiwan": "chinese",
  "prc-resident-identity-card": "chinese"
}

type Fields = { readonly [S in Document.Slug]: { readonly [F in Document.Field<S>]: string } }

const tables: { readonly [S in Document.Slug]: (person: Person, sex: string) => Fields[S] } = {
  "hong-kong-identity-card": (person, sex) => ({
    name: person.surnameCN + person.givennameCN,
    englishName: `${person.surname} ${person.givenname}`,
    nameCode: `0000 ${person.serial.slice(0, 4)}`,
    sex,
    birthDate: person.birthDate,
    idNumber: Numbers.hongKong(person.serial),
    currentIssueDate: person.issueDate,
    firstIssueDate: person.firstIssueDate,
    // Invented: the page has no values. Y and N are what the vendor uses for every other yes and no.
    isPermanent: person.permanent ? "Y" : "N",
    symbols: person.permanent ? "***AZ" : "CO"
  }),
  "exit-entry-permit-hong-kong-macao": (person, sex) => ({
    name: person.surnameCN + person.givennameCN,
    englishName: `${person.surname},${person.givenname}`,
    sex,
    birthDate: person.birthDate,
    idNumber: `CX0${person.serial}`,
    issueDate: person.issueDate,
    expiryDate: person.expiryDate,
    placeOfIssue: "样本省",
    originOfIssue: "样本出入境管理局"
  }),
  "mainland-travel-permit-hong-kong-macao": (person, sex) => ({
    name: person.surnameCN + person.givennameCN,
    englishName: `${person.surname} ${person.givenname}`,
    sex,
    birthDate: person.birthDate,
    idNumber: `H00${person.serial}`,
    issueDate: person.issueDate,
    expiryDate: person.expiryDate,
    originOfIssue: "Specimen Immigration Administration"
  }),
  "global-passport": (person, sex) => ({
    surname: person.surname,
    givenname: person.givenname,
    sex,
    birthDate: person.birthDate,
    passportNo: `X00${person.serial}`,
    nationality: "UTO",
    expiryDate: person.expiryDate,
    countryCode: "UTO"
  }),
  "macao-resident-identity-card": (person, sex) => ({
    surnameCN: person.surnameCN,
    givennameCN: person.givennameCN,
    surname: person.surname,
    givenname: person.givenname,
    sex,
    birthDate: person.birthDate,
    idNumber: `9${person.serial}(0)`,
    expiryDate: person.expiryDate,
    placeOfBirth: "AS"
  }),
  "mainland-travel-permit-taiwan": (person, sex) => ({
    name: person.surnameCN + person.givennameCN,
    englishName: `${person.surname} ${person.givenname}`,
    sex,
    birthDate: person.birthDate,
    idNumber: `00${person.serial}`,
    issueDate: person.issueDate,
    expiryDate: person.expiryDate,
    originOfIssue: "样本出入境管理局",
    placeOfIssue: "样本"
  }),
  "prc-resident-identity-card": (person, sex) => ({
    name: person.surnameCN + person.givennameCN,
    sex,
    ethnicity: "汉",
    birthDate: person.birthDate,
    idNumber: Numbers.prc(person),
    address: `样本省虚构市范例路${Number(person.serial.slice(0, 3))}号`
  })
}

/**
 * What OCR reads from this person's document: every field of the page's table.
 *
 * @category getters
 * @since 0.1.0
 */
export const read = <S extends Document.Slug>(person: Person, document: S, spelling?: SexSpelling): Fields[S] =>
  tables[document](person, sexWords[spelling ?? usualSpelling[document]][person.sex])

/**
 * What OCR reads from the back. Invented: the page names the key (`ocrIdBackInfo`) but no fields, so these three are
 * borrowed from its other tables.
 *
 * @category getters
 * @since 0.1.0
 */
export const readBack = (person: Person) => ({
  originOfIssue: "样本市公安局虚构分局",
  issueDate: person.issueDate,
  expiryDate: person.expiryDate
})
