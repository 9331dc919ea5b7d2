/**
 * Effect's `Tracer` on the OpenTelemetry API, for the spans of the client and for all others alike. It does what
 * `@effect/opentelemetry/OtelTracer` does, at a fraction of the cost, and works together with that module's services
 * and accessors.
 *
 * Both directions of parenthood work: a span without a parent of Effect's takes the active OpenTelemetry span, and
 * while an effect runs, its span is the active one, so that auto-instrumentation nests below it.
 *
 * Where it differs from `OtelTracer`, on purpose:
 *
 * - A span that succeeds keeps its status unset, as the specification asks of instrumentation, instead of `OK`.
 * - A span that has set `error.type` has said what went wrong: it gets the status, but no exception event with a stack.
 * - `sampled: false` of Effect's options is honoured.
 *
 * @example
 * import * as Spans from "@effect-cloudauth/otel/Spans"
 * import { trace } from "@opentelemetry/api"
 * import * as Effect from "effect/Effect"
 * import * as Tracer from "effect/Tracer"
 *
 * const tracer = Spans.make(trace.getTracer("my-service"))
 * const program = Effect.withSpan(Effect.void, "checkout").pipe(Effect.provideService(Tracer.Tracer, tracer))
 */
import { Attribute, SpanName } from "@effect-cloudauth/core/Telemetry"
import * as OtelTracer from "@effect/opentelemetry/OtelTracer"
import * as Otel from "@opentelemetry/api"
import { suppressTracing } from "@opentelemetry/core"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import type * as Exit from "effect/Exit"
import type { Fiber } from "effect/Fiber"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"
import * as convert from "./internal/convert.ts"

type SpanOptions = Parameters<Tracer.Tracer["span"]>[0]

const evaluate = "~effect/Effect/evaluate"
const identifier = "~effect/Effect/identifier"

/** The mark by which `OtelTracer.currentOtelSpan` knows a span that wraps an OpenTelemetry span in its `span` field. */
const typeId = "~@effect/opentelemetry/OtelTracer/OtelSpan"

/** Under this key a context that was made for a span of Effect's holds that span. */
const ownerKey = Otel.createContextKey("@effect-cloudauth/otel/Spans/owner")

/**
 * Whether HTTP instrumentation of the process (undici's, `node:http`'s) sees the client's requests. By default it does
 * not: its spans would carry the ids of the query in `url.full` and `url.query`, it would send `traceparent` to the
 * vendor, and what it has to tell stands on the attempt's span. What runs below a span of its own, such as the fetching
 * of a credential, is seen as usual.
 */
export const TransportInstrumentation = Context.Reference<"hidden" | "nested">(
  "@effect-cloudauth/otel/Spans/TransportInstrumentation",
  { defaultValue: () => "hidden" }
)

// Entering a context costs a quarter of a microsecond and a call takes a hundred steps: a step enters only where other
// people's code can run in it. A kind of step that is not listed here enters.

/** Steps that push a continuation and run nothing. */
const pushes: ReadonlySet<unknown> = new Set(["OnSuccess", "OnFailure", "OnSuccessAndFailure", "OnExit"])

/** The steps that run the client's own code and nobody else's, while one of its own spans is the current one. */
const clientSteps: ReadonlySet<unknown> = new Set([
  ...pushes,
  "Success",
  "Failure",
  "Suspend",
  "WithFiber",
  "WithFiberSucceed",
  "AsyncFinalizer",
  "While"
])

const clientSpans: ReadonlySet<string> = new Set([
  SpanName.awaitResult,
  SpanName.checkResult,
  SpanName.initialize,
  SpanName.attempt
])

/** A context with one value more. The API's own copies a map, and makes three closures, for each value. */
class LayeredContext implements Otel.Context {
  readonly #base: Otel.Context
  readonly #key: symbol
  readonly #value: unknown

  constructor(base: Otel.Context, key: symbol, value: unknown) {
    this.#base = base
    this.#key = key
    this.#value = value
  }

  getValue(key: symbol): unknown {
    return key === this.#key ? this.#value : this.#base.getValue(key)
  }

  setValue(key: symbol, value: unknown): Otel.Context {
    return new LayeredContext(this, key, value)
  }

  deleteValue(key: symbol): Otel.Context {
    return new LayeredContext(this, key, undefined)
  }
}

/** A span of Effect's on a span of OpenTelemetry's. */
class OtelSpan implements Tracer.Span {
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
  /** Whether a request is below it. */
  readonly isAttempt: boolean
  #context: Otel.Context | undefined
  #quiet: Otel.Context | undefined
  /** The context around the outermost span of Effect's above this one. */
  readonly outer: Otel.Context
  /** The steps that need not enter it. */
  readonly skipped: ReadonlySet<unknown>
  status: Tracer.SpanStatus
  #recording: boolean
  /** As they came: a map is made of them only for who asks. */
  readonly #keys: Array<string> = []
  readonly #values: Array<unknown> = []
  #saysWhy = false

  constructor(tracer: Otel.Tracer, options: SpanOptions) {
    this.name = options.name
    this.kind = options.kind
    this.annotations = options.annotations
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
    this.span =
      options.sampled || isUnsampled(this.parent)
        ? tracer.startSpan(
            options.name,
            {
              startTime: convert.hrTime(options.startTime),
              kind: convert.kinds[options.kind],
              ...(options.links.length === 0 ? undefined : { links: options.links.map(toLink) })
            },
            base
          )
        : dropped(this.parent)
    const spanContext = this.span.spanContext()
    this.spanId = spanContext.spanId
    this.traceId = spanContext.traceId
    this.sampled = isSampled(spanContext.traceFlags)
    this.#recording = this.span.isRecording()
    this.outer = Option.isSome(this.parent) && this.parent.value instanceof OtelSpan ? this.parent.value.outer : outer
    this.isAttempt = options.name === SpanName.attempt
    this.skipped = clientSpans.has(options.name) ? clientSteps : pushes
  }

  get [typeId](): typeof typeId {
    return typeId
  }

  /** The context of what is below this span. */
  get context(): Otel.Context {
    return (this.#context ??= Otel.trace.setSpan(new LayeredContext(this.outer, ownerKey, this), this.span))
  }

  /** The same, invisible to HTTP instrumentation. */
  get quiet(): Otel.Context {
    return (this.#quiet ??= suppressTracing(this.context))
  }

  get attributes(): ReadonlyMap<string, unknown> {
    return new Map(this.#keys.map((key, index) => [key, this.#values[index]]))
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

// `deleteSpan` copies the context, also where there is nothing to delete.
const withoutSpan = (context: Otel.Context): Otel.Context =>
  Otel.trace.getSpan(context) === undefined ? context : Otel.trace.deleteSpan(context)

/** The span of Effect's that a context was made for. */
const ownerOf = (context: Otel.Context): OtelSpan | undefined => {
  const owner = context.getValue(ownerKey)
  return owner instanceof OtelSpan ? owner : undefined
}

/** A new root does not inherit the span of an effect that happens to be around it, but what is around that. */
const outside = (active: Otel.Context): Otel.Context => {
  const owner = ownerOf(active)
  return owner !== undefined && owner.span === Otel.trace.getSpan(active) ? owner.outer : active
}

const isSampled = (flags: Otel.TraceFlags): boolean => (flags & Otel.TraceFlags.SAMPLED) === Otel.TraceFlags.SAMPLED

/** Whether the parent is unsampled: the provider's own sampler then decides, as it does for every such child. */
const isUnsampled = (parent: Option.Option<Tracer.AnySpan>): boolean => Option.isSome(parent) && !parent.value.sampled

/** A span that nobody records, in the trace of its parent. */
const dropped = (parent: Option.Option<Tracer.AnySpan>): Otel.Span =>
  Otel.trace.wrapSpanContext({
    traceId: Option.isSome(parent) ? parent.value.traceId : convert.randomHex(32),
    spanId: convert.randomHex(16),
    traceFlags: Otel.TraceFlags.NONE
  })

/** Carries an active OpenTelemetry span's own context along with the Effect parent that is made of it. */
class ActiveSpanContext extends Context.Service<ActiveSpanContext, Otel.SpanContext>()(
  "@effect-cloudauth/otel/Spans/ActiveSpanContext"
) {}

const parentOf = (active: Otel.Context, annotations: Context.Context<never>): Option.Option<Tracer.AnySpan> => {
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

const overridesTraceContext = (annotations: Context.Context<never>): boolean =>
  Context.getOrUndefined(annotations, OtelTracer.OtelTraceFlags) !== undefined ||
  Context.getOrUndefined(annotations, OtelTracer.OtelTraceState) !== undefined

const spanContextOf = (span: Tracer.AnySpan, annotations = Context.empty()): Otel.SpanContext => {
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

const toLink = (link: Tracer.SpanLink): Otel.Link => ({
  context: spanContextOf(link.span),
  attributes: convert.attributes(link.attributes)
})

/** The OpenTelemetry context of a parent. */
const contextOf = (span: Tracer.AnySpan, active: Otel.Context, annotations?: Context.Context<never>): Otel.Context =>
  span instanceof OtelSpan ? span.context : Otel.trace.setSpanContext(active, spanContextOf(span, annotations))

/** The span whose context is active, past those that are not to be propagated. */
const propagated = (span: Tracer.AnySpan | undefined): Tracer.AnySpan | undefined => {
  let current = span
  while (
    current !== undefined &&
    !(current instanceof OtelSpan) &&
    Context.get(current.annotations, Tracer.DisablePropagation)
  ) {
    current = current._tag === "Span" ? Option.getOrUndefined(current.parent) : undefined
  }
  return current
}

const step = <X>(primitive: Tracer.EffectPrimitive<X>, fiber: Fiber<unknown, unknown>): X => primitive[evaluate](fiber)

// Effect's steps carry the name of their kind, which its types do not show. Should it go, every step enters.
const kindOf = (primitive: object): unknown => (primitive as { readonly [identifier]?: unknown })[identifier]

const enter = <X>(context: Otel.Context, primitive: Tracer.EffectPrimitive<X>, fiber: Fiber<unknown, unknown>): X => {
  if (Otel.context.active() === context) return primitive[evaluate](fiber)
  // Arguments instead of a closure; the API's types can't say that `with` passes them on.
  return Otel.context.with(context, step as (...args: Array<unknown>) => X, undefined, primitive, fiber)
}

/** Effect's tracer on an OpenTelemetry tracer. */
export const make = (tracer: Otel.Tracer): Tracer.Tracer => {
  // Spans that came from elsewhere have no context of their own.
  const contexts = new WeakMap<Tracer.AnySpan, Otel.Context>()

  const foreign = (span: Tracer.AnySpan): Otel.Context => {
    const known = contexts.get(span)
    if (known !== undefined) return known
    const context = contextOf(span, outside(Otel.context.active()))
    contexts.set(span, context)
    return context
  }

  return Tracer.make({
    span: (options) => new OtelSpan(tracer, options),
    context(primitive, fiber) {
      const current = fiber.cache.span
      if (current instanceof OtelSpan) {
        if (current.skipped.has(kindOf(primitive))) return primitive[evaluate](fiber)
        const isHidden = current.isAttempt && fiber.getRef(TransportInstrumentation) === "hidden"
        return enter(isHidden ? current.quiet : current.context, primitive, fiber)
      }
      if (pushes.has(kindOf(primitive))) return primitive[evaluate](fiber)
      const span = propagated(current)
      if (span !== undefined) return enter(span instanceof OtelSpan ? span.context : foreign(span), primitive, fiber)
      // Resumed where an attempt has ended, the fiber is still in that attempt's context.
      const owner = ownerOf(Otel.context.active())
      return owner?.status._tag === "Ended" ? enter(owner.outer, primitive, fiber) : primitive[evaluate](fiber)
    }
  })
}
