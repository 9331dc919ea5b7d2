/** The field names of the vendor's other edition. */
import type * as Document from "../Document.ts"

/** Names of the passport that are other words, too. */
const passport: Readonly<Record<string, string>> = {
  givenname: "given_names",
  birthDate: "date_of_birth",
  passportNo: "passport_number",
  expiryDate: "date_of_expiry"
}

const snakeCase = (name: string): string => name.replace(/[A-Z]+/g, (capitals) => `_${capitals.toLowerCase()}`)

/** The same fields under the names of the other edition. */
export const inOtherEdition = (
  fields: Readonly<Record<string, string>>,
  document: Document.Slug
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      (document === "global-passport" ? passport[name] : undefined) ?? snakeCase(name),
      value
    ])
  )
