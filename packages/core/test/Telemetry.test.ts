/** The spans of a call as any tracer of Effect's gets them: here Effect's own OTLP exporter, read at its collector. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as OtlpSerialization from "effect/observability/OtlpSerialization"
import * as OtlpTracer from "effect/observability/OtlpTracer"
import * as Schedule from "effect/Schedule"
import { TestClock } from "effect/testing"
import * as Tracer from "effect/Tracer"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import { Credentials } from "../src/Credentials.ts"
import * as DocType from "../src/DocType.ts"
import * as Telemetry from "../src/Telemetry.ts"
import * as Transport from "../src/Transport.ts"
import { failure, success } from "./fixtures/answers.ts"
import { clientOf, key, reply, serve } from "./fixtures/server.ts"
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
const exported = (
  server: Pick<Server, "transport">,
  calls: Effect.Effect<unknown, unknown, Cloudauth>,
  setup: Setup = {}
) =>
  Effect.gen(function* () {
    const bodies: Array<string> = []
    const collector = HttpClient.make((outgoing) => {
      if (outgoing.body._tag === "Uint8Array") bodies.push(new TextDecoder().decode(outgoing.body.body))
      return Effect.succeed(HttpClientResponse.fromWeb(outgoing, new Response("{}")))
    })
    const tracer = OtlpTracer.layer({ url: "http://collector/v1/traces", resource: { serviceName: "checks" } }).pipe(
      Layer.provide([OtlpSerialization.layerJson, Layer.succeed(HttpClient.HttpClient, collector)])
    )
    const client = clientOf({ sent: [], interrupted: () => 0, ...server }, setup)
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
      expect(tree(spans)).toEqual([
        "checkout",
        "  Cloudauth.checkResult",
        "    Cloudauth.attempt",
        "    Cloudauth.attempt"
      ])
      const operation = find(spans, "Cloudauth.checkResult")
      expect(operation.kind).toBe(3)
      expect(attributesOf(operation)).toMatchObject({
        "rpc.system.name": "alibaba_cloud",
        "rpc.method": "Cloudauth/CheckResult",
        "rpc.status_code": "Success",
        "server.address": "cloudauth-intl.cn-hongkong.aliyuncs.com",
        "cloudauth.verdict": "Passed"
      })
      expect(operation.events.map(({ name }) => name)).toEqual(["cloudauth.retry", "cloudauth.decode"])
      const [first, second] = spans.filter(({ name }) => name === "Cloudauth.attempt")
      expect(attributesOf(second ?? operation)).toMatchObject({
        "http.request.method": "POST",
        "http.request.resend_count": 1,
        "http.response.status_code": 200,
        "url.full": "https://cloudauth-intl.cn-hongkong.aliyuncs.com/"
      })
      expect([first?.status.code, second?.status.code, operation.status.code]).toEqual([2, 1, 1])
      for (const secret of [...Object.values(request), ...Object.values(key)]) expect(text).not.toContain(secret)
    })
  )

  it.effect("of Initialize have the request's id, and no other", () =>
    Effect.gen(function* () {
      const { spans, text } = yield* exported(serve(begun), begin)
      expect(tree(spans)).toEqual(["Cloudauth.initialize", "  Cloudauth.attempt"])
      expect(attributesOf(find(spans, "Cloudauth.initialize"))).toMatchObject({
        "rpc.method": "Cloudauth/Initialize",
        "rpc.status_code": "Success"
      })
      expect(text).toContain("R-4711")
      for (const secret of [...Object.values(request), "hashedUser"]) expect(text).not.toContain(secret)
    })
  )

  it.effect("of a poll are no errors", () =>
    Effect.gen(function* () {
      const polled = Cloudauth.awaitResult(request, { polling: Schedule.recurs(1) })
      const { spans } = yield* exported(serve(notCompleted), polled)
      expect(spans).toHaveLength(5)
      for (const { events, status } of spans) {
        expect(status.code).toBe(1)
        expect(events).toEqual([])
      }
    })
  )

  it.effect("of a failure say its type and message, not the answer's words", () =>
    Effect.gen(function* () {
      const answer = reply(403, JSON.stringify({ Code: "Forbidden.AccountAccessDenied", Message: "of Li Si" }))
      const { spans, text } = yield* exported(serve(answer), check)
      for (const span of spans) {
        expect(span.status.code).toBe(2)
        expect(attributesOf(span)["error.type"]).toBe("AccountAccessDenied")
      }
      expect(text).not.toContain("Li Si")
    })
  )

  it.effect("show a request that is refused, and none of what it holds", () =>
    Effect.gen(function* () {
      const refused = Cloudauth.checkResult({ ...request, merchantBizId: "Li Si!" }).pipe(
        Effect.provideService(Telemetry.SpanIds, { transform: (id) => id })
      )
      const server = serve(ok)
      const { spans, text } = yield* exported(server, refused)
      expect(server.sent).toEqual([])
      expect(tree(spans)).toEqual(["Cloudauth.checkResult"])
      expect(attributesOf(find(spans, "Cloudauth.checkResult"))["error.type"]).toBe("InvalidRequest")
      for (const id of ["Li Si", request.transactionId]) expect(text).not.toContain(id)
    })
  )

  it.effect("show a refresh of the credential to the call that makes it, and its wait to the others", () =>
    Effect.gen(function* () {
      const { spans } = yield* exported(serve(ok), Effect.all([check, check], { concurrency: 2 }), {
        credentials: Credentials.layerRefreshing({ load: Effect.delay(Effect.succeed(key), "80 millis") })
      })
      expect(tree(spans)).toEqual([
        "Cloudauth.checkResult",
        "  Cloudauth.attempt",
        "    Cloudauth.refreshCredential",
        "Cloudauth.checkResult",
        "  Cloudauth.attempt"
      ])
      const waits = spans.flatMap(({ events }) => events.filter(({ name }) => name === "cloudauth.credential.wait"))
      expect(waits.map(attributesOf)).toEqual([{ "cloudauth.credential.wait": 0.08 }])
    })
  )

  it.effect("say why a refresh failed by its type alone", () =>
    Effect.gen(function* () {
      const { spans, text } = yield* exported(serve(ok), check, {
        credentials: Credentials.layerRefreshing({ load: Effect.fail(new Error("the vault's password is xyzzy")) })
      })
      expect(attributesOf(find(spans, "Cloudauth.refreshCredential"))).toEqual({ "error.type": "CredentialsError" })
      expect(text).not.toContain("xyzzy")
    })
  )

  it.effect("tell the version of HTTP where the transport does", () =>
    Effect.gen(function* () {
      const { transport } = serve(ok)
      const telling = Layer.effect(
        HttpClient.HttpClient,
        Effect.map(
          HttpClient.HttpClient,
          HttpClient.transformResponse(
            Effect.map((response) => Object.assign(response, { [Transport.ProtocolVersion]: "1.1" }))
          )
        )
      ).pipe(Layer.provide(transport))
      const versionOf = (server: Pick<Server, "transport">) =>
        Effect.map(
          exported(server, check),
          ({ spans }) => attributesOf(find(spans, "Cloudauth.attempt"))["network.protocol.version"]
        )
      expect(yield* versionOf({ transport })).toBeUndefined()
      expect(yield* versionOf({ transport: telling })).toBe("1.1")
    })
  )

  it.effect("are not made where no tracer could show them", () =>
    Effect.gen(function* () {
      let current: unknown = "untouched"
      const { transport } = serve(ok)
      const looking = Layer.effect(
        HttpClient.HttpClient,
        Effect.map(
          HttpClient.HttpClient,
          HttpClient.transformResponse((response) =>
            Effect.withFiber((fiber) => {
              current = fiber.cache.span
              return response
            })
          )
        )
      ).pipe(Layer.provide(transport))
      yield* Effect.provide(check, clientOf({ sent: [], interrupted: () => 0, transport: looking }))
      expect(current).toBeUndefined()
      expect(yield* Tracer.Tracer).toBe(Tracer.nativeTracer)
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

  it.effect("is told of an Initialize as of what is no check", () =>
    Effect.gen(function* () {
      const { ended } = yield* facts(serve(begun), begin)
      expect(ended).toHaveLength(1)
      expect(ended[0]).toMatchObject({ action: "Initialize", end: "succeeded", attempts: 1, result: undefined })
    })
  )

  it.effect("is told of a request that is refused, which was never sent", () =>
    Effect.gen(function* () {
      const { ended } = yield* facts(serve(ok), Cloudauth.checkResult({ ...request, merchantBizId: "" }))
      expect(ended).toHaveLength(1)
      expect(ended[0]).toMatchObject({ attempts: 0, end: "failed", error: { _tag: "InvalidRequest" } })
    })
  )

  it.effect("is told how many of the 30 days were left", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(10 * 86_400_000)
      const { daysLeft } = yield* facts(serve(ok), Effect.tap(check, Telemetry.resultFetched(3.5 * 86_400_000)))
      expect(daysLeft).toEqual([23.5])
    })
  )
})
