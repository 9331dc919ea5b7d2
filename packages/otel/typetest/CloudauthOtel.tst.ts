/** What the layers of OpenTelemetry need, give, and fail with. */
import type * as OtelTracer from "@effect/opentelemetry/OtelTracer"
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { describe, expect, it } from "tstyche"
import * as CloudauthOtel from "../src/CloudauthOtel.ts"
import * as Privacy from "../src/Privacy.ts"

describe("layers", () => {
  it("need nothing of the program", () => {
    expect(CloudauthOtel.layerGlobal).type.toBe<Layer.Layer<OtelTracer.OtelTracer>>()
    expect(CloudauthOtel.layerNestedTransport).type.toBe<Layer.Layer<never>>()
    expect(CloudauthOtel.layerTest).type.toBe<Layer.Layer<OtelTracer.OtelTracer | CloudauthOtel.TestTelemetry>>()
  })

  it("of the SDK say that it is missing or was there before", () => {
    expect(CloudauthOtel.layerNodeSdk()).type.toBe<
      Layer.Layer<OtelTracer.OtelTracer, CloudauthOtel.SdkUnavailable | CloudauthOtel.AlreadyRegistered>
    >()
    expect(CloudauthOtel.layerNodeSdk).type.not.toBeCallableWith({ configuration: { spanProcessor: [] } })
    expect(CloudauthOtel.layerNodeSdk).type.not.toBeCallableWith({ shutdownTimeout: "a while" })
  })

  it("leave the program's own type as it was", () => {
    const program = {} as Effect.Effect<number, Error, CloudauthOtel.TestTelemetry>
    expect(Effect.provide(program, CloudauthOtel.layerTest)).type.toBe<Effect.Effect<number, Error>>()
  })
})

describe("a test's telemetry", () => {
  it("has the spans that have ended", () => {
    expect<CloudauthOtel.TestTelemetry["Service"]["spans"]>().type.toBe<Effect.Effect<ReadonlyArray<ReadableSpan>>>()
  })
})

describe("Privacy", () => {
  it("hashes ids with a hidden key, which may be too weak", () => {
    expect(Privacy.layerHashed(Redacted.make("key"))).type.toBe<Layer.Layer<never, Privacy.WeakKey>>()
    expect(Privacy.layerHashed).type.not.toBeCallableWith("key")
    expect(Privacy.hash).type.not.toBeCallableWith("key")
    expect(Privacy.layerPlain).type.toBe<Layer.Layer<never>>()
    expect(Privacy.layerNone).type.toBe<Layer.Layer<never>>()
  })
})
