/** What the user typed, against what the document says. */
import * as Schema from "effect/Schema"
import * as DocumentDate from "../../DocumentDate.ts"
import { found, type Found } from "./codes.ts"
import { calendarDay } from "./dates.ts"
import { dayOf } from "./days.ts"
import { type Page, textOf } from "./evidence.ts"
import { numberField } from "./fields.ts"
import { agree, spell } from "./names.ts"
import { lasting } from "./numbers.ts"

/**
 * What the user typed.
 *
 * @category models
 * @since 0.1.0
 */
export interface Claim {
  readonly name?: string | undefined
  readonly number?: string | undefined
  readonly birthDate?: string | undefined
}

/** What differs from the claim, or can't be compared with it. */
export const checkClaim = (page: Page, claim: Claim): ReadonlyArray<Found> => [
  ...compared(page, claim.name, "name", nameAgrees),
  ...compared(page, claim.number, numberField(page.name), numberAgrees),
  ...compared(page, claim.birthDate, "birthDate", birthDateAgrees)
]

/** `undefined` if the two can't be compared. */
type Comparison = (page: Page, claimed: string) => boolean | undefined

const compared = (page: Page, claimed: string | undefined, field: string, agrees: Comparison): ReadonlyArray<Found> => {
  if (claimed === undefined) return []
  const result = agrees(page, claimed)
  if (result === true) return []
  return [found(result === false ? "DiffersFromClaim" : "ClaimNotCompared", { side: page.side, field })]
}

/** The fields of a name, family name first. */
const nameFields: ReadonlyArray<ReadonlyArray<string>> = [
  ["name"],
  ["englishName"],
  ["surnameCN", "givennameCN"],
  ["surname", "givenname"]
]

const nameAgrees: Comparison = (page, claimed) => {
  const claim = spell(claimed)
  const names = nameFields.flatMap((fields) => {
    const parts = fields.flatMap((field) => textOf(page, field) ?? [])
    return parts.length === 0 ? [] : [spell(parts.join(" "))]
  })
  const results = names.map((name) => agree(name, claim))
  if (results.includes(false)) return false
  // A Chinese name that agrees says nothing of the Latin name beside it.
  const isCovered =
    (claim.han === "" || names.some(({ han }) => han !== "")) &&
    (claim.latin.length === 0 || names.some(({ latin }) => latin.length > 0))
  return isCovered && results.includes(true) ? true : undefined
}

const numberAgrees: Comparison = (page, claimed) => {
  const read = textOf(page, numberField(page.name))
  if (read === undefined || page.name === undefined) return undefined
  const [mine, theirs] = [lasting(page.name, read), lasting(page.name, claimed)]
  return mine === "" || theirs === "" ? undefined : mine === theirs
}

const readDay = Schema.decodeSync(DocumentDate.Day)

const birthDateAgrees: Comparison = (page, claimed) => {
  const read = calendarDay(page, "birthDate")
  const claim = readDay(claimed.normalize("NFKC"))
  return read === undefined || claim._tag !== "CalendarDate" ? undefined : read === dayOf(claim)
}
