/**
 * The seven documents of the vendor's page ("OCR result fields"), by their slugs, with the fields of each table.
 *
 * @example
 * import * as Document from "@effect-cloudauth/emulator/Document"
 * Document.fields["global-passport"] // ["surname", "givenname", "sex", ...]
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * The slugs that scenarios and well-known transaction ids use.
 *
 * @category models
 * @since 0.1.0
 */
export const slugs = [
  "hong-kong-identity-card",
  "exit-entry-permit-hong-kong-macao",
  "mainland-travel-permit-hong-kong-macao",
  "global-passport",
  "macao-resident-identity-card",
  "mainland-travel-permit-taiwan",
  "prc-resident-identity-card"
] as const

/**
 * A slug as a schema.
 *
 * @category models
 * @since 0.1.0
 */
export const Slug = Schema.Literals(slugs)
export type Slug = typeof Slug.Type

/**
 * The title of each table.
 *
 * @category models
 * @since 0.1.0
 */
export const titles: Record<Slug, string> = {
  "hong-kong-identity-card": "Hong Kong Identity Card",
  "exit-entry-permit-hong-kong-macao": "Exit-Entry Permit for Travelling to and from Hong Kong and Macao",
  "mainland-travel-permit-hong-kong-macao": "Mainland Travel Permits for Hong Kong and Macao Residents",
  "global-passport": "Global Passport",
  "macao-resident-identity-card": "Macao Resident Identity Card",
  "mainland-travel-permit-taiwan": "Mainland Travel Permit for Taiwan Residents",
  "prc-resident-identity-card": "People's Republic of China Resident Identity Card"
}

/**
 * Every field of every table, in the page's order. All of them are strings on the wire.
 *
 * @category models
 * @since 0.1.0
 */
export const fields = {
  "hong-kong-identity-card": [
    "name",
    "englishName",
    "nameCode",
    "sex",
    "birthDate",
    "idNumber",
    "currentIssueDate",
    "firstIssueDate",
    "isPermanent",
    "symbols"
  ],
  "exit-entry-permit-hong-kong-macao": [
    "name",
    "englishName",
    "sex",
    "birthDate",
    "idNumber",
    "issueDate",
    "expiryDate",
    "placeOfIssue",
    "originOfIssue"
  ],
  "mainland-travel-permit-hong-kong-macao": [
    "name",
    "englishName",
    "sex",
    "birthDate",
    "idNumber",
    "issueDate",
    "expiryDate",
    "originOfIssue"
  ],
  "global-passport": [
    "surname",
    "givenname",
    "sex",
    "birthDate",
    "passportNo",
    "nationality",
    "expiryDate",
    "countryCode"
  ],
  "macao-resident-identity-card": [
    "surnameCN",
    "givennameCN",
    "surname",
    "givenname",
    "sex",
    "birthDate",
    "idNumber",
    "expiryDate",
    "placeOfBirth"
  ],
  "mainland-travel-permit-taiwan": [
    "name",
    "englishName",
    "sex",
    "birthDate",
    "idNumber",
    "issueDate",
    "expiryDate",
    "originOfIssue",
    "placeOfIssue"
  ],
  "prc-resident-identity-card": ["name", "sex", "ethnicity", "birthDate", "idNumber", "address"]
} as const satisfies Record<Slug, ReadonlyArray<string>>

/**
 * The field names of one document.
 *
 * @category models
 * @since 0.1.0
 */
export type Field<S extends Slug> = (typeof fields)[S][number]

/**
 * The documents that have a field.
 *
 * @category models
 * @since 0.1.0
 */
export type With<F extends string> = { readonly [S in Slug]: F extends Field<S> ? S : never }[Slug]

/**
 * Whether a document has a field.
 *
 * @category guards
 * @since 0.1.0
 */
export const has = (document: Slug, field: string): boolean => fields[document].some((name) => name === field)

/**
 * The field with the document's number.
 *
 * @category getters
 * @since 0.1.0
 */
export const numberOf = (document: Slug): "passportNo" | "idNumber" =>
  document === "global-passport" ? "passportNo" : "idNumber"
