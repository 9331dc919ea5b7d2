import * as Credentials from "@effect-cloudauth/core/Credentials"
import * as Signature from "@effect-cloudauth/core/Signature"
import { portable, SignatureCrypto } from "@effect-cloudauth/core/SignatureCrypto"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as FastCheck from "fast-check"
import * as NodeCrypto from "../src/NodeCrypto.ts"

describe("NodeCrypto", () => {
  it.effect("signs the vendor's worked example to the last digit", () =>
    Effect.gen(function* () {
      const signed = Signature.sign(yield* SignatureCrypto, {
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

  // UTF-16 as it comes, lone surrogates included.
  const utf16 = FastCheck.array(FastCheck.nat(0xffff), { maxLength: 200 }).map((units) => String.fromCharCode(...units))

  it("agrees with the portable primitives for every key and text", () =>
    FastCheck.assert(
      FastCheck.property(utf16, utf16, (key, text) => {
        const secret = Redacted.make(key)
        assert.strictEqual(NodeCrypto.nodeCrypto.sha256(text), portable.sha256(text))
        assert.strictEqual(NodeCrypto.nodeCrypto.hmacSha256(secret, text), portable.hmacSha256(secret, text))
      })
    ))

  it("signs nothing with a key that was wiped", () => {
    const key = Redacted.make("a key", { label: "key" })
    Redacted.wipeUnsafe(key)
    assert.throws(() => NodeCrypto.nodeCrypto.hmacSha256(key, "text"), /redacted/)
  })

  it("never repeats a nonce", () => {
    const nonces = Array.from({ length: 10_000 }, () => NodeCrypto.nodeCrypto.nonce())
    assert.strictEqual(new Set(nonces).size, nonces.length)
  })
})
