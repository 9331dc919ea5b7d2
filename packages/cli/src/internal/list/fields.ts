/** Splits a record of a list into its fields, and makes text safe for a spreadsheet. */
import * as Effect from "effect/Effect"
import * as Csv from "effect/encoding/Csv"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"

const isBlank = (character: string | undefined): boolean => character !== undefined && /[\s\p{Cf}]/u.test(character)

/** Without white space, and characters that cannot be seen, at its ends. */
const trim = (text: string): string => {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text[start])) start++
  while (end > start && isBlank(text[end - 1])) end--
  return text.slice(start, end)
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
        return isStart && isEnd ? trim(field) : isStart ? field.trimStart() : isEnd ? field.trimEnd() : field
      })
      .join(delimiter)
  })

/** `="0012"`, which makes a spreadsheet keep text as text, is `"0012"`. */
const withoutFormulas = (line: string, delimiter: string): string =>
  line
    .split(/("(?:[^"]|"")*")/)
    .map((part, index, parts) =>
      index % 2 === 0 && parts[index + 1] !== undefined && (part === "=" || part.endsWith(`${delimiter}=`))
        ? part.slice(0, -1)
        : part
    )
    .join("")

/** What makes a spreadsheet take a cell for a formula, at its beginning or behind another program's separator. */
const formula = /(?<=^|[;,\t|])(?='*[=+\-@＝＋－＠\t\r])/g

/** What `safe` wrote. */
const escaped = /(?<=^|[;,\t|])'(?='*[=+\-@＝＋－＠\t\r])/g

/** Text that no spreadsheet takes for a formula. `unsafe` gives the text back. */
const safe = (text: string): string => text.replace(formula, "'")

/** The text that `safe` was given. */
const unsafe = (text: string): string => (text.includes("'") ? text.replace(escaped, "") : text)

/** Text that spreadsheets, databases and languages write for 'nothing'. */
const nothing = new Set([
  "null",
  "(null)",
  "[null]",
  "<null>",
  "\\n",
  "none",
  "nil",
  "nan",
  "undefined",
  "n/a",
  "-",
  "--",
  "#n/a",
  "#ref!",
  "#value!",
  "#name?",
  "#null!",
  "#div/0!",
  "0000-00-00",
  "0000-00-00 00:00:00"
])

/** Whether a field says that there is no value. */
export const isNothing = (text: string): boolean => text === "" || nothing.has(text.toLowerCase())

const valueOf = (field: string): string => {
  const [, kept] = /^="([^"]*)"$/.exec(field) ?? []
  return unsafe(trim(kept ?? field))
}

/** Whether a quote is open at the end, so that the record may go on in the next line. */
export const isOpen = (text: string): boolean => (text.match(/"/g)?.length ?? 0) % 2 === 1

/** The fields of one record; `undefined` if its quotes don't fit. Without a delimiter there is one field. */
export const of = (record: string, delimiter: string | undefined): ReadonlyArray<string> | undefined => {
  if (!record.includes('"')) {
    return (delimiter === undefined ? [record] : record.split(delimiter)).map(valueOf)
  }
  const separator = delimiter ?? ","
  const records = Stream.make(trimmed(withoutFormulas(record, separator), separator)).pipe(
    Stream.pipeThroughChannel(Csv.decodeString({ delimiter: separator })),
    Stream.runCollect,
    // The channel is synchronous.
    Effect.result,
    Effect.runSync
  )
  const [first, ...others] = Result.getOrElse(records, () => [])
  return others.length === 0 ? first?.map(valueOf) : undefined
}

/** A field as CSV. */
const csvField = (text: string): string => (/[",;\t|\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** A line of CSV, ended, that is safe to open in a spreadsheet. */
export const csvLine = (fields: ReadonlyArray<string | undefined>): string =>
  `${fields.map((field) => csvField(safe(field ?? ""))).join(",")}\n`
