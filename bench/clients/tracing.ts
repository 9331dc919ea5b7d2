/** OpenTelemetry as a backend runs it, spans in batches, with an exporter that throws them away. */
import * as Spans from "@effect-cloudauth/otel/Spans"
import { trace } from "@opentelemetry/api"
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base"
import type { Sampler, SpanExporter } from "@opentelemetry/sdk-trace-base"
import * as Layer from "effect/Layer"
import * as Tracer from "effect/Tracer"

const discarding: SpanExporter = {
  // 0 is ExportResultCode.SUCCESS.
  export: (_spans, done) => done({ code: 0 }),
  shutdown: async () => {}
}

export const tracing = (sampler: Sampler): Layer.Layer<never> => {
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ sampler, spanProcessors: [new BatchSpanProcessor(discarding)] })
  )
  return Layer.succeed(Tracer.Tracer, Spans.make(trace.getTracer("bench")))
}
