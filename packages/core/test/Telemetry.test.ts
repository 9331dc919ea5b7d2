/** The spans of a call as any tracer of Effect's gets them: here Effect's own OTLP exporter, read at its collector. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as OtlpSerialization from "effect/observability/OtlpSerialization"
import * as OtlpTracer from "effect/observability/OtlpTracer"
import * as References from "effect/References"
import * as Schedule from "effect/Schedule"
import { TestClock } from "effect/testing"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import { Credentials } from "../src/Credentials.ts"
import * as DocType from "../src/DocType.ts"
import * as Telemetry from "../src/Telemetry.ts"
import { failure, success } from "./fixtures/answers.ts"
import { clientOf, failureOf, key, reply, run, serve } from "./fixtures/server.ts"
import type { Server, Setup } from "./fixtures/server.ts"

const request = { merchantBizId: "order4711", transactionId: "hksb4711transaction" }
const ok = reply(200, success({ ocrIdPassed: "Y", ocrIdInfo: Canned.fields.GlobalPassport }))
const throttled = reply(403, failure("Throttling.Api"))
const notCompleted = reply(404, failure("ProcessNotCompleted"))
const check = Cloudauth.checkResult(request)
const begun = reply(
  200,
  JSON.stringify({ RequestId: "R-4711", Code: "Success", Result: { TransactionId: request.transactionId } })
)
const begin = Cloudauth.initialize({
  merchantBizId: request.merchantBizId,
  merchantUserId: "hashedUser",
  docType: DocType.GlobalPassport
})

interface Value {
  readonly stringValue?: string
  readonly boolValue?: boolean
  readonly intValue?: number | string
  readonly doubleValue?: number
}
interface Attributes {
  readonly attributes: ReadonlyArray<{ readonly key: string; readonly value: Value }>
}
interface Span extends Attributes {
  readonly name: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly status: { readonly code: number; readonly message?: string }
  readonly events: ReadonlyArray<Attributes & { readonly name: string }>
}
interface Batch {
  readonly resourceSpans: ReadonlyArray<{
    readonly scopeSpans: ReadonlyArray<{ readonly spans: ReadonlyArray<Span> }>
  }>
}

const attributesOf = ({ attributes }: Attributes) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

const find = (spans: ReadonlyArray<Span>, name: string): Span => {
  const span = spans.find((candidate) => candidate.name === name)
  if (span === undefined) throw new Error(`no span ${name}`)
  return span
}

const tree = (spans: ReadonlyArray<Span>): ReadonlyArray<string> => {
  const below = (parent: string | undefined, depth: number): ReadonlyArray<string> =>
    spans
      .filter((span) => span.parentSpanId === parent)
      .toSorted((left, right) => Number(BigInt(left.startTimeUnixNano) - BigInt(right.startTimeUnixNano)))
      .flatMap((span) => ["  ".repeat(depth) + span.name, ...below(span.spanId, depth + 1)])
  return below(undefined, 0)
}

/** What the collector of a program with Effect's OTLP exporter gets. */
const exported = (server: Server, calls: Effect.Effect<unknown, unknown, Cloudauth>, setup: Setup = {}) =>
  Effect.gen(function* () {
    const bodies: Array<string> = []
    const collector = HttpClient.make((outgoing) => {
      if (outgoing.body._tag === "Uint8Array") bodies.push(new TextDecoder().decode(outgoing.body.body))
      return Effect.succeed(HttpClientResponse.fromWeb(outgoing, new Response("{}")))
    })
    const tracer = OtlpTracer.layer({ url: "http://collector/v1/traces", resource: { serviceName: "checks" } }).pipe(
      Layer.provide([OtlpSerialization.layerJson, Layer.succeed(HttpClient.HttpClient, collector)])
    )
    const client = clientOf(server, setup)
    const fiber = yield* Effect.forkChild(
      Effect.exit(calls).pipe(Effect.provide(client), Effect.provide(tracer), Effect.scoped)
    )
    yield* TestClock.adjust("20 minutes")
    yield* Fiber.join(fiber)
    const spans = bodies
      .map((body): Batch => JSON.parse(body)) // as Effect writes it
      .flatMap(({ resourceSpans }) => resourceSpans)
      .flatMap(({ scopeSpans }) => scopeSpans)
      .flatMap(({ spans }) => spans)
    return { spans, text: bodies.join("\n") }
  })

describe("the spans, without an OpenTelemetry package", () => {
  it.effect("are one tree with the conventions' attributes, and no id or query", () =>
    Effect.gen(function* () {
      const { spans, text } = yield* exported(serve(throttled, ok), Effect.withSpan(check, "checkout"))
      assert.deepStrictEqual(tree(spans), [
        "checkout",
        "  Cloudauth.checkResult",
        "    Cloudauth.attempt",
        "    Cloudauth.attempt"
      ])
      const operation = find(spans, "Cloudauth.checkResult")
      assert.strictEqual(operation.kind, 3)
      assert.deepInclude(attributesOf(operation), {
        "rpc.system.name": "alibaba_cloud",
        "rpc.method": "Cloudauth/CheckResult",
        "rpc.status_code": "Success",
        "server.address": "cloudauth-intl.cn-hongkong.aliyuncs.com",
        "cloudauth.verdict": "Passed"
      })
      assert.deepStrictEqual(
        operation.events.map(({ name }) => name),
        ["cloudauth.retry"]
      )
      const [first, second] = spans.filter(({ name }) => name === "Cloudauth.attempt")
      assert.deepInclude(attributesOf(second ?? operation), {
        "http.request.method": "POST",
        "http.request.resend_count": 1,
        "http.response.status_code": 200,
        "url.full": "https://cloudauth-intl.cn-hongkong.aliyuncs.com/"
      })
      assert.deepStrictEqual([first?.status.code, second?.status.code, operation.status.code], [2, 1, 1])
      for (const secret of [...Object.values(request), ...Object.values(key)]) assert.notInclude(text, secret)
    })
  )

  it.effect("of Initialize have the request's id, and no other", () =>
    Effect.gen(function* () {
      const { spans, text } = yield* exported(serve(begun), begin)
      assert.deepStrictEqual(tree(spans), ["Cloudauth.initialize", "  Cloudauth.attempt"])
      assert.deepInclude(attributesOf(find(spans, "Cloudauth.initialize")), {
        "rpc.method": "Cloudauth/Initialize",
        "rpc.status_code": "Success"
      })
      assert.include(text, "R-4711")
      for (const secret of [...Object.values(request), "hashedUser"]) assert.notInclude(text, secret)
    })
  )

  it.effect("of a poll are no errors", () =>
    Effect.gen(function* () {
      const polled = Cloudauth.awaitResult(request, { polling: Schedule.recurs(1) })
      const { spans } = yield* exported(serve(notCompleted), polled)
      assert.lengthOf(spans, 5)
      for (const { events, status } of spans) {
        assert.strictEqual(status.code, 1)
        assert.deepStrictEqual(events, [])
      }
    })
  )

  it.effect("of a failure have its type and message, not the server's text", () =>
    Effect.gen(function* () {
      const answer = reply(403, JSON.stringify({ Code: "Forbidden.AccountAccessDenied", Message: "of Li Si" }))
      const { spans, text } = yield* exported(serve(answer), check)
      for (const span of spans) {
        assert.strictEqual(span.status.code, 2)
        assert.strictEqual(attributesOf(span)["error.type"], "AccountAccessDenied")
      }
      assert.notInclude(text, "Li Si")
    })
  )

  it.effect("show a refused request without its content", () =>
    Effect.gen(function* () {
      const refused = Cloudauth.checkResult({ ...request, merchantBizId: "Li Si!" }).pipe(
        Effect.provideService(Telemetry.SpanIds, { transform: (id) => id })
      )
      const server = serve(ok)
      const { spans, text } = yield* exported(server, refused)
      assert.deepStrictEqual(server.sent, [])
      assert.deepStrictEqual(tree(spans), ["Cloudauth.checkResult"])
      assert.strictEqual(attributesOf(find(spans, "Cloudauth.checkResult"))["error.type"], "InvalidRequest")
      for (const id of ["Li Si", request.transactionId]) assert.notInclude(text, id)
    })
  )

  it.effect("show a credential refresh in the call that makes it, and the wait in the others", () =>
    Effect.gen(function* () {
      const { spans } = yield* exported(serve(ok), Effect.all([check, check], { concurrency: 2 }), {
        credentials: Credentials.layerRefreshing({ load: Effect.delay(Effect.succeed(key), "80 millis") })
      })
      assert.deepStrictEqual(tree(spans), [
        "Cloudauth.checkResult",
        "  Cloudauth.attempt",
        "    Cloudauth.refreshCredential",
        "Cloudauth.checkResult",
        "  Cloudauth.attempt"
      ])
      const waits = spans.flatMap(({ events }) => events.filter(({ name }) => name === "cloudauth.credential.wait"))
      assert.deepStrictEqual(waits.map(attributesOf), [{ "cloudauth.credential.wait": 0.08 }])
    })
  )

  it.effect("show of a failed refresh its type alone", () =>
    Effect.gen(function* () {
      const { spans, text } = yield* exported(serve(ok), check, {
        credentials: Credentials.layerRefreshing({ load: Effect.fail(new Error("the vault's password is xyzzy")) })
      })
      assert.deepStrictEqual(attributesOf(find(spans, "Cloudauth.refreshCredential")), {
        "error.type": "CredentialsError"
      })
      assert.notInclude(text, "xyzzy")
    })
  )
})

describe("the observer", () => {
  const facts = (server: Server, call: Effect.Effect<unknown, unknown, Cloudauth>) =>
    Effect.gen(function* () {
      const ended: Array<Telemetry.OperationFacts> = []
      const daysLeft: Array<number> = []
      const observer = Telemetry.makeObserver({
        operationEnded: (operation) => ended.push(operation),
        resultFetched: (days) => daysLeft.push(days)
      })
      yield* Effect.exit(call).pipe(
        Effect.provide(clientOf(server)),
        Effect.provideService(Telemetry.Observer, observer)
      )
      return { ended, daysLeft }
    })

  it.effect("gets an Initialize without a check's result", () =>
    Effect.gen(function* () {
      const { ended } = yield* facts(serve(begun), begin)
      assert.lengthOf(ended, 1)
      assert.deepInclude(ended[0], { action: "Initialize", end: "succeeded", attempts: 1, result: undefined })
    })
  )

  it.effect("gets a refused request, which was never sent", () =>
    Effect.gen(function* () {
      const { ended } = yield* facts(serve(ok), Cloudauth.checkResult({ ...request, merchantBizId: "" }))
      assert.lengthOf(ended, 1)
      assert.containSubset(ended[0], { attempts: 0, end: "failed", error: { _tag: "InvalidRequest" } })
    })
  )

  it.effect("gets how many of the 30 days were left", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(10 * 86_400_000)
      const { daysLeft } = yield* facts(serve(ok), Effect.tap(check, Telemetry.resultFetched(3.5 * 86_400_000)))
      assert.deepStrictEqual(daysLeft, [23.5])
    })
  )
})

describe("an observer that throws", () => {
  const broken = new Proxy(Telemetry.makeObserver({}), {
    get: () => () => {
      throw new Error("the metrics are down")
    }
  })

  it.effect("loses no result, no retry and no error", () =>
    Effect.gen(function* () {
      const observed = Effect.provideService(check, Telemetry.Observer, broken)
      const server = serve(throttled, ok)
      assert.isTrue(Exit.isSuccess(yield* run(server, observed)))
      assert.lengthOf(server.sent, 2)
      const refused = yield* run(serve(reply(400, failure("TransactionIdInvalid"))), observed)
      assert.strictEqual(failureOf(refused)._tag, "TransactionIdInvalid")
    })
  )
})

describe("the log of a failed call", () => {
  /** What a program's loggers get of a call. */
  const logOf = (server: Server, call: Effect.Effect<unknown, unknown, Cloudauth>) =>
    Effect.gen(function* () {
      const lines: Array<unknown> = []
      const logger = Logger.make(({ fiber, logLevel, message }) => {
        lines.push([logLevel, message, fiber.getRef(References.CurrentLogAnnotations)])
      })
      yield* run(server, call).pipe(
        Effect.provide(Logger.layer([logger])),
        Effect.provideService(References.MinimumLogLevel, "All")
      )
      return lines
    })

  it.effect("is one line at level Debug, since the caller has the error", () =>
    Effect.gen(function* () {
      const answer = reply(400, JSON.stringify({ RequestId: "R-1", Code: "TransactionIdInvalid", Message: "of Li Si" }))
      assert.deepStrictEqual(yield* logOf(serve(answer), check), [
        [
          "Debug",
          ["CheckResult failed"],
          {
            "error.type": "TransactionIdInvalid",
            "cloudauth.response.code": "TransactionIdInvalid",
            "cloudauth.attempts": 1,
            "cloudauth.request_id": "R-1",
            "http.response.status_code": 400
          }
        ]
      ])
    })
  )

  it.effect("is empty for a success, a state and a retry that helps", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* logOf(serve(throttled, ok), check), [])
      assert.deepStrictEqual(yield* logOf(serve(notCompleted), check), [])
    })
  )
})
