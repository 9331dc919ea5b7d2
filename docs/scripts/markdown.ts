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
  pageIn((english) => english, title, from, ...parts)

/** A page in a language: `title` and `from` are English, the parts are in the language already. */
export const pageIn = (t: (english: string) => string, title: string, from: string, ...parts: ReadonlyArray<string>) =>
  `${[
    `# ${t(title)}`,
    `::: info ${t("Generated")}\n${t("From {from}; it can't drift from the code.").replace("{from}", () => t(from))}\n:::`,
    ...parts
  ].join("\n\n")}\n`
