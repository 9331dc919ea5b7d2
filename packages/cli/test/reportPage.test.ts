import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { chromium } from "playwright-core"
import * as chart from "../src/internal/chart.ts"
import { collection } from "./collection.ts"
import { directory, runOn } from "./support.ts"

const emulated = Emulator.layer()

const executablePath = process.env["CLOUDAUTH_TEST_CHROMIUM"] ?? "/usr/bin/chromium"
const hasBrowser = existsSync(executablePath)
if (!hasBrowser) {
  // eslint-disable-next-line no-console
  console.warn(
    `SKIPPED: the report in a browser. Install Chromium at ${executablePath}, or set CLOUDAUTH_TEST_CHROMIUM.`
  )
}

const browser = Effect.acquireRelease(
  Effect.promise(() =>
    chromium.launch({
      executablePath,
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync"
      ]
    })
  ),
  (browser) => Effect.promise(() => browser.close())
)

/** Labels that stand out of their plot by more than a margin. */
const cutLabels = (texts: ReadonlyArray<Element>, margin: number) =>
  texts.flatMap((text) => {
    const label = text.getBoundingClientRect()
    const plot = text.closest("svg")?.getBoundingClientRect()
    return plot !== undefined && label.right <= plot.right + margin && label.left >= plot.left - margin
      ? []
      : [text.textContent]
  })

describe("the report in a browser", () => {
  it.live.skipIf(!hasBrowser)("loads nothing, draws its plots, blurs until clicked, runs no foreign script", () =>
    Effect.gen(function* () {
      const { path, store } = yield* collection
      const out = join(path, "revealed.html")
      assert.strictEqual((yield* runOn(["report", "--store", store, "--out", out, "--reveal", "--list", "40"])).code, 0)
      const chrome = yield* browser
      const problems: Array<string> = []
      const requests: Array<string> = []
      yield* Effect.promise(async () => {
        const page = await chrome.newPage({ viewport: { width: 1000, height: 1400 } })
        page.on("console", (message) => problems.push(message.text()))
        page.on("pageerror", (error) => problems.push(error.message))
        page.on("dialog", (dialog) => {
          problems.push(dialog.message())
          void dialog.dismiss()
        })
        page.on("request", (request) => {
          if (!request.url().startsWith("data:")) requests.push(request.url())
        })
        await page.goto(pathToFileURL(out).href)
        assert.deepStrictEqual(requests, [pathToFileURL(out).href])

        // Ten days with passed, rejected or inconclusive columns, drawn with a height.
        const plot = page.getByRole("img", { name: "Verdicts by day" })
        assert.isAbove(await plot.locator("rect").count(), 10)
        const box = await plot.locator("rect").first().boundingBox()
        assert.isAbove(box?.height ?? 0, 5)
        assert.include(await page.locator("body").innerText(), "PHOTO_COPY")
        // What came from outside is text, and a type of attack is cleaned before.
        assert.include(await page.locator("body").innerText(), "<script>alert(1)</script>")
        assert.include(await page.locator("body").innerText(), "?b?SCREEN??b?")

        const button = page.locator(".image").first()
        const image = button.locator("img")
        const filter = () => image.evaluate((element) => getComputedStyle(element).filter)
        assert.isAbove(await image.evaluate((element) => (element as HTMLImageElement).naturalWidth), 10) // it is an <img>
        assert.match(await filter(), /blur/)
        await button.click()
        assert.strictEqual(await filter(), "none")
        await button.click()
        assert.match(await filter(), /blur/)

        assert.strictEqual((await page.locator("tr[data-verdict=Passed]:visible").count()) > 0, true)
        await page.locator("#filter").selectOption("Rejected")
        assert.strictEqual(await page.locator("tr[data-verdict=Passed]:visible").count(), 0)
        assert.isAbove(await page.locator("tr[data-verdict=Rejected]:visible").count(), 0)
        // On a telephone nothing sticks out to the side; the list is pushed within its place.
        await page.setViewportSize({ width: 390, height: 800 })
        assert.strictEqual(await page.evaluate(() => document.documentElement.scrollWidth), 390)
        assert.isAtMost(await plot.evaluate((element) => element.getBoundingClientRect().right), 390)
      })
      assert.deepStrictEqual(problems, [])
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live.skipIf(!hasBrowser)("searches, sorts, saves what is shown", () =>
    Effect.gen(function* () {
      const { path, store } = yield* collection
      const out = join(path, "report.html")
      assert.strictEqual((yield* runOn(["report", "--store", store, "--out", out, "--reveal"])).code, 0)
      const chrome = yield* browser
      yield* Effect.promise(async () => {
        const page = await chrome.newPage({ viewport: { width: 1000, height: 1400 } })
        await page.goto(pathToFileURL(out).href)
        const shown = page.locator("#shown")
        const rows = page.locator(".list tbody:visible > tr:first-child")
        assert.strictEqual(await shown.innerText(), "60 of 60")

        // By words, in any order; what is read of a person, too.
        await page.getByLabel("Search").fill("photo_copy REJECTED")
        assert.strictEqual(await rows.count(), 8)
        await page.getByLabel("Search").fill("personcanary")
        assert.isAbove(await rows.count(), 0)
        await page.getByLabel("Search").fill("")
        await page.locator("#filter").selectOption("Inconclusive")
        assert.strictEqual(await shown.innerText(), "3 of 60")
        await page.locator("#filter").selectOption("")

        const column = async (index: number) =>
          Promise.all((await rows.all()).map((row) => row.locator("td").nth(index).innerText()))
        const sorted = (values: ReadonlyArray<string>) =>
          values.toSorted(new Intl.Collator("en", { numeric: true }).compare)
        for (const [name, index] of [
          ["Transaction", 0],
          ["Time", 1],
          ["Sub code", 3]
        ] as const) {
          await page.getByRole("button", { name }).click()
          const ascending = await column(index)
          assert.deepStrictEqual(ascending, sorted(ascending))
          await page.getByRole("button", { name }).click()
          assert.deepStrictEqual(await column(index), sorted(ascending).toReversed())
        }
        // A person's row stays below the result's.
        const passed = page.locator(".list tbody[data-result=Passed]").first()
        assert.include(await passed.locator("tr").nth(1).innerText(), "PERSONCANARY")

        await page.locator("#filter").selectOption("Rejected")
        const [download] = await Promise.all([
          page.waitForEvent("download"),
          page.getByRole("button", { name: "Save as CSV" }).click()
        ])
        const file = join(path, "saved.csv")
        await download.saveAs(file)
        const lines = readFileSync(file, "utf8").trimEnd().split("\r\n")
        assert.strictEqual(lines.length, 31)
        assert.strictEqual(lines[0], '\uFEFF"Transaction","Time","Verdict","Sub code","Document","Spoof risk"')
        for (const line of lines.slice(1)) assert.match(line, /^"transaction-\d+-CANARYID","2026-10-/)
      })
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live.skipIf(!hasBrowser)("cuts no label, however many columns there are", () =>
    Effect.gen(function* () {
      const path = yield* directory
      const chrome = yield* browser
      // The page's own style, with other plots.
      const file = join(path, "report.html")
      const { store } = yield* collection
      yield* runOn(["report", "--store", store, "--out", file])
      const style = /<style>[^<]*<\/style>/.exec(readFileSync(file, "utf8"))?.[0] ?? assert.fail("no style")
      const plots = Array.from({ length: 62 }, (_, index) => {
        const labels = Array.from({ length: index + 1 }, (_, day) => `10-${String(day).padStart(2, "0")}`)
        return chart.columns("t", labels, [{ name: "n", tone: "a", values: labels.map(() => 12_345) }]).text
      })
      yield* Effect.promise(async () => {
        const page = await chrome.newPage()
        await page.setContent(`<!doctype html><html><head>${style}</head><body>${plots.join("")}</body></html>`)
        for (const width of [1440, 1000, 641]) {
          await page.setViewportSize({ width, height: 900 })
          assert.deepStrictEqual(await page.locator("text.axis").evaluateAll(cutLabels, 0), [])
        }
        // There text may stand in the page's margin.
        await page.setViewportSize({ width: 390, height: 900 })
        assert.deepStrictEqual(await page.locator("text.axis").evaluateAll(cutLabels, 24), [])
      })
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )
})
