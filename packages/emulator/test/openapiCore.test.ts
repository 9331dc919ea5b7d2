/** The vendor's own client, unchanged, against the emulator. */
import { createRequire } from "node:module"
import type Vendor from "@alicloud/openapi-core"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Document from "../src/Document.ts"
import * as ResponseCode from "../src/ResponseCode.ts"
import * as Scenario from "../src/Scenario.ts"
import * as Server from "../src/Server.ts"

// The package is CommonJS with a `default` of its own; `require` is the one way that gives the same object to every loader.
const vendor: typeof Vendor = createRequire(import.meta.url)("@alicloud/openapi-core")

let server: Server.Server
beforeAll(async () => {
  server = await Server.start()
})
afterAll(() => server.close())

interface Options {
  readonly accessKeyId?: string
  readonly accessKeySecret?: string
  readonly securityToken?: string
  readonly action?: string
  readonly version?: string
  readonly method?: string
  readonly query?: Readonly<Record<string, string>>
}

/** Calls as the generated SDK does: RPC style, POST, everything in the query. */
const call = async (transactionId: string, options: Options = {}) => {
  const { accessKeyId, accessKeySecret } = server.gateway
  const client = new vendor.default(
    new vendor.$OpenApiUtil.Config({
      accessKeyId,
      accessKeySecret,
      ...options,
      endpoint: `127.0.0.1:${server.port}`,
      protocol: "HTTP"
    })
  )
  const params = new vendor.$OpenApiUtil.Params({
    action: options.action ?? "CheckResult",
    version: options.version ?? "2022-08-09",
    protocol: "HTTP",
    pathname: "/",
    method: options.method ?? "POST",
    authType: "AK",
    style: "RPC",
    reqBodyType: "formData",
    bodyType: "json"
  })
  const query = { MerchantBizId: "biz1", TransactionId: transactionId, IsReturnImage: "Y", ...options.query }
  // The runtime options' class is not exported by the package; any object with its optional fields is accepted.
  const answer = await client.callApi(params, new vendor.$OpenApiUtil.OpenApiRequest({ query }), {} as never)
  // What comes back is untyped JSON: the body of a CheckResult answer.
  return answer["body"] as {
    Code: string
    RequestId: string
    Result: { Passed: string; SubCode: string; ExtIdInfo: string }
  }
}

/** The error's name, code and status as the vendor's client reports them. */
const failure = async (promise: Promise<unknown>) => {
  const error: unknown = await promise.then(
    () => assert.fail("the call was expected to fail"),
    (error: unknown) => error
  )
  assert.instanceOf(error, Error)
  // The vendor's error classes carry these; which class it is is what `name` says.
  const { name, code, statusCode, retryAfter } = error as Error & {
    code: string
    statusCode: number
    retryAfter?: number
  }
  return { name, code, statusCode, retryAfter }
}

describe("@alicloud/openapi-core", () => {
  it.each(Document.slugs)("reads the passed result of %s", async (slug) => {
    const body = await call(`hksb-passed-${slug}`)
    assert.strictEqual(body.Code, "Success")
    assert.deepStrictEqual([body.Result.Passed, body.Result.SubCode], ["Y", "200"])
    const extIdInfo = JSON.parse(body.Result.ExtIdInfo)
    assert.deepStrictEqual(Object.keys(JSON.parse(extIdInfo.ocrIdInfo)), [...Document.fields[slug]])
    assert.isAbove(extIdInfo.idImage.length, 1000)
  })

  it.each(Object.entries(ResponseCode.codes))("reports %s", async (code, facts) => {
    const reported = await failure(call(`hksb-error-${code}`))
    assert.strictEqual(reported.code, code)
    assert.strictEqual(reported.statusCode, facts.status)
    const expected = code.startsWith("Throttling")
      ? "ThrottlingError"
      : facts.status < 500
        ? "ClientError"
        : "ServerError"
    assert.strictEqual(reported.name, expected)
  })

  it.each(["json", "json-lower-case", "xml"] as const)("parses errors in %s", async (format) => {
    server.gateway.register(`format-${format}`, Scenario.errorCode("ServiceUnavailable", { format }))
    const reported = await failure(call(`format-${format}`))
    assert.deepStrictEqual([reported.code, reported.statusCode], ["ServiceUnavailable", 503])
  })

  it("reads how long to wait in milliseconds", async () => {
    server.gateway.register("wait", Scenario.throttled({ retryAfterMillis: 1234 }))
    const reported = await failure(call("wait"))
    assert.strictEqual(reported.retryAfter, 1234)
  })

  it.each(["hksb-rejected-211", "hksb-rejected-212", "hksb-rejected-213", "hksb-spoofed"])("reads %s", async (id) => {
    const body = await call(id)
    assert.strictEqual(body.Result.Passed, "N")
  })

  it("is refused with a wrong secret or key", async () => {
    assert.strictEqual(
      (await failure(call("hksb-spoofed", { accessKeySecret: "wrong" }))).code,
      "SignatureDoesNotMatch"
    )
    assert.strictEqual((await failure(call("hksb-spoofed", { accessKeyId: "x" }))).code, "InvalidAccessKeyId.NotFound")
  })

  it("is refused with a wrong action, version, method or parameter", async () => {
    const code = async (options: Options) => (await failure(call("hksb-spoofed", options))).code
    assert.strictEqual(await code({ action: "Other" }), "InvalidAction.NotFound")
    assert.strictEqual(await code({ version: "2019-01-01" }), "InvalidVersion")
    assert.strictEqual(await code({ method: "PUT" }), "UnsupportedHTTPMethod")
    assert.strictEqual(await code({ method: "GET" }), "UnsupportedHTTPMethod")
    assert.strictEqual(await code({ query: { MerchantBizId: "a-b" } }), "InvalidParameter")
    assert.strictEqual(await code({ query: { MerchantBizId: "" } }), "MissingParameter")
    assert.strictEqual(await code({ query: { IsReturnImage: "yes" } }), "InvalidParameter")
    assert.strictEqual((await failure(call("nobody"))).code, "TransactionIdInvalid")
  })

  it("is let in with temporary credentials until they end", async () => {
    const key = {
      accessKeyId: "emulator-sts",
      accessKeySecret: "secret",
      securityToken: "token",
      expiresAt: Date.now() + 60_000
    }
    server.gateway.addKey(key)
    assert.strictEqual((await call("hksb-passed-global-passport", key)).Code, "Success")
    assert.strictEqual(
      (await failure(call("hksb-spoofed", { ...key, securityToken: "other" }))).code,
      "InvalidSecurityToken.Malformed"
    )
    server.gateway.addKey({ ...key, expiresAt: Date.now() - 1 })
    assert.strictEqual((await failure(call("hksb-spoofed", key))).code, "InvalidSecurityToken.Expired")
  })

  it.each(["a b+c&d=e", "!'()*~-_.", "简体中文 é 🪪", "%41", "a/b?c#d", "\u0000\n"])(
    "signs what we read: %j",
    async (text) => {
      server.gateway.register(text, Scenario.passed())
      assert.strictEqual((await call(text)).Code, "Success")
    }
  )
})
