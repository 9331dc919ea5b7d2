/** The names of fields, for what may hold no person. */
import { fieldsOf, names } from "./kinds.ts"
import { lookUp, namesBySpelling } from "./plainKey.ts"

const fieldNames = namesBySpelling(names.flatMap(fieldsOf))

/** A key's name in the vendor's tables, in any spelling. Any other key is the server's text, which could be anything. */
export const fieldName = (key: string): string => lookUp(fieldNames, key) ?? "other"
