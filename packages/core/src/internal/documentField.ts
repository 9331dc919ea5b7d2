/** What a field of a document can be: four schemas, each with the reader that does the same without the interpreter. */
import * as Schema from "effect/Schema"
import * as DocumentDate from "../DocumentDate.ts"
import { parse as parseSex, Sex } from "../Sex.ts"

export const text = Schema.optionalKey(Schema.String)
export const day = Schema.optionalKey(DocumentDate.Day)
export const month = Schema.optionalKey(DocumentDate.Month)
export const sex = Schema.optionalKey(Sex)

/** How a field's text is read: what its schema does, without the schema's interpreter. */
export interface FieldReader {
  /** What a text that can't be read should have been. */
  readonly expected: string
  readonly read: (text: string) => string | Sex | DocumentDate.DocumentDate
}

const asText: FieldReader = { expected: "text", read: (raw) => raw }

/** The readers of the schemas that are more than text. */
const readers = new Map<unknown, FieldReader>([
  [sex, { expected: "text", read: parseSex }],
  [day, { expected: "yyyy-MM-dd", read: DocumentDate.parseDay }],
  [month, { expected: "yyyy-MM", read: DocumentDate.parse }]
])

/** The reader of a field's schema. */
export const readerOf = (schema: unknown): FieldReader => readers.get(schema) ?? asText
