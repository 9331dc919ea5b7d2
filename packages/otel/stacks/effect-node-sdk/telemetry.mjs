import { CloudauthOtel } from "@effect-cloudauth/otel"
import * as NodeSdk from "@effect/opentelemetry/NodeSdk"
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http"
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http"
import { PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics"
import { BatchSpanProcessor } from "@opentelemetry/sdk-trace-base"
import { Layer } from "effect"

const sdk = NodeSdk.layer(() => ({
  resource: { serviceName: process.env.OTEL_SERVICE_NAME },
  spanProcessor: new BatchSpanProcessor(new OTLPTraceExporter()),
  metricReader: new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() })
}))

export const telemetry = CloudauthOtel.layer.pipe(Layer.provideMerge(sdk))
