/** The site for readers that are programs: each page as Markdown beside it, and `llms.txt`, which lists them. */
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"

interface Item {
  readonly text: string
  readonly link?: string
  readonly items?: ReadonlyArray<Item>
}

export interface Site {
  readonly outDir: string
  readonly srcDir: string
  readonly pages: ReadonlyArray<string>
  readonly sidebar: ReadonlyArray<Item>
}

const listed = ({ items = [], text }: Item): string => {
  const links = items.flatMap(({ link, text }) =>
    link === undefined ? [] : [`- [${text}](${link.endsWith("/") ? `${link}index` : link}.md)`]
  )
  return links.length === 0 ? "" : [`## ${text}`, "", ...links, ""].join("\n")
}

/** The summary: what the project is, as its README's first sentence says, and the pages by group. */
const summary = (sidebar: ReadonlyArray<Item>): string =>
  [
    "# effect-cloudauth",
    "",
    "> A typed client for Alibaba Cloud ID Verification (Initialize, CheckResult), for Node backends with or without Effect 4.",
    "",
    ...sidebar.map(listed)
  ].join("\n")

export const writeForReaders = ({ outDir, pages, sidebar, srcDir }: Site): void => {
  for (const page of pages) {
    if (!existsSync(join(srcDir, page))) continue
    mkdirSync(dirname(join(outDir, page)), { recursive: true })
    cpSync(join(srcDir, page), join(outDir, page))
  }
  const text = summary(sidebar)
  for (const [, link = ""] of text.matchAll(/\]\(\/([^)]+)\)/g)) {
    if (!existsSync(join(outDir, link))) throw new Error(`llms.txt lists ${link}, which is not there`)
  }
  writeFileSync(join(outDir, "llms.txt"), text)
}
