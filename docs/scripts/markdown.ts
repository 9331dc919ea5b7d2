/** Markdown from values: tables, code, and text that VitePress does not take for HTML or a template. */

/** A cell's or a paragraph's text; what stands in backticks stays. */
export const text = (plain: string): string =>
  plain
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith("`") ? part : part.replaceAll("<", "&lt;").replaceAll("{{", "&#123;{")))
    .join("")

export const code = (plain: string): string => `\`${plain}\``

const row = (cells: ReadonlyArray<string>): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`

export const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n")

/** A page. `from` names what it is made of. */
export const page = (title: string, from: string, ...parts: ReadonlyArray<string>): string =>
  `${[`# ${title}`, `::: info Generated\nFrom ${from}; it can't drift from the code.\n:::`, ...parts].join("\n\n")}\n`
