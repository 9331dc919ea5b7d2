import { createHmac, randomBytes } from "node:crypto"
import * as Credentials from "@effect-cloudauth/core/Credentials"
import * as Signature from "@effect-cloudauth/core/Signature"
import { SignatureCrypto, webCrypto } from "@effect-cloudauth/core/SignatureCrypto"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as FastCheck from "fast-check"
import * as NodeCrypto from "../src/NodeCrypto.ts"

describe("NodeCrypto", () => {
  it.effect("signs the vendor's worked example to the last digit", () =>
    Effect.gen(function* () {
      const crypto = yield* SignatureCrypto
      const signed = yield* Signature.sign(crypto, {
        method: "POST",
        path: "/",
        host: "ecs.cn-shanghai.aliyuncs.com",
        action: "RunInstances",
        version: "2014-05-26",
        query: [
          ["RegionId", "cn-shanghai"],
          ["ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"]
        ],
        credential: Credentials.make({ accessKeyId: "YourAccessKeyId", accessKeySecret: "YourAccessKeySecret" }),
        now: Date.parse("2023-10-26T10:22:32Z"),
        nonce: "3156853299f313e23d1673dc12e1703d"
      })
      assert.match(
        signed.headers["authorization"] ?? "",
        /Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0$/
      )
    }).pipe(Effect.provide(NodeCrypto.layer))
  )

  it("agrees with Web Crypto for every text", () =>
    FastCheck.assert(
      FastCheck.asyncProperty(
        FastCheck.string({ unit: "binary" }),
        FastCheck.string({ unit: "grapheme", minLength: 1 }),
        async (text, key) => {
          const secret = Redacted.make(key)
          assert.strictEqual(
            await Effect.runPromise(NodeCrypto.nodeCrypto.sha256(text)),
            await Effect.runPromise(webCrypto.sha256(text))
          )
          assert.strictEqual(
            await Effect.runPromise(NodeCrypto.nodeCrypto.hmacSha256(secret, text)),
            await Effect.runPromise(webCrypto.hmacSha256(secret, text))
          )
        }
      ),
      { numRuns: 20 }
    ))

  it("agrees with OpenSSL's HMAC for keys and texts of every length", () => {
    // UTF-16 as it comes, lone surrogates included.
    const utf16 = FastCheck.array(FastCheck.nat(0xffff), { maxLength: 80 }).map((units) =>
      String.fromCharCode(...units)
    )
    const key = FastCheck.oneof(
      utf16,
      FastCheck.string({ unit: "binary", maxLength: 200 }),
      FastCheck.nat(200).map((length) => "k".repeat(length))
    )
    const text = FastCheck.oneof(
      utf16,
      FastCheck.string({ unit: "binary" }),
      FastCheck.nat(3000).map((length) => "t".repeat(length))
    )
    FastCheck.assert(
      FastCheck.property(key, FastCheck.array(text, { minLength: 1, maxLength: 4 }), (secret, texts) => {
        // One key for several texts: long ones first leave nothing behind for the short ones.
        const redacted = Redacted.make(secret)
        for (const each of texts) {
          assert.strictEqual(
            Effect.runSync(NodeCrypto.nodeCrypto.hmacSha256(redacted, each)),
            createHmac("sha256", secret).update(each).digest("hex")
          )
        }
      })
    )
  })

  it("agrees with OpenSSL's HMAC about each length of a key, and about very long texts", () => {
    const long = "é".repeat(1_000_000)
    for (let length = 0; length <= 200; length++) {
      const secret = "k".repeat(length)
      for (const text of length % 50 === 0 ? ["", "text", long] : ["", "text"]) {
        assert.strictEqual(
          Effect.runSync(NodeCrypto.nodeCrypto.hmacSha256(Redacted.make(secret), text)),
          createHmac("sha256", secret).update(text).digest("hex")
        )
      }
    }
  })

  it("signs nothing with a key that was wiped", () => {
    const key = Redacted.make("a key", { label: "key" })
    Effect.runSync(NodeCrypto.nodeCrypto.hmacSha256(key, "text"))
    Redacted.wipeUnsafe(key)
    assert.throws(() => Effect.runSync(NodeCrypto.nodeCrypto.hmacSha256(key, "text")), /redacted/)
  })

  it("leaves no key in memory that other buffers are cut from", () => {
    const secret = randomBytes(16).toString("hex")
    const key = Redacted.make(secret)
    for (const size of [10, 1000, 2000]) Effect.runSync(NodeCrypto.nodeCrypto.hmacSha256(key, "t".repeat(size)))
    const shared = Buffer.from(Buffer.allocUnsafe(1).buffer)
    for (const mask of [0, 0x36, 0x5c]) {
      const sought = Buffer.alloc(secret.length)
      sought.write(secret)
      assert.strictEqual(shared.indexOf(sought.map((byte) => byte ^ mask)), -1)
    }
  })

  it("never repeats a nonce, past the end of its random pool too", () => {
    const nonces = Array.from({ length: 10_000 }, () => NodeCrypto.nodeCrypto.nonce())
    assert.strictEqual(new Set(nonces).size, nonces.length)
    for (const nonce of nonces) assert.match(nonce, /^[0-9a-f]{32}$/)
  })
})
