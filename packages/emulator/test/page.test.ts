/** The page, in a real Chromium: Debian's, headless. Loopback only. */
import { execFile } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { promisify } from "node:util"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { chromium } from "playwright-core"
import type { Browser, Page } from "playwright-core"
import * as Fault from "../src/Fault.ts"
import * as Scenario from "../src/Scenario.ts"
import * as Server from "../src/Server.ts"
import { checkResultQuery, signedHeaders } from "./support.ts"

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

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

  it("opens a call: request, what was compared, the answer by level", async () => {
    const { page, problems } = await open()
    await call("hksb-passed-global-passport")
    await page.getByRole("button", { name: /^Open call/ }).click()
    const dialog = page.getByRole("dialog")
    await dialog.getByRole("heading", { name: "CheckResult, Passed 200" }).waitFor()
    const text = await dialog.innerText()
    assert.include(text, "TransactionId=hksb-passed-global-passport HTTP/1.1")
    assert.include(text, "x-acs-signature-nonce: ")
    assert.include(text, "Signature: Verified")
    assert.include(text, "POST\n/\nMerchantBizId=biz1&TransactionId=hksb-passed-global-passport")
    assert.match(text, /Decided after \d+\.\d\d ms/)
    // The JSON within the answer's texts is the next level.
    await dialog.getByText("ExtIdInfo", { exact: false }).first().waitFor()
    assert.include(text, "JSON in a text")
    await dialog.getByRole("button", { name: "Close" }).click()
    await dialog.waitFor({ state: "hidden" })
    assert.deepStrictEqual(problems, [])
    await page.close()
  })

  it("shows where a refused signature differs", async () => {
    const { page, problems } = await open()
    await call("hksb-pending", { secret: "wrong" })
    await page.getByRole("button", { name: /^Open call/ }).click()
    const dialog = page.getByRole("dialog")
    await dialog.getByText("No usual mistake gives this signature").waitFor()
    const expected = server.gateway.detail(server.gateway.calls()[0]?.sequence ?? 0)?.signature?.canonicalRequest ?? ""
    const own = dialog.getByLabel("Paste the canonical request")
    await own.fill(expected.replace("POST\n/\n", "POST\n\n"))
    await dialog.getByText("First difference: line 2.").waitFor()
    assert.deepStrictEqual(await dialog.locator("mark").allInnerTexts(), ["/", "⏎\n"])
    await own.fill(expected)
    await dialog.getByText("Both are the same").first().waitFor()
    await page.keyboard.press("Escape")

    const query = checkResultQuery("hksb-expired")
    // The host is sent with its port, but signed without.
    const { host: _, ...headers } = signedHeaders(query, { host: "127.0.0.1" })
    await fetch(`${server.url}/?${query}`, { method: "POST", headers })
    await rowOf(page, "hksb-expired").getByRole("button").click()
    await dialog.getByText("The host was signed without its port.", { exact: true }).waitFor()
    await dialog.getByText("Your program signed").first().waitFor()
    assert.isAbove(await dialog.locator("mark").count(), 1)
    assert.deepStrictEqual(problems, [])
    await page.close()
  })

  it("searches and filters the calls", async () => {
    const { page, problems } = await open()
    await call("hksb-passed-global-passport")
    await call("hksb-rejected-212")
    await call("hksb-pending")
    await page.getByText("3 of 3 calls").waitFor()
    await page.getByLabel("Search").fill("rejected checkresult")
    await page.getByText("1 of 3 calls").waitFor()
    assert.isTrue(await rowOf(page, "hksb-rejected-212").isVisible())
    assert.isFalse(await rowOf(page, "hksb-pending").isVisible())
    await page.getByLabel("Search").fill("")
    await page.getByLabel("Show").selectOption("Errors")
    await page.getByText("1 of 3 calls").waitFor()
    assert.isTrue(await rowOf(page, "hksb-pending").isVisible())
    // A new call is filtered, too.
    await call("hksb-spoofed")
    await page.getByText("1 of 4 calls").waitFor()
    assert.deepStrictEqual(problems, [])
    await page.close()
  })

  it("adds faults by name, with parameters that the emulator takes", async () => {
    const { page, problems } = await open()
    for (const kind of Fault.Kind.literals) {
      await page.locator("#fault").selectOption(kind)
      await page.getByRole("button", { name: "Add to the rules" }).click()
    }
    await page.getByRole("button", { name: "Set faults" }).click()
    await page.getByText("16 fault rules are in force").waitFor()
    assert.deepStrictEqual(
      server.gateway.faults.rules().map((rule) => rule.fault._tag),
      [...Fault.Kind.literals]
    )
    assert.deepStrictEqual(problems, [])
    await page.close()
  })

  it("shows journeys with their callbacks, and completes them", async () => {
    const { page, problems } = await open()
    // The emulator's own page takes the callback.
    const url = encodeURIComponent(`${server.url}/`)
    const query = `CallbackToken=canary1234&CallbackUrl=${url}&DocType=GLB03002&MerchantBizId=b1&MerchantUserId=u1&ProductCode=ID_OCR`
    const headers = signedHeaders(query, {
      host: `127.0.0.1:${server.port}`,
      headers: { "x-acs-action": "Initialize" }
    })
    const response = await fetch(`${server.url}/?${query}`, { method: "POST", headers })
    assert.strictEqual(response.status, 200, await response.text())
    const row = page.locator("#journeys tr", { hasText: "Underway" })
    await row.waitFor()
    await page.getByLabel("Complete with").selectOption("hksb-expired")
    await row.getByRole("button", { name: /^Complete/ }).press("Enter")
    await page.locator("#journeys tr", { hasText: "Completed" }).filter({ hasText: "Delivered, attempt 1" }).waitFor()
    assert.strictEqual(server.gateway.journeys.all()[0]?.state, "Completed")
    // The button is gone; the keyboard goes on at its table.
    assert.isTrue(
      await page
        .getByRole("region", { name: "Table of journeys" })
        .evaluate((table) => table === document.activeElement)
    )
    const sent = page.locator("#callbacks tr", { hasText: "Delivered" })
    await sent.waitFor()
    // An Initialize that succeeded is no error.
    const initialized = rowOf(page, "Initialize")
    assert.strictEqual(await initialized.getByText("Success").getAttribute("class"), "good")
    await page.getByLabel("Show").selectOption("Errors")
    assert.isFalse(await initialized.isVisible())
    assert.match(
      await sent.innerText(),
      new RegExp(`GET ${server.url}/\\s+passed=Y subCode=200, with token\\s+1\\s+200`)
    )
    assert.notInclude(await page.content(), "canary1234")
    assert.deepStrictEqual(problems, [])
    await page.close()
  })

  it.each(["light", "dark"] as const)("is the user's page, too: %s", async (colorScheme) => {
    server.gateway.reset()
    const query = `CallbackUrl=${encodeURIComponent(`${server.url}/`)}&DocType=GLB03002&MerchantBizId=b1&MerchantUserId=u1&ProductCode=ID_OCR`
    const headers = signedHeaders(query, {
      host: `127.0.0.1:${server.port}`,
      headers: { "x-acs-action": "Initialize" }
    })
    const { Result } = await (await fetch(`${server.url}/?${query}`, { method: "POST", headers })).json()
    const page = await browser.newPage({ colorScheme, viewport: { width: 390, height: 844 } })
    const problems: Array<string> = []
    page.on("console", (message) => problems.push(message.text()))
    const violations = async () => {
      await page.evaluate(axe)
      return page.evaluate<ReadonlyArray<string>>(
        `axe.run(document).then((result) => result.violations.flatMap((found) => found.nodes.map((node) => found.id + " " + node.html)))`
      )
    }
    await page.goto(Result.TransactionUrl)
    assert.deepStrictEqual(await violations(), [])
    assert.isFalse(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth))
    await page.getByLabel("Outcome").selectOption("hksb-rejected-211")
    await page.getByRole("button", { name: "Finish" }).click()
    await page.getByText("You are done").waitFor()
    await page.getByText("was delivered").waitFor()
    assert.deepStrictEqual(await violations(), [])
    assert.strictEqual(server.gateway.journeys.callbacks()[0]?.subCode, "211")
    assert.deepStrictEqual(problems, [])
    await page.close()
  })

  it("copies endpoint, export lines and a curl command that works", async () => {
    const { page, problems } = await open()
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"])
    const copied = () => page.evaluate(() => navigator.clipboard.readText())
    await page.getByRole("button", { name: "Copy endpoint" }).click()
    await page.getByText("Endpoint copied").waitFor()
    assert.strictEqual(await copied(), server.url)
    await page.getByRole("button", { name: "Copy export lines" }).click()
    await page.getByText("Lines for a shell copied").waitFor()
    assert.strictEqual(
      await copied(),
      `export CLOUDAUTH_ENDPOINT=${server.url}\nexport ALIBABA_CLOUD_ACCESS_KEY_ID=emulator-access-key-id\nexport ALIBABA_CLOUD_ACCESS_KEY_SECRET=emulator-access-key-secret`
    )
    await call("hksb-rejected-211")
    await page.getByRole("button", { name: /^Open call/ }).click()
    await page.getByRole("button", { name: "Copy as curl" }).click()
    await page.getByText("A curl command").waitFor()
    const command = await copied()
    const { stdout } = await promisify(execFile)("sh", ["-c", command])
    assert.include(stdout, '"SubCode":"211"')
    assert.deepStrictEqual(problems, [])
    await page.close()
  })

  it.each(["light", "dark"] as const)(
    "has nothing that axe finds, %s, on a desktop and a phone",
    async (colorScheme) => {
      for (const size of [
        { width: 1280, height: 900 },
        { width: 390, height: 844 }
      ]) {
        const { page } = await open(size)
        await page.emulateMedia({ colorScheme })
        await call("hksb-passed-global-passport")
        await call("hksb-pending", { secret: "wrong" })
        await rowOf(page, "SignatureDoesNotMatch").waitFor()
        const violations = async () => {
          // The page's policy lets no script in but its own; this one comes through the debugger.
          await page.evaluate(axe)
          return page.evaluate<ReadonlyArray<string>>(
            `axe.run(document).then((result) => result.violations.flatMap((found) => found.nodes.map((node) => found.id + " " + node.html)))`
          )
        }
        assert.deepStrictEqual(await violations(), [])
        await rowOf(page, "SignatureDoesNotMatch").getByRole("button").click()
        await page.getByLabel("Paste the canonical request").fill("POST")
        assert.deepStrictEqual(await violations(), [])
        const isWider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
        assert.isFalse(isWider)
        await page.close()
      }
    }
  )

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
    for (let step = 0; step < 40; step++) {
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
      "search",
      "kind",
      "copy-endpoint",
      "copy-exports",
      "ending",
      "fault",
      "add",
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
    const outside = await page.locator("main :is(input, select, textarea, button)").evaluateAll(
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
