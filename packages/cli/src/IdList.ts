/**
 * Reads lists of transaction ids: one id a line, or CSV with a comma, semicolon or tab. One record is one line, so a
 * bad line costs itself alone; it is reported with its number.
 *
 * Columns are found by their headings, whatever their case and punctuation:
 *
 * | for | headings |
 * |---|---|
 * | the id | `transaction_id`, `transaction`, `tx_id`, `certify_id` |
 * | your own id | `merchant_biz_id`, `biz_id`, `order_id` |
 * | the document | `document`, `document_type`, `doc_type` |
 * | when the user was checked | `authenticated_at`, `completed_at`, `created_at`, `initialized_at`, `time`, `date` |
 *
 * @example
 * import * as IdList from "@effect-cloudauth/cli/IdList"
 *
 * const reader = IdList.reader()
 * reader.read("transaction_id,created_at") // => undefined: the heading
 * reader.read("hksb1,2026-01-31") // => { _tag: "Entry", transactionId: "hksb1", … }
 *
 * @since 0.1.0
 */
import * as Document from "@effect-cloudauth/core/Document"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import * as Effect from "effect/Effect"
import * as Csv from "effect/encoding/Csv"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"

/**
 * An id of the list, and what else the line says of it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Entry {
  readonly _tag: "Entry"
  /** Counted from 1. */
  readonly line: number
  readonly transactionId: string
  readonly merchantBizId: string | undefined
  readonly document: Document.Name | undefined
  /** Milliseconds since 1970. */
  readonly authenticatedAt: number | undefined
}

/**
 * A line that cannot be used.
 *
 * @category models
 * @since 0.1.0
 */
export interface BadLine {
  readonly _tag: "BadLine"
  readonly line: number
  readonly reason: string
  readonly text: string
}

/**
 * The first line does not say which column holds the ids, so no line can be read.
 *
 * @category models
 * @since 0.1.0
 */
export interface Unusable {
  readonly _tag: "Unusable"
  readonly line: number
  readonly reason: string
}

/**
 * How a list is read.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** The column of the ids: its heading, or its number from 1. Found by its heading unless given. */
  readonly column?: string | undefined
}

/**
 * Reads lines in order.
 *
 * @category models
 * @since 0.1.0
 */
export interface Reader {
  /** `undefined` for headings and empty lines. */
  readonly read: (line: string) => Entry | BadLine | Unusable | undefined
}

const normal = (heading: string): string => heading.toLowerCase().replace(/[^a-z0-9]/g, "")

const headings = {
  transactionId: new Set(["transactionid", "transaction", "txid", "certifyid"]),
  merchantBizId: new Set(["merchantbizid", "bizid", "orderid"]),
  document: new Set(["document", "documenttype", "doctype"]),
  authenticatedAt: new Set(["authenticatedat", "completedat", "createdat", "initializedat", "time", "date"])
}

interface Columns {
  readonly transactionId: number
  readonly merchantBizId: number
  readonly document: number
  readonly authenticatedAt: number
}

const byName = new Map(Document.names.map((name) => [normal(name), name]))

/** Milliseconds since 1970 of a date, a time, or a number of seconds or milliseconds; `NaN` for anything else. */
const time = (text: string): number => {
  if (/^\d{10}$/.test(text)) return Number(text) * 1000
  if (/^\d{13}$/.test(text)) return Number(text)
  return /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
}

/** The longest id that is taken, in characters. */
const longest = 256

const wrongId = (id: string): string | undefined => {
  if (id === "") return "no transaction id in this line"
  if (id.length > longest) return `the transaction id is longer than ${longest} characters`
  if (id.includes("\uFFFD")) return "the line is not UTF-8 text"
  if (/[\p{Cc}\s]/u.test(id)) return "the transaction id holds white space or control characters"
  return undefined
}

/** White space around fields and around quotes is no part of them. */
const trimmed = (line: string, delimiter: string): string =>
  line.replace(/"(?:[^"]|"")*"|[^"]+/g, (part, offset: number) => {
    if (part.startsWith('"')) return part
    const fields = part.split(delimiter)
    const last = fields.length - 1
    return fields
      .map((field, index) => {
        // Between two quotes without a delimiter: nothing can stand there.
        const isStart = index > 0 || offset === 0
        const isEnd = index < last || offset + part.length === line.length
        return isStart && isEnd ? field.trim() : isStart ? field.trimStart() : isEnd ? field.trimEnd() : field
      })
      .join(delimiter)
  })

/** The fields of a line, which is one record; `undefined` if its quotes don't fit. */
const fieldsOf = (line: string, delimiter: string | undefined): ReadonlyArray<string> | undefined => {
  if (!line.includes('"')) {
    return (delimiter === undefined ? [line] : line.split(delimiter)).map((field) => field.trim())
  }
  const records = Stream.make(trimmed(line, delimiter ?? ",")).pipe(
    Stream.pipeThroughChannel(Csv.decodeString({ delimiter: delimiter ?? "," })),
    Stream.runCollect,
    // The channel is synchronous.
    Effect.result,
    Effect.runSync
  )
  return Result.isSuccess(records) && records.success.length === 1 ? records.success[0] : undefined
}

/**
 * A reader of one list.
 *
 * @category constructors
 * @since 0.1.0
 */
export const reader = (options: Options = {}): Reader => {
  const { column } = OwnOptions.ownOrThrow({ column: true }, options)
  let line = 0
  let delimiter: string | undefined
  let columns: Columns | undefined

  const bad = (text: string, reason: string): BadLine => ({ _tag: "BadLine", line, reason, text })

  /** Learns the columns from the first line that is not empty. Returns whether it is a heading, or why it can't be used. */
  const learn = (first: string): boolean | string => {
    delimiter = [",", ";", "\t"].find((candidate) => first.includes(candidate))
    const names = (fieldsOf(first, delimiter) ?? []).map(normal)
    const find = (wanted: ReadonlySet<string>) => names.findIndex((name) => wanted.has(name))
    const number = column !== undefined && /^\d{1,4}$/.test(column) ? Number(column) - 1 : undefined
    const named = column === undefined || number !== undefined ? -1 : names.indexOf(normal(column))
    const found = find(headings.transactionId)
    const isHeading =
      named >= 0 || found >= 0 || find(headings.merchantBizId) >= 0 || find(headings.authenticatedAt) >= 0
    if (column !== undefined && number === undefined && named < 0) {
      return "it has no column of the name given"
    }
    const transactionId = number ?? (named >= 0 ? named : found >= 0 ? found : names.length === 1 ? 0 : -1)
    if (transactionId < 0) return "it does not say which column holds the transaction ids; name it with --column"
    const other = (wanted: ReadonlySet<string>) => (isHeading ? find(wanted) : -1)
    columns = {
      transactionId,
      merchantBizId: other(headings.merchantBizId),
      document: other(headings.document),
      authenticatedAt: other(headings.authenticatedAt)
    }
    return isHeading
  }

  const entry = (text: string, at: Columns): Entry | BadLine => {
    const fields = fieldsOf(text, delimiter)
    if (fields === undefined) return bad(text, "the quotes in this line do not fit")
    const transactionId = fields[at.transactionId] ?? ""
    const wrong = wrongId(transactionId)
    if (wrong !== undefined) return bad(text, wrong)
    const merchantBizId = fields[at.merchantBizId] ?? ""
    if (merchantBizId !== "" && !/^[A-Za-z0-9]{1,32}$/.test(merchantBizId)) {
      return bad(text, "the merchant's id is not 1 to 32 letters and digits")
    }
    const kind = fields[at.document] ?? ""
    const document = byName.get(normal(kind))
    if (kind !== "" && document === undefined) return bad(text, "the document is none of the seven")
    const checked = fields[at.authenticatedAt] ?? ""
    const authenticatedAt = time(checked)
    if (checked !== "" && Number.isNaN(authenticatedAt)) {
      return bad(text, "the time is neither ISO 8601 nor seconds or milliseconds since 1970")
    }
    return {
      _tag: "Entry",
      line,
      transactionId,
      merchantBizId: merchantBizId === "" ? undefined : merchantBizId,
      document,
      authenticatedAt: checked === "" ? undefined : authenticatedAt
    }
  }

  return {
    read: (raw) => {
      line += 1
      const text = (line === 1 ? raw.replace(/^\uFEFF/, "") : raw).replace(/\r$/, "")
      if (text.trim() === "") return undefined
      if (columns === undefined) {
        const learnt = learn(text)
        if (typeof learnt === "string") return { _tag: "Unusable", line, reason: learnt }
        if (learnt) return undefined
      }
      // `learn` has set them, or there was a return.
      return columns === undefined ? undefined : entry(text, columns)
    }
  }
}

/** A field as CSV. */
const csvField = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/**
 * A line of CSV, ended.
 *
 * @category operations
 * @since 0.1.0
 */
export const csvLine = (fields: ReadonlyArray<string | undefined>): string =>
  `${fields.map((field) => csvField(field ?? "")).join(",")}\n`
