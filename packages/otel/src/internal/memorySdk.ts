/** An SDK that keeps spans and metrics in memory, of whichever version is installed. Nothing is registered. */
import type * as Otel from "@opentelemetry/api"
import type { RecordedMetric, RecordedSpan } from "./recorded.ts"

export interface MemorySdk {
  readonly tracerProvider: Otel.TracerProvider
  readonly meterProvider: Otel.MeterProvider
  readonly spans: () => ReadonlyArray<RecordedSpan>
  readonly metrics: () => Promise<ReadonlyArray<RecordedMetric>>
  readonly reset: () => void
}

/** Throws if a package is missing. */
export const make = async (): Promise<MemorySdk> => {
  const { TracerProvider } = await traceSdk()
  const { MeterProvider, MetricReader } = await import("@opentelemetry/sdk-metrics")
  let ended: Array<RecordedSpan> = []
  const tracerProvider = new TracerProvider({
    spanProcessors: [
      { onStart: () => {}, onEnd: (span) => void ended.push(span), forceFlush: nothing, shutdown: nothing }
    ]
  })
  const reader = new (class extends MetricReader {
    protected override onForceFlush = nothing
    protected override onShutdown = nothing
  })()
  return {
    tracerProvider,
    meterProvider: new MeterProvider({ readers: [reader] }),
    spans: () => [...ended],
    metrics: async () =>
      (await reader.collect()).resourceMetrics.scopeMetrics.flatMap(({ metrics, scope }) =>
        metrics.map((metric) => ({ ...metric, scope }))
      ),
    reset: () => {
      ended = []
    }
  }
}

const nothing = (): Promise<void> => Promise.resolve()

/** SDK 3 has `sdk-trace` alone; up to 2.8 there is `sdk-trace-base` alone. */
const traceSdk = async () => {
  try {
    return await import("@opentelemetry/sdk-trace")
  } catch {
    return { TracerProvider: (await import("@opentelemetry/sdk-trace-base")).BasicTracerProvider }
  }
}
