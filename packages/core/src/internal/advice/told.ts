/** What the person may read about a finding or a sub code; `contact` for one that must not be explained. */
import type { SubCode } from "../../SubCode.ts"
import type { Code } from "../assessment/codes.ts"
import { type Texts, user } from "./texts.ts"

export const findings = {
  DocumentMismatch: user.otherDocument,
  BackNotRead: user.quality,
  Expired: user.expired,
  ExpiresWithin: user.expiresSoon,
  Underage: user.age,
  RequiredFieldMissing: user.quality,
  FieldsUnknown: user.received,
  OtherEdition: user.received
} as const satisfies Readonly<Partial<Record<Code, Texts>>>

export const subCodes = {
  AuthenticationPassed: user.received,
  ImageInsufficient: user.quality,
  DocumentNotRecognised: user.notFound
} as const satisfies Readonly<Partial<Record<SubCode["_tag"], Texts>>>

/** The text of a finding or a sub code. */
export const told = (table: Readonly<Partial<Record<string, Texts>>>, code: string): Texts =>
  (Object.hasOwn(table, code) ? table[code] : undefined) ?? user.contact
