import { Validator } from "@seriousme/openapi-schema-validator"
import jpeg from "jpeg-js"
import { afterAll, assert, beforeAll, beforeEach, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as AdminApi from "../src/AdminApi.ts"
import { Call } from "../src/Call.ts"
import * as Fault from "../src/Fault.ts"
import * as Gateway from "../src/Gateway.ts"
import { Journey } from "../src/Journey.ts"
import * as Scenario from "../src/Scenario.ts"
import * as Server from "../src/Server.ts"
import { checkResultQuery, signedHeaders } from "./support.ts"

let server: Server.Server
beforeAll(async () => {
  server = await Server.start()
})
afterAll(() => server.close())
beforeEach(() => server.gateway.reset())

const admin = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/_admin/${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) })
  })
const checkResult = async (transactionId: string) => {
  const query = checkResultQuery(transactionId)
  const headers = signedHeaders(query, { host: `127.0.0.1:${server.port}`, now: server.gateway.now() })
  const response = await fetch(`${server.url}/?${query}`, { method: "POST", headers })
  // An answer's envelope.
  return (await response.json()) as { Code: string; Result?: { SubCode: string } }
}

describe("the OpenAPI document", () => {
  it("is valid OpenAPI 3.1", async () => {
    const document = await (await admin("GET", "openapi.json")).json()
    const validator = new Validator()
    const { errors, valid } = await validator.validate(document as Record<string, unknown>)
    assert.isTrue(valid, JSON.stringify(errors))
    assert.strictEqual(validator.version, "3.1")
    validator.resolveRefs()
  })

  it("names every operation once", () => {
    const { openApi } = AdminApi.make(Gateway.make())
    const paths = openApi["paths"] as Record<string, Record<string, { operationId: string }>>
    const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId))
    assert.strictEqual(new Set(ids).size, ids.length)
    assert.include(ids, "putAdminTransactionsTransactionId")
  })
})

describe("the API", () => {
  it("registers a scenario, whatever the id holds", async () => {
    for (const id of ["t1", "a b+c%/é"]) {
      const registered = await admin("PUT", `transactions/${encodeURIComponent(id)}`, Scenario.rejected("213"))
      assert.strictEqual(registered.status, 204)
      assert.strictEqual((await checkResult(id)).Result?.SubCode, "213")
    }
  })

  it("lists calls in the form that it describes", async () => {
    await checkResult("hksb-spoofed")
    await checkResult("nobody")
    const decode = Schema.decodeUnknownSync(Schema.Array(Call))
    const calls = decode(await (await admin("GET", "calls")).json())
    assert.deepStrictEqual(
      calls.map(({ code, signature, subCode }) => [code, signature, subCode]),
      [
        ["Success", "Verified", "212"],
        ["TransactionIdInvalid", "Verified", undefined]
      ]
    )
    const later = decode(await (await admin("GET", `calls?after=${calls[0]?.sequence}`)).json())
    assert.deepStrictEqual(later, calls.slice(1))
  })

  it("sets default, faults, quota and clock, shows them and forgets them", async () => {
    await admin("PUT", "default", Scenario.notCompleted)
    assert.strictEqual((await checkResult("nobody")).Code, "ProcessNotCompleted")
    await admin("DELETE", "default")
    assert.strictEqual((await checkResult("nobody")).Code, "TransactionIdInvalid")
    const rules = [Fault.rule(Fault.Fault.cases.ServerError.make({ status: 503 }), { times: 1 })]
    await admin("PUT", "faults", rules)
    assert.strictEqual((await checkResult("hksb-spoofed")).Code, "ServiceUnavailable")
    await admin("PUT", "qps", { callsPerSecond: 9 })
    await admin("POST", "clock", { epochMillis: 1_800_000_000_000 })
    await admin("POST", "clock", { advanceMillis: 1000 })
    const state = (await (await admin("GET", "state")).json()) as Record<string, unknown>
    assert.deepInclude(state, { qps: 9, faults: rules, struck: { ServerError: 1 } })
    assert.closeTo(Number(state["now"]), 1_800_000_001_000, 5000)
    assert.notInclude(JSON.stringify(state), server.gateway.accessKeySecret)
    await admin("PUT", "qps", { callsPerSecond: null })
    assert.strictEqual((await admin("POST", "reset")).status, 204)
    assert.strictEqual((await checkResult("hksb-spoofed")).Code, "Success")
  })

  it("completes journeys", async () => {
    assert.strictEqual((await admin("POST", "journeys/nobody/complete")).status, 404)
    assert.deepStrictEqual(await (await admin("GET", "journeys")).json(), [])
    const query = "DocType=GLB03002&MerchantBizId=b1&MerchantUserId=u1&ProductCode=ID_OCR"
    const headers = { "x-acs-action": "Initialize" }
    const signing = { host: `127.0.0.1:${server.port}`, now: server.gateway.now(), headers }
    await fetch(`${server.url}/?${query}`, { method: "POST", headers: signedHeaders(query, signing) })
    const [journey] = Schema.decodeUnknownSync(Schema.Array(Journey))(await (await admin("GET", "journeys")).json())
    const id = journey?.transactionId ?? ""
    assert.strictEqual((await checkResult(id)).Code, "ProcessNotCompleted")
    assert.strictEqual((await admin("POST", `journeys/${id}/complete?scenario=hksb-unheard-of`)).status, 404)
    assert.strictEqual((await admin("POST", `journeys/${id}/complete?scenario=hksb-rejected-213`)).status, 204)
    assert.strictEqual((await checkResult(id)).Result?.SubCode, "213")
    assert.strictEqual((await admin("POST", `journeys/${id}/complete`)).status, 404)
  })

  it("draws specimens", async () => {
    const response = await admin("GET", "specimens/global-passport/front/jpeg?seed=1")
    assert.strictEqual(response.headers.get("content-type"), "image/jpeg")
    assert.strictEqual(jpeg.decode(await response.arrayBuffer(), { useTArray: true }).width, 480)
    assert.strictEqual((await admin("GET", "specimens/other/front/jpeg")).status, 404)
  })

  it.each([
    ["PUT", "transactions/t", { _tag: "Verdict" }, 400],
    ["PUT", "transactions/t", "{", 400],
    ["PUT", "faults", { no: "array" }, 400],
    ["PUT", "qps", { callsPerSecond: -1 }, 400],
    ["POST", "clock", {}, 400],
    ["GET", "other", undefined, 404],
    ["DELETE", "state", undefined, 405]
  ])("refuses %s %s %j with %i", async (method, path, body, status) => {
    const response = await admin(method, path, body)
    assert.strictEqual(response.status, status)
    assert.hasAllKeys(await response.json(), ["error"])
  })

  it("refuses other origins, foreign host names and forms", async () => {
    const gateway = Gateway.make()
    const api = AdminApi.make(gateway)
    const status = (headers: ReadonlyArray<readonly [string, string]>) =>
      api.handle({ method: "POST", target: "/_admin/reset", headers, body: new Uint8Array() })?.status
    assert.strictEqual(status([["host", "127.0.0.1:1"]]), 204)
    assert.strictEqual(status([["host", "localhost:1"]]), 204)
    assert.strictEqual(status([["host", "evil.example"]]), 403)
    assert.strictEqual(status([]), 403)
    assert.strictEqual(
      status([
        ["host", "127.0.0.1:1"],
        ["origin", "https://evil.example"]
      ]),
      403
    )
    assert.strictEqual(
      status([
        ["host", "127.0.0.1:1"],
        ["origin", "null"]
      ]),
      403
    )
    const form = await admin("PUT", "default", "{}", { "content-type": "text/plain" })
    assert.strictEqual(form.status, 415)
  })
})

describe("the page", () => {
  it("is served at / under a policy that lets nothing else run", async () => {
    const response = await fetch(server.url)
    const policy = response.headers.get("content-security-policy") ?? ""
    assert.include(policy, "default-src 'none'")
    assert.notInclude(policy, "unsafe")
    const html = await response.text()
    assert.match(html, /<html lang="en">/)
    // What arrives is written as text: nothing in the script can make markup of it.
    assert.notMatch(html, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/)
  })

  it("leaves calls to / to the gateway", async () => {
    const { Code } = (await (await fetch(server.url, { method: "POST" })).json()) as { Code: string }
    assert.strictEqual(Code, "IncompleteSignature")
  })

  it("and the API can be left out", async () => {
    const closed = await Server.start({ admin: false })
    assert.strictEqual((await fetch(`${closed.url}/_admin/state`)).status, 400)
    await closed.close()
  })
})
