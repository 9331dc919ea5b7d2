import { createHmac } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import * as Gateway from "../src/Gateway.ts"
import * as Protocol from "../src/Protocol.ts"
import * as Verification from "../src/Verification.ts"
import { checkResultQuery, sha256, type Signing, signedHeaders, signedRequest } from "./support.ts"

const now = Date.parse("2026-01-02T03:04:05Z")
const minutes = 60_000

const verify = (
  request: Protocol.Request,
  keys: ReadonlyArray<Verification.Key> = [],
  nonces = Verification.nonceMemory()
) => {
  const known = [{ accessKeyId: "emulator-access-key-id", accessKeySecret: "emulator-access-key-secret" }, ...keys]
  return Verification.verify(request, { findKey: (id) => known.find((key) => key.accessKeyId === id), nonces, now })
}

const codeOf = (outcome: Verification.Outcome) => (outcome._tag === "Verified" ? "Verified" : outcome.code)
const query = checkResultQuery("hksb1")

describe("the vendor's worked example", () => {
  const request: Protocol.Request = {
    method: "POST",
    target: "/?ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai",
    headers: [
      ["host", "ecs.cn-shanghai.aliyuncs.com"],
      ["x-acs-action", "RunInstances"],
      ["x-acs-content-sha256", sha256("")],
      ["x-acs-date", "2023-10-26T10:22:32Z"],
      ["x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d"],
      ["x-acs-version", "2014-05-26"]
    ],
    body: new Uint8Array()
  }
  const names = request.headers.map(([name]) => name)
  const signature = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"

  it("has the canonical request and signature that the vendor gives", () => {
    const canonical = Protocol.canonicalRequest(request, names) ?? ""
    assert.strictEqual(
      Protocol.sha256Hex(canonical),
      "7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259"
    )
    assert.strictEqual(
      createHmac("sha256", "YourAccessKeySecret").update(Protocol.stringToSign(canonical)).digest("hex"),
      signature
    )
  })

  it("is verified at its time and refused with any other signature", () => {
    const outcome = (given: string) =>
      Verification.verify(
        {
          ...request,
          headers: [
            ...request.headers,
            [
              "Authorization",
              `ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=${names.join(";")},Signature=${given}`
            ]
          ]
        },
        {
          findKey: () => ({ accessKeyId: "YourAccessKeyId", accessKeySecret: "YourAccessKeySecret" }),
          nonces: Verification.nonceMemory(),
          now: Date.parse("2023-10-26T10:22:32Z")
        }
      )
    assert.strictEqual(codeOf(outcome(signature)), "Verified")
    assert.strictEqual(codeOf(outcome(`1${signature.slice(1)}`)), "SignatureDoesNotMatch")
  })
})

describe("what is refused", () => {
  const cases: ReadonlyArray<readonly [name: string, options: Signing, code: string]> = [
    ["nothing", {}, "Verified"],
    ["a wrong secret", { secret: "wrong" }, "SignatureDoesNotMatch"],
    ["an unknown key", { accessKeyId: "nobody" }, "InvalidAccessKeyId.NotFound"],
    ["an inactive key", { accessKeyId: "inactive", secret: "s" }, "InvalidAccessKeyId.Inactive"],
    ["a date of 15 minutes ago", { now: now - 15 * minutes }, "Verified"],
    ["an older date", { now: now - 15 * minutes - 1000 }, "InvalidTimeStamp.Expired"],
    ["a date in 15 minutes", { now: now + 15 * minutes }, "Verified"],
    ["a later date", { now: now + 15 * minutes + 1000 }, "IllegalTimestamp"],
    ["a date in another form", { headers: { "x-acs-date": "Fri, 02 Jan 2026 03:04:05 GMT" } }, "IllegalTimestamp"],
    ["an impossible date", { headers: { "x-acs-date": "2026-13-02T03:04:05Z" } }, "IllegalTimestamp"],
    ["no date", { headers: { "x-acs-date": undefined } }, "MissingParameter"],
    ["no nonce", { headers: { "x-acs-signature-nonce": undefined } }, "MissingParameter"],
    ["no action", { headers: { "x-acs-action": undefined } }, "MissingParameter"],
    ["an empty version", { headers: { "x-acs-version": "" } }, "MissingParameter"],
    ["a hash of another body", { headers: { "x-acs-content-sha256": sha256("x") } }, "SignatureDoesNotMatch"],
    ["no host", { headers: { host: undefined } }, "IncompleteSignature"],
    ["temporary credentials", { accessKeyId: "sts", secret: "s", token: "token" }, "Verified"],
    ["them without the token", { accessKeyId: "sts", secret: "s" }, "InvalidAccessKeyId.NotFound"],
    ["another token", { accessKeyId: "sts", secret: "s", token: "x" }, "InvalidSecurityToken.Malformed"],
    ["a token that ended", { accessKeyId: "ended", secret: "s", token: "token" }, "InvalidSecurityToken.Expired"],
    ["a token with a lasting key", { token: "token" }, "InvalidSecurityToken.Malformed"],
    [
      "a token of another key id",
      { accessKeyId: "sts", secret: "s", token: "token", headers: { "x-acs-accesskey-id": "other" } },
      "InvalidSecurityToken.Malformed"
    ]
  ]
  const keys = [
    { accessKeyId: "inactive", accessKeySecret: "s", active: false },
    { accessKeyId: "sts", accessKeySecret: "s", securityToken: "token", expiresAt: now + 1 },
    { accessKeyId: "ended", accessKeySecret: "s", securityToken: "token", expiresAt: now }
  ]
  it.each(cases)("%s", (_name, options, code) => {
    assert.strictEqual(codeOf(verify(signedRequest(query, { now, ...options }), keys)), code)
  })

  const altered = (change: (headers: Record<string, string>) => ReadonlyArray<readonly [string, string]>) =>
    codeOf(
      verify({
        method: "POST",
        target: `/?${query}`,
        headers: change(signedHeaders(query, { now })),
        body: new Uint8Array()
      })
    )

  it("an x-acs header that is not signed, or one that comes twice", () => {
    assert.strictEqual(
      altered((headers) => [...Object.entries(headers), ["X-Acs-Extra", "1"]]),
      "IncompleteSignature"
    )
    assert.strictEqual(
      altered((headers) => [...Object.entries(headers), ["x-acs-action", "CheckResult"]]),
      "IncompleteSignature"
    )
    assert.strictEqual(
      altered((headers) => [...Object.entries(headers), ["user-agent", "x"]]),
      "Verified"
    )
  })

  it.each([
    "",
    "Basic eDp5",
    "ACS3-HMAC-SHA256 Credential=a",
    "ACS3-HMAC-SHA256",
    "ACS3-RSA-SHA256 Credential=a,SignedHeaders=host,Signature=b"
  ])("the authorization %j", (authorization) => {
    assert.strictEqual(
      altered((headers) => Object.entries({ ...headers, authorization })),
      "IncompleteSignature"
    )
  })

  it("a nonce that was used, but only if its call was signed well", () => {
    const nonces = Verification.nonceMemory()
    const headers = { "x-acs-signature-nonce": "n1" }
    assert.strictEqual(
      codeOf(verify(signedRequest(query, { now, headers, secret: "x" }), [], nonces)),
      "SignatureDoesNotMatch"
    )
    assert.strictEqual(codeOf(verify(signedRequest(query, { now, headers }), [], nonces)), "Verified")
    assert.strictEqual(codeOf(verify(signedRequest(query, { now, headers }), [], nonces)), "SignatureNonceUsed")
  })

  it("forgets nonces whose date would be refused anyway", () => {
    const nonces = Verification.nonceMemory()
    assert.isTrue(nonces.remember("n", now))
    assert.isFalse(nonces.remember("n", now + 30 * minutes))
    assert.isTrue(nonces.remember("n", now + 30 * minutes + 1))
  })

  it("a query that is not UTF-8", () => {
    const request = signedRequest(query, { now })
    assert.strictEqual(codeOf(verify({ ...request, target: "/?TransactionId=%ff" })), "InvalidParameter")
  })
})

describe("for any parameters", () => {
  const encode = (text: string) =>
    encodeURIComponent(text).replace(
      /[!'()*]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
    )
  const parameters = fc.dictionary(fc.stringMatching(/^[A-Za-z0-9.]{1,12}$/), fc.string({ unit: "grapheme" }), {
    maxKeys: 8
  })

  it("the signature holds, however the query is ordered or encoded", () => {
    fc.assert(
      fc.property(parameters, (values) => {
        const names = Object.keys(values).sort()
        const canonical = names.map((name) => `${encode(name)}=${encode(values[name] ?? "")}`).join("&")
        const arrived = names
          .toReversed()
          .map(
            (name) =>
              `${name}=${encode(values[name] ?? "")
                .replaceAll("%20", "+")
                .replaceAll("%2A", "*")}`
          )
          .join("&")
        const request = signedRequest(canonical, { now })
        assert.strictEqual(codeOf(verify({ ...request, target: `/?${arrived}` })), "Verified")
      })
    )
  })

  it("and fails for any other value", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (signed, sent) => {
        fc.pre(signed !== sent)
        const request = signedRequest(`TransactionId=${encode(signed)}`, { now })
        assert.strictEqual(
          codeOf(verify({ ...request, target: `/?TransactionId=${encode(sent)}` })),
          "SignatureDoesNotMatch"
        )
      })
    )
  })

  it("the gateway answers any bytes with a status and never throws", () => {
    const gateway = Gateway.make()
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.array(fc.tuple(fc.constantFrom("authorization", "x-acs-date", "host", "content-type", "x"), fc.string())),
        fc.uint8Array(),
        (method, target, headers, body) => {
          const { response } = gateway.handle({ method, target, headers, body })
          assert.isAtLeast(response.status, 400)
        }
      )
    )
  })
})
