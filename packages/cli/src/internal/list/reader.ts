/** Reads a list line by line, and joins the lines of a record that has line breaks in its quotes. */
import { type Layout, learn, separatorOf } from "./columns.ts"
import * as fields from "./fields.ts"
import type { BadLine, Entry, Options, Reader } from "./models.ts"
import * as record from "./record.ts"

/** How far a record may go on, in lines and in characters. */
const most = { lines: 100, characters: 100_000 }

export interface ListReader extends Reader {
  readonly read: (line: string, others?: ReadonlyArray<string>) => ReturnType<Reader["read"]>
}

/** A reader of one list. `others` are the line in other encodings, if its own is a guess. */
export const makeReader = ({ column, timeZone }: Options): ListReader => {
  let count = 0
  let separator: string | undefined
  let layout: Layout | undefined
  /** The lines of a record whose quotes are open. */
  let open: ReadonlyArray<string> = []

  const bad = (line: number, text: string, reason: string): BadLine => ({ _tag: "BadLine", line, reason, text })

  /** A record that begins in a line. */
  const entry = (line: number, text: string, isCertain: boolean, { columns, delimiter }: Layout): Entry | BadLine => {
    const values = fields.of(text, delimiter)
    if (values === undefined) return bad(line, text, "the quotes in this line do not fit")
    const wrong = record.wrongId(values[columns.transactionId] ?? "", isCertain)
    return wrong === undefined
      ? { _tag: "Entry", line, ...record.read(values, columns, timeZone) }
      : bad(line, text, wrong)
  }

  /** Whether a line is a record by itself, so that no record before it goes on in it. */
  const isRecord = (text: string, { columns, count, delimiter }: Layout): boolean => {
    const values = fields.of(text, delimiter)
    return values?.length === count && record.wrongId(values[columns.transactionId] ?? "", true) === undefined
  }

  /** The lines of an open record, each by itself: the record does not end. */
  const apart = (known: Layout): ReadonlyArray<Entry | BadLine> => {
    const lines = open
    const first = count - lines.length
    open = []
    return lines.flatMap((text, index) => (text.trim() === "" ? [] : [entry(first + index, text, true, known)]))
  }

  const continued = (text: string, known: Layout): ReadonlyArray<Entry | BadLine> => {
    const lines = [...open, text]
    const joined = lines.join("\n")
    const goesOn = lines.length <= most.lines && joined.length <= most.characters && !isRecord(text, known)
    if (goesOn && fields.isOpen(joined)) {
      open = lines
      return []
    }
    if (goesOn && fields.of(joined, known.delimiter)?.length === known.count) {
      open = []
      return [entry(count - lines.length + 1, joined, true, known)]
    }
    return [...apart(known), ...next(text, true, known)]
  }

  const next = (text: string, isCertain: boolean, known: Layout): ReadonlyArray<Entry | BadLine> => {
    if (open.length > 0) return continued(text, known)
    if (text.trim() === "") return []
    if (known.count > 1 && fields.isOpen(text)) {
      open = [text]
      return []
    }
    return [entry(count, text, isCertain, known)]
  }

  return {
    read: (raw, others = []) => {
      count += 1
      const text = (count === 1 ? raw.replace(/^\uFEFF/, "") : raw).replace(/\r$/, "")
      if (layout !== undefined) return next(text, others.length === 0, layout)
      if (text.trim() === "") return []
      const named = separatorOf(text)
      if (separator === undefined && named !== undefined) {
        separator = named
        return []
      }
      // In the encoding in which the columns are found.
      const learnt = [text, ...others].map((one) => learn(one, column, separator))
      const found = learnt.find((one) => typeof one !== "string") ?? learnt[0]
      if (found === undefined || typeof found === "string") {
        return [{ _tag: "Unusable", line: count, reason: found ?? "it cannot be read" }]
      }
      layout = found
      return found.isHeading ? [] : next(text, others.length === 0, found)
    },
    end: () => {
      count += 1
      return layout === undefined || open.length === 0 ? [] : apart(layout)
    }
  }
}
