/** What the process has registered with the OpenTelemetry API. */
import * as Otel from "@opentelemetry/api"
import * as scope from "./scope.ts"

/** Whether a tracer provider is registered. A proxy stands for the provider until then. */
export const isRegistered = (): boolean => {
  const provider = Otel.trace.getTracerProvider()
  return !(provider instanceof Otel.ProxyTracerProvider) || provider.getDelegateTracer("") !== undefined
}

/** The client's meter on the provider of the process; `undefined` if there is none. The API has no proxy for a later one. */
export const meterOf = (provider: Otel.MeterProvider): Otel.Meter | undefined => {
  const meter = scope.meterOf(provider)
  return meter === Otel.createNoopMeter() ? undefined : meter
}

/** Whether a meter provider is registered. Elastic APM has one that is not in the API's registry. */
export const isMeterRegistered = (): boolean => meterOf(Otel.metrics.getMeterProvider()) !== undefined

/** The version of the API through which something else has registered a provider that this copy can't use. */
export const otherVersion = (): string | undefined =>
  registry()?.trace === undefined ? undefined : registry()?.version

interface Registry {
  readonly version?: string
  readonly trace?: unknown
}

const key = Symbol.for("opentelemetry.js.api.1")

const registry = (): Registry | undefined => (globalThis as { readonly [key]?: Registry })[key] // the API's own shape
