/**
 * The seven kinds of documents that ID OCR reads: one schema per table of the vendor's page, its words beside each field.
 *
 * Every field is optional: the service leaves out, or leaves empty, what it could not read.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 */
import * as Schema from "effect/Schema"
import { day, month, sex, text } from "./documentField.ts"

/** Hong Kong Identity Card: the 2003 and 2018 smart identity cards. */
export class HongKongIdentityCard extends Schema.Class<HongKongIdentityCard>("HongKongIdentityCard")({
  /** Name. */
  name: text,
  /** Name (English). */
  englishName: text,
  /** Telecode for the Chinese name. */
  nameCode: text,
  sex,
  /** Date of birth. */
  birthDate: day,
  /** Identity card number. */
  idNumber: text,
  /** Date of registration. */
  currentIssueDate: day,
  /** Month and year of first registration. */
  firstIssueDate: month,
  /** Whether it is a permanent identity card; the list of values is missing from the vendor's page. */
  isPermanent: text,
  /** Symbol mark, for example `**AZ`. */
  symbols: text
}) {}

/** Exit-Entry Permit for Travelling to and from Hong Kong and Macao. */
export class ExitEntryPermitHongKongMacao extends Schema.Class<ExitEntryPermitHongKongMacao>(
  "ExitEntryPermitHongKongMacao"
)({
  /** Name. */
  name: text,
  /** Name (Pinyin). */
  englishName: text,
  sex,
  /** Date of birth. */
  birthDate: day,
  /** Certificate number. */
  idNumber: text,
  /** Date of issue. */
  issueDate: day,
  /** Date of expiry. */
  expiryDate: day,
  /** Place of issue. */
  placeOfIssue: text,
  /** Issuing authority. */
  originOfIssue: text
}) {}

/** Mainland Travel Permit for Hong Kong and Macao Residents. */
export class MainlandTravelPermitHongKongMacao extends Schema.Class<MainlandTravelPermitHongKongMacao>(
  "MainlandTravelPermitHongKongMacao"
)({
  /** Name. */
  name: text,
  /** Name (English). */
  englishName: text,
  sex,
  /** Date of birth. */
  birthDate: day,
  /** Certificate number. */
  idNumber: text,
  /** Date of issue. */
  issueDate: day,
  /** Date of expiry. */
  expiryDate: day,
  /** Issuing authority. */
  originOfIssue: text
}) {}

/** Global Passport: the machine-readable zone of an ICAO e-passport. */
export class GlobalPassport extends Schema.Class<GlobalPassport>("GlobalPassport")({
  /** Surname in Latin script, from the MRZ. */
  surname: text,
  /** Given name in Latin script, from the MRZ. */
  givenname: text,
  /** `F` or `M`. */
  sex,
  /** Date of birth, `yyyy-mm-dd`. */
  birthDate: day,
  /** Passport number. */
  passportNo: text,
  /** Nationality: a country code of three letters. */
  nationality: text,
  /** Date of expiry, `yyyy-mm-dd`. */
  expiryDate: day,
  /** Country code of the issuing authority: three letters. */
  countryCode: text
}) {}

/** Macao Resident Identity Card. */
export class MacaoResidentIdentityCard extends Schema.Class<MacaoResidentIdentityCard>("MacaoResidentIdentityCard")({
  /** Surname (Chinese). */
  surnameCN: text,
  /** Given name (Chinese). */
  givennameCN: text,
  /** Surname (English). */
  surname: text,
  /** Given name (English). */
  givenname: text,
  sex,
  /** Date of birth. */
  birthDate: day,
  /** Certificate number. */
  idNumber: text,
  /** Date of expiry. */
  expiryDate: day,
  /** Place of birth code, for example `AS`. */
  placeOfBirth: text
}) {}

/** Mainland Travel Permit for Taiwan Residents. */
export class MainlandTravelPermitTaiwan extends Schema.Class<MainlandTravelPermitTaiwan>("MainlandTravelPermitTaiwan")({
  /** Name. */
  name: text,
  /** Name (Pinyin). */
  englishName: text,
  sex,
  /** Date of birth. */
  birthDate: day,
  /** Certificate number. */
  idNumber: text,
  /** Date of issue. */
  issueDate: day,
  /** Date of expiry. */
  expiryDate: day,
  /** Issuing authority. */
  originOfIssue: text,
  /** Place of issue. */
  placeOfIssue: text
}) {}

/** People's Republic of China Resident Identity Card. */
export class PrcResidentIdentityCard extends Schema.Class<PrcResidentIdentityCard>("PrcResidentIdentityCard")({
  /** Name. */
  name: text,
  sex,
  /** Ethnicity. */
  ethnicity: text,
  /** Date of birth. */
  birthDate: day,
  /** ID card number. */
  idNumber: text,
  /** Address. */
  address: text
}) {}

/** The seven kinds, by name. */
export const kinds = {
  HongKongIdentityCard,
  ExitEntryPermitHongKongMacao,
  MainlandTravelPermitHongKongMacao,
  GlobalPassport,
  MacaoResidentIdentityCard,
  MainlandTravelPermitTaiwan,
  PrcResidentIdentityCard
} as const

/** The name of a kind. */
export type Name = keyof typeof kinds

/** A kind: pass it as `document` in a request, for example `Document.GlobalPassport`. */
export type Kind = (typeof kinds)[Name]

/** The fields of any document. */
export type Fields = InstanceType<Kind>

/** The vendor's title of each kind. */
export const titles: Readonly<Record<Name, string>> = {
  HongKongIdentityCard: "Hong Kong Identity Card",
  ExitEntryPermitHongKongMacao: "Exit-Entry Permit for Travelling to and from Hong Kong and Macao",
  MainlandTravelPermitHongKongMacao: "Mainland Travel Permits for Hong Kong and Macao Residents",
  GlobalPassport: "Global Passport",
  MacaoResidentIdentityCard: "Macao Resident Identity Card",
  MainlandTravelPermitTaiwan: "Mainland Travel Permit for Taiwan Residents",
  PrcResidentIdentityCard: "People's Republic of China Resident Identity Card"
}

const isName = (name: string): name is Name => Object.hasOwn(kinds, name)

/** The names, in the order of the vendor's page. */
export const names: ReadonlyArray<Name> = Object.keys(kinds).filter(isName)

/** The name of a kind, for example `"GlobalPassport"`; `undefined` for what is none of the seven. */
export const nameOf = (kind: Kind): Name | undefined => names.find((name) => kinds[name] === kind)

/** The names of a kind's fields, in the order of the vendor's table. */
export const fieldsOf = (name: Name): ReadonlyArray<string> => fieldNames[name]

const fieldNames: Readonly<Record<Name, ReadonlyArray<string>>> = Object.fromEntries(
  names.map((name) => [name, Object.keys(kinds[name].fields)])
) as { [N in Name]: Array<string> } // fromEntries forgets that every name is there
