/** A span of Effect's on a span of OpenTelemetry's. */
import { Attribute, StartAttributes } from "@effect-cloudauth/core/Telemetry"
import * as Otel from "@opentelemetry/api"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import type * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type * as Tracer from "effect/Tracer"
import * as convert from "./convert.ts"
import { isForeign, withoutSpan, withValue } from "./LayeredContext.ts"
import {
  dropped,
  isSampled,
  isUnsampled,
  overridesTraceContext,
  parentOf,
  spanContextOf,
  toLink
} from "./spanContext.ts"
import { skippedIn, type Skips } from "./steps.ts"

type SpanOptions = Parameters<Tracer.Tracer["span"]>[0]

/** The mark by which `OtelTracer.currentOtelSpan` knows a span that wraps an OpenTelemetry span in its `span` field. */
const typeId = "~@effect/opentelemetry/OtelTracer/OtelSpan"

/** Under this key a context that was made for a span of Effect's holds that span. */
const ownerKey = Otel.createContextKey("@effect-cloudauth/otel/Spans/owner")

/** A span of Effect's on a span of OpenTelemetry's. */
export class OtelSpan implements Tracer.Span {
  readonly _tag = "Span"
  readonly name: string
  readonly kind: Tracer.SpanKind
  readonly annotations: Context.Context<never>
  readonly links: Array<Tracer.SpanLink>
  readonly parent: Option.Option<Tracer.AnySpan>
  readonly span: Otel.Span
  readonly spanId: string
  readonly traceId: string
  readonly sampled: boolean
  #context: Otel.Context | undefined
  /** The context around the outermost span of Effect's above this one. */
  readonly outer: Otel.Context
  /** Whether a step need not enter it. */
  readonly skips: Skips
  status: Tracer.SpanStatus
  #recording: boolean
  /** As they came. A map is made of them only on request. */
  readonly #keys: Array<string> = []
  readonly #values: Array<unknown> = []
  #saysWhy = false
  /** What the span has had since its beginning. */
  readonly #start: Readonly<Record<string, string | number>> | undefined

  constructor(tracer: Otel.Tracer, options: SpanOptions) {
    this.name = options.name
    this.kind = options.kind
    this.links = options.links
    this.status = { _tag: "Started", startTime: options.startTime }
    const outer = outside(Otel.context.active())
    const fromActive = !options.root && Option.isNone(options.parent)
    this.parent = fromActive ? parentOf(outer, options.annotations) : options.parent
    const base = Option.isNone(this.parent)
      ? withoutSpan(outer)
      : fromActive && !overridesTraceContext(options.annotations)
        ? outer // The span object itself: some SDKs record children on it.
        : contextOf(this.parent.value, outer, options.annotations)
    this.#start = Context.get(options.annotations, StartAttributes)
    this.annotations =
      this.#start === undefined ? options.annotations : Context.add(options.annotations, StartAttributes, {})
    this.span =
      options.sampled || isUnsampled(this.parent) ? begin(tracer, options, this.#start, base) : dropped(this.parent)
    const spanContext = this.span.spanContext()
    this.spanId = spanContext.spanId
    this.traceId = spanContext.traceId
    this.sampled = isSampled(spanContext.traceFlags)
    this.#recording = this.span.isRecording()
    this.outer = Option.isSome(this.parent) && this.parent.value instanceof OtelSpan ? this.parent.value.outer : outer
    this.skips = skippedIn(options.name)
  }

  get [typeId](): typeof typeId {
    return typeId
  }

  /** The context of what is below this span. */
  get context(): Otel.Context {
    return (this.#context ??= Otel.trace.setSpan(withValue(this.outer, ownerKey, this), this.span))
  }

  get attributes(): ReadonlyMap<string, unknown> {
    const start = Object.entries<unknown>(this.#start ?? {})
    return new Map([...start, ...this.#keys.map((key, index) => [key, this.#values[index]] as const)])
  }

  attribute(key: string, value: unknown): void {
    if (!this.#recording) return
    this.span.setAttribute(key, convert.attribute(value))
    this.#keys.push(key)
    this.#values.push(value)
    if (key === Attribute.errorType) this.#saysWhy = true
  }

  event(name: string, startTime: bigint, attributes?: Record<string, unknown>): void {
    if (!this.#recording) return
    this.span.addEvent(
      name,
      attributes === undefined ? undefined : convert.attributes(attributes),
      convert.hrTime(startTime)
    )
  }

  addLinks(links: ReadonlyArray<Tracer.SpanLink>): void {
    if (this.status._tag === "Ended") return
    this.links.push(...links)
    this.span.addLinks(links.map(toLink))
  }

  end(endTime: bigint, exit: Exit.Exit<unknown, unknown>): void {
    if (this.status._tag === "Ended") return
    this.status = { _tag: "Ended", startTime: this.status.startTime, endTime, exit }
    const at = convert.hrTime(endTime)
    if (exit._tag === "Failure" && this.#recording) this.#fail(exit.cause, at)
    this.#recording = false
    this.span.end(at)
  }

  #fail(cause: Cause.Cause<unknown>, at: Otel.HrTime): void {
    if (Cause.hasInterruptsOnly(cause)) {
      this.span.setAttribute(Attribute.interrupted, true)
      return
    }
    if (this.#saysWhy) {
      this.span.setStatus({ code: Otel.SpanStatusCode.ERROR, message: convert.message(cause) })
      return
    }
    const errors = Cause.prettyErrors(cause, { includeCauseInStack: true })
    for (const error of errors) this.span.recordException(error, at)
    const [first] = errors
    if (first !== undefined) this.span.setStatus({ code: Otel.SpanStatusCode.ERROR, message: first.message })
  }
}

const begin = (
  tracer: Otel.Tracer,
  { kind, links, name, startTime }: SpanOptions,
  attributes: Otel.Attributes | undefined,
  base: Otel.Context
): Otel.Span => {
  const options: Otel.SpanOptions = { startTime: convert.hrTime(startTime), kind: convert.kinds[kind] }
  if (attributes !== undefined) options.attributes = attributes
  if (links.length > 0) options.links = links.map(toLink)
  // New Relic asks the active context for the parent, and not the one that it is given.
  return isForeign(base)
    ? Otel.context.with(base, () => tracer.startSpan(name, options, base))
    : tracer.startSpan(name, options, base)
}

/** The span of Effect's that a context was made for. */
export const ownerOf = (context: Otel.Context): OtelSpan | undefined => {
  const owner = context.getValue(ownerKey)
  return owner instanceof OtelSpan ? owner : undefined
}

/** The context around the effect that runs: a new root must not inherit the span of that effect. */
export const outside = (active: Otel.Context): Otel.Context => {
  const owner = ownerOf(active)
  return owner !== undefined && owner.spanId === Otel.trace.getSpan(active)?.spanContext().spanId ? owner.outer : active
}

/** The OpenTelemetry context of a parent. */
export const contextOf = (
  span: Tracer.AnySpan,
  active: Otel.Context,
  annotations?: Context.Context<never>
): Otel.Context =>
  span instanceof OtelSpan ? span.context : Otel.trace.setSpanContext(active, spanContextOf(span, annotations))
