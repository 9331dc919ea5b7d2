/**
 * The seven kinds of documents that ID OCR reads: one schema per table of the vendor's page, with its words.
 *
 * Every field is optional: the service leaves out, or leaves empty, what it could not read.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 */
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import { day, month, sex, text } from "./field.ts"

/**
 * The vendor's title of each kind.
 *
 * @category constants
 * @since 0.1.0
 */
export const titles = {
  HongKongIdentityCard: "Hong Kong Identity Card",
  ExitEntryPermitHongKongMacao: "Exit-Entry Permit for Travelling to and from Hong Kong and Macao",
  MainlandTravelPermitHongKongMacao: "Mainland Travel Permits for Hong Kong and Macao Residents",
  GlobalPassport: "Global Passport",
  MacaoResidentIdentityCard: "Macao Resident Identity Card",
  MainlandTravelPermitTaiwan: "Mainland Travel Permit for Taiwan Residents",
  PrcResidentIdentityCard: "People's Republic of China Resident Identity Card"
} as const

const kind = <const Fields extends Schema.Struct.Fields>(identifier: keyof typeof titles, fields: Fields) =>
  Schema.Struct(fields).annotate({ identifier, title: titles[identifier] })

/**
 * Hong Kong Identity Card: the 2003 and 2018 versions of the smart identity card.
 *
 * @category models
 * @since 0.1.0
 */
export const HongKongIdentityCard = kind("HongKongIdentityCard", {
  name: text("Name", "樣本"),
  englishName: text("Name (English)", "SPECIMEN SAMPLE"),
  nameCode: text("Telecode for Chinese Name", "2876 2609"),
  sex: sex("Sex", "F"),
  birthDate: day("Date of birth", "1985-03-14"),
  idNumber: text("Identity card number", "Z683365(5)"),
  currentIssueDate: day("Date of registration", "2018-11-26"),
  firstIssueDate: month("Month and year of first registration", "2003-06"),
  isPermanent: text("Indicates whether it is a permanent identity card", "Y"),
  symbols: text("Symbol mark", "***AZ")
})
export interface HongKongIdentityCard extends Schema.Schema.Type<typeof HongKongIdentityCard> {}

/**
 * Exit-Entry Permit for Travelling to and from Hong Kong and Macao.
 *
 * @category models
 * @since 0.1.0
 */
export const ExitEntryPermitHongKongMacao = kind("ExitEntryPermitHongKongMacao", {
  name: text("Name", "樣本"),
  englishName: text("Name (Pinyin)", "SPECIMEN SAMPLE"),
  sex: sex("Sex", "F"),
  birthDate: day("Date of birth", "1985-03-14"),
  idNumber: text("Certificate number", "Z683365(5)"),
  issueDate: day("Date of issue", "2020-05-06"),
  expiryDate: day("Date of expiry", "2030-05-05"),
  placeOfIssue: text("Place of issue", "测试"),
  originOfIssue: text("Issuing authority", "样本签发机关")
})
export interface ExitEntryPermitHongKongMacao extends Schema.Schema.Type<typeof ExitEntryPermitHongKongMacao> {}

/**
 * Mainland Travel Permits for Hong Kong and Macao Residents.
 *
 * @category models
 * @since 0.1.0
 */
export const MainlandTravelPermitHongKongMacao = kind("MainlandTravelPermitHongKongMacao", {
  name: text("Name", "樣本"),
  englishName: text("Name (English)", "SPECIMEN SAMPLE"),
  sex: sex("Sex", "F"),
  birthDate: day("Date of birth", "1985-03-14"),
  idNumber: text("Certificate number", "Z683365(5)"),
  issueDate: day("Date of issue", "2020-05-06"),
  expiryDate: day("Date of expiry", "2030-05-05"),
  originOfIssue: text("Issuing authority", "样本签发机关")
})
export interface MainlandTravelPermitHongKongMacao extends Schema.Schema.Type<
  typeof MainlandTravelPermitHongKongMacao
> {}

/**
 * Global Passport: the machine-readable zone of an ICAO-compliant e-passport, in a standardized format.
 *
 * @category models
 * @since 0.1.0
 */
export const GlobalPassport = kind("GlobalPassport", {
  surname: text("Surname (in Latin script, based on MRZ recognition)", "SPECIMEN"),
  givenname: text("Given name (in Latin script, based on MRZ recognition)", "SAMPLE"),
  sex: sex("Sex (F or M)", "M"),
  birthDate: day("Date of birth", "1974-08-12"),
  passportNo: text("Passport number", "L898902C3"),
  nationality: text("Nationality (3-digit country code)", "UTO"),
  expiryDate: day("Date of expiry", "2032-04-15"),
  countryCode: text("Country code of the passport issuing authority (3-digit country code)", "UTO")
})
export interface GlobalPassport extends Schema.Schema.Type<typeof GlobalPassport> {}

/**
 * Macao Resident Identity Card.
 *
 * @category models
 * @since 0.1.0
 */
export const MacaoResidentIdentityCard = kind("MacaoResidentIdentityCard", {
  surnameCN: text("Surname (Chinese)", "樣"),
  givennameCN: text("Given name (Chinese)", "本"),
  surname: text("Surname (English)", "SPECIMEN"),
  givenname: text("Given name (English)", "SAMPLE"),
  sex: sex("Sex", "男"),
  birthDate: day("Date of birth", "1988-12-31"),
  idNumber: text("Certificate number", "1234567(8)"),
  expiryDate: day("Date of expiry", "2030-05-05"),
  placeOfBirth: text("Place of birth code", "AS")
})
export interface MacaoResidentIdentityCard extends Schema.Schema.Type<typeof MacaoResidentIdentityCard> {}

/**
 * Mainland Travel Permit for Taiwan Residents.
 *
 * @category models
 * @since 0.1.0
 */
export const MainlandTravelPermitTaiwan = kind("MainlandTravelPermitTaiwan", {
  name: text("Name", "樣本"),
  englishName: text("Name (Pinyin)", "SPECIMEN SAMPLE"),
  sex: sex("Sex", "F"),
  birthDate: day("Date of birth", "1985-03-14"),
  idNumber: text("Certificate number", "Z683365(5)"),
  issueDate: day("Date of issue", "2020-05-06"),
  expiryDate: day("Date of expiry", "2030-05-05"),
  originOfIssue: text("Issuing authority", "样本签发机关"),
  placeOfIssue: text("Place of issue", "测试")
})
export interface MainlandTravelPermitTaiwan extends Schema.Schema.Type<typeof MainlandTravelPermitTaiwan> {}

/**
 * People's Republic of China Resident Identity Card.
 *
 * @category models
 * @since 0.1.0
 */
export const PrcResidentIdentityCard = kind("PrcResidentIdentityCard", {
  name: text("Name", "样本"),
  sex: sex("Sex", "女"),
  ethnicity: text("Ethnicity", "汉"),
  birthDate: day("Date of birth", "1990-01-01"),
  idNumber: text("ID card number", "110101199001011237"),
  address: text("Address", "样本省样本市样本路1号")
})
export interface PrcResidentIdentityCard extends Schema.Schema.Type<typeof PrcResidentIdentityCard> {}

/**
 * The seven kinds, by name.
 *
 * @category constants
 * @since 0.1.0
 */
export const kinds: {
  readonly HongKongIdentityCard: typeof HongKongIdentityCard
  readonly ExitEntryPermitHongKongMacao: typeof ExitEntryPermitHongKongMacao
  readonly MainlandTravelPermitHongKongMacao: typeof MainlandTravelPermitHongKongMacao
  readonly GlobalPassport: typeof GlobalPassport
  readonly MacaoResidentIdentityCard: typeof MacaoResidentIdentityCard
  readonly MainlandTravelPermitTaiwan: typeof MainlandTravelPermitTaiwan
  readonly PrcResidentIdentityCard: typeof PrcResidentIdentityCard
} = {
  HongKongIdentityCard,
  ExitEntryPermitHongKongMacao,
  MainlandTravelPermitHongKongMacao,
  GlobalPassport,
  MacaoResidentIdentityCard,
  MainlandTravelPermitTaiwan,
  PrcResidentIdentityCard
}

/**
 * The name of a kind.
 *
 * @category models
 * @since 0.1.0
 */
export type Name = keyof typeof kinds

/**
 * A kind: pass it as `document` in a request, for example `Document.GlobalPassport`.
 *
 * @category models
 * @since 0.1.0
 */
export type Kind = (typeof kinds)[Name]

/**
 * The fields of any document.
 *
 * @category models
 * @since 0.1.0
 */
export type Fields = Kind["Type"]

const isName = (name: unknown): name is Name => typeof name === "string" && Object.hasOwn(kinds, name)

/**
 * The names, in the order of the vendor's page.
 *
 * @category constants
 * @since 0.1.0
 */
export const names: ReadonlyArray<Name> = Object.keys(kinds).filter(isName)

/** A name as a schema. */
export const Name = Schema.Literals(names)

/**
 * The name of a kind, for example `"GlobalPassport"`; `undefined` for anything else. A kind is known by its identifier,
 * so one of another copy of this package counts, too.
 *
 * @category getters
 * @since 0.1.0
 */
export const nameOf = (kind: Kind): Name | undefined => {
  const identifier = Schema.isSchema(kind) ? SchemaAST.resolveIdentifier(kind.ast) : undefined
  return isName(identifier) ? identifier : undefined
}

/** The field names of the vendor's other edition, by the names of this one. */
export const otherNames: Readonly<Partial<Record<Name, Readonly<Record<string, string>>>>> = {
  GlobalPassport: {
    given_names: "givenname",
    passport_number: "passportNo",
    date_of_birth: "birthDate",
    date_of_expiry: "expiryDate"
  }
}

/**
 * The names of a kind's fields, in the order of the vendor's table.
 *
 * @category getters
 * @since 0.1.0
 */
export const fieldsOf = (name: Name): ReadonlyArray<string> => fieldNames[name]

const fieldNames: Readonly<Record<Name, ReadonlyArray<string>>> = Object.fromEntries(
  names.map((name) => [name, Object.keys(kinds[name].fields)])
) as { [N in Name]: Array<string> } // fromEntries forgets that every name is there
