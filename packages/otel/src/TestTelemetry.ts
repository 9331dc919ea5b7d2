/**
 * Spans and metrics in memory, for tests. Nothing is registered in the process, so tests can run side by side.
 *
 * It needs `@opentelemetry/sdk-metrics`, and `@opentelemetry/sdk-trace` or `@opentelemetry/sdk-trace-base`.
 *
 * @example
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import { TestTelemetry } from "@effect-cloudauth/otel/TestTelemetry"
 * import * as Effect from "effect/Effect"
 *
 * const test = Effect.gen(function* () {
 *   yield* Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb0000" })
 *   yield* TestTelemetry.expectTree(`
 *     Cloudauth.checkResult
 *       Cloudauth.attempt
 *   `)
 * }).pipe(Effect.provide(TestTelemetry.layer))
 *
 * @since 0.1.0
 */
import type * as OtelTracer from "@effect/opentelemetry/OtelTracer"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as install from "./internal/install.ts"
import * as memorySdk from "./internal/memorySdk.ts"
import type { RecordedMetric, RecordedSpan } from "./internal/recorded.ts"
import { render, type TreeOptions } from "./internal/spanTree.ts"

export type { RecordedHistogram, RecordedMetric, RecordedScope, RecordedSpan } from "./internal/recorded.ts"
export type { TreeOptions } from "./internal/spanTree.ts"

/**
 * A package of OpenTelemetry's SDK that tests need is not installed.
 *
 * @category errors
 * @since 0.1.0
 */
export class TestSdkMissing extends Schema.TaggedError<TestSdkMissing>("@effect-cloudauth/otel/TestSdkMissing")(
  "TestSdkMissing",
  {},
  { httpApiStatus: 500 }
) {
  override readonly name = "TestSdkMissing"
  override get message(): string {
    return "TestTelemetry needs OpenTelemetry's SDK: npm install --save-dev @opentelemetry/sdk-trace @opentelemetry/sdk-metrics"
  }
}

/**
 * The spans are not those that a test expects.
 *
 * @category errors
 * @since 0.1.0
 */
export class UnexpectedTree extends Schema.TaggedError<UnexpectedTree>("@effect-cloudauth/otel/UnexpectedTree")(
  "UnexpectedTree",
  { expected: Schema.String, actual: Schema.String },
  { httpApiStatus: 500 }
) {
  override readonly name = "UnexpectedTree"
  override get message(): string {
    return `The spans are\n\n${this.actual}\n\nbut the test expects\n\n${this.expected}\n`
  }
}

/**
 * What a test can look at.
 *
 * @category services
 * @since 0.1.0
 */
export class TestTelemetry extends Context.Service<
  TestTelemetry,
  {
    /** The spans that have ended, in that order. */
    readonly spans: Effect.Effect<ReadonlyArray<RecordedSpan>>
    /** The metrics as they are now. */
    readonly metrics: Effect.Effect<ReadonlyArray<RecordedMetric>>
    /** Forgets the spans. */
    readonly reset: Effect.Effect<void>
  }
>()("@effect-cloudauth/otel/TestTelemetry") {
  /** Keeps what the program's spans and metrics are. Fails with `TestSdkMissing` if the SDK is not installed. */
  static readonly layer: Layer.Layer<TestTelemetry | OtelTracer.OtelTracer, TestSdkMissing> = Layer.unwrap(
    Effect.map(
      Effect.tryPromise({ try: memorySdk.make, catch: () => new TestSdkMissing() }),
      (sdk): Layer.Layer<TestTelemetry | OtelTracer.OtelTracer> =>
        Layer.merge(
          install.providers(sdk.tracerProvider, sdk.meterProvider),
          Layer.succeed(TestTelemetry, {
            spans: Effect.sync(sdk.spans),
            metrics: Effect.promise(sdk.metrics),
            reset: Effect.sync(sdk.reset)
          })
        )
    )
  )

  /** The spans that have ended, in that order. */
  static readonly spans: Effect.Effect<ReadonlyArray<RecordedSpan>, never, TestTelemetry> = Effect.flatMap(
    TestTelemetry,
    (telemetry) => telemetry.spans
  )

  /** The metrics as they are now. */
  static readonly metrics: Effect.Effect<ReadonlyArray<RecordedMetric>, never, TestTelemetry> = Effect.flatMap(
    TestTelemetry,
    (telemetry) => telemetry.metrics
  )

  /** The spans that have ended as a text, for a test to compare or a snapshot to keep: see `tree`. */
  static tree(options?: TreeOptions): Effect.Effect<string, never, TestTelemetry> {
    return Effect.map(TestTelemetry.spans, (spans) => tree(spans, options))
  }

  /** Fails with `UnexpectedTree` unless the spans that have ended are this tree. Its indentation does not count. */
  static expectTree(expected: string, options?: TreeOptions): Effect.Effect<void, UnexpectedTree, TestTelemetry> {
    return Effect.flatMap(TestTelemetry.tree(options), (actual) => {
      const wanted = unindented(expected)
      return wanted === actual ? Effect.void : Effect.fail(new UnexpectedTree({ expected: wanted, actual }))
    })
  }
}

/**
 * Spans as a text: a line for each, children two spaces further in, in the order of their beginnings. `✗` and `error.type`
 * mark a failed one; events are lines that begin with `-`.
 *
 * ```text
 * checkout
 *   Cloudauth.checkResult
 *   - cloudauth.retry
 *     Cloudauth.attempt ✗ Throttled
 *     Cloudauth.attempt
 * ```
 *
 * @example
 * import { tree, type RecordedSpan } from "@effect-cloudauth/otel/TestTelemetry"
 *
 * declare const spans: ReadonlyArray<RecordedSpan>
 *
 * const text = tree(spans, { attributes: ["cloudauth.verdict"] })
 *
 * @category operations
 * @since 0.1.0
 */
export const tree = (spans: ReadonlyArray<RecordedSpan>, options?: TreeOptions): string => render(spans, options)

const unindented = (text: string): string => {
  const lines = text.split("\n").filter((line) => line.trim() !== "")
  const indent = Math.min(...lines.map((line) => line.search(/\S/)))
  return lines.map((line) => line.slice(indent).trimEnd()).join("\n")
}
