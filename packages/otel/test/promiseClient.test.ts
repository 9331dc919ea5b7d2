/** The Promise client with a provider that the process has registered. */
import * as Client from "@effect-cloudauth/node/Client"
import * as Metrics from "@effect-cloudauth/core/Metrics"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import { assert, describe, it } from "@effect/vitest"
import * as Otel from "@opentelemetry/api"
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as memorySdk from "../src/internal/memorySdk.ts"
import { find } from "./support.ts"

const registered = Effect.acquireRelease(
  Effect.promise(async () => {
    const sdk = await memorySdk.make()
    Otel.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    Otel.trace.setGlobalTracerProvider(sdk.tracerProvider)
    Otel.metrics.setGlobalMeterProvider(sdk.meterProvider)
    return sdk
  }),
  () => Effect.sync(() => [Otel.trace, Otel.metrics, Otel.context].forEach((api) => api.disable()))
)

const withClient = <A>(use: (client: Client.Client) => Promise<A>, options: Client.ClientOptions = {}) =>
  Effect.gen(function* () {
    const { accessKeyId, accessKeySecret, url } = yield* Emulator
    const credentials = { accessKeyId, accessKeySecret: Redacted.value(accessKeySecret) }
    return yield* Effect.promise(async () => {
      await using client = Client.createClient({ url, credentials, ...options })
      return await use(client)
    })
  }).pipe(Effect.provide(Emulator.layer()))

const request = { merchantBizId: "orderCANARY", transactionId: "hksb-unavailable-twice-canary" }

const below = <A>(name: string, run: () => Promise<A>): Promise<A> =>
  Otel.trace.getTracer("application").startActiveSpan(name, async (span) => {
    try {
      return await run()
    } finally {
      span.end()
    }
  })

describe("the Promise client", () => {
  it.live("makes a span of each call, below the caller's, with the attempts below it, and no id in any", () =>
    Effect.gen(function* () {
      const sdk = yield* registered
      yield* withClient((client) => below("checkout", () => client.checkResult(request)))
      const spans = sdk.spans()
      const caller = find(spans, "checkout")
      const call = find(spans, "Cloudauth.checkResult")
      const attempts = spans.filter(({ name }) => name === "Cloudauth.attempt")
      assert.strictEqual(call.parentSpanContext?.spanId, caller.spanContext().spanId)
      assert.lengthOf(attempts, 3)
      for (const { parentSpanContext } of attempts)
        assert.strictEqual(parentSpanContext?.spanId, call.spanContext().spanId)
      assert.deepStrictEqual(
        attempts.map(({ attributes }) => attributes["error.type"]),
        ["ServiceDown", "ServiceDown", undefined]
      )
      assert.deepStrictEqual(
        attempts.map(({ status }) => status.code),
        [2, 2, 0]
      )
      assert.strictEqual(call.attributes["cloudauth.verdict"], "Passed")
      const shown = JSON.stringify(spans.map(({ attributes, events, status }) => ({ attributes, events, status })))
      for (const id of [request.merchantBizId, request.transactionId]) assert.notInclude(shown, id)
    })
  )

  it.live("gives each of two calls, at once and on a cold client, its own caller's trace", () =>
    Effect.gen(function* () {
      const sdk = yield* registered
      yield* withClient((client) =>
        Promise.all(
          ["a", "b"].map((name) =>
            below(name, () => client.checkResult({ ...request, transactionId: `${request.transactionId}-${name}` }))
          )
        )
      )
      const spans = sdk.spans()
      for (const name of ["a", "b"]) {
        const { traceId } = find(spans, name).spanContext()
        const own = spans.filter((span) => span.spanContext().traceId === traceId)
        assert.lengthOf(own, 5, name)
      }
    })
  )

  it.live("links what comes later in a journey to its Initialize", () =>
    Effect.gen(function* () {
      const sdk = yield* registered
      const merchantBizId = "orderCANARY"
      yield* withClient(
        async (client) => {
          await client.initialize({
            merchantBizId,
            merchantUserId: "userCANARY",
            docType: Client.DocType.GlobalPassport,
            idSpoof: true
          })
          await client.checkStored({ merchantBizId }).catch(() => undefined)
          await client.awaitStored({ merchantBizId }, { timeout: 1 }).catch(() => undefined)
        },
        { store: "memory" }
      )
      const { spanId, traceId } = find(sdk.spans(), "Cloudauth.initialize").spanContext()
      const links = sdk
        .spans()
        .filter((span) => span.links.length > 0)
        .map(({ links, name }) => [name, links.map(({ context }) => context)])
      const link = { spanId, traceId, traceFlags: 1, isRemote: true }
      assert.deepStrictEqual(links, [
        ["Cloudauth.checkResult", [link]],
        ["Cloudauth.awaitResult", [link]]
      ])
    })
  )

  it.live("begins a trace with a call outside of any span", () =>
    Effect.gen(function* () {
      const sdk = yield* registered
      Otel.context.disable()
      yield* withClient((client) => client.checkResult(request))
      const call = find(sdk.spans(), "Cloudauth.checkResult")
      assert.isUndefined(call.parentSpanContext)
      assert.strictEqual(find(sdk.spans(), "Cloudauth.attempt").parentSpanContext?.spanId, call.spanContext().spanId)
    })
  )

  it.live("records the instruments of the Effect API, without an id", () =>
    Effect.gen(function* () {
      const sdk = yield* registered
      const metrics = yield* withClient(async (client) => {
        await client.checkResult(request)
        return sdk.metrics()
      })
      for (const { descriptor, scope } of metrics) {
        assert.strictEqual(scope.name, "@effect-cloudauth/node")
        const { description, unit }: Metrics.Instrument = Metrics.table[descriptor.name as Metrics.Name] // checked by the next line
        assert.deepInclude(descriptor, { description, unit })
      }
      assert.sameMembers(
        metrics.map(({ descriptor }) => descriptor.name),
        [
          "cloudauth.operation.duration",
          "cloudauth.operation.active",
          "cloudauth.operation.attempts",
          "cloudauth.attempt.duration",
          "cloudauth.exchange.duration",
          "cloudauth.response.size",
          "cloudauth.retries",
          "cloudauth.decode.duration",
          "cloudauth.verdicts",
          "cloudauth.authentications.billed"
        ]
      )
      const retries = metrics.find(({ descriptor }) => descriptor.name === "cloudauth.retries")?.dataPoints
      assert.deepStrictEqual(
        retries?.map(({ attributes, value }) => [attributes, value]),
        [[{ "cloudauth.retry.class": "transient", "error.type": "ServiceDown" }, 2]]
      )
      assert.notInclude(JSON.stringify(metrics).toLowerCase(), "canary")
    })
  )

  it.live("counts a result once, however many calls of a client fetch it", () =>
    Effect.gen(function* () {
      const sdk = yield* registered
      const metrics = yield* withClient(async (client) => {
        await client.checkResult(request)
        await client.checkResult(request)
        return sdk.metrics()
      })
      const verdicts = metrics.find(({ descriptor }) => descriptor.name === "cloudauth.verdicts")?.dataPoints
      assert.deepStrictEqual(
        verdicts?.map(({ value }) => value),
        [1]
      )
    })
  )

  it.live("makes no span and no metric with telemetry: false, and serves without a provider", () =>
    Effect.gen(function* () {
      const { metrics, result, spans } = yield* Effect.scoped(
        Effect.gen(function* () {
          const sdk = yield* registered
          const result = yield* withClient((client) => client.checkResult(request), { telemetry: false })
          return { result, spans: sdk.spans(), metrics: yield* Effect.promise(sdk.metrics) }
        })
      )
      assert.deepStrictEqual(spans, [])
      assert.deepStrictEqual(metrics, [])
      const unregistered = yield* withClient((client) => client.checkResult(request))
      assert.strictEqual(unregistered.verdict._tag, result.verdict._tag)
    })
  )
})
