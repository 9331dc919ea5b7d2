/** A provider with contexts of its own, as New Relic's and Elastic APM's agents have them. */
import { AsyncLocalStorage } from "node:async_hooks"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import * as Client from "@effect-cloudauth/node/Client"
import { assert, describe, it } from "@effect/vitest"
import * as Otel from "@opentelemetry/api"
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as CloudauthOtel from "../src/CloudauthOtel.ts"
import * as support from "./support.ts"

const spanKey = Otel.createContextKey("OpenTelemetry Context Key SPAN")

const nameOf = (span: unknown): string | undefined =>
  typeof span === "object" && span !== null && "name" in span ? String(span.name) : undefined

/** Knows in which span it is, if its own `setValue` made it. */
class BridgeContext implements Otel.Context {
  readonly values: ReadonlyMap<symbol, unknown>
  readonly segment: string | undefined
  constructor(values: ReadonlyMap<symbol, unknown>, segment?: string) {
    this.values = values
    this.segment = segment
  }
  getValue(key: symbol): unknown {
    return this.values.get(key)
  }
  setValue(key: symbol, value: unknown): Otel.Context {
    return new BridgeContext(new Map(this.values).set(key, value), key === spanKey ? nameOf(value) : this.segment)
  }
  deleteValue(key: symbol): Otel.Context {
    return new BridgeContext(new Map(this.values).set(key, undefined), key === spanKey ? undefined : this.segment)
  }
}

const activeSegment = (): string | undefined => {
  const active = Otel.context.active()
  return active instanceof BridgeContext ? active.segment : "unknown"
}

/** Registers it. A span is below the one that is active when it begins. Gives the spans that have begun. */
const registered = Effect.acquireRelease(
  Effect.sync(() => {
    const begun: Array<{ readonly name: string; readonly below: string | undefined; readonly method: unknown }> = []
    const storage = new AsyncLocalStorage<Otel.Context>()
    Otel.context.setGlobalContextManager({
      active: () => storage.getStore() ?? new BridgeContext(new Map()),
      with: (context, run, self, ...args) => storage.run(context, () => run.apply(self, args)),
      bind: (_, target) => target,
      enable() {
        return this
      },
      disable() {
        return this
      }
    })
    const processor = {
      onStart: ({ attributes, name }: { readonly name: string; readonly attributes: Otel.Attributes }) => {
        const method = attributes["rpc.method"] ?? attributes["http.request.method"]
        begun.push({ name, below: activeSegment(), method })
      },
      onEnd: () => {},
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve()
    }
    Otel.trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [processor] }))
    return begun
  }),
  () => Effect.sync(() => (Otel.trace.disable(), Otel.context.disable()))
)

const below = <A>(run: () => Promise<A>): Promise<A> =>
  Otel.trace.getTracer("application").startActiveSpan("request", async (span) => {
    try {
      return await run()
    } finally {
      span.end()
    }
  })

const operation = { name: "Cloudauth.checkResult", method: "Cloudauth/CheckResult" }
const attempt = { name: "Cloudauth.attempt", method: "POST" }

describe("a provider with contexts of its own", () => {
  it.live("has the Effect client's spans in one tree, and what runs inside below them", () =>
    Effect.gen(function* () {
      const begun = yield* registered
      let inside: string | undefined
      const { layer } = support.client((_, count) =>
        Effect.promise(async () => {
          await Promise.resolve()
          inside = activeSegment()
        }).pipe(Effect.andThen(count === 1 ? support.error("ServiceUnavailable", 503) : support.passed))
      )
      const call = Cloudauth.checkResult(support.request).pipe(
        Effect.withSpan("checkout"),
        Effect.provide(layer),
        Effect.provide(CloudauthOtel.layerGlobal)
      )
      yield* Effect.promise(() => below(() => Effect.runPromise(call)))
      assert.deepStrictEqual(begun, [
        { name: "request", below: undefined, method: undefined },
        { name: "checkout", below: "request", method: undefined },
        { ...operation, below: "checkout" },
        { ...attempt, below: "Cloudauth.checkResult" },
        { ...attempt, below: "Cloudauth.checkResult" }
      ])
      assert.strictEqual(inside, "Cloudauth.attempt")
    })
  )

  it.live("has the Promise client's spans in one tree, with their attributes from the beginning", () =>
    Effect.gen(function* () {
      const begun = yield* registered
      const { accessKeyId, accessKeySecret, url } = yield* Emulator
      const credentials = { accessKeyId, accessKeySecret: Redacted.value(accessKeySecret) }
      yield* Effect.promise(async () => {
        await using client = Client.createClient({ url, credentials })
        await below(() => client.checkResult({ merchantBizId: "order1", transactionId: "hksb-unavailable-twice" }))
      })
      assert.deepStrictEqual(begun, [
        { name: "request", below: undefined, method: undefined },
        { ...operation, below: "request" },
        ...Array.from({ length: 3 }, () => ({ ...attempt, below: "Cloudauth.checkResult" }))
      ])
    }).pipe(Effect.provide(Emulator.layer()))
  )
})
