/**
 * The seven documents that ID OCR reads, one schema per table of the vendor's page, and the reading of one of them.
 *
 * Every field is optional: the service leaves out, or leaves empty, what it could not read. The answer does not name
 * the document; the caller knows it from Initialize and says so in the request.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 * @since 0.1.0
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
  Name,
  nameOf,
  names,
  PrcResidentIdentityCard,
  titles
} from "./internal/document/kinds.ts"
// A field of a kind, for declarations that name its type.
export type { DayField, Field, MonthField, SexField, TextField } from "./internal/document/field.ts"
// The kind of a document, by the keys of its fields.
export { infer, type Inference } from "./internal/document/infer.ts"
// What was read, hidden until it is revealed.
export {
  Ambiguous,
  type Expected,
  type FieldsOf,
  type Inferred,
  NotRead,
  PersonalDataMissing,
  type Raw,
  Read,
  type Reading,
  reveal,
  Unreadable
} from "./internal/document/reading.ts"
// An undecided document, read as the kind that the caller knows it to be.
export { interpret } from "./internal/document/interpret.ts"
// A key that the vendor's tables may not have.
export { shownKey } from "./internal/document/fieldName.ts"
// What the person changed of it.
export { type Difference, differences } from "./internal/document/differences.ts"
// Whether a Hong Kong card is a permanent one.
export { isPermanent, type Permanence } from "./internal/document/permanence.ts"
