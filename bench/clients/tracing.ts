/** OpenTelemetry as a backend runs it, spans in batches, with an exporter that throws them away. */
import * as OtelTracer from "@effect/opentelemetry/OtelTracer"
import { trace } from "@opentelemetry/api"
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base"
import type { Sampler, SpanExporter } from "@opentelemetry/sdk-trace-base"
import type * as Layer from "effect/Layer"

const discarding: SpanExporter = {
  // 0 is ExportResultCode.SUCCESS.
  export: (_spans, done) => done({ code: 0 }),
  shutdown: async () => {}
}

export const tracing = (sampler: Sampler): Layer.Layer<OtelTracer.OtelTracer> => {
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ sampler, spanProcessors: [new BatchSpanProcessor(discarding)] })
  )
  return OtelTracer.layerGlobal
}
