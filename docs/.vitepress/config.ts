/** The site. Everything that it needs is in it: no font, script or picture comes from another place. */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { renderMermaidSVG } from "beautiful-mermaid"
import { defineConfig } from "vitepress"
import { brokenLinks } from "../scripts/links.ts"

const docs = join(import.meta.dirname, "..")

/** What TypeDoc wrote; nothing if it has not run. */
const apiSidebar = () => {
  const file = join(docs, "api/typedoc-sidebar.json")
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : []
}

const page = (text: string, link: string) => ({ text, link })

/** A diagram as a picture that takes its colours from the page; its own style sheet asks for a font of another place. */
const diagram = (source: string): string => {
  const svg = renderMermaidSVG(source)
    .replace(/<style>[\s\S]*?<\/style>/, "")
    .replace(/ style="--bg[^"]*"/, "")
    .replace("<svg ", `<svg role="img" aria-label="Diagram; the text around it says the same." `)
  return `<div class="diagram" tabindex="0" role="region" aria-label="Diagram" v-pre>${svg}</div>\n`
}

export default defineConfig({
  title: "effect-cloudauth",
  description: "A client for Alibaba Cloud ID Verification's CheckResult, on Effect 4",
  lang: "en-GB",
  srcExclude: ["README.md"],
  head: [["link", { rel: "icon", href: "/icon.svg", type: "image/svg+xml" }]],
  // A dead link fails the build.
  ignoreDeadLinks: false,
  markdown: {
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    config: (md) => {
      const fence = md.renderer.rules.fence
      md.renderer.rules.fence = (tokens, index, ...rest) => {
        const token = tokens[index]
        if (token?.info.trim() === "mermaid") return diagram(token.content)
        if (token !== undefined) token.info = token.info.replace(/^ts (?:run|nocheck)$/, "ts")
        return fence?.(tokens, index, ...rest) ?? ""
      }
      // Wide tables scroll by themselves; the keyboard must reach them.
      md.renderer.rules["table_open"] = () =>
        `<div class="wide" tabindex="0" role="region" aria-label="Table"><table>\n`
      md.renderer.rules["table_close"] = () => "</table></div>\n"
    }
  },
  buildEnd: ({ outDir }) => {
    const wrong = brokenLinks(outDir)
    if (wrong.length > 0) throw new Error(`Broken links:\n${wrong.join("\n")}`)
  },
  themeConfig: {
    nav: [
      page("Tutorial", "/tutorial"),
      page("How-to", "/how-to/credentials"),
      page("Reference", "/reference/errors"),
      page("Explanation", "/explanation/architecture"),
      page("API", "/api/")
    ],
    sidebar: [
      { text: "Start", items: [page("What it is", "/"), page("Tutorial", "/tutorial")] },
      {
        text: "How-to",
        items: [
          page("Give it credentials", "/how-to/credentials"),
          page("Change retries", "/how-to/retries"),
          page("The quota", "/how-to/quota"),
          page("Wait for the user", "/how-to/polling"),
          page("Go through a proxy", "/how-to/proxies"),
          page("Region and VPC endpoint", "/how-to/vpc"),
          page("Test your code", "/how-to/testing"),
          page("Trace calls", "/how-to/tracing"),
          page("Keep data private", "/how-to/privacy"),
          page("Serve results over HTTP", "/how-to/serving"),
          page("Collect results", "/how-to/collecting"),
          page("Collect on several machines", "/how-to/scaling"),
          page("Delete data at the vendor", "/how-to/deleting"),
          page("Find out why a user stopped", "/how-to/drop-off"),
          page("Call another operation", "/how-to/operations"),
          page("Use it without Effect", "/how-to/promises"),
          page("Move from the vendor's SDK", "/how-to/vendor-sdk")
        ]
      },
      {
        text: "Reference",
        items: [
          page("What a result means", "/reference/results"),
          page("Errors", "/reference/errors"),
          page("Fields", "/reference/fields"),
          page("Environment variables", "/reference/environment"),
          page("Exit codes", "/reference/exit-codes"),
          page("Spans, metrics, alerts", "/reference/signals")
        ]
      },
      {
        text: "Explanation",
        items: [
          page("Architecture", "/explanation/architecture"),
          page("Modules", "/explanation/modules"),
          page("A transaction's life", "/explanation/transactions"),
          page("What transports read", "/explanation/transports"),
          page("Decisions", "/explanation/decisions"),
          page("Security", "/packages/security"),
          page("Scaling", "/packages/scaling")
        ]
      },
      {
        text: "Packages",
        collapsed: true,
        items: ["core", "node", "otel", "emulator", "cli", "cluster", "examples"].map((name) =>
          page(name, `/packages/${name}`)
        )
      },
      { text: "API", collapsed: true, items: [page("Modules", "/api/"), ...apiSidebar()] }
    ],
    outline: [2, 3],
    search: {
      provider: "local",
      options: {
        detailedView: false,
        // Of the API the names are enough: its text is in the other pages, and would be most of the index.
        _render: async (source, env, md) => {
          const html = await md.renderAsync(source, env)
          return env.relativePath.startsWith("api/") ? (html.match(/<h[1-6][\s\S]*?<\/h[1-6]>/g) ?? []).join("") : html
        }
      }
    },
    docFooter: { prev: "Before", next: "Next" }
  }
})
