import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { chromium } from "playwright-core"
import * as ExitCode from "../src/ExitCode.ts"
import * as chart from "../src/internal/chart.ts"
import { directory, runOn } from "./support.ts"

const emulated = Emulator.layer()

/** A collection with all verdicts over ten days, and a person who must be found nowhere. */
const collection = Effect.gen(function* () {
  const emulator = yield* Emulator
  const path = yield* directory
  const lines = ["transaction_id,created_at"]
  const day = 86_400_000
  for (let index = 0; index < 60; index++) {
    const id = `transaction-${index}-CANARYID`
    const scenario =
      index % 4 === 0
        ? Scenario.rejected("211")
        : index % 4 === 1
          ? Scenario.spoofed([index % 8 === 1 ? "PHOTO_COPY" : "<b>SCREEN</b>"], { document: "global-passport" })
          : index % 13 === 2
            ? Scenario.passed({ subCode: "211" })
            : Scenario.passed({
                document: "prc-resident-identity-card",
                fields: { name: "PERSONCANARY", address: "<script>alert(1)</script>" },
                back: true
              })
    yield* emulator.register(id, scenario)
    lines.push(`${id},${new Date(Date.UTC(2026, 9, 1) + (index % 10) * day).toISOString()}`)
  }
  lines.push("nobody-has-this-id,")
  const list = join(path, "ids.csv")
  writeFileSync(list, lines.join("\n"))
  const store = join(path, "results.db")
  assert.strictEqual((yield* runOn(["collect", list, "--store", store])).code, ExitCode.table.Incomplete.code)
  return { path, store }
})

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

describe("columns", () => {
  it("stand above their labels, however few, and the axis counts whole results", () => {
    const { text } = chart.columns("t", ["12:10"], [{ name: "passed", tone: "pass", values: [1] }])
    const [, x, width] = /<rect[^>]* x="([\d.]+)"\s+width="([\d.]+)"/.exec(text) ?? []
    const label = /x="([\d.]+)"[^>]*>12:10</.exec(text)?.[1]
    assert.strictEqual(Number(x) + Number(width) / 2, Number(label))
    assert.notInclude(text, ">0.5<")
  })
})

describe("report", () => {
  it.live("counts what is there, and names no person", () =>
    Effect.gen(function* () {
      const { path, store } = yield* collection
      const out = join(path, "report.html")
      assert.strictEqual((yield* runOn(["report", "--store", store, "--out", out])).code, 0)
      assert.strictEqual(statSync(out).mode & 0o777, 0o600)
      const page = readFileSync(out, "utf8")
      assert.notMatch(page, /PERSONCANARY|data:image|transaction-\d/)
      const { stdout } = yield* runOn(["report", "--store", store, "--json"])
      assert.notMatch(stdout, /CANARY/)
      const figures = JSON.parse(stdout)
      assert.deepStrictEqual(figures.verdicts, { Passed: 27, Rejected: 30, Inconclusive: 3 })
      assert.deepStrictEqual(figures.billed, { yes: 60, no: 0, unknown: 0 })
      assert.deepStrictEqual(figures.failures, [["TransactionIdInvalid", 1]])
      assert.deepStrictEqual(Object.fromEntries(figures.bySubCode), { "200": 27, "211": 18, "212": 15 })
      assert.strictEqual(figures.isTimeOfCheck, true)
      assert.strictEqual(figures.buckets.length, 10)
      const spoofed = figures.buckets.reduce(
        (sum: number, bucket: { spoofTypes: Record<string, number> }) =>
          sum + Object.values(bucket.spoofTypes).reduce((sum, n) => sum + n, 0),
        0
      )
      assert.strictEqual(spoofed, 15)
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live("fails if there is no collection, and makes none", () =>
    Effect.gen(function* () {
      const path = yield* directory
      const ran = yield* runOn(["report", "--store", join(path, "none.db")])
      assert.strictEqual(ran.code, ExitCode.table.Usage.code)
      assert.isFalse(existsSync(join(path, "none.db")))
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live.skipIf(!hasBrowser)(
    "in a browser: loads nothing, draws its plots, blurs until clicked, runs no foreign script",
    () =>
      Effect.gen(function* () {
        const { path, store } = yield* collection
        const out = join(path, "revealed.html")
        assert.strictEqual(
          (yield* runOn(["report", "--store", store, "--out", out, "--reveal", "--list", "40"])).code,
          0
        )
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
})
