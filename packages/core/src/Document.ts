/**
 * The seven documents that ID OCR reads, one schema per table of the vendor's page, and the reading of one of them.
 *
 * Every field is optional: the service leaves out, or leaves empty, what it could not read. The answer does not name
 * the document; the caller knows it from Initialize and says so in the request.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 */
// The kinds, their names and the vendor's words for their fields.
export {
  ExitEntryPermitHongKongMacao,
  type Fields,
  fieldsOf,
  GlobalPassport,
  HongKongIdentityCard,
  type Kind,
  kinds,
  MacaoResidentIdentityCard,
  MainlandTravelPermitHongKongMacao,
  MainlandTravelPermitTaiwan,
  type Name,
  nameOf,
  names,
  PrcResidentIdentityCard,
  titles
} from "./internal/documentKinds.ts"
// A kind that nobody named, by the keys of its fields.
export { fits, infer, type Inference } from "./internal/documentInference.ts"
// Fields as values.
export { type Interpretation, type Problem, readFields } from "./internal/readFields.ts"
// What was read, hidden until it is revealed.
export {
  type Ambiguous,
  ambiguous,
  type Expected,
  type FieldsOf,
  type Inferred,
  interpret,
  type NotRead,
  notRead,
  type Raw,
  type Read,
  read,
  type Reading,
  reveal
} from "./internal/documentReading.ts"
// What the person changed of it.
export { type Difference, differences } from "./internal/documentDifferences.ts"
