/** Which keys of an answer may be shown without showing personal data. */
import { fieldsOf, names } from "./kinds.ts"
import { lookUp, namesBySpelling } from "./plainKey.ts"

const fieldNames = namesBySpelling(names.flatMap(fieldsOf))

/** A key's name in the vendor's tables, in any spelling. Any other key is the server's text, which could be anything. */
export const fieldName = (key: string): string => lookUp(fieldNames, key) ?? "other"

/**
 * A key of a document as a log or a terminal may show it: itself if it looks like a name, else `other`. Any other text of
 * the server could be a person's data.
 *
 * @example
 * import * as Document from "@effect-cloudauth/core/Document"
 *
 * Document.shownKey("bloodType") // => "bloodType"
 * Document.shownKey("CHAN Tai Man") // => "other"
 *
 * @category getters
 * @since 0.1.0
 */
export const shownKey = (key: string): string => (/^[a-z][\w-]{0,39}$/i.test(key) ? key : "other")
