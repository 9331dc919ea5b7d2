/**
 * The seven documents that ID OCR reads, one schema per table of the vendor's page, and the reading of one of them.
 *
 * Every field is optional: the service leaves out, or leaves empty, what it could not read. The answer does not name
 * the document; the caller knows it from Initialize and says so in the request.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 */
import * as Equal from "effect/Equal"
import * as Hash from "effect/Hash"
import * as Inspectable from "effect/Inspectable"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as DocumentDate from "./DocumentDate.ts"
import { parse as parseSex, Sex } from "./Sex.ts"

const text = Schema.optionalKey(Schema.String)
const day = Schema.optionalKey(DocumentDate.Day)
const month = Schema.optionalKey(DocumentDate.Month)
const sex = Schema.optionalKey(Sex)

/** Hong Kong Identity Card: the 2003 and 2018 smart identity cards. */
export class HongKongIdentityCard extends Schema.Class<HongKongIdentityCard>("HongKongIdentityCard")({
  /** Name. */
  name: text,
  /** Name (English). */
  englishName: text,
  /** Telecode for the Chinese name. */
  nameCode: text,
  sex,
  /** Date of birth. */
  birthDate: day,
  /** Identity card number. */
  idNumber: text,
  /** Date of registration. */
  currentIssueDate: day,
  /** Month and year of first registration. */
  firstIssueDate: month,
  /** Whether it is a permanent identity card; the list of values is missing from the vendor's page. */
  isPermanent: text,
  /** Symbol mark, for example `**AZ`. */
  symbols: text
}) {}

/** Exit-Entry Permit for Travelling to and from Hong Kong and Macao. */
export class ExitEntryPermitHongKongMacao extends Schema.Class<ExitEntryPermitHongKongMacao>(
  "ExitEntryPermitHongKongMacao"
)({
  /** Name. */
  name: text,
  /** Name (Pinyin). */
  englishName: text,
  sex,
  /** Date of birth. */
  birthDate: day,
  /** Certificate number. */
  idNumber: text,
  /** Date of issue. */
  issueDate: day,
  /** Date of expiry. */
  expiryDate: day,
  /** Place of issue. */
  placeOfIssue: text,
  /** Issuing authority. */
  originOfIssue: text
}) {}

/** Mainland Travel Permit for Hong Kong and Macao Residents. */
export class MainlandTravelPermitHongKongMacao extends Schema.Class<MainlandTravelPermitHongKongMacao>(
  "MainlandTravelPermitHongKongMacao"
)({
  /** Name. */
  name: text,
  /** Name (English). */
  englishName: text,
  sex,
  /** Date of birth. */
  birthDate: day,
  /** Certificate number. */
  idNumber: text,
  /** Date of issue. */
  issueDate: day,
  /** Date of expiry. */
  expiryDate: day,
  /** Issuing authority. */
  originOfIssue: text
}) {}

/** Global Passport: the machine-readable zone of an ICAO e-passport. */
export class GlobalPassport extends Schema.Class<GlobalPassport>("GlobalPassport")({
  /** Surname in Latin script, from the MRZ. */
  surname: text,
  /** Given name in Latin script, from the MRZ. */
  givenname: text,
  /** `F` or `M`. */
  sex,
  /** Date of birth, `yyyy-mm-dd`. */
  birthDate: day,
  /** Passport number. */
  passportNo: text,
  /** Nationality: a country code of three letters. */
  nationality: text,
  /** Date of expiry, `yyyy-mm-dd`. */
  expiryDate: day,
  /** Country code of the issuing authority: three letters. */
  countryCode: text
}) {}

/** Macao Resident Identity Card. */
export class MacaoResidentIdentityCard extends Schema.Class<MacaoResidentIdentityCard>("MacaoResidentIdentityCard")({
  /** Surname (Chinese). */
  surnameCN: text,
  /** Given name (Chinese). */
  givennameCN: text,
  /** Surname (English). */
  surname: text,
  /** Given name (English). */
  givenname: text,
  sex,
  /** Date of birth. */
  birthDate: day,
  /** Certificate number. */
  idNumber: text,
  /** Date of expiry. */
  expiryDate: day,
  /** Place of birth code, for example `AS`. */
  placeOfBirth: text
}) {}

/** Mainland Travel Permit for Taiwan Residents. */
export class MainlandTravelPermitTaiwan extends Schema.Class<MainlandTravelPermitTaiwan>("MainlandTravelPermitTaiwan")({
  /** Name. */
  name: text,
  /** Name (Pinyin). */
  englishName: text,
  sex,
  /** Date of birth. */
  birthDate: day,
  /** Certificate number. */
  idNumber: text,
  /** Date of issue. */
  issueDate: day,
  /** Date of expiry. */
  expiryDate: day,
  /** Issuing authority. */
  originOfIssue: text,
  /** Place of issue. */
  placeOfIssue: text
}) {}

/** People's Republic of China Resident Identity Card. */
export class PrcResidentIdentityCard extends Schema.Class<PrcResidentIdentityCard>("PrcResidentIdentityCard")({
  /** Name. */
  name: text,
  sex,
  /** Ethnicity. */
  ethnicity: text,
  /** Date of birth. */
  birthDate: day,
  /** ID card number. */
  idNumber: text,
  /** Address. */
  address: text
}) {}

/** The seven kinds, by name. */
export const kinds = {
  HongKongIdentityCard,
  ExitEntryPermitHongKongMacao,
  MainlandTravelPermitHongKongMacao,
  GlobalPassport,
  MacaoResidentIdentityCard,
  MainlandTravelPermitTaiwan,
  PrcResidentIdentityCard
} as const

/** The name of a kind. */
export type Name = keyof typeof kinds

/** A kind: pass it as `document` in a request, for example `Document.GlobalPassport`. */
export type Kind = (typeof kinds)[Name]

/** The fields of any document. */
export type Fields = InstanceType<Kind>

/** The vendor's title of each kind. */
export const titles: Readonly<Record<Name, string>> = {
  HongKongIdentityCard: "Hong Kong Identity Card",
  ExitEntryPermitHongKongMacao: "Exit-Entry Permit for Travelling to and from Hong Kong and Macao",
  MainlandTravelPermitHongKongMacao: "Mainland Travel Permits for Hong Kong and Macao Residents",
  GlobalPassport: "Global Passport",
  MacaoResidentIdentityCard: "Macao Resident Identity Card",
  MainlandTravelPermitTaiwan: "Mainland Travel Permit for Taiwan Residents",
  PrcResidentIdentityCard: "People's Republic of China Resident Identity Card"
}

const isName = (name: string): name is Name => Object.hasOwn(kinds, name)

/** The names, in the order of the vendor's page. */
export const names: ReadonlyArray<Name> = Object.keys(kinds).filter(isName)

/** The name of a kind, for example `"GlobalPassport"`; `undefined` for what is none of the seven. */
export const nameOf = (kind: Kind): Name | undefined => names.find((name) => kinds[name] === kind)

/** The names of a kind's fields, in the order of the vendor's table. */
export const fieldsOf = (name: Name): ReadonlyArray<string> => fieldNames[name]

const fieldNames: Readonly<Record<Name, ReadonlyArray<string>>> = Object.fromEntries(
  names.map((name) => [name, Object.keys(kinds[name].fields)])
) as { [N in Name]: Array<string> } // fromEntries forgets that every name is there

/** Which kinds have a field, one bit a kind in the order of `names`. */
const kindsWith: ReadonlyMap<string, number> = names.reduce((bits, name, index) => {
  for (const field of fieldNames[name]) bits.set(field, (bits.get(field) ?? 0) | (1 << index))
  return bits
}, new Map<string, number>())

/** What the page's raw keys say: the kinds that they fit. */
export type Inference =
  | { readonly _tag: "Decided"; readonly name: Name }
  | { readonly _tag: "Undecided"; readonly candidates: ReadonlyArray<Name> }

/**
 * Infers the document from the keys of its fields. Decided where they fit one kind only, or are exactly the fields of
 * one kind; undecided where two kinds have the same fields, or where too few fields came.
 *
 * @example
 * import * as Document from "@effect-cloudauth/core/Document"
 *
 * Document.infer(["passportNo", "surname"])
 * // => { _tag: "Decided", name: "GlobalPassport" }
 */
export const infer = (keys: Iterable<string>): Inference => {
  let fitting = -1
  let present = 0
  for (const key of new Set(keys)) {
    const bits = kindsWith.get(key)
    if (bits === undefined) continue
    fitting &= bits
    present++
  }
  if (present === 0) return { _tag: "Undecided", candidates: [] }
  const candidates = names.filter((_, index) => (fitting & (1 << index)) !== 0)
  const exact = candidates.filter((name) => fieldNames[name].length === present)
  const best = exact.length > 0 ? exact : candidates
  const [only] = best
  return best.length === 1 && only !== undefined
    ? { _tag: "Decided", name: only }
    : { _tag: "Undecided", candidates: best }
}

/** Whether keys can be those of a kind: some are known, and each known one is among its fields. */
export const fits = (name: Name, keys: ReadonlyArray<string>): boolean => {
  const known = keys.filter((key) => kindsWith.has(key))
  return known.length > 0 && known.every((key) => fieldNames[name].includes(key))
}

/** Everything that was read, known or not, as it came. */
export type Raw = Redacted.Redacted<Readonly<Record<string, unknown>>>

/** The service read nothing: OCR failed, or that side was not asked for. */
export interface NotRead {
  readonly _tag: "NotRead"
}

/**
 * A document was read. Its fields are a person's data: `Document.reveal` shows them. `fields` and `raw` are getters: a
 * copy by `{ ...reading }` leaves them behind.
 */
export interface Read<out F extends Fields = Fields> {
  readonly _tag: "Read"
  readonly document: Name
  readonly fields: Redacted.Redacted<F>
  readonly raw: Raw
}

/** The fields fit more than one kind, or none. `Document.interpret` reads them as the kind that you know it is. */
export interface Ambiguous {
  readonly _tag: "Ambiguous"
  readonly candidates: ReadonlyArray<Name>
  readonly raw: Raw
}

/** What was read of a document whose kind the caller did not name. */
export type Inferred = NotRead | Read | Ambiguous

/** What was read of a document of kind `K`. */
export type Expected<K extends Kind> = NotRead | Read<InstanceType<K>>

/** Any reading. */
export type Reading = NotRead | Read | Ambiguous

/** Nothing was read. */
export const notRead: NotRead = { _tag: "NotRead" }

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

/** How a field's text is read: what its schema does, without the schema's interpreter. */
interface FieldReader {
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

const readersOf = Object.fromEntries(
  names.map((name) => [
    name,
    Object.entries(kinds[name].fields).map(([field, schema]) => [field, readers.get(schema) ?? asText] as const)
  ])
) as { [N in Name]: Array<readonly [field: string, reader: FieldReader]> } // fromEntries forgets that every name is there

/**
 * Reads raw fields as a kind. Empty and missing values are 'not read'; a value that is no text, and a date that is no
 * date, are problems, and cost nothing else.
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

/**
 * A reading whose parts become `Redacted` when they are first looked at. `Redacted` keeps what it hides in a weak map,
 * which every garbage collection walks: made for each part of each answer, it cost more than the signature.
 */
class KnownReading<F extends Fields> extends Inspectable.Class implements Read<F>, Equal.Equal {
  readonly _tag = "Read"
  readonly document: Name
  readonly #fields: F
  readonly #raw: Readonly<Record<string, unknown>>
  #hiddenFields: Redacted.Redacted<F> | undefined
  #hiddenRaw: Raw | undefined

  constructor(document: Name, fields: F, raw: Readonly<Record<string, unknown>>) {
    super()
    this.document = document
    this.#fields = fields
    this.#raw = raw
  }

  /** Its fields, without making them `Redacted` only to look through it. */
  static reveal<F extends Fields>(reading: Read<F>): F {
    return #fields in reading && reading.#hiddenFields === undefined
      ? (reading.#fields as Fields as F) // the reading's own: the check by `in` forgets whose
      : Redacted.value(reading.fields)
  }

  get fields(): Redacted.Redacted<F> {
    return (this.#hiddenFields ??= Redacted.make(this.#fields, { label: this.document }))
  }

  get raw(): Raw {
    return (this.#hiddenRaw ??= Redacted.make(this.#raw, { label: this.document }))
  }

  [Equal.symbol](that: Equal.Equal): boolean {
    return (
      that instanceof KnownReading &&
      this.document === that.document &&
      Equal.equals(this.#fields, that.#fields) &&
      Equal.equals(this.#raw, that.#raw)
    )
  }

  [Hash.symbol](): number {
    return Hash.combine(Hash.string(this.document), Hash.hash(this.#raw))
  }

  toJSON(): unknown {
    const hidden = `<redacted:${this.document}>`
    return { _tag: this._tag, document: this.document, fields: hidden, raw: hidden }
  }
}

/** A reading of known kind. */
export const read = <F extends Fields>(document: Name, fields: F, raw: Readonly<Record<string, unknown>>): Read<F> =>
  new KnownReading(document, fields, raw)

/** A reading whose kind the fields do not decide. */
export const ambiguous = (candidates: ReadonlyArray<Name>, raw: Readonly<Record<string, unknown>>): Ambiguous => ({
  _tag: "Ambiguous",
  candidates,
  raw: Redacted.make(raw, { label: "document" })
})

/**
 * Shows the fields: the one explicit step from a result to a person's data. `undefined` where nothing was read or the
 * kind is not decided.
 *
 * @example
 * import * as Document from "@effect-cloudauth/core/Document"
 *
 * declare const reading: Document.Expected<typeof Document.GlobalPassport>
 *
 * const passportNo = Document.reveal(reading)?.passportNo
 */
export const reveal = <F extends Fields>(reading: NotRead | Read<F> | Ambiguous): F | undefined =>
  reading._tag === "Read" ? KnownReading.reveal(reading) : undefined

/** Reads an undecided document as the kind that the caller knows it to be. */
export const interpret = <K extends Kind>(reading: Reading, kind: K): Expected<K> => {
  if (reading._tag === "NotRead") return reading
  const name = nameOf(kind)
  if (name === undefined) return notRead
  const raw = Redacted.value(reading.raw)
  // The name comes from the kind, so the fields are that kind's.
  return read(name, readFields(name, raw).fields as InstanceType<K>, raw)
}

/** One field that the person changed by hand. */
export interface Difference {
  readonly field: string
  /** What was read, `undefined` where nothing was. */
  readonly read: Redacted.Redacted<unknown>
  /** What the person made of it. */
  readonly edited: Redacted.Redacted<unknown>
}

/**
 * The fields that differ between what was read and what the person made of it on the result page (`ocrEdited`), in the
 * order of the vendor's table; empty where the person edited nothing.
 *
 * @example
 * import type { CheckResult } from "@effect-cloudauth/core/CheckResult"
 * import * as Document from "@effect-cloudauth/core/Document"
 *
 * declare const result: CheckResult
 *
 * const changed = Document.differences(result.ocr, result.ocrEdited).map((difference) => difference.field)
 */
export const differences = (before: Reading, after: Reading): ReadonlyArray<Difference> => {
  if (after._tag === "NotRead") return []
  const read = before._tag === "NotRead" ? {} : Redacted.value(before.raw)
  const edited = Redacted.value(after.raw)
  return [...kindsWith.keys()]
    .filter((field) => Object.hasOwn(edited, field) && (read[field] ?? "") !== (edited[field] ?? ""))
    .map((field) => ({
      field,
      read: Redacted.make(read[field], { label: field }),
      edited: Redacted.make(edited[field], { label: field })
    }))
}
