/** OpenTelemetry for the Promise client, through the API's global registry: without a dependency on the API. */

import type { Meter } from "@effect-cloudauth/core/Metrics"
import { registered } from "./openTelemetryRegistry.ts"
import { version } from "./version.ts"

/** Immutable values by key. */
export interface OtelContext {
  readonly getValue: (key: symbol) => unknown
  readonly setValue: (key: symbol, value: unknown) => OtelContext
  readonly deleteValue: (key: symbol) => OtelContext
}

type Attributes = Readonly<Record<string, unknown>>
type Time = readonly [seconds: number, nanos: number]

export interface OtelSpan {
  readonly spanContext: () => { readonly traceId: string; readonly spanId: string; readonly traceFlags: number }
  readonly isRecording: () => boolean
  readonly setAttribute: (key: string, value: unknown) => unknown
  readonly addEvent: (name: string, attributes: Attributes | undefined, time: Time) => unknown
  readonly setStatus: (status: { readonly code: number; readonly message?: string }) => unknown
  readonly end: (time: Time) => void
}

interface OtelTracer {
  readonly startSpan: (
    name: string,
    options: {
      readonly kind: number
      readonly startTime: Time
      readonly attributes?: Attributes
      readonly links: ReadonlyArray<{ readonly context: object }>
    },
    context: OtelContext
  ) => OtelSpan
}

export interface OtelProvider {
  readonly getTracer: (name: string, version: string, options: { readonly schemaUrl: string }) => OtelTracer
}

export interface OtelMeterProvider {
  readonly getMeter: (name: string, version: string, options: { readonly schemaUrl: string }) => Meter
}

/** The key of a context's span, as the API makes it. */
const spanKey = Symbol.for("OpenTelemetry Context Key SPAN")

interface ContextManager {
  readonly active: () => OtelContext
  readonly with: <A>(context: OtelContext, run: () => A) => A
}

/** The tracer provider that the process has registered. */
export const provider = (): OtelProvider | undefined => registered<OtelProvider>("trace")

/** The meter provider that the process has registered. */
export const meterProvider = (): OtelMeterProvider | undefined => registered<OtelMeterProvider>("metrics")

const scope = "@effect-cloudauth/node"

/** The semantic conventions whose names the client uses. */
const schemaUrl = "https://opentelemetry.io/schemas/1.45.0"

/** The tracer of the Promise client's own scope. */
export const tracerOf = (provider: OtelProvider): OtelTracer => provider.getTracer(scope, version, { schemaUrl })

/** The meter of the same scope. */
export const meterOf = (provider: OtelMeterProvider): Meter => provider.getMeter(scope, version, { schemaUrl })

/** A context without a span. */
const root: OtelContext = (function make(values: ReadonlyMap<symbol, unknown>): OtelContext {
  return {
    getValue: (key) => values.get(key),
    setValue: (key, value) => make(new Map(values).set(key, value)),
    deleteValue: (key) => make(new Map(Array.from(values).filter(([other]) => other !== key)))
  }
})(new Map())

/** The caller's context. */
export const active = (): OtelContext => registered<ContextManager>("context")?.active() ?? root

/** Runs a function while a context is the active one. */
export const within = <A>(context: OtelContext, run: () => A): A => {
  const manager = registered<ContextManager>("context")
  return manager === undefined ? run() : manager.with(context, run)
}

export const withSpan = (context: OtelContext, span: OtelSpan): OtelContext => context.setValue(spanKey, span)

export const withoutSpan = (context: OtelContext): OtelContext => context.deleteValue(spanKey)

/** Nanoseconds since 1970 → seconds and nanoseconds, to the microsecond. */
export const timeOf = (nanos: bigint): Time => {
  const micros = Number(nanos / 1000n)
  const seconds = Math.floor(micros / 1_000_000)
  return [seconds, (micros - seconds * 1_000_000) * 1000]
}

/** By the names of Effect's. */
export const kinds = { internal: 0, server: 1, client: 2, producer: 3, consumer: 4 } as const

/** The status of a span that failed. */
export const failed = 2
