/** The page, in a real Chromium: Debian's, headless. Loopback only. */
import { existsSync } from "node:fs"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { chromium } from "playwright-core"
import type { Browser, Page } from "playwright-core"
import * as Fault from "../src/Fault.ts"
import * as Scenario from "../src/Scenario.ts"
import * as Server from "../src/Server.ts"
import { checkResultQuery, signedHeaders } from "./support.ts"

const executablePath = "/usr/bin/chromium"
const isMissing = !existsSync(executablePath)
if (isMissing && process.env["CI"] !== "true") {
  process.stderr.write(`The page is NOT tested: ${executablePath} is missing (apt-get install chromium).\n`)
}

const args = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync"
]

/** In CI a missing browser is a failure, elsewhere a loud gap. */
describe.skipIf(isMissing && process.env["CI"] !== "true")("the page in Chromium", { timeout: 60_000 }, () => {
  let browser: Browser
  let server: Server.Server

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args })
    server = await Server.start()
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await server.close()
  })

  /** Calls the service; gives the status. */
  const call = async (
    transactionId: string,
    options: { readonly secret?: string; readonly merchant?: string } = {}
  ) => {
    const query =
      options.merchant === undefined
        ? checkResultQuery(transactionId)
        : `MerchantBizId=${options.merchant}&TransactionId=${encodeURIComponent(transactionId)}`
    const headers = signedHeaders(query, {
      host: `127.0.0.1:${server.port}`,
      ...(options.secret === undefined ? {} : { secret: options.secret })
    })
    const response = await fetch(`${server.url}/?${query}`, { method: "POST", headers })
    await response.arrayBuffer()
    return response.status
  }

  /** A page on a fresh emulator, and what went wrong on it. */
  const open = async (
    size = { width: 1280, height: 900 }
  ): Promise<{ readonly page: Page; readonly problems: Array<string> }> => {
    server.gateway.reset()
    const page = await browser.newPage({ viewport: size })
    const problems: Array<string> = []
    page.on("pageerror", (error) => problems.push(error.message))
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text())
    })
    page.on("request", (request) => {
      const { protocol, host } = new URL(request.url())
      if (protocol !== "data:" && host !== `127.0.0.1:${server.port}`) problems.push(`asked ${host}`)
    })
    await page.goto(server.url)
    await page.locator("#scenario option").first().waitFor({ state: "attached" })
    return { page, problems }
  }

  const rowOf = (page: Page, text: string) => page.locator("#calls tr", { hasText: text })

  it("lists calls live, with verdict, signature and timings", async () => {
    const { page, problems } = await open()
    assert.include(await page.locator("#calls").innerText(), "No calls yet")
    await call("hksb-passed-global-passport")
    await call("hksb-rejected-212")
    await call("hksb-passed-global-passport-2", { secret: "wrong" })
    const row = rowOf(page, "hksb-rejected-212")
    await row.waitFor()
    const cells = await row.locator("td").allInnerTexts()
    assert.include(cells.join("|"), "CheckResult|hksb-rejected-212|Verified|Rejected 212|200")
    assert.match(cells.at(-1) ?? "", /^\d+\.\d\d$/)
    const refused = rowOf(page, "SignatureDoesNotMatch")
    await refused.waitFor()
    assert.include(await refused.innerText(), "Refused")
    await rowOf(page, "Passed 200").waitFor()
    // The newest is on top.
    assert.match(await page.locator("#calls tr").first().innerText(), /^3\b/)
    assert.deepStrictEqual(problems, [])
    await page.close()
  })

  it("switches scenarios, faults, clock and quota", async () => {
    const { page, problems } = await open()
    await page.getByLabel("Transaction id").fill("mine")
    await page.getByLabel("answers as").selectOption("hksb-error-InternalError")
    await page.getByRole("button", { name: "Register" }).click()
    await page.getByText("mine answers as hksb-error-InternalError").waitFor()
    assert.strictEqual(await call("mine"), 500)

    await page.getByLabel("Fault rules").fill('[{"fault":{"_tag":"ServerError","status":502}}]')
    await page.getByRole("button", { name: "Set faults" }).click()
    await page.getByText("1 fault rule is in force").waitFor()
    assert.strictEqual(await call("hksb-passed-global-passport"), 502)
    await rowOf(page, "ServerError").waitFor()

    await page.getByLabel("Fault rules").fill('[{"fault":{"_tag":"Nonsense"}}]')
    await page.getByRole("button", { name: "Set faults" }).click()
    await page.getByRole("status").filter({ hasText: "Refused:" }).waitFor()
    assert.strictEqual(server.gateway.faults.rules().length, 1)

    const before = server.gateway.now()
    await page.getByLabel("Hours").fill("48")
    await page.getByRole("button", { name: "Advance the clock" }).click()
    await page.getByText("The clock is 48 hours further").waitFor()
    assert.isAtLeast(server.gateway.now() - before, 48 * 3_600_000)
    server.gateway.setTime(Date.now())

    await page.getByLabel("Calls a second").fill("5")
    await page.getByRole("button", { name: "Set quota" }).click()
    await page.getByText("5 a second").first().waitFor()
    assert.strictEqual(server.gateway.qps(), 5)
    server.gateway.setQps(undefined)

    await page.getByRole("button", { name: "Reset everything" }).click()
    await page.getByText("Everything is reset").waitFor()
    assert.include(await page.locator("#calls").innerText(), "No calls yet")
    // What is refused shows in the browser's console, too: the refusal above is the only one.
    assert.deepStrictEqual(
      problems.filter((problem) => !problem.includes("400")),
      []
    )
    await page.close()
  })

  it("shows the specimens of every document, front and back", async () => {
    const { page, problems } = await open()
    const sizes = await page.locator("#photos img").evaluateAll(async (images) => {
      const shown: Array<number> = []
      for (const image of images) {
        // In the browser these are images; lazy ones load once they are in sight.
        const photo = image as HTMLImageElement
        photo.scrollIntoView()
        await photo.decode()
        shown.push(photo.naturalWidth)
      }
      return shown
    })
    assert.strictEqual(sizes.length, 14)
    assert.isTrue(sizes.every((width) => width > 300))
    assert.deepStrictEqual(problems, [])
    await page.close()
  })

  it("shows what arrived as text, never as markup", async () => {
    const { page, problems } = await open()
    const markup = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`
    await call(markup)
    await call("hksb1", { merchant: encodeURIComponent(markup) })
    await page.getByLabel("Transaction id").fill(markup)
    await page.getByRole("button", { name: "Register" }).click()
    await rowOf(page, "<img src=x").first().waitFor()
    await page.getByRole("status").filter({ hasText: "<img src=x" }).waitFor()
    assert.strictEqual(await page.locator("#calls img, #calls script, #message img").count(), 0)
    assert.strictEqual(await page.title(), "CheckResult emulator")
    assert.deepStrictEqual(problems, [])
    await page.close()
  })

  it("runs no script but its own", async () => {
    const { page } = await open()
    // Were something to get in nevertheless, the policy stops it.
    await page.evaluate(() => {
      const script = document.createElement("script")
      script.textContent = "document.title = 'owned'"
      document.body.append(script)
      const image = document.createElement("img")
      image.setAttribute("onerror", "document.title = 'owned'")
      image.src = "data:,"
      document.body.append(image)
    })
    await page.waitForTimeout(100)
    assert.strictEqual(await page.title(), "CheckResult emulator")
    await page.close()
  })

  it("works by keyboard alone", async () => {
    const { page, problems } = await open()
    const reached: Array<string> = []
    for (let step = 0; step < 20; step++) {
      await page.keyboard.press("Tab")
      const focused = await page.evaluate(() => {
        const element = document.activeElement
        if (element === null || element === document.body) return undefined
        const { outlineStyle, outlineWidth } = getComputedStyle(element)
        return {
          name: element.id || (element.textContent ?? ""),
          isVisible: outlineStyle !== "none" && outlineWidth !== "0px"
        }
      })
      if (focused === undefined) break
      assert.isTrue(focused.isVisible, `the focus on ${focused.name} shows`)
      reached.push(focused.name)
    }
    for (const name of [
      "transaction",
      "scenario",
      "Register",
      "rules",
      "Set faults",
      "hours",
      "Advance the clock",
      "qps",
      "Set quota",
      "Reset everything",
      "seed",
      "Draw"
    ]) {
      assert.include(reached, name)
    }
    assert.isTrue(
      reached.some((name) => name === "list"),
      "the scrolling list can be reached"
    )
    await page.getByLabel("Transaction id").focus()
    await page.keyboard.type("bykeys")
    await page.keyboard.press("Enter")
    await page.getByText("bykeys answers as").waitFor()
    assert.include(server.gateway.registered(), "bykeys")
    assert.deepStrictEqual(problems, [])
    await page.close()
  })

  it("has a name for every control, and a language", async () => {
    const { page } = await open()
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll("input, select, textarea, button, img")]
        .filter((element) => {
          const labelled = "labels" in element && (element as HTMLInputElement).labels?.length
          return !(labelled || element.textContent?.trim() || element.getAttribute("alt"))
        })
        .map((element) => element.outerHTML)
    )
    assert.deepStrictEqual(nameless, [])
    assert.strictEqual(await page.locator("html").getAttribute("lang"), "en")
    await page.close()
  })

  it("fits a phone", async () => {
    const { page, problems } = await open({ width: 390, height: 844 })
    await call("hksb-passed-global-passport-with-a-long-name-that-goes-on-and-on-0123456789")
    await rowOf(page, "with-a-long-name").waitFor()
    const widths = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth])
    assert.isAtMost(widths[0] ?? 0, widths[1] ?? 0)
    // Each control is wide enough for a thumb, and inside.
    const outside = await page.locator("input, select, textarea, button").evaluateAll(
      (controls) =>
        controls.filter((control) => {
          const { height, right } = control.getBoundingClientRect()
          return right > window.innerWidth || height < 24
        }).length
    )
    assert.strictEqual(outside, 0)
    assert.deepStrictEqual(problems, [])
    await page.close()
  })

  it("keeps up with many calls", async () => {
    const { page, problems } = await open()
    for (let index = 0; index < 120; index++) await call(`hksb-passed-global-passport-${index}`)
    await rowOf(page, "hksb-passed-global-passport-119").waitFor()
    assert.strictEqual(await page.locator("#calls tr").count(), 120)
    assert.deepStrictEqual(problems, [])
    await page.close()
  })

  it.runIf(process.env["SCREENSHOT"] !== undefined)("has its picture taken for the README", async () => {
    const { page } = await open({ width: 1280, height: 1240 })
    server.gateway.register("order-1", Scenario.passed({ document: "hong-kong-identity-card", edited: { name: "X" } }))
    await call("hksb-passed-global-passport")
    await call("hksb-passed-prc-resident-identity-card")
    await call("hksb-rejected-211")
    await call("hksb-spoofed")
    await call("hksb-pending")
    await call("hksb-throttled-twice")
    await call("hksb-throttled-twice")
    await call("hksb-throttled-twice")
    await call("order-1", { secret: "not-the-secret" })
    server.gateway.faults.setRules([Fault.rule(Fault.Fault.cases.ServerError.make({ status: 503 }), { times: 1 })])
    await call("order-1")
    await call("order-1")
    await page.reload()
    await rowOf(page, "ServerError").waitFor()
    await page.locator("#photos img").evaluateAll((images) =>
      Promise.all(
        images.map((image) => {
          const photo = image as HTMLImageElement // in the browser these are images
          photo.loading = "eager"
          return photo.decode()
        })
      )
    )
    await page.screenshot({ path: new URL("../docs/page.png", import.meta.url).pathname })
    await page.close()
  })
})
