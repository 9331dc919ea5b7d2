/** What the process has registered with the OpenTelemetry API. */
import * as Otel from "@opentelemetry/api"

/** Whether a tracer provider is registered. A proxy stands for the provider until then. */
export const isRegistered = (): boolean => {
  const provider = Otel.trace.getTracerProvider()
  return !(provider instanceof Otel.ProxyTracerProvider) || provider.getDelegateTracer("") !== undefined
}

/** The version of the API through which something else has registered a provider that this copy can't use. */
export const otherVersion = (): string | undefined => {
  const registry = (
    globalThis as { readonly [key: symbol]: { readonly version?: string; readonly trace?: unknown } | undefined }
  )[Symbol.for("opentelemetry.js.api.1")] // the API's own shape
  return registry?.trace === undefined ? undefined : registry.version
}
