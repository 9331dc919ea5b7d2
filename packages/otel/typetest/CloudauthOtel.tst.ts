/** What the layers of OpenTelemetry need, give, and fail with. */
import type * as OtelTracer from "@effect/opentelemetry/OtelTracer"
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base"
import { NodeSDK } from "@opentelemetry/sdk-node"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { describe, expect, it } from "tstyche"
import * as CloudauthOtel from "../src/CloudauthOtel.ts"
import * as OtelNodeSdk from "../src/OtelNodeSdk.ts"
import * as Privacy from "../src/Privacy.ts"
import { type RecordedSpan, TestTelemetry, type TestSdkMissing, type UnexpectedTree } from "../src/TestTelemetry.ts"

describe("layers", () => {
  it("need nothing of the program", () => {
    expect(CloudauthOtel.layerGlobal).type.toBe<Layer.Layer<never>>()
    expect(CloudauthOtel.layer).type.toBe<Layer.Layer<never>>()
    expect(CloudauthOtel.layerNestedTransport).type.toBe<Layer.Layer<never>>()
    expect(TestTelemetry.layer).type.toBe<Layer.Layer<OtelTracer.OtelTracer | TestTelemetry, TestSdkMissing>>()
  })

  it("of the SDK say that it is missing or was there before", () => {
    expect(OtelNodeSdk.layer()).type.toBe<
      Layer.Layer<OtelTracer.OtelTracer, OtelNodeSdk.SdkUnavailable | OtelNodeSdk.AlreadyRegistered>
    >()
    expect(OtelNodeSdk.layer).type.toBeCallableWith({ sdk: () => new NodeSDK() })
    expect(OtelNodeSdk.layer).type.not.toBeCallableWith({ sdk: new NodeSDK() })
    expect(OtelNodeSdk.layer).type.not.toBeCallableWith({ shutdownTimeout: "a while" })
  })

  it("leave the program's own type as it was", () => {
    const program = {} as Effect.Effect<number, Error, TestTelemetry>
    expect(Effect.provide(program, TestTelemetry.layer)).type.toBe<Effect.Effect<number, Error | TestSdkMissing>>()
  })
})

describe("a test's telemetry", () => {
  it("has the spans that have ended, of any SDK", () => {
    expect<TestTelemetry["Service"]["spans"]>().type.toBe<Effect.Effect<ReadonlyArray<RecordedSpan>>>()
    expect<ReadableSpan>().type.toBeAssignableTo<RecordedSpan>()
  })

  it("can be compared with a tree", () => {
    expect(TestTelemetry.expectTree("checkout")).type.toBe<Effect.Effect<void, UnexpectedTree, TestTelemetry>>()
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
