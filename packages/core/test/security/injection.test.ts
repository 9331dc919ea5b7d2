/** What a caller gives can add no header, no parameter and no path to a request, and send it nowhere else. */
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import { Cloudauth } from "../../src/Cloudauth.ts"
import type * as Credentials from "../../src/Credentials.ts"
import { Credentials as Keys } from "../../src/Credentials.ts"
import * as Endpoint from "../../src/Endpoint.ts"
import * as RetryPolicy from "../../src/RetryPolicy.ts"
import { constantFrom, joined, oneOf, optional, utf16 } from "../fixtures/arbitraries.ts"

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

const ask = (request: {
  readonly merchantBizId: string
  readonly transactionId: string
  readonly extraImageControlList?: string
}) => {
  const { layer, sent } = recording()
  return Effect.map(Effect.result(Effect.provide(Cloudauth.checkResult(request), layer)), (result) => ({
    result,
    sent
  }))
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

const text = oneOf(constantFrom(...nasty), utf16, joined(constantFrom(..."\r\n&=%?#/\\@: \u0000a\u2028", "\ud800"), 12))

describe("a request", () => {
  it.effect.prop(
    "has the caller's parameters and no other, or is refused unsent",
    [text, text, optional(text)],
    ([transactionId, merchantBizId, list]) =>
      Effect.gen(function* () {
        const request = { merchantBizId, transactionId, ...(list === undefined ? {} : { extraImageControlList: list }) }
        // Half of the time the merchant's id is one that goes through.
        const asked = transactionId.length % 2 === 0 ? request : { ...request, merchantBizId: "order1" }
        const { result, sent } = yield* ask(asked)
        if (Result.isFailure(result)) {
          assert.deepInclude(result.failure, { _tag: "InvalidRequest", attempts: 0 })
          return assert.lengthOf(sent, 0)
        }
        const [only] = sent
        assert.lengthOf(sent, 1)
        const url = only?.url ?? ""
        assert.match(url, /^https:\/\/cloudauth\.example\/\?[A-Za-z0-9=&%._~-]+$/)
        assert.deepStrictEqual(
          [...new URL(url).searchParams],
          [
            ...(list === undefined
              ? []
              : ([["ExtraImageControlList", list.toWellFormed()]] as Array<[string, string]>)),
            ["IsReturnImage", "N"],
            ["MerchantBizId", asked.merchantBizId],
            ["TransactionId", transactionId.toWellFormed()]
          ]
        )
        assert.deepStrictEqual(Object.keys(only?.headers ?? {}).sort(), headerNames)
        for (const value of Object.values(only?.headers ?? {})) assert.match(value, /^[\x20-\x7e]+$/)
        assert.strictEqual(only?.body._tag, "Empty")
      }),
    { arbitrary: { runs: 500 } }
  )

  it.effect.each(nasty.filter((value) => /\p{Cc}/u.test(value)))(
    "is refused with the control character in %j",
    (value) =>
      Effect.gen(function* () {
        const { result, sent } = yield* ask({ merchantBizId: "order1", transactionId: value })
        const error = Result.getOrThrow(Result.flip(result))
        assert.strictEqual(error._tag, "InvalidRequest")
        assert.lengthOf(sent, 0)
        // The value may be a person's id: the error does not show it.
        assert.notInclude(error.message, "evil")
      })
  )
})

describe("a credential", () => {
  const wrong = ["a\r\nx-evil: 1", "a\nb", "a\u0000b", "a b", "\u00e9", "", "a\u2028b", "a\tb", "\u560d\u560ab"]

  it.effect.each(["accessKeyId", "accessKeySecret", "securityToken"] as const)("%s adds no header", (part) =>
    Effect.gen(function* () {
      for (const value of wrong) {
        const { layer, sent } = recording({
          accessKeyId: "id",
          accessKeySecret: "secret",
          securityToken: "token",
          [part]: value
        })
        const ask = Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb1" })
        const error = yield* Effect.flip(Effect.provide(ask, layer))
        assert.strictEqual(error._tag, "CredentialsError")
        assert.include(error.message, part)
        assert.lengthOf(sent, 0)
      }
    })
  )
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
    if (accepted !== undefined) assert.strictEqual(`https://${accepted}`, url.replace(/:$/, ""))
    assert.isTrue(accepted === undefined || !accepted.includes("evil"))
  })

  const piece = constantFrom(
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
  const written = Arbitrary.map(
    Arbitrary.all([constantFrom("https://", "http://", "HTTPS://"), piece, joined(piece, 5)]),
    (parts) => parts.join("")
  )

  it.prop(
    "is the host that is written, whatever is written",
    [oneOf(written, utf16)],
    ([url]) => {
      const endpoint = Endpoint.fromUrl(url)
      if (Result.isFailure(endpoint)) return
      const { hostname, origin, port } = endpoint.success
      assert.match(url, /^https?:\/\/[A-Za-z0-9.\-:[\]]+\/?$/i)
      assert.notMatch(origin, /[@\\?#\s%]/)
      assert.strictEqual(new URL(origin).hostname, hostname)
      assert.isAbove(port, 0)
      // Plain HTTP stays on this machine, in whatever notation.
      if (origin.startsWith("http:")) assert.match(hostname, /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/)
      // Names are not changed; only numbers are, to the address that they are.
      if (/[g-wyz]/i.test(hostname)) assert.include(url.toLowerCase(), hostname)
    },
    { arbitrary: { runs: 5000 } }
  )

  const region = oneOf(
    utf16,
    joined(constantFrom("cn", "-", "hongkong", ".", "evil.example", "/", "@", "#", "\n", "1", "A"), 7)
  )

  it.prop(
    "of a region stays with the vendor",
    [region],
    ([name]) => {
      const endpoint = Endpoint.fromRegion(name)
      if (Result.isFailure(endpoint)) return
      assert.strictEqual(endpoint.success.hostname, `cloudauth-intl.${name}.aliyuncs.com`)
      assert.strictEqual(new URL(endpoint.success.origin).hostname, endpoint.success.hostname)
      assert.lengthOf(endpoint.success.hostname.split("."), 4)
    },
    { arbitrary: { runs: 3000 } }
  )
})
