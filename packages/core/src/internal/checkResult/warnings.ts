/** What of an answer is not as documented. It cost nothing else. */
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
  return [
    ...(isUtf8 ? [] : [warning("", "UTF-8", null)]),
    ...(hasOtherId ? [warning("RequestId", "the id of the header x-acs-request-id", null)] : []),
    ...ofPart(answer, ""),
    ...ofPart(result, "Result"),
    ...ofPart(ext, path),
    ...ofPart(Wire.readable(ext?.fields.spoofInfo), `${path}.spoofInfo`),
    ...ofPart(Wire.readable(ext?.fields.spoofBackInfo), `${path}.spoofBackInfo`),
    ...ofDocument(documents.ocr, `${path}.ocrIdInfo`),
    ...ofDocument(documents.edited, `${path}.ocrIdEditInfo`),
    ...ofDocument(documents.back, `${path}.ocrIdBackInfo`)
  ]
}

/** `raw` is `null` if nothing stands for what is wrong: JSON has no `undefined`. */
const warning = (path: string, expected: string, raw: unknown): Warning => ({
  path,
  expected,
  raw: Redacted.make(raw, { label: "raw" })
})

const join = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`)

interface Part {
  readonly fields: object
  readonly source: { readonly repeated: ReadonlyArray<string> }
}

const ofPart = (part: Part | undefined, path: string): ReadonlyArray<Warning> =>
  part === undefined
    ? []
    : [
        ...Object.entries(part.fields).flatMap(([key, value]) =>
          Wire.isUnreadable(value) ? [warning(join(path, key), value.expected, Redacted.value(value.raw))] : []
        ),
        ...part.source.repeated.map((key) => warning(join(path, key), "one value", null))
      ]

const ofDocument = ({ isOther, parts, raw, repeated }: ReadDocument, path: string): ReadonlyArray<Warning> => {
  const twice = repeated.map((field) => warning(join(path, field), "one value", null))
  const other = isOther ? [warning(path, "the fields of the document that was asked for", raw)] : []
  if (parts === undefined) return [...other, ...twice]
  return [
    ...other,
    ...Object.entries(parts.unreadable).map(([field, { expected, raw }]) =>
      warning(join(path, field), expected, Redacted.value(raw))
    ),
    ...Object.entries(parts.fields).flatMap(([field, value]) =>
      isUnreadableDate(value) ? [warning(join(path, field), value.expected, value.raw)] : []
    ),
    ...twice,
    ...parts.synonyms.map((key) => warning(join(path, key), "the field name of this solution", null))
  ]
}

const isUnreadableDate = (value: unknown): value is { readonly expected: string; readonly raw: string } =>
  typeof value === "object" && value !== null && "_tag" in value && value._tag === "Unreadable"
