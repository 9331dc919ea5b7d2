/** Finds the columns of a list by its first line. */
import * as fields from "./fields.ts"

/** Where what is; -1 for what the list does not have. */
export interface Columns {
  readonly transactionId: number
  readonly merchantBizId: number
  readonly document: number
  readonly authenticatedAt: number
}

/** What the first line says. */
export interface Layout {
  /** `undefined` if there is only one column. */
  readonly delimiter: string | undefined
  readonly columns: Columns
  readonly count: number
  /** Whether the first line names the columns; else it is the first record. */
  readonly isHeading: boolean
}

const normal = (heading: string): string => heading.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "")

/** Headings, those that say most first. */
const headings = {
  transactionId: ["transactionid", "transaction", "txid", "certifyid"],
  merchantBizId: ["merchantbizid", "bizid", "orderid"],
  document: ["document", "documenttype", "doctype"],
  authenticatedAt: ["authenticatedat", "completedat", "createdat", "initializedat", "time", "date"]
} as const

const find = (names: ReadonlyArray<string>, wanted: ReadonlyArray<string>): number =>
  wanted.reduce((found, name) => (found >= 0 ? found : names.indexOf(name)), -1)

const delimiters = [",", ";", "\t", "|"]

const layoutOf = (names: ReadonlyArray<string>, column: string | undefined): Omit<Layout, "delimiter"> | string => {
  const number = column !== undefined && /^\d{1,4}$/.test(column) ? Number(column) - 1 : undefined
  const named = column === undefined || number !== undefined ? -1 : names.indexOf(normal(column))
  if (column !== undefined && number === undefined && named < 0) {
    return `it has no column of the name given with --column; it has ${names.length} of other names`
  }
  if (number !== undefined && (number < 0 || number >= names.length)) {
    return `it has no column ${number + 1}, but ${names.length} of them; --column counts from 1`
  }
  // A column of ids alone is often headed so; beside others it can be the database's own.
  const found = names.length === 1 && names[0] === "id" ? 0 : find(names, headings.transactionId)
  const isHeading =
    named >= 0 || found >= 0 || find(names, headings.merchantBizId) >= 0 || find(names, headings.authenticatedAt) >= 0
  const transactionId = number ?? (named >= 0 ? named : found >= 0 ? found : names.length === 1 ? 0 : -1)
  if (transactionId < 0) return "it does not say which column holds the transaction ids; name it with --column"
  const other = (wanted: ReadonlyArray<string>) => (isHeading ? find(names, wanted) : -1)
  return {
    count: names.length,
    isHeading,
    columns: {
      transactionId,
      merchantBizId: other(headings.merchantBizId),
      document: other(headings.document),
      authenticatedAt: other(headings.authenticatedAt)
    }
  }
}

/** The separator that a spreadsheet's `sep=;` names. */
export const separatorOf = (line: string): string | undefined => /^"?sep=([^"\r\n])"?$/i.exec(line)?.[1]

/** Reads the first line; text says why it can't be used. */
export const learn = (first: string, column: string | undefined, separator: string | undefined): Layout | string => {
  const candidates = separator === undefined ? delimiters.filter((one) => first.includes(one)) : [separator]
  const read = [...candidates, undefined].flatMap((delimiter) => {
    const names = fields.of(first, delimiter)?.map(normal)
    return names === undefined || (delimiter === undefined && candidates.length > 0)
      ? []
      : [{ delimiter, names, layout: layoutOf(names, column) }]
  })
  // The separator by which the columns are found; else the one that makes most of them.
  const usable = read.filter(({ layout }) => typeof layout !== "string")
  const best = (usable.length === 0 ? read : usable).sort((one, other) => {
    const byHeading = Number(isHeading(other.layout)) - Number(isHeading(one.layout))
    return byHeading === 0 ? other.names.length - one.names.length : byHeading
  })[0]
  if (best === undefined) return "its quotes do not fit"
  return typeof best.layout === "string" ? best.layout : { ...best.layout, delimiter: best.delimiter }
}

const isHeading = (layout: Omit<Layout, "delimiter"> | string): boolean =>
  typeof layout !== "string" && layout.isHeading
