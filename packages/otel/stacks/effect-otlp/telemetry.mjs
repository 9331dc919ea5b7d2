import { Layer } from "effect"
import { FetchHttpClient } from "effect/http"
import { Otlp } from "effect/observability"

export const telemetry = Otlp.layerJson({
  baseUrl: process.env.OTEL_EXPORTER_OTLP_ENDPOINT,
  resource: { serviceName: process.env.OTEL_SERVICE_NAME }
}).pipe(Layer.provide(FetchHttpClient.layer))
