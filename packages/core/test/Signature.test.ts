import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Redacted from "effect/Redacted"
import * as Credentials from "../src/Credentials.ts"
import * as canonical from "../src/internal/call/canonicalRequest.ts"
import * as Signature from "../src/Signature.ts"
import { portable } from "../src/SignatureCrypto.ts"
import { shuffled, utf16 } from "./fixtures/arbitraries.ts"
import { syncCrypto } from "./fixtures/server.ts"

/**
 * The vendor's worked example.
 *
 * @source https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
 */
const example: Signature.Input = {
  method: "POST",
  path: "/",
  host: "ecs.cn-shanghai.aliyuncs.com",
  action: "RunInstances",
  version: "2014-05-26",
  query: [
    ["ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"],
    ["RegionId", "cn-shanghai"]
  ],
  credential: Credentials.make({ accessKeyId: "YourAccessKeyId", accessKeySecret: "YourAccessKeySecret" }),
  now: Date.UTC(2023, 9, 26, 10, 22, 32),
  nonce: "3156853299f313e23d1673dc12e1703d"
}

const query = "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai"
const emptyBodyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
const canonicalRequestHash = "7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259"
const signature = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
const signedHeaders = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version"

const canonicalRequest = [
  "POST",
  "/",
  query,
  "host:ecs.cn-shanghai.aliyuncs.com",
  "x-acs-action:RunInstances",
  `x-acs-content-sha256:${emptyBodyHash}`,
  "x-acs-date:2023-10-26T10:22:32Z",
  "x-acs-signature-nonce:3156853299f313e23d1673dc12e1703d",
  "x-acs-version:2014-05-26",
  "",
  signedHeaders,
  emptyBodyHash
].join("\n")

/** Signs, and keeps the texts that were hashed and keyed. */
const signed = (input: Partial<Signature.Input> = {}, crypto = portable) => {
  const hashed: Array<string> = []
  const keyed: Array<string> = []
  const spy = {
    ...crypto,
    sha256: (text: string) => {
      hashed.push(text)
      return crypto.sha256(text)
    },
    hmacSha256: (key: Redacted.Redacted, text: string) => {
      keyed.push(text)
      return crypto.hmacSha256(key, text)
    }
  }
  const result = Signature.sign(spy, { ...example, ...input })
  return { ...result, hashed, keyed, authorization: result.headers["authorization"] ?? "" }
}

describe("the vendor's worked example", () => {
  it("gives the canonical request, its hash and the text to sign, to the last digit", () => {
    const { hashed, keyed } = signed()
    assert.deepStrictEqual(hashed, [canonicalRequest])
    assert.strictEqual(portable.sha256(canonicalRequest), canonicalRequestHash)
    assert.deepStrictEqual(keyed, [`ACS3-HMAC-SHA256\n${canonicalRequestHash}`])
  })

  it("gives the query, the headers and the signature, to the last digit", () => {
    assert.deepStrictEqual(Signature.sign(portable, example), {
      query,
      headers: {
        authorization: `ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=${signedHeaders},Signature=${signature}`,
        host: "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": emptyBodyHash,
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26"
      }
    })
  })

  it("changes with each part that is signed", () => {
    const others: ReadonlyArray<Partial<Signature.Input>> = [
      {},
      { method: "GET" },
      { path: "/x" },
      { host: "ecs.cn-beijing.aliyuncs.com" },
      { action: "StopInstances" },
      { version: "2014-05-27" },
      { query: [] },
      { now: example.now + 1000 },
      { nonce: "3156853299f313e23d1673dc12e1703e" },
      { bodyHash: canonicalRequestHash },
      { headers: { "x-acs-retry-attempts": "1" } },
      { credential: Credentials.make({ accessKeyId: "YourAccessKeyId", accessKeySecret: "other" }) }
    ]
    const signatures = others.map((other) => /Signature=(.*)$/.exec(signed(other).authorization)?.[1])
    assert.strictEqual(signatures[0], signature)
    assert.strictEqual(new Set(signatures).size, others.length)
  })
})

describe("Signature.sign", () => {
  it("signs the whole second: milliseconds do not count", () => {
    assert.strictEqual(signed({ now: example.now + 999 }).authorization, signed().authorization)
  })

  it("adds and signs the key id and the token of temporary credentials", () => {
    const credential = Credentials.make({ accessKeyId: "STS.id", accessKeySecret: "secret", securityToken: "token" })
    const { authorization, hashed, headers } = signed({ credential })
    assert.deepInclude(headers, { "x-acs-accesskey-id": "STS.id", "x-acs-security-token": "token" })
    assert.include(
      authorization,
      "SignedHeaders=host;x-acs-accesskey-id;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-security-token;x-acs-signature-nonce;x-acs-version,"
    )
    assert.include(hashed[0], "\nx-acs-accesskey-id:STS.id\n")
    assert.include(hashed[0], "\nx-acs-security-token:token\n")
  })

  it("signs further headers by their lower-case names and trimmed values", () => {
    const { hashed } = signed({ headers: { "Content-Type": "  text/plain ", "X-Acs-Retry-Delay": "5" } })
    const lines = hashed[0]?.split("\n") ?? []
    assert.deepStrictEqual(lines.slice(3, 5), ["content-type:text/plain", "host:ecs.cn-shanghai.aliyuncs.com"])
    assert.include(lines, "x-acs-retry-delay:5")
    assert.include(
      lines,
      "content-type;host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-retry-delay;x-acs-signature-nonce;x-acs-version"
    )
  })

  const parameters = [
    ["a", "1"],
    ["b", "2"],
    ["c", "3"]
  ] as const
  const headers = [
    ["x-acs-a", "1"],
    ["x-acs-b", "2"],
    ["content-type", "x"]
  ] as const

  it.prop(
    "is the same for any order of the query and of the headers",
    [shuffled(parameters), shuffled(headers)],
    (order) => {
      assert.strictEqual(
        signed({ query: order[0], headers: Object.fromEntries(order[1]) }).authorization,
        signed({ query: parameters, headers: Object.fromEntries(headers) }).authorization
      )
    }
  )
})

describe("the portable primitives", () => {
  it.prop("agree with node:crypto for any text and key", [utf16, utf16], ([text, key]) => {
    assert.strictEqual(portable.sha256(text), syncCrypto.sha256(text))
    const secret = Redacted.make(key)
    assert.strictEqual(portable.hmacSha256(secret, text), syncCrypto.hmacSha256(secret, text))
  })

  it("have nonces that do not repeat", () => {
    const nonces = Array.from({ length: 1000 }, () => portable.nonce())
    assert.strictEqual(new Set(nonces).size, 1000)
    for (const nonce of nonces) assert.match(nonce, /^[0-9a-f-]{36}$/)
  })
})

/** RFC 3986 over UTF-8, byte by byte, without `encodeURIComponent`. */
const reference = (text: string): string => {
  let encoded = ""
  for (const byte of Buffer.from(text, "utf8")) {
    const character = String.fromCharCode(byte)
    encoded += /[A-Za-z0-9\-._~]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`
  }
  return encoded
}

describe("percent-encoding", () => {
  it.each([
    ["", ""],
    ["a b", "a%20b"],
    ["+", "%2B"],
    ["*", "%2A"],
    ["!'()*", "%21%27%28%29%2A"],
    ["-_.~", "-_.~"],
    ["%20", "%2520"],
    ["/?&=#", "%2F%3F%26%3D%23"],
    ["李", "%E6%9D%8E"],
    ["😀", "%F0%9F%98%80"],
    ["\ud83d", "%EF%BF%BD"],
    ["a\udc00b", "a%EF%BF%BDb"],
    ["\n\u0000\u007f", "%0A%00%7F"]
  ])("%j becomes %s", (text, encoded) => {
    assert.strictEqual(canonical.percentEncode(text), encoded)
  })

  it("agrees with the reference for every code unit", () => {
    for (let unit = 0; unit <= 0xffff; unit++) {
      const text = String.fromCharCode(unit)
      if (canonical.percentEncode(text) !== reference(text)) assert.fail(`code unit ${unit}`)
    }
  })

  it.prop(
    "agrees with the reference for any text, and decodeURIComponent undoes it",
    [utf16],
    ([text]) => {
      assert.strictEqual(canonical.percentEncode(text), reference(text))
      assert.strictEqual(decodeURIComponent(canonical.percentEncode(text)), text.toWellFormed())
    },
    { arbitrary: { runs: 1000 } }
  )
})

describe("the query", () => {
  const pairs = Arbitrary.map(
    Arbitrary.array(Arbitrary.all([utf16, utf16]), { maxLength: 8 }),
    (all): ReadonlyArray<readonly [string, string]> => [
      ...new Map(all.map(([name, value]) => [name.toWellFormed(), value]))
    ]
  )

  it("is sorted by the encoded name, and the values of a name keep their order", () => {
    const values = Array.from({ length: 40 }, (_, index) => ["a", String(index)] as const)
    assert.strictEqual(
      signed({ query: [["b", "1"], ["B", "2"], ...values, ["é", "x y"], ["a-b", "3"], ["a b", "4"]] }).query,
      ["%C3%A9=x%20y", "B=2", ...values.map(([name, value]) => `${name}=${value}`), "a%20b=4", "a-b=3", "b=1"].join("&")
    )
  })

  it.prop(
    "is the same for any order",
    [Arbitrary.flatMap(pairs, (all) => Arbitrary.map(shuffled(all), (order) => [all, order] as const))],
    ([[all, order]]) => {
      assert.strictEqual(canonical.canonicalQuery(all), canonical.canonicalQuery(order))
    }
  )

  it.prop("is what a URL parser reads back", [pairs], ([all]) => {
    const read = new URLSearchParams(signed({ query: all }).query)
    for (const [name, value] of all) assert.strictEqual(read.get(name), value.toWellFormed())
  })
})

describe("the date", () => {
  it.each([
    [0, "1970-01-01T00:00:00Z"],
    [999, "1970-01-01T00:00:00Z"],
    [Date.UTC(2024, 1, 29, 23, 59, 59, 999), "2024-02-29T23:59:59Z"]
  ])("of %i is %s", (now, text) => {
    assert.strictEqual(signed({ now }).headers["x-acs-date"], text)
  })
})
