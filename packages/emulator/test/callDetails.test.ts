/** One call opened: what arrived, what its signature was compared with, and why it did not match. */
import { createHmac } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import * as Gateway from "../src/Gateway.ts"
import type * as Protocol from "../src/Protocol.ts"
import { checkResultQuery, sha256, signedRequest } from "./support.ts"

const detailOf = (request: Protocol.Request) => {
  const gateway = Gateway.make()
  const { response } = gateway.handle(request)
  const detail = gateway.detail(1)
  if (detail === undefined) throw new Error("The call is not kept.")
  return { detail, message: String(JSON.parse(Buffer.from(response.body).toString("utf8")).Message) }
}

/** The request with the signature of another canonical request. */
const signedAs = (
  change: (canonical: string) => string,
  query = checkResultQuery("hksb-passed-global-passport"),
  host = "127.0.0.1"
): Protocol.Request => {
  const request = signedRequest(query, { host })
  const gateway = Gateway.make()
  gateway.handle(request)
  const canonical = change(gateway.detail(1)?.signature?.canonicalRequest ?? "")
  const signature = createHmac("sha256", Gateway.defaultAccessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest("hex")
  const headers = request.headers.map(
    ([name, value]) => [name, name === "authorization" ? value.replace(/[0-9a-f]+$/, signature) : value] as const
  )
  return { ...request, headers }
}

describe("a call's details", () => {
  it("have the request, the canonical request and the answer", () => {
    const { detail } = detailOf(signedRequest(checkResultQuery("hksb-passed-global-passport")))
    assert.strictEqual(detail.request.method, "POST")
    assert.include(detail.request.target, "hksb-passed-global-passport")
    assert.include(detail.signature?.canonicalRequest, "POST\n/\nMerchantBizId=biz1&TransactionId=hksb-passed-")
    assert.strictEqual(
      detail.signature?.stringToSign,
      `ACS3-HMAC-SHA256\n${sha256(detail.signature?.canonicalRequest ?? "")}`
    )
    assert.isUndefined(detail.signature?.mistake)
    assert.strictEqual(JSON.parse(detail.answer.body).Code, "Success")
    assert.strictEqual(detail.answer.bytes, Buffer.byteLength(detail.answer.body))
  })

  it("are kept of the last 200 calls, until a reset", () => {
    const gateway = Gateway.make()
    for (let index = 0; index < 201; index++) gateway.handle(signedRequest(checkResultQuery("hksb-pending")))
    assert.isUndefined(gateway.detail(1))
    assert.isDefined(gateway.detail(2))
    assert.isDefined(gateway.detail(201))
    gateway.reset()
    assert.isUndefined(gateway.detail(201))
  })

  it("show no key that is not the emulator's", () => {
    const { detail } = detailOf(
      signedRequest(checkResultQuery("hksb-pending", "AccessKeyId=LTAIreal&"), {
        accessKeyId: "LTAIreal",
        token: "a-real-token"
      })
    )
    assert.isUndefined(detail.signature)
    assert.notInclude(JSON.stringify(detail), "LTAIreal")
    assert.notInclude(JSON.stringify(detail), "a-real-token")
  })

  it("never have the secret", () => {
    const { detail, message } = detailOf(signedAs((canonical) => canonical.replace("POST", "GET")))
    assert.notInclude(JSON.stringify(detail) + message, Gateway.defaultAccessKeySecret)
  })
})

describe("a refused signature", () => {
  it("has the server's string to sign in its answer, as the vendor's has", () => {
    const { detail, message } = detailOf(signedRequest(checkResultQuery("hksb-pending"), { secret: "wrong" }))
    assert.strictEqual(detail.call.code, "SignatureDoesNotMatch")
    assert.include(message, `server string to sign is:${detail.signature?.stringToSign}`)
    assert.include(message, "secret")
    assert.isUndefined(detail.signature?.mistake)
  })

  it.each([
    ["in the order", (text: string) => text.replace(/MerchantBizId=biz1&(TransactionId=.*)/, "$1&MerchantBizId=biz1")],
    ["was not signed", (text: string) => text.replace(/MerchantBizId=.*/, "")],
    ["without its port", (text: string) => text.replace("127.0.0.1:8787", "127.0.0.1")],
    ["as GET", (text: string) => text.replace("POST", "GET")],
    ["path was left out", (text: string) => text.replace("POST\n/\n", "POST\n\n")],
    ["blank line", (text: string) => text.replace("\n\n", "\n")],
    ["hash of the body was left out", (text: string) => text.slice(0, text.lastIndexOf("\n"))]
  ])("is explained by its mistake: %s", (words, change) => {
    const query = words === "in the order" ? "TransactionId=hksb-pending&MerchantBizId=biz1" : undefined
    const request = signedAs(change, query, "127.0.0.1:8787")
    const { detail, message } = detailOf(request)
    assert.include(message, words)
    const mistake = detail.signature?.mistake
    assert.strictEqual(mistake?.what !== undefined && message.endsWith(mistake.what), true)
    assert.strictEqual(mistake?.canonicalRequest, change(detail.signature?.canonicalRequest ?? ""))
  })
})
