/** What a caller gives can add no header, no parameter and no path to a request, and send it nowhere else. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as fc from "fast-check"
import { Cloudauth } from "../../src/Cloudauth.ts"
import type * as Credentials from "../../src/Credentials.ts"
import { Credentials as Keys } from "../../src/Credentials.ts"
import * as Endpoint from "../../src/Endpoint.ts"
import * as RetryPolicy from "../../src/RetryPolicy.ts"

const success = '{"RequestId":"r","Code":"Success","Result":{"Passed":"Y","SubCode":"200"}}'

/** A client whose requests are kept instead of sent. */
const recording = (key: Credentials.Input = { accessKeyId: "id", accessKeySecret: "secret" }) => {
  const sent: Array<HttpClientRequest.HttpClientRequest> = []
  const http = HttpClient.makeWith<never, never, HttpClientError, never>(
    (asked) =>
      Effect.map(asked, (request) => {
        sent.push(request)
        return HttpClientResponse.fromWeb(request, new Response(success))
      }),
    Effect.succeed
  )
  const layer = Cloudauth.layer({ url: "https://cloudauth.example" }).pipe(
    Layer.provide([
      Layer.succeed(HttpClient.HttpClient, http),
      Keys.layerStatic(key),
      RetryPolicy.layer(RetryPolicy.none)
    ])
  )
  return { sent, layer }
}

const ask = async (request: {
  readonly merchantBizId: string
  readonly transactionId: string
  readonly extraImageControlList?: string
}) => {
  const { layer, sent } = recording()
  const result = await Effect.runPromise(Effect.result(Effect.provide(Cloudauth.checkResult(request), layer)))
  return { result, sent }
}

const headerNames = [
  "accept",
  "authorization",
  "host",
  "x-acs-action",
  "x-acs-content-sha256",
  "x-acs-date",
  "x-acs-signature-nonce",
  "x-acs-version"
]

const nasty: ReadonlyArray<string> = [
  "a\r\nx-evil: 1",
  "a\nx-evil: 1",
  "a\rb",
  "a\u0000b",
  "a\u0085b",
  "a\u2028b",
  "a\u2029b",
  "a&IsReturnImage=Y",
  "a#fragment",
  "a?b=c",
  "a/../b",
  "a%0d%0ax-evil:1",
  "a+b c",
  "a;b",
  "\u560d\u560a",
  "\ud83d",
  "\u202eabc",
  "a@evil.example",
  "\\\\evil.example",
  "=",
  "%",
  "%00",
  "\ufeffa"
]

const text = fc.oneof(
  fc.constantFrom(...nasty),
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.string({
    unit: fc.constantFrom(
      "\r",
      "\n",
      "&",
      "=",
      "%",
      "?",
      "#",
      "/",
      "\\",
      "@",
      ":",
      " ",
      "\u0000",
      "a",
      "\ud800",
      "\u2028"
    )
  })
)

const wellFormed = (value: string): string => value.toWellFormed()

describe("a request", () => {
  it("has the parameters that were asked for and no other, or is refused unsent", async () => {
    await fc.assert(
      fc.asyncProperty(text, text, fc.option(text, { nil: undefined }), async (transactionId, merchantBizId, list) => {
        const request = { merchantBizId, transactionId, ...(list === undefined ? {} : { extraImageControlList: list }) }
        // Half of the time the merchant's id is one that goes through.
        const asked = transactionId.length % 2 === 0 ? request : { ...request, merchantBizId: "order1" }
        const { result, sent } = await ask(asked)
        if (Result.isFailure(result)) {
          expect(result.failure._tag).toBe("InvalidRequest")
          expect(result.failure.attempts).toBe(0)
          expect(sent).toHaveLength(0)
          return
        }
        const [only] = sent
        expect(sent).toHaveLength(1)
        const url = only?.url ?? ""
        expect(url).toMatch(/^https:\/\/cloudauth\.example\/\?[A-Za-z0-9=&%._~-]+$/)
        const parameters = [...new URL(url).searchParams]
        expect(parameters).toEqual([
          ...(list === undefined ? [] : [["ExtraImageControlList", wellFormed(list)]]),
          ["IsReturnImage", "N"],
          ["MerchantBizId", asked.merchantBizId],
          ["TransactionId", wellFormed(transactionId)]
        ])
        expect(Object.keys(only?.headers ?? {}).sort()).toEqual(headerNames)
        for (const value of Object.values(only?.headers ?? {})) expect(value).toMatch(/^[\x20-\x7e]+$/)
        expect(only?.body._tag).toBe("Empty")
      }),
      { numRuns: 500 }
    )
  })

  it.each(nasty.filter((value) => /\p{Cc}/u.test(value)))(
    "is refused with the control character in %j",
    async (value) => {
      const { result, sent } = await ask({ merchantBizId: "order1", transactionId: value })
      expect(Result.isFailure(result) && result.failure._tag).toBe("InvalidRequest")
      expect(sent).toHaveLength(0)
      // The value may be somebody's id: the error does not show it.
      if (Result.isFailure(result)) expect(result.failure.message).not.toContain("evil")
    }
  )
})

describe("a credential", () => {
  it.each(["accessKeyId", "accessKeySecret", "securityToken"] as const)("%s adds no header", async (part) => {
    for (const wrong of [
      "a\r\nx-evil: 1",
      "a\nb",
      "a\u0000b",
      "a b",
      "\u00e9",
      "",
      "a\u2028b",
      "a\tb",
      "\u560d\u560ab"
    ]) {
      const key = { accessKeyId: "id", accessKeySecret: "secret", securityToken: "token", [part]: wrong }
      const { layer, sent } = recording(key)
      const result = await Effect.runPromise(
        Effect.result(Effect.provide(Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb1" }), layer))
      )
      expect(Result.isFailure(result) && result.failure._tag).toBe("CredentialsError")
      if (Result.isFailure(result)) expect(result.failure.message).toContain(part)
      expect(sent).toHaveLength(0)
    }
  })
})

describe("an endpoint", () => {
  const host = (url: string): string | undefined =>
    Result.match(Endpoint.fromUrl(url), { onFailure: () => undefined, onSuccess: (endpoint) => endpoint.host })

  it.each([
    "https://good.example@evil.example",
    "https://good.example:443@evil.example",
    "https://good.example\\@evil.example",
    "https://good.example\\.evil.example",
    "https://good.example#@evil.example",
    "https://good.example?@evil.example",
    "https://good.example/@evil.example",
    "https://good.example%2eevil.example",
    "https://good.example%00.evil.example",
    "https://good.example\t.evil.example",
    "https://good.example\n.evil.example",
    "https://good.example\r\nHost: evil.example",
    "https://good.example\u0000",
    " https://good.example",
    "https://good.example ",
    "https:good.example",
    "https:/good.example",
    "https:\\\\good.example",
    "https:///good.example",
    "https:////good.example",
    "//good.example",
    "HTTPS://good.example/path",
    "https://g\u043eod.example",
    "https://good\u3002example",
    "https://good.example\uff0fevil",
    "https://good\u2044evil.example",
    "https://\uff47ood.example",
    "https://good.example:0",
    "https://good.example:65536",
    "https://good.example:443:443",
    "https://good.example:",
    "https://[::1",
    "https://::1",
    "https://",
    "https://.",
    "http://good.example",
    "http://127.0.0.1.evil.example",
    "http://localhost.evil.example",
    "http://localhost.",
    "http://127.0.0.1@evil.example",
    "http://[::ffff:127.0.0.1]",
    "http://[::]",
    "http://0.0.0.0",
    "http://169.254.169.254",
    "http://100.100.100.200",
    "ftp://good.example",
    "file:///etc/passwd",
    "javascript://good.example",
    "data:text/plain,x",
    "wss://good.example"
  ])("is refused: %j", (url) => {
    // What the parser mends may name a host, but never another than is written.
    const accepted = host(url)
    if (accepted !== undefined) expect(`https://${accepted}`).toBe(url.replace(/:$/, ""))
    expect(accepted === undefined || !accepted.includes("evil")).toBe(true)
  })

  it("is the host that is written, whatever is written", () => {
    const piece = fc.constantFrom(
      "good.example",
      "evil.example",
      "@",
      ":",
      "443",
      "80",
      "/",
      "\\",
      "?",
      "#",
      ".",
      "%2e",
      "%40",
      "[",
      "]",
      "::1",
      "127.0.0.1",
      "0x7f.1",
      "2130706433",
      "localhost",
      "\t",
      "\n",
      "\u3002",
      "\uff0e",
      "\u00ad",
      "xn--",
      " ",
      "-"
    )
    fc.assert(
      fc.property(
        fc.constantFrom("https://", "http://", "HTTPS://"),
        fc.array(piece, { minLength: 1, maxLength: 6 }),
        (scheme, pieces) => {
          const url = scheme + pieces.join("")
          const endpoint = Endpoint.fromUrl(url)
          if (Result.isFailure(endpoint)) return
          const { hostname, origin, port } = endpoint.success
          expect(url).toMatch(/^https?:\/\/[A-Za-z0-9.\-:[\]]+\/?$/i)
          expect(origin).not.toMatch(/[@\\?#\s%]/)
          expect(new URL(origin).hostname).toBe(hostname)
          expect(port).toBeGreaterThan(0)
          // Plain HTTP stays on this machine, in whatever notation.
          if (origin.startsWith("http:")) expect(hostname).toMatch(/^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/)
          // Names are not changed; only numbers are, to the address that they are.
          if (/[g-wyz]/i.test(hostname)) expect(url.toLowerCase()).toContain(hostname)
        }
      ),
      { numRuns: 5000 }
    )
  })

  it("of a region stays with the vendor", () => {
    const region = fc.oneof(
      fc.string({ unit: "binary" }),
      fc
        .array(fc.constantFrom("cn", "-", "hongkong", ".", "evil.example", "/", "@", "#", "\n", "1", "A"), {
          maxLength: 7
        })
        .map((parts) => parts.join(""))
    )
    fc.assert(
      fc.property(region, (name) => {
        const endpoint = Endpoint.fromRegion(name)
        if (Result.isFailure(endpoint)) return
        expect(endpoint.success.hostname).toBe(`cloudauth-intl.${name}.aliyuncs.com`)
        expect(new URL(endpoint.success.origin).hostname).toBe(endpoint.success.hostname)
        expect(endpoint.success.hostname.split(".")).toHaveLength(4)
      }),
      { numRuns: 3000 }
    )
  })
})
