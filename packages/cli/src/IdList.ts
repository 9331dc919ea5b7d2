/**
 * Reads lists of transaction ids: one id a line, or CSV with a comma, semicolon, tab or bar, as databases and
 * spreadsheets write it. A line that can't be used costs itself alone; it is reported with its number.
 *
 * Columns are found by their headings, whatever their case and punctuation:
 *
 * | for | headings |
 * |---|---|
 * | the id | `transaction_id`, `transaction`, `tx_id`, `certify_id`; `id` if it is the only column |
 * | your own id | `merchant_biz_id`, `biz_id`, `order_id` |
 * | the document, by name, title or DocType code | `document`, `document_type`, `doc_type` |
 * | when the user was checked | `authenticated_at`, `completed_at`, `created_at`, `initialized_at`, `time`, `date` |
 *
 * Only the id has to be right. Another value that can't be used is a warning, and the id is asked without it.
 *
 * @example
 * import * as IdList from "@effect-cloudauth/cli/IdList"
 *
 * const reader = IdList.reader()
 * reader.read("transaction_id,created_at") // => []: the heading
 * reader.read("hksb1,2026-01-31T08:00:00+08:00") // => [{ _tag: "Entry", transactionId: "hksb1", … }]
 *
 * @since 0.1.0
 */
import * as OwnOptions from "@effect-cloudauth/core/Options"
import * as Stream from "effect/Stream"
import * as fields from "./internal/list/fields.ts"
import { type Line, splitter } from "./internal/list/lines.ts"
import type { BadLine, BytesOptions, Entry, Options, Reader, Unusable } from "./internal/list/models.ts"
import { makeReader } from "./internal/list/reader.ts"

// What a list has, and how it is read.
export type { BadLine, BytesOptions, Entry, Options, Reader, Unusable, Warning } from "./internal/list/models.ts"

const keys: OwnOptions.Keys<Options> = { column: true, timeZone: true }

/**
 * A reader of one list.
 *
 * @category constructors
 * @since 0.1.0
 */
export const reader = (options: Options = {}): Reader => makeReader(OwnOptions.ownOrThrow(keys, options))

/**
 * Reads the bytes of a list: UTF-8 or UTF-16, with or without a byte order mark, or text whose ids are ASCII in an
 * older encoding such as GB18030 or Big5.
 *
 * @category operations
 * @since 0.1.0
 */
export const fromBytes = <E, R>(
  bytes: Stream.Stream<Uint8Array, E, R>,
  options: BytesOptions = {}
): Stream.Stream<Entry | BadLine | Unusable, E, R> =>
  Stream.suspend(() => {
    const { encoding, ...rest } = OwnOptions.ownOrThrow<BytesOptions>({ ...keys, encoding: true }, options)
    if (encoding !== undefined && !isEncoding(encoding)) {
      return Stream.make(unusable("the encoding of --encoding is not known; utf-8, gb18030 and big5 are"))
    }
    const lines = splitter(encoding)
    const list = makeReader(rest)
    const read = (found: ReadonlyArray<Line> | string) =>
      typeof found === "string" ? [unusable(found)] : found.flatMap(({ others, text }) => list.read(text, others))
    return Stream.concat(
      Stream.flatMap(bytes, (piece) => Stream.fromIterable(read(lines.push(piece)))),
      Stream.suspend(() => Stream.fromIterable([...read(lines.end()), ...list.end()]))
    )
  })

const unusable = (reason: string): Unusable => ({ _tag: "Unusable", line: 1, reason })

const isEncoding = (encoding: string): boolean => {
  try {
    return new TextDecoder(encoding).encoding !== ""
  } catch {
    return false
  }
}

/**
 * A line of CSV, ended. No cell is a formula to a spreadsheet; `reader` reads the same values back.
 *
 * @category operations
 * @since 0.1.0
 */
export const csvLine: (fields: ReadonlyArray<string | undefined>) => string = fields.csvLine
