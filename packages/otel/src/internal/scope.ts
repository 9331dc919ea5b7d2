/** The instrumentation scopes of spans and metrics. */
import type * as Otel from "@opentelemetry/api"
import * as EffectVersion from "effect/Version"
import { version } from "./version.ts"

const name = "@effect-cloudauth/otel"

/** The semantic conventions whose names the client uses. */
const schemaUrl = "https://opentelemetry.io/schemas/1.45.0"

/** A tracer for the client's spans, and one for all others that Effect makes. */
export interface Tracers {
  readonly client: Otel.Tracer
  readonly others: Otel.Tracer
}

export const tracersOf = (provider: Otel.TracerProvider): Tracers => ({
  client: provider.getTracer(name, version, { schemaUrl }),
  // As `@effect/opentelemetry` calls it.
  others: provider.getTracer("effect", EffectVersion.getCurrentVersion())
})

export const meterOf = (provider: Otel.MeterProvider): Otel.Meter => provider.getMeter(name, version, { schemaUrl })
