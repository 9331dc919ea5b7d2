/** The raw fields of a document → its fields as values, and the problems met on the way. */
import { type FieldReader, readerOf } from "./documentField.ts"
import { type Fields, kinds, type Name, names } from "./documentKinds.ts"

/** A field that is not what the vendor's page says. */
export interface Problem {
  readonly field: string
  readonly expected: string
  readonly raw: unknown
}

/** Fields and the problems met while reading them. */
export interface Interpretation<out F extends Fields> {
  readonly fields: F
  readonly problems: ReadonlyArray<Problem>
}

const readersOf = Object.fromEntries(
  names.map((name) => [
    name,
    Object.entries(kinds[name].fields).map(([field, schema]) => [field, readerOf(schema)] as const)
  ])
) as { [N in Name]: Array<readonly [field: string, reader: FieldReader]> } // fromEntries forgets that every name is there

/**
 * Reads raw fields as a kind. Empty and missing values are 'not read'; a value that is no text, and a date that is no
 * date, are problems, and cost nothing else.
 *
 * @example
 * import * as Document from "@effect-cloudauth/core/Document"
 *
 * Document.readFields("GlobalPassport", { surname: "EXAMPLE", expiryDate: "2030-02-30" }).problems
 * // => [{ field: "expiryDate", expected: "yyyy-MM-dd", raw: "2030-02-30" }]
 */
export const readFields = <N extends Name>(
  name: N,
  raw: Readonly<Record<string, unknown>>
): Interpretation<InstanceType<(typeof kinds)[N]>> => {
  // Of the kind's class, as its schema would make it; the constructor would check again what the readers make.
  const fields: InstanceType<(typeof kinds)[N]> & Record<string, unknown> = Object.create(kinds[name].prototype)
  const problems: Array<Problem> = []
  for (const [field, { expected, read }] of readersOf[name]) {
    const value = Object.hasOwn(raw, field) ? raw[field] : undefined
    if (value === undefined || value === null || value === "") continue
    if (typeof value !== "string") {
      problems.push({ field, expected: "text", raw: value })
      continue
    }
    const found = read(value)
    fields[field] = found
    if (typeof found === "object" && "_tag" in found && found._tag === "Unreadable") {
      problems.push({ field, expected, raw: value })
    }
  }
  return { fields, problems }
}
