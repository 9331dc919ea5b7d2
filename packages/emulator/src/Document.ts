/**
 * The seven documents of the vendor's page ("OCR result fields"), by their slugs, with the fields of each table.
 *
 * @example
 * import * as Document from "@effect-cloudauth/emulator/Document"
 * Document.fields["global-passport"] // ["surname", "givenname", "sex", ...]
 */
import * as Schema from "effect/Schema"

/** The slugs that scenarios and well-known transaction ids use. */
export const slugs = [
  "hong-kong-identity-card",
  "exit-entry-permit-hong-kong-macao",
  "mainland-travel-permit-hong-kong-macao",
  "global-passport",
  "macao-resident-identity-card",
  "mainland-travel-permit-taiwan",
  "prc-resident-identity-card"
] as const

export const Slug = Schema.Literals(slugs)
export type Slug = typeof Slug.Type

/** The title of each table. */
export const titles: Record<Slug, string> = {
  "hong-kong-identity-card": "Hong Kong Identity Card",
  "exit-entry-permit-hong-kong-macao": "Exit-Entry Permit for Travelling to and from Hong Kong and Macao",
  "mainland-travel-permit-hong-kong-macao": "Mainland Travel Permits for Hong Kong and Macao Residents",
  "global-passport": "Global Passport",
  "macao-resident-identity-card": "Macao Resident Identity Card",
  "mainland-travel-permit-taiwan": "Mainland Travel Permit for Taiwan Residents",
  "prc-resident-identity-card": "People's Republic of China Resident Identity Card"
}

/** Every field of every table, in the page's order. All of them are strings on the wire. */
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

/** The field names of one document. */
export type Field<S extends Slug> = (typeof fields)[S][number]
