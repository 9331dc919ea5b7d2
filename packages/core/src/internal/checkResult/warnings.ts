/** The parts of an answer that are not as documented. The rest was still read. */
import * as Redacted from "effect/Redacted"
import type { Warning } from "./model.ts"
import * as Wire from "../../Wire.ts"
import type { ReadDocument, ReadDocuments } from "../decode/documents.ts"
import { type Answered, extOf } from "../decode/answered.ts"

/** All warnings, from the outside in. */
export const warningsOf = (answered: Answered, documents: ReadDocuments): ReadonlyArray<Warning> => {
  const { answer, hasOtherId, isUtf8, result } = answered
  const ext = extOf(result)
  const path = "Result.ExtIdInfo"
  const warnings: Array<Warning> = []
  if (!isUtf8) warnings.push(warning("", "UTF-8", null))
  if (hasOtherId) warnings.push(warning("RequestId", "the id of the header x-acs-request-id", null))
  addPart(warnings, answer, "")
  addPart(warnings, result, "Result")
  addPart(warnings, ext, path)
  addPart(warnings, Wire.readable(ext?.fields.spoofInfo), `${path}.spoofInfo`)
  addPart(warnings, Wire.readable(ext?.fields.spoofBackInfo), `${path}.spoofBackInfo`)
  addDocument(warnings, documents.ocr, `${path}.ocrIdInfo`)
  addDocument(warnings, documents.edited, `${path}.ocrIdEditInfo`)
  addDocument(warnings, documents.back, `${path}.ocrIdBackInfo`)
  return warnings
}

/** `raw` is `null` if nothing stands for what is wrong: JSON has no `undefined`. */
const warning = (path: string, expected: string, raw: unknown): Warning => ({
  path,
  expected,
  raw: Redacted.make(raw, { label: "raw" })
})

const join = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`)

interface Part {
  readonly fields: Readonly<Record<string, unknown>>
  readonly source: { readonly repeated: ReadonlyArray<string> }
}

const addPart = (warnings: Array<Warning>, part: Part | undefined, path: string): void => {
  if (part === undefined) return
  for (const key of Object.keys(part.fields)) {
    const value = part.fields[key]
    if (Wire.isUnreadable(value)) warnings.push(warning(join(path, key), value.expected, Redacted.value(value.raw)))
  }
  for (const key of part.source.repeated) warnings.push(warning(join(path, key), "one value", null))
}

const addDocument = (warnings: Array<Warning>, { isOther, parts, raw, repeated }: ReadDocument, path: string): void => {
  if (isOther) warnings.push(warning(path, "the fields of the document that was asked for", raw))
  for (const [field, { expected, raw }] of Object.entries(parts?.unreadable ?? {})) {
    warnings.push(warning(join(path, field), expected, Redacted.value(raw)))
  }
  for (const [field, value] of Object.entries(parts?.fields ?? {})) {
    if (isUnreadableDate(value)) warnings.push(warning(join(path, field), value.expected, value.raw))
  }
  for (const field of repeated) warnings.push(warning(join(path, field), "one value", null))
  for (const key of parts?.synonyms ?? []) {
    warnings.push(warning(join(path, key), "the field name of this solution", null))
  }
}

const isUnreadableDate = (value: unknown): value is { readonly expected: string; readonly raw: string } =>
  typeof value === "object" && value !== null && "_tag" in value && value._tag === "Unreadable"
