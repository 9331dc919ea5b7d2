/** The page that Initialize sends the user to, as a browser without script sees it. */
import { afterEach, assert, describe, it } from "@effect/vitest"
import * as Gateway from "../src/Gateway.ts"
import * as Server from "../src/Server.ts"
import { checkResultQuery, signedHeaders, signedRequest } from "./support.ts"

const initializeQuery = "DocType=GLB03002&MerchantBizId=b1&MerchantUserId=u1&ProductCode=ID_OCR"

const started: Array<Server.Server> = []
afterEach(() => Promise.all(started.splice(0).map(({ close }) => close())))

const start = async (options: Server.Options = {}) => {
  const server = await Server.start(options)
  started.push(server)
  const host = `127.0.0.1:${server.port}`
  const call = async (action: string, query: string) => {
    const headers = signedHeaders(query, { host, headers: { "x-acs-action": action } })
    return (await fetch(`http://${host}/?${query}`, { method: "POST", headers })).json()
  }
  const begin = async () => (await call("Initialize", initializeQuery)).Result
  const check = (transactionId: string) => call("CheckResult", checkResultQuery(transactionId))
  return { begin, check, server, url: `http://${host}` }
}

const choose = (url: string, scenario: string, headers: Record<string, string> = {}) =>
  fetch(url, { method: "POST", headers, body: new URLSearchParams({ scenario }), redirect: "manual" })

describe("the user's page", () => {
  it("is where Initialize sends the user, who chooses how the journey ends", async () => {
    const { begin, check, url } = await start()
    const { TransactionId, TransactionUrl } = await begin()
    assert.strictEqual(TransactionUrl, `${url}/journey/${TransactionId}`)
    const page = await fetch(TransactionUrl)
    assert.strictEqual(page.status, 200)
    assert.match(await page.text(), /Underway[^]*<option[^>]*>hksb-rejected-212<[^]*<button>Finish</)

    const finished = await choose(TransactionUrl, "hksb-rejected-213", { origin: url })
    assert.deepStrictEqual([finished.status, finished.headers.get("location")], [303, `/journey/${TransactionId}`])
    assert.strictEqual((await check(TransactionId)).Result.SubCode, "213")
    const after = await (await fetch(TransactionUrl)).text()
    assert.include(after, "Completed")
    assert.notInclude(after, "<form")
  })

  it("ends a journey with its own result unless another is chosen", async () => {
    const { begin, check } = await start()
    const { TransactionId, TransactionUrl } = await begin()
    assert.strictEqual((await choose(TransactionUrl, "hksb-no-such")).status, 400)
    assert.strictEqual((await check(TransactionId)).Code, "ProcessNotCompleted")
    await choose(TransactionUrl, "")
    assert.strictEqual((await check(TransactionId)).Result.Passed, "Y")
  })

  it("knows no other journey, and takes no choice from another site or under another host name", async () => {
    const { begin, check, url } = await start()
    const { TransactionId, TransactionUrl } = await begin()
    assert.strictEqual((await fetch(`${url}/journey/emulator-other`)).status, 404)
    assert.strictEqual((await fetch(TransactionUrl, { method: "PUT" })).status, 405)
    assert.strictEqual((await choose(TransactionUrl, "", { origin: "https://evil.example" })).status, 403)
    assert.strictEqual((await choose(TransactionUrl, "", { origin: "null" })).status, 403)
    assert.strictEqual((await choose(TransactionUrl, "", { "sec-fetch-site": "cross-site" })).status, 403)
    assert.strictEqual((await check(TransactionId)).Code, "ProcessNotCompleted")
  })

  it("of an emulator with an admin token opens by its whole address, which does not hold the token", async () => {
    const adminToken = "a-token-of-my-own"
    const { begin, check } = await start({ host: "0.0.0.0", adminToken })
    const { TransactionId, TransactionUrl } = await begin()
    assert.match(TransactionUrl, /\?key=[0-9a-f]{32}$/)
    assert.notInclude(TransactionUrl, adminToken)
    const [bare = ""] = TransactionUrl.split("?")
    for (const wrong of [bare, `${bare}?key=${"0".repeat(32)}`, `${bare}?key=`]) {
      assert.strictEqual((await fetch(wrong)).status, 404)
      assert.strictEqual((await choose(wrong, "")).status, 404)
    }
    assert.strictEqual((await check(TransactionId)).Code, "ProcessNotCompleted")
    const finished = await choose(TransactionUrl, "")
    assert.isTrue(TransactionUrl.endsWith(finished.headers.get("location") ?? "none"))
    assert.strictEqual((await check(TransactionId)).Result.Passed, "Y")
  })

  it("gives way to a page of your own, and is not there without a server", async () => {
    const own = await start({
      journeys: { transactionUrl: (transactionId, host) => `https://shop.example/${host}/${transactionId}` }
    })
    const { TransactionId, TransactionUrl } = await own.begin()
    assert.strictEqual(TransactionUrl, `https://shop.example/127.0.0.1:${own.server.port}/${TransactionId}`)
    const hidden = await start({ admin: false })
    assert.match((await hidden.begin()).TransactionUrl, /^https:\/\/journey\.example\//)
    const { response } = Gateway.make().handle(
      signedRequest(initializeQuery, { headers: { "x-acs-action": "Initialize" } })
    )
    assert.include(Buffer.from(response.body).toString(), "https://journey.example/")
  })
})
