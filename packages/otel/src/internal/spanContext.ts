/** What a new span takes from its parent, and the contexts of spans as OpenTelemetry has them. */
import * as OtelTracer from "@effect/opentelemetry/OtelTracer"
import * as Otel from "@opentelemetry/api"
import * as Context from "effect/Context"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"
import * as convert from "./convert.ts"

export const isSampled = (flags: Otel.TraceFlags): boolean =>
  (flags & Otel.TraceFlags.SAMPLED) === Otel.TraceFlags.SAMPLED

/** Whether the parent is unsampled. The provider's own sampler then decides, as it does for every such child. */
export const isUnsampled = (parent: Option.Option<Tracer.AnySpan>): boolean =>
  Option.isSome(parent) && !parent.value.sampled

/** A span that is not recorded, in the trace of its parent. */
export const dropped = (parent: Option.Option<Tracer.AnySpan>): Otel.Span =>
  Otel.trace.wrapSpanContext({
    traceId: Option.isSome(parent) ? parent.value.traceId : convert.randomHex(32),
    spanId: convert.randomHex(16),
    traceFlags: Otel.TraceFlags.NONE
  })

/** Keeps an active OpenTelemetry span's own context with the Effect parent that is made of it. */
class ActiveSpanContext extends Context.Service<ActiveSpanContext, Otel.SpanContext>()(
  "@effect-cloudauth/otel/Spans/ActiveSpanContext"
) {}

export const parentOf = (active: Otel.Context, annotations: Context.Context<never>): Option.Option<Tracer.AnySpan> => {
  const span = Otel.trace.getSpan(active)
  if (span === undefined) return Option.none()
  const spanContext = span.spanContext()
  return Otel.isSpanContextValid(spanContext)
    ? Option.some(
        Tracer.externalSpan({
          spanId: spanContext.spanId,
          traceId: spanContext.traceId,
          sampled: isSampled(spanContext.traceFlags),
          annotations: Context.add(annotations, ActiveSpanContext, spanContext)
        })
      )
    : Option.none()
}

export const overridesTraceContext = (annotations: Context.Context<never>): boolean =>
  Context.getOrUndefined(annotations, OtelTracer.OtelTraceFlags) !== undefined ||
  Context.getOrUndefined(annotations, OtelTracer.OtelTraceState) !== undefined

export const spanContextOf = (span: Tracer.AnySpan, annotations = Context.empty()): Otel.SpanContext => {
  const own = Context.getOrUndefined(span.annotations, ActiveSpanContext)
  const flags =
    Context.getOrUndefined(annotations, OtelTracer.OtelTraceFlags) ??
    Context.getOrUndefined(span.annotations, OtelTracer.OtelTraceFlags) ??
    own?.traceFlags ??
    (span.sampled ? Otel.TraceFlags.SAMPLED : Otel.TraceFlags.NONE)
  const state =
    Context.getOrUndefined(annotations, OtelTracer.OtelTraceState) ??
    Context.getOrUndefined(span.annotations, OtelTracer.OtelTraceState) ??
    own?.traceState
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    isRemote: own === undefined ? span._tag === "ExternalSpan" : own.isRemote === true,
    traceFlags: flags,
    ...(state === undefined ? undefined : { traceState: state })
  }
}

export const toLink = (link: Tracer.SpanLink): Otel.Link => ({
  context: spanContextOf(link.span),
  attributes: convert.attributes(link.attributes)
})
