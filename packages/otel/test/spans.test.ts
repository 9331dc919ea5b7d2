import * as Canned from "@effect-cloudauth/core/Canned"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as Deletion from "@effect-cloudauth/core/Deletion"
import * as DocType from "@effect-cloudauth/core/DocType"
import * as Document from "@effect-cloudauth/core/Document"
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import { assert, describe, it } from "@effect/vitest"
import { SpanKind, SpanStatusCode } from "@opentelemetry/api"
import * as Transport from "@effect-cloudauth/core/Transport"
import * as VerifyLog from "@effect-cloudauth/core/VerifyLog"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { TestClock } from "effect/testing"
import * as Attributes from "../src/Attributes.ts"
import { TestTelemetry, tree } from "../src/TestTelemetry.ts"
import * as support from "./support.ts"

const { inTurn, request } = support

/** Runs calls against a fake server and returns the spans; time passes as it must. */
const spansOf = (
  handler: Parameters<typeof support.client>[0],
  calls: Effect.Effect<unknown, unknown, Cloudauth> = Cloudauth.checkResult(request)
) =>
  Effect.gen(function* () {
    const exit = yield* support.settled(Effect.provide(calls, support.client(handler).layer))
    const telemetry = yield* TestTelemetry
    return { exit, spans: yield* telemetry.spans }
  }).pipe(Effect.provide(TestTelemetry.layer))

describe("the tree", () => {
  it.effect("is one operation with its attempts, no span twice, no other span", () =>
    Effect.gen(function* () {
      const { exit, spans } = yield* spansOf(
        inTurn(support.throttled, support.throttled, support.passed),
        Effect.withSpan(Cloudauth.checkResult(request), "checkout")
      )
      assert.strictEqual(exit._tag, "Success")
      assert.deepStrictEqual(tree(spans).split("\n"), [
        "checkout",
        "  Cloudauth.checkResult",
        "  - cloudauth.retry",
        "  - cloudauth.retry",
        "    Cloudauth.attempt ✗ Throttled",
        "    Cloudauth.attempt ✗ Throttled",
        "    Cloudauth.attempt"
      ])
      assert.strictEqual(new Set(spans.map((span) => span.spanContext().traceId)).size, 1)
    })
  )

  it.effect("shows polling above the operations, credentials inside them, and a limiter inside the attempt", () =>
    Effect.gen(function* () {
      const transport = support.fakeTransport((_, count) =>
        Effect.andThen(Telemetry.limiterWaited(250), count === 1 ? support.notCompleted : support.passed)
      )
      const layer = Cloudauth.layerTransport({ region: "ap-southeast-1" }).pipe(
        Layer.provide([Credentials.layerRefreshing({ load: Effect.succeed(support.key) }), transport.layer])
      )
      const spans = yield* Effect.gen(function* () {
        yield* support.settled(Effect.provide(Cloudauth.awaitResult(request), layer))
        return yield* (yield* TestTelemetry).spans
      }).pipe(Effect.provide(TestTelemetry.layer))
      assert.deepStrictEqual(tree(spans, { events: false }).split("\n"), [
        "Cloudauth.awaitResult",
        "  Cloudauth.checkResult",
        "    Cloudauth.refreshCredential",
        "    Cloudauth.attempt",
        "  Cloudauth.checkResult",
        "    Cloudauth.attempt"
      ])
      const [event] = support.find(spans, "Cloudauth.attempt").events
      assert.deepStrictEqual(
        [event?.name, event?.attributes],
        ["cloudauth.limiter.wait", { "cloudauth.limiter.wait": 0.25 }]
      )
    })
  )

  it.effect("gives the operation and its attempts what the conventions ask for", () =>
    Effect.gen(function* () {
      const { spans } = yield* spansOf(
        inTurn(support.throttled, support.passed),
        Cloudauth.checkResult({ ...request, document: Document.HongKongIdentityCard })
      )
      const operation = support.find(spans, "Cloudauth.checkResult")
      const { "cloudauth.decode.duration": decodeDuration, ...attributes } = operation.attributes
      assert.deepStrictEqual(attributes, {
        "rpc.system.name": "alibaba_cloud",
        "rpc.method": "Cloudauth/CheckResult",
        "rpc.status_code": "Success",
        "rpc.system": "alibaba_cloud",
        "rpc.service": "Cloudauth",
        "peer.service": "Cloudauth",
        "service.peer.name": "Cloudauth",
        "cloud.region": "cn-hongkong",
        "server.address": "cloudauth-intl.cn-hongkong.aliyuncs.com",
        "server.port": 443,
        "cloudauth.response.code": "Success",
        "cloudauth.request_id": "00000000-0000-4000-8000-000000000000",
        "cloudauth.verdict": "Passed",
        "cloudauth.sub_code": "200",
        "cloudauth.billed": true,
        "cloudauth.document": "HongKongIdentityCard",
        "cloudauth.spoof.front": "Unconfirmed"
      })
      assert.strictEqual(operation.kind, SpanKind.CLIENT)
      const [retry] = operation.events
      assert.lengthOf(operation.events, 1)
      assert.strictEqual(retry?.name, "cloudauth.retry")
      // The server's 20 ms, or a longer backoff by chance.
      const delay = retry?.attributes?.["cloudauth.retry.delay"]
      assert.isTrue(typeof delay === "number" && delay >= 0.02 && delay <= 1)
      assert.deepStrictEqual(retry?.attributes, {
        "cloudauth.retry.class": "throttle",
        "cloudauth.retry.delay": delay,
        "error.type": "Throttled"
      })
      assert.isAbove(Number(decodeDuration), 0)
      const [first, second] = spans.filter((span) => span.name === "Cloudauth.attempt")
      const common = {
        "http.request.method": "POST",
        "server.address": "cloudauth-intl.cn-hongkong.aliyuncs.com",
        "server.port": 443,
        "url.full": "https://cloudauth-intl.cn-hongkong.aliyuncs.com/"
      }
      assert.deepStrictEqual(first?.attributes, {
        ...common,
        "http.response.status_code": 403,
        "http.response.body.size": first?.attributes["http.response.body.size"],
        "error.type": "Throttled",
        "cloudauth.response.code": "Throttling.Api",
        "cloudauth.request_id": "8FC3D6AC-9FED-4311-8DA7-C4BF47D9F260"
      })
      assert.deepStrictEqual(second?.attributes, {
        ...common,
        "http.request.resend_count": 1,
        "http.response.status_code": 200,
        "http.response.body.size": second?.attributes["http.response.body.size"]
      })
      assert.strictEqual(second?.kind, SpanKind.CLIENT)
      assert.strictEqual(first?.status.code, SpanStatusCode.ERROR)
      assert.strictEqual(second?.status.code, SpanStatusCode.UNSET)
    })
  )
})

describe("the status", () => {
  it.effect("of a rejection is that of a success", () =>
    Effect.gen(function* () {
      const { spans } = yield* spansOf(inTurn(support.rejected("212")))
      for (const span of spans) assert.strictEqual(span.status.code, SpanStatusCode.UNSET)
      const { attributes } = support.find(spans, "Cloudauth.checkResult")
      assert.strictEqual(attributes["cloudauth.verdict"], "Rejected")
      assert.strictEqual(attributes["cloudauth.spoof.front"], "Risk")
      assert.notProperty(attributes, "error.type")
    })
  )

  it.effect("of a poll is no error, however often the user has not finished and even if he never does", () =>
    Effect.gen(function* () {
      const { exit, spans } = yield* spansOf(
        inTurn(support.notCompleted),
        Cloudauth.awaitResult(request, { polling: Schedule.recurs(3) })
      )
      assert.strictEqual(exit._tag, "Failure")
      assert.lengthOf(spans, 1 + 4 * 2)
      for (const span of spans) {
        assert.strictEqual(span.status.code, SpanStatusCode.UNSET, span.name)
        assert.notProperty(span.attributes, "error.type")
        assert.isEmpty(span.events)
      }
      const operation = support.find(spans, "Cloudauth.checkResult")
      assert.strictEqual(operation.attributes["cloudauth.response.code"], "ProcessNotCompleted")
    })
  )

  it.effect("of a failure is an error with its type, and no exception event with a stack", () =>
    Effect.gen(function* () {
      const { spans } = yield* spansOf(inTurn(support.error("Forbidden.AccountAccessDenied", 403)))
      for (const span of spans) {
        assert.strictEqual(span.status.code, SpanStatusCode.ERROR)
        assert.include(span.status.message, "AccountAccessDenied")
        assert.strictEqual(span.attributes["error.type"], "AccountAccessDenied")
        assert.isEmpty(span.events.filter((event) => event.name === "exception"))
      }
      const { attributes } = support.find(spans, "Cloudauth.checkResult")
      assert.strictEqual(attributes["rpc.status_code"], "Forbidden.AccountAccessDenied")
    })
  )

  it.effect("of an interrupted call is no error", () =>
    Effect.gen(function* () {
      const spans = yield* Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(
          Effect.provide(Cloudauth.checkResult(request), support.client(() => Effect.never).layer)
        )
        yield* TestClock.adjust("1 second")
        yield* Fiber.interrupt(fiber)
        return yield* (yield* TestTelemetry).spans
      }).pipe(Effect.provide(TestTelemetry.layer))
      assert.lengthOf(spans, 2)
      for (const span of spans) {
        assert.strictEqual(span.status.code, SpanStatusCode.UNSET)
        assert.strictEqual(span.attributes["effect.fiber.interrupted"], true)
      }
    })
  )
})

describe("the table of attributes", () => {
  const image = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]).toString("base64")

  /** An answer with everything that a span tells of one. */
  const full = Canned.response(
    JSON.stringify({
      RequestId: "8FC3D6AC-9FED-4311-8DA7-C4BF47D9F260",
      Code: "Success",
      Result: {
        Passed: "N",
        SubCode: "212",
        ExtIdInfo: {
          ocrIdInfo: { ...Canned.fields.GlobalPassport, birthDate: "soon" },
          spoofInfo: { spoofResult: "Y", spoofType: ["TAMPER"] },
          spoofBackInfo: { spoofResult: "N", spoofType: "" },
          idImage: image,
          idBackImage: image
        }
      }
    })
  )
  const began = Canned.response(
    JSON.stringify({ RequestId: "r", Code: "Success", Result: { TransactionId: "hksb0000" } })
  )
  const initialize = Cloudauth.initialize({
    merchantBizId: "order4711",
    merchantUserId: "user",
    docType: DocType.GlobalPassport,
    metaInfo: "{}"
  })
  const deletion = Deletion.deleteResult({ transactionId: "hksb0000", deleteType: "All" })
  const log = VerifyLog.check({ merchantBizId: "order4711", transactionId: "hksb0000" })
  const operations: ReadonlyArray<Effect.Effect<unknown, unknown, Cloudauth>> = [initialize, deletion, log]
  const plainIds = <A, E, R>(call: Effect.Effect<A, E, R>) =>
    Effect.provideService(call, Telemetry.SpanIds, { transform: (id) => id })

  /** Calls that wait for one fetch of a credential, which comes late, then not at all; a limiter; a transport that tells. */
  const refreshing = Effect.gen(function* () {
    let loads = 0
    const transport = support.fakeTransport(() =>
      Effect.andThen(
        Telemetry.limiterWaited(250),
        Effect.map(full, (response) => ({ ...response, protocolVersion: "1.1" }))
      )
    )
    const load = Effect.delay(
      Effect.suspend(() => (loads++ === 0 ? Effect.succeed(support.key) : Effect.fail(new Error("no")))),
      "80 millis"
    )
    const layer = Cloudauth.layerTransport().pipe(
      Layer.provide([Credentials.layerRefreshing({ load }), transport.layer])
    )
    const both = Effect.all([Cloudauth.checkResult(request), Cloudauth.checkResult(request)], { concurrency: 2 })
    yield* support.settled(Effect.provide(both, layer))
    yield* support.settled(Effect.provide(both, Layer.fresh(layer)))
    return { spans: yield* (yield* TestTelemetry).spans }
  }).pipe(Effect.provide(TestTelemetry.layer))

  /** A call that ends, with its layer, while its credential is being fetched. */
  const abandoned = Effect.gen(function* () {
    const transport = support.fakeTransport(inTurn(support.passed))
    const layer = Cloudauth.layerTransport().pipe(
      Layer.provide([Credentials.layerRefreshing({ load: Effect.never }), transport.layer])
    )
    yield* support.settled(Effect.provide(Effect.timeout(Cloudauth.checkResult(request), "1 second"), layer))
    return { spans: yield* (yield* TestTelemetry).spans }
  }).pipe(Effect.provide(TestTelemetry.layer))

  const places: Readonly<Record<string, Attributes.Signal>> = {
    "Cloudauth.awaitResult": "awaitResult",
    "Cloudauth.checkResult": "checkResult",
    "Cloudauth.initialize": "initialize",
    "Cloudauth.deleteVerifyResult": "deleteVerifyResult",
    "Cloudauth.checkVerifyLog": "checkVerifyLog",
    "Cloudauth.attempt": "attempt",
    "Cloudauth.refreshCredential": "refreshCredential",
    "cloudauth.retry": "retry event",
    "cloudauth.limiter.wait": "limiter event",
    "cloudauth.credential.wait": "credential event"
  }

  it.effect("says of each span and event which attributes it can have, no more and no fewer", () =>
    Effect.gen(function* () {
      const failing = inTurn(support.error("Throttling", 400), support.error("InternalError", 500))
      const refused = new Transport.QueueTooLong({ httpStatus: undefined, waiting: 5, wait: 60_000 })
      const overloaded = inTurn(Effect.fail(refused))
      const scenarios = [
        spansOf(overloaded, Cloudauth.awaitResult(request)),
        spansOf(inTurn(support.throttled, full), plainIds(Cloudauth.awaitResult(request))),
        spansOf(inTurn(support.passed)),
        spansOf(failing),
        spansOf(inTurn(support.error("Forbidden.AccountAccessDenied", 403)), Cloudauth.awaitResult(request)),
        spansOf(inTurn(Effect.die(new TypeError("boom")))),
        ...operations.flatMap((call) => [
          spansOf(overloaded, call),
          spansOf(inTurn(began), plainIds(call)),
          spansOf(failing, call),
          spansOf(inTurn(support.throttled, began), call),
          spansOf(() => Effect.never, Effect.timeout(call, "1 second"))
        ]),
        refreshing,
        spansOf(() => Effect.never, Effect.timeout(Cloudauth.awaitResult(request), "1 second")),
        abandoned
      ]
      const seen = new Set<string>()
      for (const { spans } of yield* Effect.all(scenarios)) {
        for (const { attributes, name } of spans.flatMap((span) => [span, ...span.events])) {
          const place = places[name]
          // The line of the log, which Effect's own logger repeats as an event, has its own test.
          if (place === undefined) continue
          for (const attribute of Object.keys(attributes ?? {})) seen.add(`${attribute} on ${place}`)
        }
      }
      const shown = new Set(Object.values(places))
      const listed = Attributes.names.flatMap((name) =>
        Attributes.definitionOf(name).signals.flatMap((place) => (shown.has(place) ? [`${name} on ${place}`] : []))
      )
      assert.deepStrictEqual([...seen].toSorted(), listed.toSorted())
    })
  )
})
