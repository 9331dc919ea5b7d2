import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as fc from "fast-check"
import * as Credentials from "../src/Credentials.ts"
import * as Signature from "../src/Signature.ts"
import { webCrypto } from "../src/SignatureCrypto.ts"
import { syncCrypto } from "./fixtures/server.ts"
import { utf16 } from "./fixtures/text.ts"

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

const canonicalRequestHash = "7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259"
const signature = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
const signedHeaders = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version"

const canonicalRequest = [
  "POST",
  "/",
  "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai",
  "host:ecs.cn-shanghai.aliyuncs.com",
  "x-acs-action:RunInstances",
  "x-acs-content-sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "x-acs-date:2023-10-26T10:22:32Z",
  "x-acs-signature-nonce:3156853299f313e23d1673dc12e1703d",
  "x-acs-version:2014-05-26",
  "",
  signedHeaders,
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
].join("\n")

/** Signs, and keeps the texts that were hashed. */
const spy = (crypto = syncCrypto) => {
  const hashed: Array<string> = []
  return {
    hashed,
    crypto: {
      ...crypto,
      sha256: (text: string) => {
        hashed.push(text)
        return crypto.sha256(text)
      }
    }
  }
}

describe("the vendor's worked example", () => {
  it.effect("gives the canonical request and its hash, to the last digit, by Web Crypto", () =>
    Effect.gen(function* () {
      const { crypto, hashed } = spy(webCrypto)
      yield* Signature.sign(crypto, example)
      expect(hashed).toEqual([canonicalRequest])
      expect(yield* webCrypto.sha256(canonicalRequest)).toBe(canonicalRequestHash)
    })
  )

  it.effect("gives the signature, to the last digit, by Web Crypto", () =>
    Effect.gen(function* () {
      const { headers, query } = yield* Signature.sign(webCrypto, example)
      expect(query).toBe("ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai")
      expect(headers).toEqual({
        authorization: `ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=${signedHeaders},Signature=${signature}`,
        host: "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": Signature.emptyBodyHash,
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26"
      })
    })
  )

  it.effect("signs the text of its second line", () =>
    Effect.gen(function* () {
      const text = Signature.stringToSign(canonicalRequestHash)
      expect(text).toBe(`ACS3-HMAC-SHA256\n${canonicalRequestHash}`)
      expect(yield* webCrypto.hmacSha256(Redacted.make("YourAccessKeySecret"), text)).toBe(signature)
    })
  )

  it.effect("changes with each part that is signed", () =>
    Effect.gen(function* () {
      const others: ReadonlyArray<Partial<Signature.Input>> = [
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
      const all = yield* Effect.forEach([{}, ...others], (other) =>
        Signature.sign(syncCrypto, { ...example, ...other })
      )
      const signatures = all.map(({ headers }) => /Signature=(.*)$/.exec(headers["authorization"] ?? "")?.[1])
      expect(signatures[0]).toBe(signature)
      expect(new Set(signatures).size).toBe(others.length + 1)
    })
  )
})

describe("Signature.sign", () => {
  const authorization = (input: Signature.Input) =>
    Effect.map(Signature.sign(syncCrypto, input), ({ headers }) => headers["authorization"])

  it.effect("signs the whole second: milliseconds do not count", () =>
    Effect.gen(function* () {
      expect(yield* authorization({ ...example, now: example.now + 999 })).toBe(yield* authorization(example))
    })
  )

  it.effect("adds and signs the key id and the token of temporary credentials", () =>
    Effect.gen(function* () {
      const { crypto, hashed } = spy()
      const credential = Credentials.make({ accessKeyId: "STS.id", accessKeySecret: "secret", securityToken: "token" })
      const { headers } = yield* Signature.sign(crypto, { ...example, credential })
      expect(headers["x-acs-accesskey-id"]).toBe("STS.id")
      expect(headers["x-acs-security-token"]).toBe("token")
      expect(headers["authorization"]).toContain(
        "SignedHeaders=host;x-acs-accesskey-id;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-security-token;x-acs-signature-nonce;x-acs-version,"
      )
      expect(hashed[0]).toContain("\nx-acs-accesskey-id:STS.id\n")
      expect(hashed[0]).toContain("\nx-acs-security-token:token\n")
    })
  )

  it.effect("signs further headers by their lower-case names and trimmed values", () =>
    Effect.gen(function* () {
      const { crypto, hashed } = spy()
      yield* Signature.sign(crypto, {
        ...example,
        headers: { "Content-Type": "  text/plain ", "X-Acs-Retry-Delay": "5" }
      })
      const lines = hashed[0]?.split("\n") ?? []
      expect(lines.slice(3, 5)).toEqual(["content-type:text/plain", "host:ecs.cn-shanghai.aliyuncs.com"])
      expect(lines).toContain("x-acs-retry-delay:5")
      expect(lines).toContain(
        "content-type;host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-retry-delay;x-acs-signature-nonce;x-acs-version"
      )
    })
  )

  it.effect("is the same for any order of the query and of the headers", () =>
    Effect.gen(function* () {
      const expected = yield* authorization({
        ...example,
        query: [
          ["a", "1"],
          ["b", "2"],
          ["c", "3"]
        ],
        headers: { "x-acs-a": "1", "x-acs-b": "2", "content-type": "x" }
      })
      const entries = [
        ["x-acs-a", "1"],
        ["x-acs-b", "2"],
        ["content-type", "x"]
      ] as const
      const orders = fc.sample(
        fc.record({
          query: fc.shuffledSubarray(
            [
              ["a", "1"],
              ["b", "2"],
              ["c", "3"]
            ] as Array<[string, string]>,
            { minLength: 3 }
          ),
          headers: fc.shuffledSubarray([...entries], { minLength: 3 }).map((sorted) => Object.fromEntries(sorted))
        }),
        20
      )
      for (const order of orders) expect(yield* authorization({ ...example, ...order })).toBe(expected)
    })
  )

  it.effect("gives the same by Web Crypto and by a synchronous implementation, for any text", () =>
    Effect.gen(function* () {
      for (const text of fc.sample(utf16, 50)) {
        expect(yield* webCrypto.sha256(text)).toBe(yield* syncCrypto.sha256(text))
        const key = Redacted.make(`k${text}`)
        expect(yield* webCrypto.hmacSha256(key, text)).toBe(yield* syncCrypto.hmacSha256(key, text))
      }
    })
  )

  it("has nonces of 128 bits that do not repeat", () => {
    const nonces = Array.from({ length: 1000 }, () => webCrypto.nonce())
    expect(new Set(nonces).size).toBe(1000)
    for (const nonce of nonces) expect(nonce).toMatch(/^[0-9a-f]{32}$/)
  })
})

/** RFC 3986 over UTF-8, byte by byte, apart from `encodeURIComponent`. */
const reference = (text: string): string => {
  let encoded = ""
  for (const byte of Buffer.from(text, "utf8")) {
    const character = String.fromCharCode(byte)
    encoded += /[A-Za-z0-9\-._~]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`
  }
  return encoded
}

describe("Signature.percentEncode", () => {
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
    expect(Signature.percentEncode(text)).toBe(encoded)
  })

  it("agrees with the reference for every code unit", () => {
    for (let unit = 0; unit <= 0xffff; unit++) {
      const text = String.fromCharCode(unit)
      if (Signature.percentEncode(text) !== reference(text)) expect(text).toBe(`code unit ${unit}`)
    }
  })

  it("agrees with the reference for any text, lone surrogates included", () => {
    fc.assert(
      fc.property(utf16, (text) => Signature.percentEncode(text) === reference(text)),
      { numRuns: 1000 }
    )
  })

  it("is undone by decodeURIComponent for well-formed text", () => {
    fc.assert(fc.property(utf16, (text) => decodeURIComponent(Signature.percentEncode(text)) === text.toWellFormed()))
  })
})

describe("Signature.canonicalQuery", () => {
  it("sorts by the encoded name", () => {
    expect(
      Signature.canonicalQuery([
        ["b", "1"],
        ["B", "2"],
        ["a", ""],
        ["é", "x y"],
        ["a-b", "3"],
        ["a b", "4"]
      ])
    ).toBe("%C3%A9=x%20y&B=2&a=&a%20b=4&a-b=3&b=1")
  })

  it("is the same for any order", () => {
    const parameters = fc.uniqueArray(fc.tuple(utf16, utf16), {
      selector: ([name]) => Signature.percentEncode(name),
      maxLength: 8
    })
    fc.assert(
      fc.property(
        parameters.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }))
        ),
        ([all, shuffled]) => Signature.canonicalQuery(all) === Signature.canonicalQuery(shuffled)
      )
    )
  })

  it("keeps the order of a name's values", () => {
    const values = Array.from({ length: 40 }, (_, index) => ["a", String(index)] as const)
    expect(Signature.canonicalQuery([["b", ""], ...values])).toBe(
      [...values.map(([name, value]) => `${name}=${value}`), "b="].join("&")
    )
  })

  it("is what a URL parser reads back", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[A-Za-z]{1,6}$/), utf16), (parameters) => {
        const read = new URLSearchParams(Signature.canonicalQuery(Object.entries(parameters)))
        for (const [name, value] of Object.entries(parameters)) expect(read.get(name)).toBe(value.toWellFormed())
      })
    )
  })
})

describe("Signature.formatDate", () => {
  it.each([
    [0, "1970-01-01T00:00:00Z"],
    [999, "1970-01-01T00:00:00Z"],
    [Date.UTC(2024, 1, 29, 23, 59, 59, 999), "2024-02-29T23:59:59Z"]
  ])("%i is %s", (now, text) => {
    expect(Signature.formatDate(now)).toBe(text)
  })
})
