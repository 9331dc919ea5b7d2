/** Reads one record of a list: the id, and what else its line says. */
import type * as Document from "@effect-cloudauth/core/Document"
import type * as DateTime from "effect/DateTime"
import type { Columns } from "./columns.ts"
import * as document from "./document.ts"
import { isNothing } from "./fields.ts"
import type { Warning } from "./models.ts"
import * as time from "./time.ts"

export interface Record {
  readonly transactionId: string
  readonly merchantBizId: string | undefined
  readonly document: Document.Name | undefined
  readonly authenticatedAt: number | undefined
  readonly warnings: ReadonlyArray<Warning>
}

/** The longest id that is taken, in characters. */
const longest = 256

/** Why a text is no id. */
export const wrongId = (id: string, isCertain: boolean): string | undefined => {
  if (isNothing(id)) return "no transaction id in this line"
  if (id.length > longest) return `the transaction id is longer than ${longest} characters`
  if (id.includes("\uFFFD") || (!isCertain && /[^\p{ASCII}]/u.test(id))) {
    return "the line is not UTF-8 text; name its encoding with --encoding"
  }
  if (/[\p{Cc}\p{Cf}\s]/u.test(id)) return "the transaction id holds white space or characters that cannot be seen"
  return /^\d[.,]?\d*E\+\d+$/i.test(id)
    ? "a spreadsheet has made a number of the transaction id; format the column as text and export again"
    : undefined
}

/** A name of a kind or a code may be shown. Digits among letters can be a document's number. */
const shown = (text: string, pattern: RegExp): string | undefined =>
  text.length <= 80 && pattern.test(text) ? text : undefined

/** Reads the fields, whose id is right. */
export const read = (fields: ReadonlyArray<string>, columns: Columns, zone: DateTime.TimeZone | undefined): Record => {
  const warnings: Array<Warning> = []
  const field = (at: number): string | undefined => {
    const text = fields[at] ?? ""
    return isNothing(text) ? undefined : text
  }
  const warn = (field: Warning["field"], value: string | undefined, reason: string): undefined => {
    warnings.push({ field, value, reason })
  }

  const merchantBizId = field(columns.merchantBizId)
  const isMerchantBizId = merchantBizId === undefined || /^[A-Za-z0-9]{1,32}$/.test(merchantBizId)
  if (!isMerchantBizId)
    warn("merchantBizId", undefined, "is not used: it is not 1 to 32 letters and digits; another one is made up")
  const kind = field(columns.document)
  const name = kind === undefined ? undefined : document.read(kind)
  if (kind !== undefined && name === undefined) {
    warn("document", shown(kind, /^(?:[\p{L}\s'_-]+|0\d{0,8})$/u), `is not used: ${document.rule}`)
  }
  const checked = field(columns.authenticatedAt)
  const { at, warning } = checked === undefined ? { at: undefined, warning: undefined } : time.read(checked, zone)
  if (warning !== undefined) warn("authenticatedAt", shown(checked ?? "", /^[\p{L}\d\s:/.,+-]{1,40}$/u), warning)
  return {
    transactionId: fields[columns.transactionId] ?? "",
    merchantBizId: isMerchantBizId ? merchantBizId : undefined,
    document: name,
    authenticatedAt: at,
    warnings
  }
}
