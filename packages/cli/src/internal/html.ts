/** HTML by template literals: what is put in is escaped, unless it is HTML itself. */

/** Markup that needs no escaping. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Part = string | number | Html | ReadonlyArray<Html>

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;"
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? "")

const render = (part: Part): string => {
  if (part instanceof Html) return part.text
  if (typeof part === "string") return escape(part)
  if (typeof part === "number") return String(part)
  return part.map((one) => one.text).join("")
}

/** Markup with values put in. */
export const html = (strings: TemplateStringsArray, ...parts: ReadonlyArray<Part>): Html =>
  new Html(
    strings.reduce((text, string, index) => {
      const part = parts[index - 1]
      return text + (part === undefined ? "" : render(part)) + string
    }, "")
  )
