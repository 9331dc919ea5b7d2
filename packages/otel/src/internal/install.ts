/** What each layer of OpenTelemetry installs. */
import * as OtelTracer from "@effect/opentelemetry/OtelTracer"
import type * as Otel from "@opentelemetry/api"
import * as Layer from "effect/Layer"
import * as Tracer from "effect/Tracer"
import * as Metrics from "../Metrics.ts"
import * as Spans from "../Spans.ts"
import * as scope from "./scope.ts"

export const spans = ({ client, others }: scope.Tracers): Layer.Layer<OtelTracer.OtelTracer> =>
  Layer.merge(
    Layer.succeed(OtelTracer.OtelTracer, others),
    Layer.succeed(Tracer.Tracer, Spans.make(others, { client }))
  )

export const providers = (
  tracerProvider: Otel.TracerProvider,
  meterProvider: Otel.MeterProvider
): Layer.Layer<OtelTracer.OtelTracer> =>
  Layer.mergeAll(spans(scope.tracersOf(tracerProvider)), Metrics.layer(scope.meterOf(meterProvider)))
