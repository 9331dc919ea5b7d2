/** The documents of an answer: the front, what the person edited of it, and the back. */
import * as Redacted from "effect/Redacted"
import type * as Document from "../../Document.ts"
import * as Expectation from "../../Expectation.ts"
import * as Wire from "../../Wire.ts"
import { fits, infer, type Inference, isField } from "../document/infer.ts"
import { type DocumentParts, partsOf } from "../document/interpret.ts"
import type { Name } from "../document/kinds.ts"
import { plainKey } from "../document/plainKey.ts"
import * as reading from "../document/reading.ts"
import { type Json, originalName } from "./json.ts"

type Field = Json | Wire.Unreadable | undefined

/** The parts of `ExtIdInfo` that hold documents. */
export interface DocumentFields {
  readonly ocrIdInfo?: Field
  readonly ocrIdEditInfo?: Field
  readonly ocrIdBackInfo?: Field
}

/** A document of the answer, with what its reading leaves out. */
export interface ReadDocument {
  readonly reading: Document.Reading
  readonly raw: Json | undefined
  readonly parts: DocumentParts | undefined
  /** The keys that stand more than once, exactly or in another spelling. */
  readonly repeated: ReadonlyArray<string>
  /** Its fields are not those of the document that was asked for. Of the back the vendor's page lists no fields. */
  readonly isOther: boolean
}

export interface ReadDocuments {
  readonly ocr: ReadDocument
  readonly edited: ReadDocument
  readonly back: ReadDocument
}

/** Reads the documents, each as the kind that is expected, or as its fields say. */
export const readDocuments = (ext: DocumentFields | undefined, expectation: Expectation.Expectation): ReadDocuments => {
  const expected = Expectation.documentOf(expectation)
  const ocr = readDocument(ext?.ocrIdInfo, expected)
  // What the front is, the edited fields and the back are, too.
  const kind = ocr.reading._tag === "Read" ? ocr.reading.document : expected
  const edited = readDocument(ext?.ocrIdEditInfo, kind)
  const back = readDocument(ext?.ocrIdBackInfo, kind)
  const isOther = ({ raw }: Pick<ReadDocument, "raw">): boolean => raw !== undefined && !isExpected(raw, expectation)
  return {
    ocr: { ...ocr, isOther: isOther(ocr) },
    edited: { ...edited, isOther: isOther(edited) },
    back: { ...back, isOther: false }
  }
}

const isExpected = (raw: Json, { documents }: Expectation.Expectation): boolean =>
  documents === undefined || documents.some((name) => fits(name, Object.keys(raw)))

const readDocument = (field: Field, expected: Name | undefined): Omit<ReadDocument, "isOther"> => {
  if (Wire.isUnreadable(field)) {
    return { reading: reading.unreadable(Redacted.value(field.raw)), raw: undefined, parts: undefined, repeated: [] }
  }
  if (field === undefined || Object.keys(field).length === 0) {
    return { reading: reading.notRead, raw: undefined, parts: undefined, repeated: [] }
  }
  const inference: Inference = expected === undefined ? infer(Object.keys(field)) : { _tag: "Decided", name: expected }
  if (inference._tag === "Undecided") {
    return {
      reading: reading.ambiguous(inference.candidates, field),
      raw: field,
      parts: undefined,
      repeated: repeatedIn(field)
    }
  }
  const parts = partsOf(inference.name, field)
  return { reading: reading.read(inference.name, parts.fields, field), raw: field, parts, repeated: parts.repeated }
}

/** The keys of a document of no kind that stand more than once; `other` for one that no document has. */
const repeatedIn = (raw: Json): ReadonlyArray<string> => {
  const seen = new Set<string>()
  return Object.keys(raw).flatMap((key) => {
    const spelling = plainKey(originalName(key) ?? key)
    if (seen.has(spelling)) return [isField(spelling) ? spelling : "other"]
    seen.add(spelling)
    return []
  })
}
