/** Spans and metrics as a test sees them: what OpenTelemetry's SDKs 2 and 3 have in common. */
import type * as Otel from "@opentelemetry/api"

/**
 * An instrumentation scope.
 *
 * @category models
 * @since 0.1.0
 */
export interface RecordedScope {
  readonly name: string
  readonly version?: string | undefined
  readonly schemaUrl?: string | undefined
}

/**
 * A span that has ended.
 *
 * @category models
 * @since 0.1.0
 */
export interface RecordedSpan {
  readonly name: string
  readonly kind: Otel.SpanKind
  readonly spanContext: () => Otel.SpanContext
  readonly parentSpanContext?: Otel.SpanContext | undefined
  /** Seconds and nanoseconds. */
  readonly startTime: Otel.HrTime
  readonly endTime: Otel.HrTime
  readonly status: Otel.SpanStatus
  readonly attributes: Otel.Attributes
  readonly links: ReadonlyArray<Otel.Link>
  readonly events: ReadonlyArray<{
    readonly name: string
    readonly time: Otel.HrTime
    readonly attributes?: Otel.Attributes | undefined
  }>
  readonly instrumentationScope: RecordedScope
}

/**
 * The values of a histogram.
 *
 * @category models
 * @since 0.1.0
 */
export interface RecordedHistogram {
  readonly count: number
  readonly sum?: number | undefined
  /** Absent from exponential histograms. */
  readonly buckets?: { readonly boundaries: ReadonlyArray<number>; readonly counts: ReadonlyArray<number> } | undefined
}

/**
 * A metric at the time when it was collected.
 *
 * @category models
 * @since 0.1.0
 */
export interface RecordedMetric {
  readonly descriptor: { readonly name: string; readonly unit: string; readonly description: string }
  readonly scope: RecordedScope
  readonly dataPoints: ReadonlyArray<{
    readonly attributes: Otel.Attributes
    readonly value: number | RecordedHistogram
  }>
}
