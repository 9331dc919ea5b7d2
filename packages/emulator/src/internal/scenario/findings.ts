/** Passes that a careful reviewer would look at again: the verdict is `Passed`, but the document or the reading is odd. */
import * as Document from "../../Document.ts"
import * as Numbers from "../numbers.ts"
import type { FieldValue, Verdict, VerdictOptions } from "./model.ts"
import { passed } from "./steps.ts"

type Options<Slug extends Document.Slug = Document.Slug> = Omit<VerdictOptions, "document"> & {
  readonly document?: Slug | undefined
}

/** A pass whose fields are these; the options' own fields win. */
const withFields = (document: Document.Slug, fields: Readonly<Record<string, FieldValue>>, options: Options): Verdict =>
  passed({ ...options, document, fields: { ...fields, ...options.fields } })

const year = 365

/**
 * The document expired 30 days ago.
 *
 * @category findings
 * @since 0.1.0
 */
export const expired = (options: Options<Document.With<"expiryDate">> = {}): Verdict => validFor(-30, options)

/**
 * The document expires in 20 days.
 *
 * @category findings
 * @since 0.1.0
 */
export const expiresSoon = (options: Options<Document.With<"expiryDate">> = {}): Verdict => validFor(20, options)

const validFor = (days: number, options: Options<Document.With<"expiryDate">>): Verdict => {
  const { document = "global-passport" } = options
  const issueDate = Document.has(document, "issueDate") ? { issueDate: { daysFromNow: days - 10 * year } } : {}
  return withFields(document, { expiryDate: { daysFromNow: days }, ...issueDate }, options)
}

/**
 * The document is issued in ten days.
 *
 * @category findings
 * @since 0.1.0
 */
export const notYetValid = (options: Options<Document.With<"issueDate">> = {}): Verdict => {
  const { document = "mainland-travel-permit-hong-kong-macao" } = options
  const days = 10
  return withFields(
    document,
    { issueDate: { daysFromNow: days }, expiryDate: { daysFromNow: days + 10 * year } },
    options
  )
}

/**
 * The birth date is in five years.
 *
 * @category findings
 * @since 0.1.0
 */
export const implausibleBirthDate = (options: Options = {}): Verdict =>
  withFields(options.document ?? "global-passport", { birthDate: { daysFromNow: 5 * year } }, options)

/**
 * The person is 16 years old.
 *
 * @category findings
 * @since 0.1.0
 */
export const underage = (options: Options = {}): Verdict =>
  withFields(options.document ?? "global-passport", { birthDate: { daysFromNow: -(16 * year + 100) } }, options)

const prcMan = { birthDate: "1990-01-01", sex: "M", serial: "120000" } as const

/**
 * The check digit of the number is wrong. The rule of the Macao card is not published, so a letter stands there: its
 * check digit is a digit by any rule.
 *
 * @category findings
 * @since 0.1.0
 */
export const wrongCheckDigit = (
  options: Options<"hong-kong-identity-card" | "prc-resident-identity-card" | "macao-resident-identity-card"> = {}
): Verdict => {
  const { document = "hong-kong-identity-card" } = options
  switch (document) {
    case "hong-kong-identity-card":
      return withFields(document, { idNumber: Numbers.withWrongDigit(Numbers.hongKong("123456"), 2) }, options)
    case "prc-resident-identity-card": {
      const { birthDate } = prcMan
      return withFields(
        document,
        { birthDate, sex: "男", idNumber: Numbers.withWrongDigit(Numbers.prc(prcMan), 1) },
        options
      )
    }
    case "macao-resident-identity-card":
      return withFields(document, { idNumber: "9123456(X)" }, options)
  }
}

/**
 * A PRC identity card whose number is of another birth date, or of the other sex.
 *
 * @category findings
 * @since 0.1.0
 */
export const numberContradicts = (
  field: "birthDate" | "sex",
  options: Omit<VerdictOptions, "document"> = {}
): Verdict => {
  const { birthDate } = prcMan
  return withFields(
    "prc-resident-identity-card",
    {
      birthDate: field === "birthDate" ? "1991-12-31" : birthDate,
      sex: field === "sex" ? "女" : "男",
      idNumber: Numbers.prc(prcMan)
    },
    options
  )
}

/**
 * A passport of a country that ICAO does not know.
 *
 * @category findings
 * @since 0.1.0
 */
export const unknownCountry = (options: Omit<VerdictOptions, "document"> = {}): Verdict =>
  withFields("global-passport", { nationality: "QQQ", countryCode: "QQQ" }, options)

/**
 * A field was not read: the number, unless another is named.
 *
 * @category findings
 * @since 0.1.0
 */
export const missingField = <S extends Document.Slug = "hong-kong-identity-card">(
  options: Options<S> & { readonly field?: Document.Field<S> | undefined } = {}
): Verdict => {
  const { field, ...rest } = options
  const { document = "hong-kong-identity-card" } = rest
  return withFields(document, { [field ?? Document.numberOf(document)]: null }, rest)
}

/**
 * The user changed a field on the edit page: the English or the given name.
 *
 * @category findings
 * @since 0.1.0
 */
export const editedByUser = (options: Options = {}): Verdict => {
  const { document = "hong-kong-identity-card" } = options
  const field = ["englishName", "givenname"].find((name) => Document.has(document, name)) ?? "name"
  return passed({ ...options, document, edited: { [field]: "EDITED BY HAND", ...options.edited } })
}

/**
 * The back has another expiry date and another number than the front.
 *
 * @category findings
 * @since 0.1.0
 */
export const sidesDisagree = (options: Options<Document.With<"expiryDate">> = {}): Verdict =>
  passed({
    ...options,
    document: options.document ?? "mainland-travel-permit-hong-kong-macao",
    back: true,
    backFields: { expiryDate: { daysFromNow: 7 * year }, idNumber: "H00999999", ...options.backFields }
  })

/**
 * An image that was asked for did not come, although the document was read: the front's, unless told otherwise.
 *
 * @category findings
 * @since 0.1.0
 */
export const imageMissing = (options: Options & { readonly side?: "front" | "back" | undefined } = {}): Verdict => {
  const { side = "front", ...rest } = options
  return passed({
    ...rest,
    document: rest.document ?? "hong-kong-identity-card",
    ...(side === "back" ? { back: true } : {}),
    images: { ...rest.images, missing: [side] }
  })
}

/**
 * There are fields that no table of the vendor names.
 *
 * @category findings
 * @since 0.1.0
 */
export const unknownFields = (options: Options = {}): Verdict =>
  withFields(options.document ?? "hong-kong-identity-card", { chipSerial: "0000", bloodType: "O" }, options)

/**
 * The fields have the names of the vendor's other edition: `passport_number`, `date_of_birth`.
 *
 * @category findings
 * @since 0.1.0
 */
export const otherEdition = (options: Options = {}): Verdict =>
  passed({ ...options, document: options.document ?? "global-passport", fieldNames: "snake-case" })

/**
 * Another document than the one that was asked for: a passport, or a Hong Kong Identity Card if `asked` is a passport.
 *
 * @category findings
 * @since 0.1.0
 */
export const otherDocument = (
  options: Omit<VerdictOptions, "document"> & { readonly asked?: Document.Slug | undefined } = {}
): Verdict => {
  const { asked, ...rest } = options
  return passed({ ...rest, document: asked === "global-passport" ? "hong-kong-identity-card" : "global-passport" })
}

/**
 * The answer has no result of the anti-spoofing check.
 *
 * @category findings
 * @since 0.1.0
 */
export const spoofNotReported = (options: VerdictOptions = {}): Verdict =>
  passed({ ...options, nesting: { ...options.nesting, spoofInfo: "absent", spoofBackInfo: "absent" } })
