/** The site. Everything that it needs is in it: no font, script or picture comes from another place. */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { renderMermaidSVG } from "beautiful-mermaid"
import { defineConfig } from "vitepress"
import { languages, listOf, localeOf, searchOf } from "./chinese.ts"
import { brokenLinks } from "../scripts/links.ts"
import { writeForReaders } from "../scripts/llms.ts"

const docs = join(import.meta.dirname, "..")

/** What TypeDoc wrote; nothing if it has not run. */
const apiSidebar = () => {
  const file = join(docs, "api/typedoc-sidebar.json")
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : []
}

const { repository, version } = JSON.parse(readFileSync(join(docs, "../packages/core/package.json"), "utf8"))

const page = (text: string, link: string) => ({ text, link })

/** A diagram as a picture that takes its colours from the page; its own style sheet asks for a font of another place. */
const diagram = (source: string): string => {
  const svg = renderMermaidSVG(source)
    .replace(/<style>[\s\S]*?<\/style>/, "")
    .replace(/ style="--bg[^"]*"/, "")
    .replace("<svg ", `<svg role="img" aria-label="Diagram; the text around it says the same." `)
  return `<div class="diagram" tabindex="0" role="region" aria-label="Diagram" v-pre>${svg}</div>\n`
}

const sidebar = [
  { text: "Start", items: [page("What it is", "/"), page("Tutorial", "/tutorial")] },
  {
    text: "Guides",
    items: [
      page("Credentials", "/how-to/credentials"),
      page("Change retries", "/how-to/retries"),
      page("The quota", "/how-to/quota"),
      page("Wait for the user", "/how-to/polling"),
      page("Go through a proxy", "/how-to/proxies"),
      page("Region and VPC endpoint", "/how-to/vpc"),
      page("Test your code", "/how-to/testing"),
      page("Trace calls", "/how-to/tracing"),
      page("Trace with your tool", "/how-to/stacks"),
      page("Answer an alert", "/how-to/alerts"),
      page("Keep data private", "/how-to/privacy"),
      page("Keep the images", "/how-to/images"),
      page("Serve results over HTTP", "/how-to/serving"),
      page("Start fast when serverless", "/how-to/serverless"),
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
      page("Commands", "/reference/commands"),
      page("Exit codes", "/reference/exit-codes"),
      page("Spans, metrics, alerts", "/reference/signals"),
      page("Changes", "/reference/changes")
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
      page("What it costs as it grows", "/explanation/growth"),
      page("Glossary, 术语表, 詞彙表", "/explanation/glossary"),
      page("Trust, for a review", "/explanation/trust"),
      page("Security", "/packages/security"),
      page("Scaling", "/packages/scaling")
    ]
  },
  {
    text: "Packages",
    collapsed: true,
    items: ["core", "node", "client", "otel", "emulator", "cli", "cluster", "examples"].map((name) =>
      page(name, `/packages/${name}`)
    )
  },
  { text: "API", collapsed: true, items: [page("Modules", "/api/"), ...apiSidebar()] }
]

export default defineConfig({
  title: "effect-cloudauth",
  description: "Identity-check results from Alibaba Cloud ID Verification that you can't misread",
  locales: {
    root: { label: "English", lang: "en-GB" },
    "zh-Hans": { label: languages.hans, ...localeOf("hans", version) },
    "zh-Hant": { label: languages.hant, ...localeOf("hant", version) }
  },
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
        if (token !== undefined) token.info = token.info.replace(/^ts (?:run|nocheck)\b/, "ts")
        return fence?.(tokens, index, ...rest) ?? ""
      }
      // Wide tables scroll by themselves; the keyboard must reach them. A screen reader says the heading above.
      md.renderer.rules["table_open"] = (tokens, index) => {
        const before = tokens.slice(0, index)
        const heading = before[before.findLastIndex(({ type }) => type === "heading_open") + 1]
        const label = heading?.children
          ?.map(({ content, type }) => (/^(?:text|code_inline)$/.test(type) ? content : ""))
          .join("")
          .replace("&#8203;", "") // of the heading's own link
          .trim()
        return `<div class="wide" tabindex="0" role="region" aria-label="${md.utils.escapeHtml(label || "Table")}"><table>\n`
      }
      md.renderer.rules["table_close"] = () => "</table></div>\n"
    }
  },
  buildEnd: ({ outDir, pages, srcDir }) => {
    writeForReaders({ outDir, pages, sidebar: [...sidebar, listOf("hans"), listOf("hant")], srcDir })
    const wrong = brokenLinks(outDir)
    if (wrong.length > 0) throw new Error(`Broken links:\n${wrong.join("\n")}`)
  },
  themeConfig: {
    nav: [
      page("Tutorial", "/tutorial"),
      page("Guides", "/how-to/credentials"),
      page("Reference", "/reference/errors"),
      page("Explanation", "/explanation/architecture"),
      page("API", "/api/")
    ],
    sidebar,
    outline: [2, 3],
    // To the same page if it is translated, else to the start. This function, too, runs in the browser.
    i18nRouting: (_, { data }, locale) => {
      const page = data.relativePath.replace(/^zh-Han[st]\//, "").replace(/\.md$/, ".html")
      const isTranslated = /^(?:tutorial|reference\/(?:commands|errors|results))\.html$/.test(page)
      return `${locale === "root" ? "" : `/${locale}`}/${isTranslated ? page : ""}`
    },
    search: {
      provider: "local",
      options: {
        detailedView: false,
        locales: { "zh-Hans": searchOf("hans"), "zh-Hant": searchOf("hant") },
        // Chinese has no spaces: each character is a word.
        miniSearch: {
          options: {
            tokenize: (text) => text.split(/[\n\r\p{Z}\p{P}]+|(?<=\p{Script=Han})|(?=\p{Script=Han})/u)
          }
        },
        // Of the API the names are enough: its text is in the other pages, and would be most of the index.
        _render: async (source, env, md) => {
          const html = await md.renderAsync(source, env)
          if (env.relativePath.startsWith("api/")) return (html.match(/<h[1-6][\s\S]*?<\/h[1-6]>/g) ?? []).join("")
          // The words that readers search for and the page does not use.
          return html.replace("</h1>", `</h1><p>${String(env.frontmatter?.keywords ?? "")}</p>`)
        }
      }
    },
    docFooter: { prev: "Previous", next: "Next" },
    editLink: {
      // This function runs in the browser, without the rest of this file. The sources of generated pages are elsewhere.
      pattern: ({ filePath }) => {
        const repository = "https://github.com/effect-cloudauth/effect-cloudauth"
        return /^(?:api|packages|(?:zh-\w+\/)?reference)\//.test(filePath)
          ? repository
          : `${repository}/edit/main/docs/${filePath}`
      },
      text: "Edit this page"
    },
    socialLinks: [{ icon: "github", link: repository.url.replace(/^git\+|\.git$/g, "") }],
    footer: {
      message: `Version ${version}. MIT licensed. Community project, not by Alibaba Cloud.`
    }
  }
})
