/** Follows every link of the built site: pages, anchors and files must be there, and nothing may come from elsewhere. */
import { existsSync, globSync, readFileSync } from "node:fs"
import { join, posix } from "node:path"

const attributes = (html: string, name: string): ReadonlyArray<string> =>
  Array.from(html.matchAll(new RegExp(`\\s${name}="([^"]*)"`, "g")), ([, value = ""]) =>
    value.replaceAll("&amp;", "&").replaceAll("&#39;", "'").replaceAll("&quot;", '"')
  )

/** What is loaded, and not followed by a reader. */
const loaded = (html: string): ReadonlyArray<string> => [
  ...attributes(html, "src"),
  ...Array.from(html.matchAll(/<link\s[^>]*>/g), ([tag]) => attributes(tag, "href")).flat()
]

/** What is wrong with the links below a folder, one line each. */
export const brokenLinks = (folder: string): ReadonlyArray<string> => {
  const pages = new Map(
    globSync("**/*.html", { cwd: folder }).map((path) => [path, readFileSync(join(folder, path), "utf8")])
  )
  const ids = new Map([...pages].map(([path, html]) => [path, new Set(attributes(html, "id"))]))
  const wrong = new Set<string>()
  for (const [path, html] of pages) {
    for (const address of loaded(html)) {
      if (/^(?:https?:)?\/\//.test(address)) wrong.add(`${path} loads ${address}`)
    }
    for (const href of attributes(html, "href")) {
      if (/^(?:[a-z]+:|\/\/)/i.test(href)) continue
      const [target = "", anchor] = href.split("#")
      const file = target === "" ? path : posix.normalize(posix.join(posix.dirname(path), target))
      const found = target.startsWith("/") ? target.slice(1) : file
      const page = found === "" || found.endsWith("/") ? `${found}index.html` : found
      if (!pages.has(page) && !existsSync(join(folder, page))) wrong.add(`${path} links to ${href}, which is not there`)
      else if (anchor !== undefined && anchor !== "" && ids.get(page)?.has(decodeURIComponent(anchor)) === false) {
        wrong.add(`${path} links to ${href}: no such place on that page`)
      }
    }
  }
  if (pages.size < 10) wrong.add(`only ${pages.size} pages: the check saw next to nothing`)
  return [...wrong].toSorted()
}
