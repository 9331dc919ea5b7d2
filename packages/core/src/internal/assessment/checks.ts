/** All checks of a result, in the order in which a reviewer would read them. */
import type { CheckResult } from "../checkResult/model.ts"
import type * as Document from "../../Document.ts"
import type { Spoof } from "../../Spoof.ts"
import { differences } from "../document/differences.ts"
import { fieldName } from "../document/fieldName.ts"
import { fits, infer } from "../document/infer.ts"
import { fieldsOf } from "../document/kinds.ts"
import { plainKey } from "../document/plainKey.ts"
import { type Claim, checkClaim } from "./claims.ts"
import { type Code, found, type Found } from "./codes.ts"
import { calendarDay, checkDates, type Limits } from "./dates.ts"
import { type Page, pageOf, shown } from "./evidence.ts"
import {
  checkCountries,
  checkNumber,
  checkSex,
  foreignKeys,
  garbledFields,
  missingFields,
  numberField
} from "./fields.ts"
import { isSameImage, isWhole } from "./images.ts"
import { compact } from "./numbers.ts"

/** What a result is assessed by. */
export interface Measures extends Limits {
  readonly claim: Claim
  readonly imagesRequested: boolean
}

type Result = CheckResult<Document.Reading>

export const check = (result: Result, measures: Measures): ReadonlyArray<Found> => {
  const front = pageOf("front", result.ocr)
  const back = pageOf("back", result.ocrBack)
  return [
    ...checkDocument(result, front, back),
    ...checkSpoof(result, back),
    ...checkImages(result, back, measures),
    ...(front.state === "read" ? missingFields(front) : []),
    ...[front, back].flatMap((page) => checkPage(page, measures, calendarDay(front, "birthDate"))),
    // The vendor's page has no table for the back, so none of its keys is foreign.
    ...foreignKeys(front),
    ...checkClaims(front, back, measures.claim),
    ...checkEdited(result),
    ...checkSides(front, back)
  ]
}

const checkPage = (page: Page, limits: Limits, born: number | undefined): ReadonlyArray<Found> => [
  ...garbledFields(page),
  ...checkDates(page, limits, born),
  ...checkSex(page),
  ...checkNumber(page),
  ...checkCountries(page)
]

const checkDocument = (result: Result, front: Page, back: Page): ReadonlyArray<Found> => {
  const { documents, pages } = result.expectation ?? {}
  const edited = pageOf("front", result.ocrEdited)
  const isOther = [front, edited].some(
    ({ keys }) => documents !== undefined && keys.length > 0 && !documents.some((name) => fits(name, keys))
  )
  return [
    ...(isOther ? [found("DocumentMismatch")] : []),
    ...(isOfOtherKind(front, back) ? [found("DocumentMismatch", { side: "back" })] : []),
    ...(!isRejected(result) && (front.isUndecided || (front.state === "read" && front.name === undefined))
      ? [found("DocumentUndecided")]
      : []),
    ...[front, back].flatMap(({ side, state }) =>
      state === "unreadable" ? [found("EvidenceUnreadable", { side })] : []
    ),
    ...(pages === "frontAndBack" && front.state === "read" && (back.state === "notRead" || isRepeated(front, back))
      ? [found("BackNotRead", { side: "back" })]
      : [])
  ]
}

/** Whether the back is a whole other document, with its number. A few of its fields can stand on any back. */
const isOfOtherKind = (front: Page, back: Page): boolean => {
  const inference = infer(back.keys)
  if (inference._tag === "Undecided" || front.isUndecided || front.name === undefined) return false
  const fields = new Set(fieldsOf(inference.name).map(plainKey))
  const shared = back.keys.map(plainKey).filter((key) => fields.has(key))
  return inference.name !== front.name && shared.length > 2 && shared.includes(plainKey(numberField(inference.name)))
}

/** Whether the back says exactly what the front says: the same side twice. */
const isRepeated = (front: Page, back: Page): boolean =>
  back.state === "read" &&
  front.keys.length === back.keys.length &&
  front.keys.every((key) => JSON.stringify(front.raw[key]) === JSON.stringify(back.raw[key]))

/** A rejected document needs no finding about what an acceptance would need. */
const isRejected = ({ verdict }: Result): boolean => verdict?._tag === "Rejected"

const spoofCodes: Readonly<Record<Spoof["_tag"], Code | undefined>> = {
  NotRequested: "SpoofNotRequested",
  NotReported: "SpoofNotReported",
  Unconfirmed: "SpoofUnconfirmed",
  Clear: undefined,
  Risk: "SpoofRisk"
}

/** The back counts if there is one. */
const checkSpoof = (result: Result, back: Page): ReadonlyArray<Found> => {
  const { expectation, images, spoof } = result
  const hasBack = back.state === "read" || images?.back !== undefined || expectation?.pages === "frontAndBack"
  const sides = (["front", "back"] as const).map((side) => ({ side, spoof: spoof?.[side]._tag ?? "NotReported" }))
  return sides
    .filter(({ side, spoof }) => spoof === "Risk" || (!isRejected(result) && (side === "front" || hasBack)))
    .flatMap(({ side, spoof }) => {
      const code = spoofCodes[spoof]
      return code === undefined ? [] : [found(code, { side })]
    })
}

/** The service returns images only if OCR succeeded. One that came must be whole, and of its own side. */
const checkImages = (result: Result, back: Page, { imagesRequested }: Measures): ReadonlyArray<Found> => {
  const { expectation, images: { front: frontImage, back: backImage } = {}, ocrPassed } = result
  const wantsFront = imagesRequested && ocrPassed !== false
  const wantsBack = wantsFront && (back.state === "read" || expectation?.pages === "frontAndBack")
  const isFrontThere =
    frontImage === undefined ? !wantsFront && !isImageUnreadable(result, "idImage") : isWhole(frontImage)
  const isBackThere =
    backImage === undefined
      ? !wantsBack && !isImageUnreadable(result, "idBackImage")
      : isWhole(backImage) && (frontImage === undefined || !isSameImage(frontImage, backImage))
  return [
    ...(isFrontThere ? [] : [found("ImageMissing", { side: "front" })]),
    ...(isBackThere ? [] : [found("ImageMissing", { side: "back" })])
  ]
}

const isImageUnreadable = ({ warnings }: Result, key: string): boolean =>
  warnings?.some(({ path }) => path === `Result.ExtIdInfo.${key}`) ?? false

/** A claim is about what the front says, or the back if the front says nothing. */
const checkClaims = (front: Page, back: Page, claim: Claim): ReadonlyArray<Found> =>
  checkClaim(front.state !== "read" && back.state === "read" ? back : front, claim)

const checkEdited = ({ ocr, ocrEdited }: Result): ReadonlyArray<Found> => {
  if (ocrEdited?._tag === "NotRead") return []
  const isThere = [ocr, ocrEdited].every(
    (reading) =>
      reading?._tag === "NotRead" ||
      ((reading?._tag === "Read" || reading?._tag === "Ambiguous") && shown(reading.raw) !== undefined)
  )
  // Edited fields that can't be read are not fields that stayed as they were.
  if (!isThere) return [found("EvidenceUnreadable", { side: "front" })]
  const edited = new Set(differences(ocr, ocrEdited).map(({ field }) => fieldName(field)))
  return Array.from(edited, (field) => found("EditedByUser", { side: "front", field }))
}

/** The fields that both sides have must agree. */
const checkSides = (front: Page, back: Page): ReadonlyArray<Found> =>
  Object.keys(back.fields)
    .filter((field) => front.fields[field] !== undefined && !isSame(front.fields[field], back.fields[field]))
    .map((field) => found("FrontAndBackDisagree", { field }))

const isSame = (one: unknown, other: unknown): boolean => spelled(one) === spelled(other)

/** A value without its spelling: the meaning of a date or a sex, the letters and digits of a text. */
const spelled = (value: unknown): string => {
  if (typeof value === "string") return compact(value)
  const { raw: _, ...meaning } = { ...Object(value) }
  return JSON.stringify(meaning)
}
