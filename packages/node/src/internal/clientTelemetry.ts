/** The Promise client's spans and metrics, on the OpenTelemetry providers that the process has registered. */
import { onMeter } from "@effect-cloudauth/core/Metrics"
import { Attribute, Observer, StartAttributes } from "@effect-cloudauth/core/Telemetry"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"
import * as otel from "./openTelemetry.ts"

type Observed = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** The telemetry of one client. */
export interface Telemetry {
  /** Runs a call with spans below the caller's, and records its metrics. */
  readonly belowCaller: Observed
  /** Runs what outlives the caller: each of its spans begins a trace. */
  readonly detached: Observed
}

/** What no provider is registered for is left alone. */
export const make = (): Telemetry => {
  // Instruments are made once for a provider: an application can register another one.
  const observers = new WeakMap<otel.OtelMeterProvider, Observer>()
  const measured: Observed = (effect) => {
    const provider = otel.meterProvider()
    if (provider === undefined) return effect
    const observer = observers.get(provider) ?? onMeter(otel.meterOf(provider))
    observers.set(provider, observer)
    return Effect.provideService(effect, Observer, observer)
  }
  return {
    belowCaller: (effect) => measured(traced(effect, otel.active)),
    detached: (effect) => measured(traced(effect, () => otel.withoutSpan(otel.active())))
  }
}

// The context is read now: an effect goes on in the asynchronous context of whatever resumes it.
const traced = <A, E, R>(effect: Effect.Effect<A, E, R>, contextOf: () => otel.OtelContext): Effect.Effect<A, E, R> => {
  const provider = otel.provider()
  if (provider === undefined) return effect
  const context = contextOf()
  return Effect.provideService(
    effect,
    Tracer.Tracer,
    Tracer.make({
      span: (options) => {
        const below = Option.match(options.parent, {
          onNone: () => context,
          onSome: (parent) => (parent instanceof ClientSpan ? otel.withSpan(context, parent.otelSpan) : context)
        })
        const start = Context.get(options.annotations, StartAttributes) ?? {}
        return new ClientSpan(options, start, begin(provider, options, start, below))
      }
    })
  )
}

const begin = (
  provider: otel.OtelProvider,
  options: SpanOptions,
  attributes: Start,
  below: otel.OtelContext
): otel.OtelSpan => {
  const tracer = otel.tracerOf(provider)
  const spanOptions = {
    kind: otel.kinds[options.kind],
    startTime: otel.timeOf(options.startTime),
    links: options.links.map(linkOf),
    attributes
  }
  // New Relic asks the active context for the parent, and not the one that it is given.
  return otel.within(below, () => tracer.startSpan(options.name, spanOptions, below))
}

/** The spans that the client links to are those of other calls, and of other processes. */
const linkOf = ({ span: { sampled, spanId, traceId } }: Tracer.SpanLink) => ({
  context: { traceId, spanId, traceFlags: sampled ? 1 : 0, isRemote: true }
})

type SpanOptions = Parameters<Tracer.Tracer["span"]>[0]

/** What a span has from its beginning. */
type Start = Readonly<Record<string, string | number>>

/** A span of Effect's on a span of OpenTelemetry's. The client's spans carry text, numbers and truth values only. */
class ClientSpan implements Tracer.Span {
  readonly _tag = "Span"
  readonly name: string
  readonly kind: Tracer.SpanKind
  readonly parent: Option.Option<Tracer.AnySpan>
  readonly annotations: Tracer.Span["annotations"]
  readonly links: Array<Tracer.SpanLink>
  readonly attributes: Map<string, unknown>
  readonly traceId: string
  readonly spanId: string
  readonly sampled: boolean
  readonly otelSpan: otel.OtelSpan
  status: Tracer.SpanStatus

  constructor(options: SpanOptions, start: Start, otelSpan: otel.OtelSpan) {
    const { spanId, traceFlags, traceId } = otelSpan.spanContext()
    this.name = options.name
    this.kind = options.kind
    this.parent = options.parent
    this.annotations = Context.add(options.annotations, StartAttributes, {})
    this.attributes = new Map(Object.entries(start))
    this.links = options.links
    this.traceId = traceId
    this.spanId = spanId
    this.sampled = (traceFlags & 1) === 1
    this.otelSpan = otelSpan
    this.status = { _tag: "Started", startTime: options.startTime }
  }

  attribute(key: string, value: unknown): void {
    this.attributes.set(key, value)
    this.otelSpan.setAttribute(key, value)
  }

  event(name: string, startTime: bigint, attributes?: Record<string, unknown>): void {
    this.otelSpan.addEvent(name, attributes, otel.timeOf(startTime))
  }

  addLinks(links: ReadonlyArray<Tracer.SpanLink>): void {
    this.links.push(...links)
  }

  end(endTime: bigint, exit: Exit.Exit<unknown, unknown>): void {
    this.status = { _tag: "Ended", startTime: this.status.startTime, endTime, exit }
    if (exit._tag === "Failure") {
      if (Cause.hasInterruptsOnly(exit.cause)) this.attribute(Attribute.interrupted, true)
      // `error.type` says which.
      else this.otelSpan.setStatus({ code: otel.failed })
    }
    this.otelSpan.end(otel.timeOf(endTime))
  }
}
