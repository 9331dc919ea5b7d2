/** What each layer of OpenTelemetry installs. */
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import * as OtelTracer from "@effect/opentelemetry/OtelTracer"
import * as Otel from "@opentelemetry/api"
import * as Layer from "effect/Layer"
import * as Tracer from "effect/Tracer"
import * as Metrics from "../Metrics.ts"
import * as Spans from "../Spans.ts"
import * as globalObserver from "./globalObserver.ts"
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
  Layer.merge(spans(scope.tracersOf(tracerProvider)), Metrics.layer(scope.meterOf(meterProvider)))

/** The metrics of the process's own provider. */
export const globalMetrics: Layer.Layer<never> = Layer.sync(Telemetry.Observer, globalObserver.make)

/** Spans and metrics on the process's own providers. */
export const globalProviders = (): Layer.Layer<OtelTracer.OtelTracer> =>
  Layer.merge(spans(scope.tracersOf(Otel.trace.getTracerProvider())), globalMetrics)
