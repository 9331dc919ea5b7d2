/** The built site: its links, and how it is for eyes, keys and screen readers in a real browser. */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import type { Browser, Page } from "playwright-core"
import { brokenLinks } from "../scripts/links.ts"
import { isSkipped, launch, serve } from "./browser.ts"
import { build, dist } from "./build.ts"

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

interface Violation {
  readonly id: string
  readonly help: string
  readonly nodes: ReadonlyArray<{ readonly html: string; readonly target: ReadonlyArray<string> }>
}

const sizes = {
  desktop: { width: 1280, height: 900 },
  /** The commonest laptops. */
  laptop: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 }
}

/** One page of each kind. */
const kinds = [
  "/",
  "/tutorial.html",
  "/how-to/vendor-sdk.html",
  "/reference/errors.html",
  "/explanation/architecture.html",
  "/packages/emulator.html",
  "/api/core/Verdict.html",
  "/zh-Hans/",
  "/zh-Hans/tutorial.html",
  "/zh-Hant/reference/errors.html",
  "/zh-Hant/reference/results.html"
]

// One build for all; the other suites of a whole run share the machine.
beforeAll(build, 1_800_000)

describe("the site", () => {
  it("has no link, anchor or file that leads nowhere, and loads nothing from elsewhere", () => {
    assert.deepStrictEqual(brokenLinks(dist), [])
  })
})

describe.skipIf(isSkipped)("the site in Chromium", () => {
  let browser: Browser
  let site: Awaited<ReturnType<typeof serve>>

  beforeAll(async () => {
    browser = await launch()
    site = await serve(dist)
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await site.close()
  })

  const open = async (path: string, size: keyof typeof sizes, colorScheme: "light" | "dark") => {
    const context = await browser.newContext({ viewport: sizes[size], colorScheme, reducedMotion: "reduce" })
    const page = await context.newPage()
    const problems: Array<string> = []
    page.on("pageerror", (error) => problems.push(error.message))
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") problems.push(message.text())
    })
    page.on("request", (request) => {
      if (!request.url().startsWith(site.url) && !request.url().startsWith("data:"))
        problems.push(`asked ${request.url()}`)
    })
    await page.goto(site.url + path)
    await page.waitForFunction("document.querySelector('#app')?.__vue_app__ !== undefined")
    return { page, problems, close: () => context.close() }
  }

  /** What axe finds by the rules of WCAG 2.2 AA, or by one rule. */
  const violations = async (page: Page, rule?: string): Promise<ReadonlyArray<string>> => {
    await page.evaluate(axe)
    const only = rule === undefined ? '["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]' : `["${rule}"]`
    const found = (await page.evaluate(
      `axe.run(document, { runOnly: ${only} }).then((result) => result.violations)`
    )) as ReadonlyArray<Violation> // axe's own format
    return found.flatMap(({ help, id, nodes }) =>
      nodes.map(({ html, target }) => `${id}: ${help}: ${target.join(" ")}: ${html.slice(0, 120)}`)
    )
  }

  for (const size of ["desktop", "phone"] as const) {
    for (const scheme of ["light", "dark"] as const) {
      it(`is legible and in its frame: ${size}, ${scheme}`, async () => {
        const wrong: Array<string> = []
        for (const path of kinds) {
          const { close, page, problems } = await open(path, size, scheme)
          const width = await page.evaluate("document.documentElement.scrollWidth")
          if (width !== sizes[size].width) wrong.push(`${path}: ${String(width)} pixels wide`)
          wrong.push(...[...problems, ...(await violations(page))].map((problem) => `${path}: ${problem}`))
          await close()
        }
        assert.deepStrictEqual(wrong, [])
      })
    }
  }

  it("has its home pages' content in the main landmark", async () => {
    for (const path of ["/", "/zh-Hans/"]) {
      const { close, page } = await open(path, "desktop", "light")
      assert.deepStrictEqual(await violations(page, "region"), [], path)
      await close()
    }
  })

  it("is examined by a check that sees what is wrong", async () => {
    const { close, page } = await open("/", "desktop", "light")
    await page.addStyleTag({ content: ".vp-doc p { color: #bbb !important }" })
    await page.evaluate("document.querySelector('.vp-doc').append(document.createElement('button'))")
    const rules = new Set((await violations(page)).map((violation) => violation.split(":")[0]))
    assert.deepStrictEqual([...rules].toSorted(), ["button-name", "color-contrast"])
    await close()
  })

  it("is gone through by keys: past the navigation, to a page, back up", async () => {
    const { close, page, problems } = await open("/reference/errors.html", "desktop", "light")
    await page.keyboard.press("Tab")
    const skip = page.getByRole("link", { name: "Skip to content" })
    assert.isTrue(await skip.evaluate((link) => link === document.activeElement))
    assert.isTrue(await skip.isVisible())
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    assert.isTrue(await page.evaluate("document.querySelector('#VPContent').contains(document.activeElement)"))

    // A table that is wider than the page is reached, and scrolled, by keys.
    await page.setViewportSize(sizes.phone)
    const table = page.locator(".wide").first()
    await table.focus()
    await page.keyboard.press("ArrowRight")
    await page.waitForFunction("document.querySelector('.wide').scrollLeft > 0")
    assert.deepStrictEqual(problems, [])
    await close()
  })

  it("marks the element that has the focus", async () => {
    const { close, page } = await open("/reference/errors.html", "desktop", "dark")
    const unseen: Array<string> = []
    for (let step = 0; step < 25; step++) {
      await page.keyboard.press("Tab")
      const [seen, name] = (await page.evaluate(`(() => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement)
        return [(outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none", document.activeElement.outerHTML.slice(0, 80)]
      })()`)) as [boolean, string] // as the script says
      if (!seen) unseen.push(name)
    }
    assert.deepStrictEqual(unseen, [])
    await close()
  })

  it("is searched without a server", async () => {
    const { close, page, problems } = await open("/", "desktop", "light")
    await page.keyboard.press("Control+k")
    await page.getByRole("searchbox").fill("ProcessNotCompleted")
    await page.locator(".VPLocalSearchBox .result").first().waitFor()
    // The box is VitePress's; how it names its parts to screen readers is not for this site to change.
    assert.deepStrictEqual(await violations(page, "color-contrast"), [])
    await page.keyboard.press("Enter")
    await page.waitForURL(/errors|polling|ProcessNotCompleted/i)
    await page.keyboard.press("Control+k")
    await page.getByRole("searchbox").waitFor()
    await page.keyboard.press("Escape")
    await page.getByRole("searchbox").waitFor({ state: "detached" })
    assert.deepStrictEqual(problems, [])
    await close()
  })

  it("finds a page by the words that readers use", async () => {
    const { close, page } = await open("/", "desktop", "light")
    const pages = {
      webhook: /polling|promises/,
      sandbox: /testing/,
      image: /images|results/,
      Lambda: /promises/,
      retry: /retries/
    }
    for (const [word, expected] of Object.entries(pages)) {
      await page.keyboard.press("Control+k")
      await page.getByRole("searchbox").fill(word)
      const results = page.locator(".VPLocalSearchBox .result")
      await results.first().waitFor()
      const links = await results.evaluateAll((found) => found.map((result) => result.getAttribute("href")))
      assert.isTrue(
        links.slice(0, 5).some((link) => expected.test(link ?? "")),
        `${word}: ${links.slice(0, 5).join(", ")}`
      )
      await page.keyboard.press("Escape")
    }
    await close()
  })

  it("shows each entry of the navigation whole on a laptop", async () => {
    const { close, page } = await open("/how-to/quota.html", "laptop", "light")
    const cut = await page
      .locator(".VPSidebar .text")
      .evaluateAll((entries) =>
        entries.filter((entry) => entry.scrollWidth > entry.clientWidth).map((entry) => entry.textContent)
      )
    assert.deepStrictEqual(cut, [])
    await close()
  })

  it("has its pages as Markdown, and a list of them, for readers that are programs", async () => {
    const list = await (await fetch(`${site.url}/llms.txt`)).text()
    const links = Array.from(list.matchAll(/\]\((\/[^)]+\.md)\)/g), ([, link]) => link)
    assert.isAbove(links.length, 25)
    assert.includeMembers(links, ["/tutorial.md", "/zh-Hans/tutorial.md", "/zh-Hant/reference/errors.md"])
    for (const link of links) assert.strictEqual((await fetch(site.url + link)).status, 200, link)
  })

  it("opens its menu on a phone, and turns dark", async () => {
    const { close, page, problems } = await open("/tutorial.html", "phone", "light")
    await page.locator(".VPLocalNav").getByRole("button", { name: "Menu" }).click()
    await page.locator(".VPSidebar.open").getByRole("link", { name: "Errors", exact: true }).click()
    await page.waitForURL(/errors/)
    await page.locator(".VPNavBarHamburger").click()
    await page.locator(".VPNavScreen").getByRole("switch").click()
    await page.waitForFunction("document.documentElement.classList.contains('dark')")
    assert.deepStrictEqual(await violations(page), [])
    await page.reload()
    await page.waitForFunction("document.documentElement.classList.contains('dark')")
    assert.deepStrictEqual(problems, [])
    await close()
  })
})
