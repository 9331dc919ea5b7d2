/** Reads which document a line of a list names: by name, by the vendor's title, or by its DocType code. */
import * as DocType from "@effect-cloudauth/core/DocType"
import * as Document from "@effect-cloudauth/core/Document"

/** Words that titles have or leave out. */
const fillers = new Set(["the", "for", "to", "from", "of", "and", "s"])

const spellings: Readonly<Record<string, string>> = {
  id: "identity",
  macau: "macao",
  prc: "peoplerepublicchina",
  travelling: "travel",
  traveling: "travel"
}

/** A title without what differs between its editions: case, punctuation, plurals, small words. */
const canonical = (text: string): string =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => !fillers.has(word))
    .map((word) => spellings[word] ?? word.replace(/(?<=..)s$/, ""))
    .join("")

const names = new Map(
  Document.names.flatMap((name) => [
    [canonical(name), name] as const,
    [canonical(name.replace(/[a-z](?=[A-Z])/g, "$& ")), name] as const,
    [canonical(Document.titles[name]), name] as const
  ])
)

/** A spreadsheet drops a code's leading zeros, and one edition of the vendor's page has a zero too many. */
const codeOf = (text: string): string => String(Number(text)).padStart(8, "0")

/** The document; `undefined` if the text names none. */
export const read = (text: string): Document.Name | undefined => {
  if (/^\d{1,9}$/.test(text)) {
    const kind = DocType.kindOf(codeOf(text))
    return kind === undefined ? undefined : Document.nameOf(kind)
  }
  return names.get(canonical(text))
}

/** What to write instead. */
export const rule =
  "it names no document of this service: write one of the names that --document takes, its title, or its DocType code"
