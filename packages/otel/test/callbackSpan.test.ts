/** What the spans of other instrumentation show of a callback and of the client's parameters. */
import * as CallbackHandler from "@effect-cloudauth/core/CallbackHandler"
import * as Canned from "@effect-cloudauth/core/Canned"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { TransactionStore } from "@effect-cloudauth/core/TransactionStore"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Otel from "@opentelemetry/api"
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks"
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Privacy from "../src/Privacy.ts"

beforeAll(() => {
  Otel.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
})
afterAll(() => Otel.context.disable())

const query = "callbackToken=canarytokencanarytoken&transactionId=canarytransaction&passed=Y"
const url = `https://merchant.example/cloudauth/callback?${query}`

/** As the instrumentation of `node:http` begins a server's span, in today's names and in the older ones. */
const attributes = {
  "url.full": url,
  "url.query": query,
  "http.url": url,
  "http.target": `/cloudauth/callback?${query}`
}

/** The key under which that instrumentation keeps its span for others. */
const rpcMetadata = Otel.createContextKey("OpenTelemetry SDK Context Key RPC_METADATA")

const received = (processors: ReadonlyArray<ReturnType<typeof Privacy.scrubbing>> = []) => {
  const exporter = new InMemorySpanExporter()
  const provider = new BasicTracerProvider({ spanProcessors: [...processors, new SimpleSpanProcessor(exporter)] })
  return { exporter, tracer: provider.getTracer("server") }
}

const traceId = "0af7651916cd43dd8448eb211c80319c"
const spanId = "b7ad6b7169203331"
const traceparent = `00-${traceId}-${spanId}-01`

describe("a callback", () => {
  it.live("shows neither token nor id in the server's span, even below another, and links it to Initialize", () =>
    Effect.gen(function* () {
      const { exporter, tracer } = received()
      const server = tracer.startSpan("GET", { kind: Otel.SpanKind.SERVER, attributes })
      const middleware = tracer.startSpan("middleware", { attributes: { "http.url": url } })
      const context = Otel.trace.setSpan(Otel.context.active().setValue(rpcMetadata, { span: server }), middleware)
      const services = Layer.merge(
        Cloudauth.layerTest(() => Canned.passed()),
        TransactionStore.layerMemory
      )
      const answer = Effect.gen(function* () {
        const store = yield* TransactionStore
        yield* store.put({ transactionId: "canarytransaction", merchantBizId: "canarybiz", traceparent })
        const handle = yield* CallbackHandler.make({
          callbackToken: Redacted.make("canarytokencanarytoken"),
          onResult: () => Effect.void
        })
        return yield* handle(new Request(url))
      }).pipe(Effect.scoped, Effect.provide(services))
      const { status } = yield* Effect.promise(() => Otel.context.with(context, () => Effect.runPromise(answer)))
      assert.strictEqual(status, 200)
      for (const span of [middleware, server]) span.end()
      assert.deepStrictEqual(
        exporter.getFinishedSpans().map(({ links, name }) => [name, links.map(({ context }) => context)]),
        [
          ["middleware", []],
          ["GET", [{ traceId, spanId, traceFlags: 1, isRemote: true }]]
        ]
      )
      const shown = JSON.stringify(exporter.getFinishedSpans().map((span) => span.attributes))
      assert.notMatch(shown, /canary/)
      assert.include(shown, "passed=Y")
    })
  )
})

describe("the scrubbing span processor", () => {
  it("hides the values of such parameters in every span, and nothing else", () => {
    const { exporter, tracer } = received([Privacy.scrubbing()])
    tracer.startSpan("GET", { attributes: { ...attributes, "url.path": "/cloudauth/callback", page: 3 } }).end()
    const sent = "https://cloudauth.example/?Action=x&MerchantBizId=canarybiz&TransactionId=canarytransaction"
    tracer.startSpan("POST", { attributes: { "url.full": sent } }).end()
    const [callback, request] = exporter.getFinishedSpans().map((span) => span.attributes)
    assert.notMatch(JSON.stringify([callback, request]), /canary/)
    assert.strictEqual(callback?.["url.query"], "callbackToken=REDACTED&transactionId=REDACTED&passed=Y")
    assert.strictEqual(callback?.["url.path"], "/cloudauth/callback")
    assert.include(String(request?.["url.full"]), "Action=x&MerchantBizId=REDACTED")
  })
})
