/** Answers that did not come from the service: the error keeps what is known, and says what probably happened. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Schema from "effect/Schema"
import { inspect } from "node:util"
import * as Advice from "../src/Advice.ts"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import * as CloudauthError from "../src/CloudauthError.ts"
import { Credentials } from "../src/Credentials.ts"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import { failure, passing } from "./fixtures/answers.ts"
import { key } from "./fixtures/server.ts"

const check = Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "t1" }, { retry: RetryPolicy.none })

const errorOf = (status: number, headers: Record<string, string>, body: string) =>
  Effect.provide(
    Effect.flip(check),
    Cloudauth.layerTest(() => Canned.response(body, status, headers))
  )

const html = "text/html; charset=utf-8"
const portal = "<!DOCTYPE html><html><title>CANARY</title>Sign in</html>"

interface Case {
  readonly name: string
  readonly status: number
  readonly type?: string
  readonly headers?: Record<string, string>
  readonly body: string
  readonly tag: CloudauthError.CloudauthError["_tag"]
  readonly says: RegExp
}

const cases: ReadonlyArray<Case> = [
  { name: "a portal's page", status: 200, type: html, body: portal, tag: "DecodeError", says: /captive portal/ },
  {
    name: "a page in XHTML",
    status: 200,
    type: "application/xhtml+xml",
    body: `<?xml version="1.0"?>${portal}`,
    tag: "DecodeError",
    says: /captive portal/
  },
  { name: "a page without a type", status: 200, body: ` \n${portal}`, tag: "DecodeError", says: /captive portal/ },
  { name: "a page by status 511", status: 511, type: html, body: portal, tag: "ServiceDown", says: /captive portal/ },
  {
    name: "a page that holds an error",
    status: 200,
    type: html,
    body: "<html>CANARY <Error><Code>InvalidParameter</Code></Error></html>",
    tag: "DecodeError",
    says: /captive portal/
  },
  {
    name: "a success as XML",
    status: 200,
    type: "text/xml",
    body: "<?xml version='1.0'?><Error><Code>Success</Code><Message>CANARY</Message></Error>",
    tag: "DecodeError",
    says: /is no JSON/
  },
  { name: "an empty answer", status: 200, type: "application/json", body: "", tag: "DecodeError", says: /is empty/ },
  { name: "status 204", status: 204, body: "", tag: "DecodeError", says: /is empty/ },
  {
    name: "JSON that was cut short",
    status: 200,
    type: "application/json",
    body: passing({ x: "CANARY" }).slice(0, -9),
    tag: "DecodeError",
    says: /cut short/
  },
  { name: "text", status: 200, type: "text/plain", body: "CANARY", tag: "DecodeError", says: /is no JSON/ },
  {
    name: "JSON of another service",
    status: 200,
    type: "application/json",
    body: '{"status":"CANARY"}',
    tag: "DecodeError",
    says: /another service/
  },
  {
    name: "a firewall's page",
    status: 403,
    type: html,
    body: portal,
    tag: "UnknownResponseCode",
    says: /refused the request/
  },
  { name: "a proxy that wants a password", status: 407, body: "", tag: "UnknownResponseCode", says: /credentials/ },
  { name: "a load balancer's page", status: 502, type: html, body: portal, tag: "ServiceDown", says: /load balancer/ },
  { name: "an empty 503", status: 503, body: "", tag: "ServiceDown", says: /Try again later/ },
  {
    name: "a redirect elsewhere",
    status: 302,
    type: html,
    headers: { location: "https://user:CANARY@portal.example:8443/login?CANARY=1#CANARY" },
    body: portal,
    tag: "UnknownResponseCode",
    says: /a redirect to portal\.example:8443\. It was not followed/
  },
  {
    name: "a redirect within the host",
    status: 308,
    headers: { location: "/CANARY" },
    body: "",
    tag: "UnknownResponseCode",
    says: /within the same host/
  },
  { name: "a cache", status: 304, body: "", tag: "UnknownResponseCode", says: /A cache on the way/ },
  { name: "a redirect to nowhere", status: 307, body: "", tag: "UnknownResponseCode", says: /names no host/ },
  {
    name: "a redirect to no address",
    status: 301,
    headers: { location: "javascript:CANARY" },
    body: "",
    tag: "UnknownResponseCode",
    says: /names no host/
  }
]

describe("an answer of something between", () => {
  for (const { body, headers, name, says, status, tag, type } of cases) {
    it.effect(`shows its status, type and id, and never its words: ${name}`, () =>
      Effect.gen(function* () {
        const sent = { ...(type === undefined ? {} : { "content-type": type }), "x-acs-request-id": "R-7", ...headers }
        const error = yield* errorOf(status, sent, body)
        assert.deepInclude(error, {
          _tag: tag,
          httpStatus: status,
          requestId: "R-7",
          contentType: type?.split(";")[0]
        })
        assert.match(error.advice, says)
        for (const known of [`HTTP ${status}`, "R-7", ...(type === html ? ["text/html"] : [])]) {
          assert.include(error.message, known)
        }
        const { en, zhHans, zhHant } = Advice.ofError(error)
        assert.strictEqual(en, error.advice)
        assert.match(zhHans, /^[^。]*\p{Script=Han}.*。$/u)
        assert.match(zhHant, /^[^。]*\p{Script=Han}.*。$/u)
        const encoded = Schema.encodeUnknownSync(CloudauthError.CloudauthError)(error)
        assert.notInclude(inspect(error, { depth: 10 }) + JSON.stringify(encoded), "CANARY")
      })
    )
  }

  it.effect("has its type and host cleaned and cut", () =>
    Effect.gen(function* () {
      const typeOf = (type: string) =>
        Effect.map(errorOf(200, { "content-type": type }, ""), ({ contentType }) => contentType)
      assert.strictEqual(yield* typeOf(" Text/HTML ;charset=x"), "text/html")
      assert.strictEqual(yield* typeOf("application/problem+json, text/html"), "application/problem+json")
      assert.strictEqual(yield* typeOf("a\u001b[31m b<i>"), "a??31m?b?i?")
      assert.strictEqual(yield* typeOf("x".repeat(100_000)), "x".repeat(100))
      assert.isUndefined(yield* typeOf(" ; "))
      const { advice } = yield* errorOf(302, { location: `https://${"a".repeat(5000)}.example/` }, "")
      assert.isBelow(advice.length, 400)
    })
  )

  it.effect("that has a code is its code's, with its type", () =>
    Effect.gen(function* () {
      const error = yield* errorOf(400, { "content-type": "application/json" }, failure("InvalidParameter"))
      assert.deepInclude(error, { _tag: "InvalidParameter", contentType: "application/json" })
      assert.notInclude(error.message, "application/json")
    })
  )
})

describe("an answer that breaks off after its headers", () => {
  const ending = (stream: ReadableStream<Uint8Array>, maxBodyBytes = 1000) => {
    const http = HttpClient.make((request) =>
      Effect.sync(() =>
        HttpClientResponse.fromWeb(
          request,
          new Response(stream, { status: 200, headers: { "content-type": html, "x-acs-request-id": "R-8" } })
        )
      )
    )
    return Effect.provide(
      Effect.flip(check),
      Cloudauth.layer({ maxBodyBytes }).pipe(
        Layer.provide([Credentials.layerStatic(key), Layer.succeed(HttpClient.HttpClient, http)])
      )
    )
  }
  const known = { httpStatus: 200, requestId: "R-8", contentType: "text/html" }
  const begins = { start: (controller: ReadableStreamDefaultController) => controller.enqueue(new Uint8Array(50)) }

  it.effect("keeps status, request id and type, if the connection fails", () =>
    Effect.gen(function* () {
      const broken = new ReadableStream<Uint8Array>({
        ...begins,
        pull: (controller) => controller.error(Object.assign(new Error("CANARY"), { code: "ECONNRESET" }))
      })
      const error = yield* ending(broken)
      assert.deepInclude(error, { _tag: "TransportError", ...known })
      assert.match(error.advice, /cut short/)
      assert.notInclude(inspect(error, { depth: 10 }), "CANARY")
    })
  )

  it.effect("keeps them if it is too large", () =>
    Effect.gen(function* () {
      assert.deepInclude(yield* ending(new ReadableStream(begins), 10), { _tag: "DecodeError", ...known })
    })
  )
})
