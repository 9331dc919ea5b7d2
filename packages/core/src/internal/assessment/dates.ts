/** The dates of a document: against today, against each other. */
import type { DocumentDate } from "../../DocumentDate.ts"
import { found, type Found } from "./codes.ts"
import { dayOf, daysBetween, yearsBetween } from "./days.ts"
import type { Page } from "./evidence.ts"

export interface Limits {
  readonly today: number
  readonly minimumAge: number | undefined
  /** Days. */
  readonly expiresWithin: number | undefined
}

/** No one has lived longer, and no document is valid for longer: one that seems so may count its years otherwise. */
const oldestAge = 122

const issueFields = ["issueDate", "currentIssueDate", "firstIssueDate"]

/** What the dates of a page say, if its holder was born on a day that another page has. */
export const checkDates = (page: Page, limits: Limits, born: number | undefined): ReadonlyArray<Found> => [
  ...["birthDate", "expiryDate", ...issueFields]
    .filter((field) => isUnreadable(page, field) || isUselessly(page, field))
    .map((field) => at(page, "DateUnreadable", field)),
  ...checkBirth(page, limits),
  ...checkExpiry(page, limits),
  ...checkIssue(page, limits, calendarDay(page, "birthDate") ?? born)
]

const dateOf = ({ fields }: Page, field: string): DocumentDate | undefined => {
  const value = fields[field]
  // The schemas of the date fields decode to dates, and no other value has these tags.
  return typeof value === "object" && value !== null && "_tag" in value ? (value as DocumentDate) : undefined
}

/** As Hong Kong's cards print their dates of issue: `26-11-18`, `(06-03)`. Two digits are no year, but no fault either. */
const printedIssue = /^\(?(?!3.-02|31-(?:0[469]|11))(?:(?:0[1-9]|[12]\d|3[01])-)?(?:0[1-9]|1[0-2])-\d{2}\)?$/

const isUnreadable = (page: Page, field: string): boolean => {
  const date = dateOf(page, field)
  return (
    date?._tag === "Unreadable" &&
    !(/^(?:current|first)/.test(field) && printedIssue.test(date.raw.normalize("NFKC").trim()))
  )
}

/** Only an expiry can be long-term. */
const isUselessly = (page: Page, field: string): boolean =>
  field !== "expiryDate" && dateOf(page, field)?._tag === "LongTerm"

/** The calendar day of a field. */
export const calendarDay = (page: Page, field: string): number | undefined => {
  const date = dateOf(page, field)
  return date?._tag === "CalendarDate" ? dayOf(date) : undefined
}

/** The first day that a date can mean. */
const firstDay = (page: Page, field: string): number | undefined => {
  const date = dateOf(page, field)
  return date?._tag === "YearMonth" ? date.year * 10_000 + date.month * 100 + 1 : calendarDay(page, field)
}

const at = ({ side }: Page, code: Found["code"], field: string): Found => found(code, { side, field })

const checkBirth = (page: Page, { minimumAge, today }: Limits): ReadonlyArray<Found> => {
  const birth = calendarDay(page, "birthDate")
  if (birth === undefined) return []
  const age = yearsBetween(birth, today)
  if (birth > today || age > oldestAge) return [at(page, "BirthDateImplausible", "birthDate")]
  return minimumAge !== undefined && age < minimumAge ? [at(page, "Underage", "birthDate")] : []
}

const checkExpiry = (page: Page, { expiresWithin, today }: Limits): ReadonlyArray<Found> => {
  const expiry = calendarDay(page, "expiryDate")
  if (expiry === undefined) return []
  // A document is valid through its last day.
  if (expiry < today) return [at(page, "Expired", "expiryDate")]
  return expiresWithin !== undefined && daysBetween(today, expiry) <= expiresWithin
    ? [at(page, "ExpiresWithin", "expiryDate")]
    : []
}

const checkIssue = (page: Page, { today }: Limits, birth: number | undefined): ReadonlyArray<Found> => {
  const expiry = calendarDay(page, "expiryDate")
  const first = firstDay(page, "firstIssueDate")
  const current = calendarDay(page, "currentIssueDate")
  const issues = issueFields.flatMap((field): ReadonlyArray<Found> => {
    const issue = firstDay(page, field)
    if (issue === undefined) return []
    if (issue > today) return [at(page, "NotYetValid", field)]
    return (birth !== undefined && monthOf(issue) < monthOf(birth)) || (expiry !== undefined && issue > expiry)
      ? [at(page, "DatesContradict", field)]
      : []
  })
  return [
    ...issues,
    ...(expiry !== undefined && ((birth !== undefined && expiry <= birth) || yearsBetween(today, expiry) > oldestAge)
      ? [at(page, "DatesContradict", "expiryDate")]
      : []),
    ...(first !== undefined && current !== undefined && monthOf(first) > monthOf(current)
      ? [at(page, "DatesContradict", "firstIssueDate")]
      : [])
  ]
}

const monthOf = (day: number): number => Math.floor(day / 100)
