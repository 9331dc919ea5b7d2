/**
 * The codes by which Initialize names the document that the user is to show, and which kind each stands for.
 *
 * The list holds the codes that the vendor's page of return fields prints beside the documents of this solution.
 * Unconfirmed, and therefore left out: the codes of the Macao Resident Identity Card and of the People's Republic of
 * China Resident Identity Card; ask the vendor and give them as text. Codes such as `GLB03002` belong to other
 * solutions (eKYC_PRO, ID_OCR_MAX), whose answers have other field names.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/return-field
 */
import * as Document from "./Document.ts"

/**
 * Hong Kong Identity Card of 2003.
 *
 * @category constants
 * @since 0.1.0
 */
export const HongKongIdentityCard2003 = "00000006"

/**
 * Hong Kong Identity Card of 2018.
 *
 * @category constants
 * @since 0.1.0
 */
export const HongKongIdentityCard2018 = "00000008"

/**
 * Exit-Entry Permit for Travelling to and from Hong Kong and Macao.
 *
 * @category constants
 * @since 0.1.0
 */
export const ExitEntryPermitHongKongMacao = "00000007"

/**
 * Mainland Travel Permit for Hong Kong and Macao Residents.
 *
 * @category constants
 * @since 0.1.0
 */
export const MainlandTravelPermitHongKongMacao = "00000009"

/**
 * Mainland Travel Permit for Taiwan Residents. The Japanese edition of the page has these eight digits; the others have
 * a ninth, a zero too many by the rule that a code has eight.
 *
 * @category constants
 * @since 0.1.0
 */
export const MainlandTravelPermitTaiwan = "00000012"

/**
 * Global Passport.
 *
 * @category constants
 * @since 0.1.0
 */
export const GlobalPassport = "01000000"

const kinds = {
  [HongKongIdentityCard2003]: Document.HongKongIdentityCard,
  [HongKongIdentityCard2018]: Document.HongKongIdentityCard,
  [ExitEntryPermitHongKongMacao]: Document.ExitEntryPermitHongKongMacao,
  [MainlandTravelPermitHongKongMacao]: Document.MainlandTravelPermitHongKongMacao,
  [MainlandTravelPermitTaiwan]: Document.MainlandTravelPermitTaiwan,
  [GlobalPassport]: Document.GlobalPassport
} as const satisfies Record<string, Document.Kind>

/**
 * A code that is confirmed.
 *
 * @category models
 * @since 0.1.0
 */
export type Confirmed = keyof typeof kinds

/**
 * A code of eight letters and digits; those that are confirmed by name.
 *
 * @category models
 * @since 0.1.0
 */
export type DocType = Confirmed | (string & {})

const isConfirmed = (code: string): code is Confirmed => Object.hasOwn(kinds, code)

/**
 * The confirmed codes.
 *
 * @category constants
 * @since 0.1.0
 */
export const confirmed: ReadonlyArray<Confirmed> = Object.keys(kinds).filter(isConfirmed)

/**
 * The kind of document that a code stands for; `undefined` if it is not confirmed.
 *
 * @example
 * import * as DocType from "@effect-cloudauth/core/DocType"
 * import * as Document from "@effect-cloudauth/core/Document"
 *
 * DocType.kindOf(DocType.GlobalPassport) === Document.GlobalPassport // => true
 *
 * @category getters
 * @since 0.1.0
 */
export const kindOf = (code: string): Document.Kind | undefined => (isConfirmed(code) ? kinds[code] : undefined)

/**
 * The confirmed codes of a kind: two for the Hong Kong Identity Card, none if there is no confirmed code.
 *
 * @category getters
 * @since 0.1.0
 */
export const codesOf = (kind: Document.Kind): ReadonlyArray<Confirmed> =>
  confirmed.filter((code) => kinds[code] === kind)

/**
 * The kinds of documents that have a confirmed code.
 *
 * @category constants
 * @since 0.1.0
 */
export const confirmedNames: ReadonlyArray<Document.Name> = Document.names.filter(
  (name) => codesOf(Document.kinds[name]).length > 0
)
