/** Metrics on the meter provider of the process, whenever it is registered. */
import * as CoreMetrics from "@effect-cloudauth/core/Metrics"
import type * as Telemetry from "@effect-cloudauth/core/Telemetry"
import * as Otel from "@opentelemetry/api"
import { meterOf } from "./registered.ts"

/** Records on the provider that is registered by then, and in Effect's metrics while there is none. */
export const make = (): Telemetry.Observer => {
  const effectObserver = CoreMetrics.effectObserver()
  // Instruments are made once for a provider.
  const observers = new WeakMap<Otel.MeterProvider, Telemetry.Observer>()
  const observerOf = (provider: Otel.MeterProvider): Telemetry.Observer => {
    const meter = meterOf(provider)
    return meter === undefined ? effectObserver : CoreMetrics.onMeter(meter)
  }
  const current = (): Telemetry.Observer => {
    const provider = Otel.metrics.getMeterProvider()
    const observer = observers.get(provider) ?? observerOf(provider)
    observers.set(provider, observer)
    return observer
  }
  return new Proxy(effectObserver, { get: (_, name) => Reflect.get(current(), name) })
}
