import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import { afterEach, assert, describe, it } from "@effect/vitest"
import * as Gateway from "../src/Gateway.ts"
import type * as Journey from "../src/Journey.ts"
import * as Scenario from "../src/Scenario.ts"
import { checkResultQuery, signedRequest } from "./support.ts"

interface Arrived {
  readonly method: string
  readonly parameters: Record<string, string>
}

/** A merchant's callback endpoint that answers with the given statuses in turn, the last one from then on. */
const merchant = async (statuses: ReadonlyArray<number>) => {
  const arrived: Array<Arrived> = []
  const server = Http.createServer((request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      const url = new URL(request.url ?? "", "http://merchant.example")
      const form = new URLSearchParams(Buffer.concat(chunks).toString())
      arrived.push({ method: request.method ?? "", parameters: Object.fromEntries([...url.searchParams, ...form]) })
      // A redirect that must not be followed.
      response.setHeader("location", "/elsewhere")
      response.writeHead(statuses[Math.min(arrived.length, statuses.length) - 1] ?? 200).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  // Listening on a port, never on a path.
  const { port } = server.address() as AddressInfo
  const close = () => server.close()
  closing.push(close)
  return { close, url: `http://127.0.0.1:${port}/cb?own=1`, arrived }
}
const closing: Array<() => void> = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const clock = 1_700_000_000_000
const gatewayWith = (journeys: Journey.Options = {}) => {
  const gateway = Gateway.make({ now: () => clock, journeys })
  closing.push(gateway.journeys.reset)
  return gateway
}
const send = (gateway: Gateway.Gateway, query: string, action: string) => {
  const { response } = gateway.handle(signedRequest(query, { now: gateway.now(), headers: { "x-acs-action": action } }))
  return JSON.parse(Buffer.from(response.body).toString())
}
const initialize = (gateway: Gateway.Gateway, more: Record<string, string> = {}) => {
  const values: Record<string, string> = {
    DocType: "GLB03002",
    MerchantBizId: "b1",
    MerchantUserId: "u1",
    ProductCode: "ID_OCR",
    ...more
  }
  const names = Object.keys(values).sort()
  return send(gateway, names.map((name) => `${name}=${encodeURIComponent(values[name] ?? "")}`).join("&"), "Initialize")
}
const check = (gateway: Gateway.Gateway, transactionId: string) =>
  send(gateway, checkResultQuery(transactionId), "CheckResult")

describe("Initialize", () => {
  it("gives a transaction that is not completed until the user is done", () => {
    const gateway = gatewayWith()
    const { Code, Result } = initialize(gateway)
    assert.strictEqual(Code, "Success")
    assert.match(Result.TransactionId, /^emulator-[0-9a-f]{32}$/)
    assert.hasAllKeys(Result, ["TransactionId", "TransactionUrl", "Protocol"])
    assert.strictEqual(check(gateway, Result.TransactionId).Code, "ProcessNotCompleted")
    assert.isTrue(gateway.journeys.complete(Result.TransactionId))
    const done = check(gateway, Result.TransactionId)
    assert.strictEqual(done.Result.Passed, "Y")
    assert.include(done.Result.ExtIdInfo, "passportNo")
    assert.isFalse(gateway.journeys.complete(Result.TransactionId))
  })

  it("gives an emulator that is started again other ids, and the same ones at the same time", () => {
    const idAt = (now: number) => {
      const gateway = Gateway.make({ now: () => now })
      return initialize(gateway).Result.TransactionId
    }
    assert.notStrictEqual(idAt(clock), idAt(clock + 1))
    assert.strictEqual(idAt(clock), idAt(clock))
  })

  it("completes after a time on the emulator's clock, from which the 30 days count", () => {
    const gateway = gatewayWith({ completesAfterMillis: 5000, scenario: Scenario.rejected("213") })
    const { TransactionId } = initialize(gateway).Result
    gateway.advance(4999)
    assert.strictEqual(check(gateway, TransactionId).Code, "ProcessNotCompleted")
    gateway.advance(1)
    assert.strictEqual(check(gateway, TransactionId).Result.SubCode, "213")
    gateway.advance(30 * 24 * 3600 * 1000)
    assert.strictEqual(check(gateway, TransactionId).Code, "Success")
    gateway.advance(1)
    assert.strictEqual(check(gateway, TransactionId).Code, "TransactionIdInvalid")
  })

  it.each([
    ["ProductCode", "", "MissingParameter"],
    ["ProductCode", "OTHER", "InvalidParameter"],
    ["DocType", "1", "InvalidParameter"],
    ["MerchantUserId", "", "MissingParameter"],
    ["Pages", "02", "InvalidParameter"],
    ["IdSpoof", "1", "InvalidParameter"],
    ["ShowOcrResult", "Y", "InvalidParameter"],
    ["EditOcrResult", "2", "InvalidParameter"],
    ["SceneCode", "12345678901", "InvalidParameter"],
    ["CallbackUrl", "http://merchant.example/", "InvalidParameter"],
    ["CallbackUrl", "javascript:1", "InvalidParameter"]
  ])("refuses %s=%j", (name, value, code) => {
    assert.strictEqual(initialize(gatewayWith(), { [name]: value }).Code, code)
  })
})

describe("the callback", () => {
  it("comes by GET with the four parameters, beside those that the URL has", async () => {
    const { arrived, url } = await merchant([200])
    const gateway = gatewayWith({ completesAfterMillis: 1000 })
    const { TransactionId } = initialize(gateway, { CallbackUrl: url, CallbackToken: "1000004826" }).Result
    assert.strictEqual(gateway.journeys.all()[0]?.callback, "Waiting")
    gateway.advance(1000)
    await gateway.journeys.settled()
    const parameters = {
      own: "1",
      callbackToken: "1000004826",
      transactionId: TransactionId,
      passed: "Y",
      subCode: "200"
    }
    assert.deepStrictEqual(arrived, [{ method: "GET", parameters }])
    assert.deepInclude(gateway.journeys.all()[0], {
      callback: "Delivered",
      callbackAttempts: 1,
      completedAt: clock + 1000
    })
  })

  it("comes by POST, with the other spelling, and without a token if none was given", async () => {
    const { arrived, url } = await merchant([200])
    const gateway = gatewayWith({
      callback: { method: "POST", subCodeName: "subcode" },
      scenario: Scenario.rejected("212")
    })
    const { TransactionId } = initialize(gateway, { CallbackUrl: url, IdSpoof: "Y" }).Result
    gateway.journeys.complete(TransactionId)
    await gateway.journeys.settled()
    assert.deepStrictEqual(arrived, [
      { method: "POST", parameters: { own: "1", transactionId: TransactionId, passed: "N", subcode: "212" } }
    ])
  })

  it("goes to a function in place of HTTP", () => {
    const delivered: Array<string> = []
    const gateway = gatewayWith({ callback: { deliver: ({ method, url }) => delivered.push(`${method} ${url}`) } })
    const { TransactionId } = initialize(gateway, { CallbackUrl: "https://merchant.example/?own=1" }).Result
    gateway.journeys.complete(TransactionId)
    assert.deepStrictEqual(delivered, [
      `GET https://merchant.example/?own=1&transactionId=${TransactionId}&passed=Y&subCode=200`
    ])
    assert.deepInclude(gateway.journeys.all()[0], { callback: "Delivered", callbackAttempts: 1 })
    assert.deepInclude(gateway.journeys.callbacks()[0], { route: "https://merchant.example/", outcome: "HandedOver" })
  })

  it("is retried until it is taken, and sent again where copies are asked for", async () => {
    const { arrived, url } = await merchant([500, 302, 204])
    const gateway = gatewayWith({ callback: { retryAfterMillis: 1, copies: 2 } })
    gateway.journeys.complete(initialize(gateway, { CallbackUrl: url }).Result.TransactionId)
    await gateway.journeys.settled()
    assert.strictEqual(arrived.length, 4)
    assert.deepInclude(gateway.journeys.all()[0], { callback: "Delivered", callbackAttempts: 3 })
  })

  it("is in the log: each attempt with its route, answer and retry, never with the token", async () => {
    const { url } = await merchant([500, 204])
    const gateway = gatewayWith({ callback: { retryAfterMillis: 1, copies: 2 } })
    const { TransactionId } = initialize(gateway, { CallbackUrl: url, CallbackToken: "canary1234" }).Result
    gateway.journeys.complete(TransactionId)
    await gateway.journeys.settled()
    const sent = gateway.journeys.callbacks()
    assert.deepStrictEqual(
      sent.map(({ attempt, outcome, retryAfterMillis, sequence, status }) => [
        sequence,
        attempt,
        status,
        outcome,
        retryAfterMillis
      ]),
      [
        [1, 1, 500, "Retried", 1],
        [2, 2, 204, "Delivered", undefined],
        [3, 3, 204, "Copy", undefined]
      ]
    )
    assert.deepInclude(sent[0], {
      transactionId: TransactionId,
      time: clock,
      method: "GET",
      route: url.replace("?own=1", ""),
      passed: "Y",
      subCode: "200",
      parameters: ["callbackToken", "transactionId", "passed", "subCode"]
    })
    assert.notInclude(JSON.stringify(sent), "canary1234")
    gateway.journeys.reset()
    assert.deepStrictEqual(gateway.journeys.callbacks(), [])
  })

  it("is in the log with what came in place of an answer", async () => {
    const { close, url } = await merchant([200])
    close()
    const gateway = gatewayWith({ callback: { retries: 0 } })
    gateway.journeys.complete(initialize(gateway, { CallbackUrl: url }).Result.TransactionId)
    await gateway.journeys.settled()
    const [failed] = gateway.journeys.callbacks()
    assert.deepInclude(failed, { failure: "ECONNREFUSED", outcome: "Failed" })
    assert.isUndefined(failed?.status)
  })

  it("fails in the end, and stops with the emulator", async () => {
    const { arrived, url } = await merchant([503])
    const gateway = gatewayWith({ callback: { retryAfterMillis: 1, retries: 2 } })
    gateway.journeys.complete(initialize(gateway, { CallbackUrl: url }).Result.TransactionId)
    await gateway.journeys.settled()
    assert.strictEqual(arrived.length, 3)
    assert.deepInclude(gateway.journeys.all()[0], { callback: "Failed", callbackAttempts: 3 })

    const patient = gatewayWith({ callback: { retryAfterMillis: 3_600_000 } })
    patient.journeys.complete(initialize(patient, { CallbackUrl: url }).Result.TransactionId)
    patient.journeys.reset()
    await patient.journeys.settled()
  })
})
