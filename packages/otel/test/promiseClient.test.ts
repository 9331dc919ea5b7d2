/** The Promise client with a provider that the process has registered. */
import * as Client from "@effect-cloudauth/node/Client"
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
    return sdk
  }),
  () => Effect.sync(() => (Otel.trace.disable(), Otel.context.disable()))
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

  it.live("makes no span with telemetry: false, and serves without a provider", () =>
    Effect.gen(function* () {
      const { result, spans } = yield* Effect.scoped(
        Effect.gen(function* () {
          const sdk = yield* registered
          const result = yield* withClient((client) => client.checkResult(request), { telemetry: false })
          return { result, spans: sdk.spans() }
        })
      )
      assert.deepStrictEqual(spans, [])
      const unregistered = yield* withClient((client) => client.checkResult(request))
      assert.strictEqual(unregistered.verdict._tag, result.verdict._tag)
    })
  )
})
