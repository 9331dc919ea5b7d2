import { inspect } from "node:util"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { afterEach, assert, describe, it } from "@effect/vitest"
import * as Otel from "@opentelemetry/api"
import { NodeSDK } from "@opentelemetry/sdk-node"
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base"
import type { SpanExporter } from "@opentelemetry/sdk-trace-base"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as OtelNodeSdk from "../src/OtelNodeSdk.ts"
import { tree } from "../src/TestTelemetry.ts"
import * as support from "./support.ts"

afterEach(() => {
  Otel.trace.disable()
  Otel.metrics.disable()
  Otel.context.disable()
  Otel.propagation.disable()
})

const call = Cloudauth.checkResult(support.request).pipe(
  Effect.provide(support.client(support.inTurn(support.passed)).layer)
)

/** Keeps its spans when it is shut down, unlike the SDK's own. */
class Kept extends InMemorySpanExporter {
  override shutdown = () => Promise.resolve()
}

const sdk = (exporter: InMemorySpanExporter) =>
  OtelNodeSdk.layer({
    sdk: () =>
      new NodeSDK({ spanProcessors: [new SimpleSpanProcessor(exporter)], metricReaders: [], logRecordProcessors: [] })
  })

describe("OtelNodeSdk.layer", () => {
  it("has sent everything when its scope has closed, though resources are detected in the background", async () => {
    const exporter = new Kept()
    await Effect.runPromise(Effect.provide(call, sdk(exporter)))
    const spans = exporter.getFinishedSpans()
    assert.deepStrictEqual(tree(spans), "Cloudauth.checkResult\n  Cloudauth.attempt")
    // What is detected in the background, such as the process, has arrived.
    assert.property(spans[0]?.resource.attributes, "process.pid")
  })

  it("leaves nothing registered, so that it can be built again", async () => {
    for (let round = 0; round < 2; round++) {
      const exporter = new Kept()
      await Effect.runPromise(Effect.provide(call, sdk(exporter)))
      assert.lengthOf(exporter.getFinishedSpans(), 2)
    }
  })

  it("ends in its time where the collector hangs, and says so", async () => {
    const hanging: SpanExporter = { export: () => {}, shutdown: () => new Promise(() => {}) }
    const lines: Array<string> = []
    const logger = Logger.make(({ message }) => void lines.push(String(message)))
    const result = await Effect.runPromise(
      call.pipe(
        Effect.provide(
          OtelNodeSdk.layer({
            sdk: () =>
              new NodeSDK({
                spanProcessors: [new SimpleSpanProcessor(hanging)],
                metricReaders: [],
                logRecordProcessors: []
              }),
            shutdownTimeout: "50 millis"
          })
        ),
        Effect.provide(Logger.layer([logger]))
      )
    )
    assert.strictEqual(result.verdict._tag, "Passed")
    assert.deepStrictEqual(lines, ["OpenTelemetry could not send everything before it was shut down"])
    assert.instanceOf(Otel.trace.getTracerProvider(), Otel.ProxyTracerProvider)
  })

  it("obeys OTEL_SDK_DISABLED", async () => {
    process.env["OTEL_SDK_DISABLED"] = "true"
    try {
      const exporter = new Kept()
      await Effect.runPromise(Effect.provide(call, sdk(exporter)))
      assert.isEmpty(exporter.getFinishedSpans())
    } finally {
      delete process.env["OTEL_SDK_DISABLED"]
    }
  })

  it("fails with a typed error if the SDK does not start", async () => {
    const configuration = {
      get spanProcessors(): never {
        throw new Error("a wrong configuration")
      }
    }
    const error = await Effect.runPromise(
      Effect.flip(Effect.provide(call, OtelNodeSdk.layer({ sdk: () => new NodeSDK(configuration) })))
    )
    if (error._tag !== "SdkUnavailable") return assert.fail(error._tag)
    assert.include(error.message, "@opentelemetry/sdk-node")
    assert.notInclude(inspect(error), "a wrong configuration")
    const { underlying } = error
    assert.include(String(underlying && Redacted.value(underlying)), "a wrong configuration")
  })

  it("refuses to compete with a provider that is registered", async () => {
    Otel.trace.setGlobalTracerProvider(new BasicTracerProvider())
    const error = await Effect.runPromise(Effect.flip(Effect.provide(call, sdk(new Kept()))))
    assert.strictEqual(error._tag, "AlreadyRegistered")
  })
})
