/** The repository's own Markdown as pages of the site: the same words, its links turned to pages. */
import { existsSync, readFileSync } from "node:fs"
import { dirname, join, posix, relative } from "node:path"
import { text } from "./markdown.ts"

const root = join(import.meta.dirname, "../..")

/** A file of the repository → the page that it becomes. */
export const pages: Readonly<Record<string, string>> = {
  "packages/core/README.md": "packages/core.md",
  "packages/node/README.md": "packages/node.md",
  "packages/client/README.md": "packages/client.md",
  "packages/otel/README.md": "packages/otel.md",
  "packages/emulator/README.md": "packages/emulator.md",
  "packages/cli/README.md": "packages/cli.md",
  "packages/cluster/README.md": "packages/cluster.md",
  "examples/README.md": "packages/examples.md",
  "SECURITY.md": "packages/security.md",
  "packages/cluster/docs/scaling.md": "packages/scaling.md",
  "packages/otel/docs/signals.md": "reference/signals.md"
}

/** The page of a file or a folder, as a path from the site's top. */
const pageOf = (path: string): string | undefined =>
  pages[path] ?? pages[posix.join(path, "README.md")] ?? /^docs\/((?:how-to|explanation)\/[\w-]+\.md)$/.exec(path)?.[1]

/** One target of a link: a page of the site, a picture by its file, or `undefined` if the site has neither. */
const resolve = (from: string, to: string, target: string): string | undefined => {
  if (/^(?:[a-z]+:|#)/.test(target)) return target
  const [path = "", anchor] = target.split("#")
  const file = posix.normalize(posix.join(posix.dirname(from), path)).replace(/\/$/, "")
  const found = pageOf(file)
  if (found !== undefined) {
    return `${posix.relative(posix.dirname(to), found)}${anchor === undefined ? "" : `#${anchor}`}`
  }
  if (!existsSync(join(root, file))) throw new Error(`${from} links to ${target}, which is not there`)
  return /\.(?:png|svg)$/.test(file)
    ? relative(join(root, "docs", dirname(to)), join(root, file)).replaceAll("\\", "/")
    : undefined
}

/** The page's text. Links into the sources, which the site does not have, become their words. */
export const pageFrom = (from: string, to: string): string =>
  readFileSync(join(root, from), "utf8")
    .split(/(^```[\s\S]*?^```$)/m)
    .map((part) =>
      part.startsWith("```")
        ? part
        : text(
            part
              .replaceAll(/<(https?:[^>]+)>/g, "[$1]($1)")
              .replaceAll(
                /(!?)\[((?:[^\]`]|`[^`]*`)*)\]\(([^)\s]+)\)/g,
                (_, bang: string, words: string, target: string) => {
                  const link = resolve(from, to, target)
                  return link === undefined ? words : `${bang}[${words}](${link})`
                }
              )
          )
    )
    .join("")
