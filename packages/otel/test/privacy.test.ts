import { inspect } from "node:util"
import * as Canned from "@effect-cloudauth/core/Canned"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as Document from "@effect-cloudauth/core/Document"
import * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
import * as Transport from "@effect-cloudauth/core/Transport"
import { SignatureCrypto } from "@effect-cloudauth/core/SignatureCrypto"
import { nodeCrypto } from "@effect-cloudauth/node/NodeCrypto"
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import { TestTelemetry } from "../src/TestTelemetry.ts"
import * as Privacy from "../src/Privacy.ts"
import * as support from "./support.ts"

/** A value that can be recognised anywhere, in its place. */
const marked = (place: string) => `CANARY${place}YRANAC`

const secret = {
  merchantBizId: marked("merchant").slice(0, 32),
  transactionId: marked("transaction"),
  accessKeyId: marked("keyid"),
  accessKeySecret: marked("keysecret"),
  securityToken: marked("token"),
  nonce: marked("nonce"),
  image: marked("image"),
  message: marked("message"),
  field: marked("field")
}
const request = { merchantBizId: secret.merchantBizId, transactionId: secret.transactionId, isReturnImage: true }

const image = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from(secret.image.repeat(3))]).toString("base64")

const fieldsOf = (name: Document.Name) =>
  Object.fromEntries(Document.fieldsOf(name).map((field) => [field, `${secret.field}${field}`]))

/** What can happen on the way, each with every personal value marked. */
const happenings: Record<string, Parameters<typeof support.client>[0]> = {
  ...Object.fromEntries(
    Document.names.flatMap((name) => {
      const options = { fields: fieldsOf(name), edited: fieldsOf(name), image }
      return [
        [`${name} passed`, support.inTurn(Canned.passed(Document.kinds[name], options))],
        [`${name} rejected`, support.inTurn(Canned.rejected("212", Document.kinds[name], options))]
      ]
    })
  ),
  ...Object.fromEntries(
    [
      "MissingParameter",
      "InternalError",
      "Throttling.Api",
      "ProcessNotCompleted",
      "SignatureDoesNotMatch",
      "Strange"
    ].map((code) => [
      code,
      support.inTurn(
        Canned.response(
          JSON.stringify({ RequestId: "r", Code: code, Message: secret.message, HostId: secret.message }),
          400
        )
      )
    ])
  ),
  "a skewed clock": support.inTurn(
    Canned.response(JSON.stringify({ Code: "InvalidTimeStamp.Expired", Message: secret.message }), 400, {
      date: "Tue, 24 Nov 2026 00:00:00 GMT"
    })
  ),
  "an expired token": support.inTurn(
    Canned.response(JSON.stringify({ Code: "InvalidSecurityToken.Expired", Message: secret.message }), 403)
  ),
  "an error in XML": support.inTurn(
    Canned.response(`<Error><Code>Forbidden</Code><Message>${secret.message}</Message></Error>`, 403)
  ),
  "a proxy's page": support.inTurn(Canned.response(`<html>${secret.message}</html>`, 502)),
  "no JSON": support.inTurn(Canned.response(`{"Code":"Success","Result":{"ExtIdInfo":"${secret.field}`)),
  "no result": support.inTurn(Canned.response(JSON.stringify({ Code: "Success", Result: secret.field }))),
  "malformed inside": support.inTurn(
    Canned.response(
      JSON.stringify({
        Code: "Success",
        Result: { Passed: "maybe", SubCode: "200", ExtIdInfo: `{"ocrIdInfo":"{\\"name\\":\\"${secret.field}` }
      })
    )
  ),
  "wrong types inside": support.inTurn(
    Canned.response(
      JSON.stringify({
        Code: "Success",
        Result: {
          Passed: "Y",
          SubCode: "200",
          ExtIdInfo: {
            ocrIdInfo: {
              name: { deep: secret.field },
              birthDate: secret.field,
              idNumber: 5,
              [secret.field]: secret.field
            },
            spoofInfo: { spoofResult: secret.field, spoofType: { a: secret.field } },
            idImage: `###${secret.image}###`
          }
        }
      })
    )
  ),
  "a failing transport": (request) =>
    Effect.fail(
      Transport.connectionFailed(new TypeError(`cannot reach ${request.path} ${JSON.stringify(request.headers)}`))
    ),
  "a transport with a defect": (request) =>
    Effect.die(new TypeError(`cannot parse ${request.path} ${JSON.stringify(request.headers)}`)),
  "a transport that throws": (request) => {
    throw new Error(`cannot parse ${request.path} ${JSON.stringify(request.headers)}`)
  },
  "a transport that hangs": () => Effect.never
}

const sources: Record<string, Layer.Layer<Credentials>> = {
  "a static key": Credentials.layerStatic(secret),
  "a refreshed key": Credentials.layerRefreshing({ load: Effect.succeed(secret) }),
  "a source that fails": Credentials.layerRefreshing({ load: Effect.fail(new Error(`no ${secret.accessKeySecret}`)) }),
  "a source with a defect": Credentials.layerRefreshing({ load: Effect.die(new Error(`no ${secret.accessKeySecret}`)) })
}

/** Everything that a call leaves behind for others to read, as text. */
const tracesOf = (
  handler: Parameters<typeof support.client>[0],
  credentials: Layer.Layer<Credentials>,
  asked: { readonly merchantBizId: string; readonly transactionId: string } = request,
  privacy: Layer.Layer<never, Privacy.WeakKey> = Layer.empty
) =>
  Effect.gen(function* () {
    const lines: Array<string> = []
    const logger = Logger.make((options) => {
      for (const formatter of [Logger.formatJson, Logger.formatLogFmt, Logger.formatSimple]) {
        lines.push(formatter.log(options))
      }
      lines.push(inspect(Logger.formatStructured.log(options), { depth: 20 }))
    })
    const transport = support.fakeTransport(handler)
    let nonces = 0
    const client = Cloudauth.layerTransport({ quota: "none" }).pipe(
      Layer.provide([
        credentials,
        transport.layer,
        Layer.succeed(SignatureCrypto, { ...nodeCrypto, nonce: () => `${secret.nonce}${nonces++}` })
      ])
    )
    const call = Cloudauth.awaitResult(asked, { retry: { deadline: "20 seconds" }, timeout: "10 minutes" }).pipe(
      Effect.tapCause((cause) => Effect.logError("the caller logs the cause", cause)),
      // A result shows the ids of the request to its caller.
      Effect.map((result) => ({ ...result, merchantBizId: undefined, transactionId: undefined })),
      Effect.tap((result) => Effect.logInfo("the caller logs the result", result)),
      Effect.withSpan("caller"),
      Effect.provide(client),
      // With the default tracer's logger, which makes span events of log lines.
      Effect.provide(Logger.layer([logger], { mergeWithExisting: true })),
      Effect.timeout("15 minutes")
    )
    const exit = yield* support.settled(call)
    const telemetry = yield* TestTelemetry
    const spans = yield* telemetry.spans
    const metrics = yield* telemetry.metrics
    const shown: ReadonlyArray<unknown> = Exit.isSuccess(exit)
      ? [exit.value, exit]
      : [exit, exit.cause, ...Cause.prettyErrors(exit.cause), ...exit.cause.reasons.map((reason) => inner(reason))]
    const renderings = shown.flatMap((value) => [
      JSON.stringify(value) ?? "",
      inspect(value, { depth: 20, showHidden: false }),
      String(value)
    ])
    if (Exit.isFailure(exit)) renderings.push(Cause.pretty(exit.cause))
    return {
      spans: spans.map((span) =>
        inspect([span.name, span.attributes, span.events, span.status, span.links], {
          depth: 20,
          maxStringLength: null,
          maxArrayLength: null
        })
      ),
      metrics: metrics.map((metric) => inspect(metric, { depth: 20, maxArrayLength: null })),
      lines,
      renderings,
      signatures: transport.requests.map(
        ({ headers }) => /Signature=([0-9a-f]+)/.exec(headers["authorization"] ?? "")?.[1]
      ),
      requests: transport.requests.length
    }
  }).pipe(
    Effect.provide(Layer.mergeAll(TestTelemetry.layer, privacy)),
    Effect.provideService(References.MinimumLogLevel, "Trace")
  )

const inner = (reason: Cause.Reason<unknown>): unknown =>
  reason._tag === "Fail" ? reason.error : reason._tag === "Die" ? reason.defect : reason

/** The ways in which a text can be written. */
const writings = (text: string): ReadonlyArray<string> => [
  text,
  encodeURIComponent(text),
  Buffer.from(text).toString("hex"),
  ...[0, 1, 2].map((offset) => {
    // The middle of the Base64 of a text does not depend on what surrounds it.
    const whole = Buffer.from(`${"x".repeat(offset)}${text}`).toString("base64")
    return whole.slice(4, whole.length - 4)
  })
]

const needles = [...Object.values(secret), "CANARY", "YRANAC"].flatMap(writings).filter((needle) => needle.length >= 6)

const leaksIn = (text: string, more: ReadonlyArray<string | undefined>): ReadonlyArray<string> =>
  [...needles, ...more].flatMap((needle) => (needle !== undefined && text.includes(needle) ? [needle] : []))

type Traces = Effect.Success<ReturnType<typeof tracesOf>>

const assertNothingIn = ({ lines, metrics, renderings, signatures, spans }: Traces, what: string) => {
  for (const [kind, texts] of Object.entries({ spans, metrics, lines, renderings })) {
    for (const text of texts) assert.deepStrictEqual(leaksIn(text, signatures), [], `${what}, ${kind}: ${text}`)
  }
}

describe("the canary", () => {
  it("is found in a text that has it: the search works", () => {
    for (const text of [
      secret.image,
      JSON.stringify({ a: [secret.field] }),
      image,
      encodeURIComponent(secret.message)
    ]) {
      assert.isNotEmpty(leaksIn(text, []))
    }
  })

  for (const [what, handler] of Object.entries(happenings)) {
    it.effect(`leaks nowhere: ${what}`, () =>
      Effect.gen(function* () {
        const traces = yield* tracesOf(handler, Credentials.layerStatic(secret))
        assert.isAbove(traces.requests, 0)
        assert.isAbove(traces.spans.length, 2)
        assert.isNotEmpty(traces.metrics)
        assert.isNotEmpty(traces.lines)
        assertNothingIn(traces, what)
      })
    )
  }

  for (const [what, credentials] of Object.entries(sources)) {
    it.effect(`leaks nowhere: ${what}`, () =>
      Effect.gen(function* () {
        assertNothingIn(yield* tracesOf(support.inTurn(support.throttled, support.passed), credentials), what)
      })
    )
  }

  it.effect("leaks nowhere: a request that is refused", () =>
    Effect.gen(function* () {
      for (const asked of [
        { ...request, merchantBizId: `${secret.merchantBizId}!` },
        { ...request, transactionId: `${secret.transactionId}\n` }
      ]) {
        const traces = yield* tracesOf(support.inTurn(support.passed), Credentials.layerStatic(secret), asked)
        assert.strictEqual(traces.requests, 0)
        assertNothingIn(traces, "refused")
      }
    })
  )

  it.effect("leaks nowhere: a call that is interrupted", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(tracesOf(() => Effect.interrupt, Credentials.layerStatic(secret)))
      assertNothingIn(yield* Fiber.join(fiber), "interrupted")
    })
  )
})

describe("ids on spans", () => {
  const idsWith = (privacy: Layer.Layer<never, Privacy.WeakKey>) =>
    Effect.gen(function* () {
      const { layer } = support.client(support.inTurn(support.passed))
      yield* support.settled(
        Cloudauth.checkResult(support.request, { retry: RetryPolicy.none }).pipe(Effect.provide(layer))
      )
      const spans = yield* (yield* TestTelemetry).spans
      const { attributes } = support.find(spans, "Cloudauth.checkResult")
      return [attributes["cloudauth.merchant_biz_id"], attributes["cloudauth.transaction_id"]]
    }).pipe(Effect.provide(Layer.mergeAll(TestTelemetry.layer, privacy)))

  const key = Redacted.make("a key from the vault, long enough")

  it.effect("are absent by default, plain or hashed on request", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsWith(Layer.empty), [undefined, undefined])
      assert.deepStrictEqual(yield* idsWith(Privacy.layerNone), [undefined, undefined])
      assert.deepStrictEqual(yield* idsWith(Privacy.layerPlain), ["order4711", "hksb4711transaction"])
      const hashed = yield* idsWith(Privacy.layerHashed(key))
      assert.deepStrictEqual(hashed, ["order4711", "hksb4711transaction"].map(Privacy.hash(key)))
      assert.match(String(hashed[1]), /^[0-9a-f]{32}$/)
    })
  )

  it("hashes as HMAC-SHA-256 does (RFC 4231, case 2 with its own key refused for its length)", () => {
    const hash = Privacy.hash(Redacted.make("Jefe"))
    assert.strictEqual(hash("what do ya want for nothing?"), "5bdcc146bf60754e6a042426089575c7")
  })

  it.effect("a short key is refused, and is not in the error", () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(idsWith(Privacy.layerHashed(Redacted.make("short-secret"))))
      assert.strictEqual(exit._tag, "Failure")
      assert.notInclude(inspect(exit, { depth: 20 }), "short-secret")
    })
  )
})
