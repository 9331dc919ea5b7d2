/** Three signers of the same requests: our client's, the vendor's, and the check that the emulator makes. */
import { createHash } from "node:crypto"
import { createRequire } from "node:module"
import type Vendor from "@alicloud/openapi-core"
import * as Credentials from "@effect-cloudauth/core/Credentials"
import * as Signature from "@effect-cloudauth/core/Signature"
import { portable } from "@effect-cloudauth/core/SignatureCrypto"
import { assert, it } from "@effect/vitest"
import fc from "fast-check"
import * as Verification from "../src/Verification.ts"

const vendor: typeof Vendor = createRequire(import.meta.url)("@alicloud/openapi-core")

/** SHA-256 of no bytes. */
const emptyBodyHash = createHash("sha256").digest("hex")

const now = Date.parse("2026-01-02T03:04:05Z")

const value = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..." !'()*~-_.+%&=/?#[]@:;,<>\"\\|{}^`\r\n\t\u0000") }),
  fc.constantFrom("", "Y", "N")
)
const requests = fc.record({
  query: fc.dictionary(fc.stringMatching(/^[A-Za-z][A-Za-z0-9.]{0,20}$/), value, { maxKeys: 10 }),
  action: fc.stringMatching(/^[A-Za-z]{1,20}$/),
  secret: fc.stringMatching(/^[\x21-\x7e]{1,40}$/),
  token: fc.option(fc.stringMatching(/^[A-Za-z0-9+/=]{1,80}$/), { nil: undefined }),
  retries: fc.option(fc.nat(9).map(String), { nil: undefined })
})

it("2,000 requests have the same signature from both clients, and the emulator takes it", () => {
  fc.assert(
    fc.property(requests, ({ action, query, retries, secret, token }) => {
      const credential = Credentials.make({
        accessKeyId: "id",
        accessKeySecret: secret,
        ...(token === undefined ? {} : { securityToken: token })
      })
      const signed = Signature.sign(portable, {
        method: "POST",
        path: "/",
        host: "127.0.0.1",
        action,
        version: "2022-08-09",
        query: Object.entries(query),
        credential,
        now,
        nonce: "n",
        headers: retries === undefined ? undefined : { "x-acs-retry-attempts": retries }
      })
      const { authorization, ...headers } = signed.headers
      // The vendor's type asks for its own request class, of which these four are what is read.
      const request = { pathname: "/", method: "POST", query, headers } as unknown as Parameters<
        typeof vendor.OpenApiUtil.getAuthorization
      >[0]
      assert.strictEqual(
        authorization,
        vendor.OpenApiUtil.getAuthorization(request, "ACS3-HMAC-SHA256", emptyBodyHash, "id", secret)
      )
      const outcome = Verification.verify(
        {
          method: "POST",
          target: `/?${signed.query}`,
          headers: Object.entries(signed.headers),
          body: new Uint8Array()
        },
        {
          findKey: () => ({ accessKeyId: "id", accessKeySecret: secret, securityToken: token }),
          nonces: Verification.nonceMemory(),
          now
        }
      )
      assert.strictEqual(outcome._tag, "Verified")
    }),
    { numRuns: 2000, seed: 20220809 }
  )
})
