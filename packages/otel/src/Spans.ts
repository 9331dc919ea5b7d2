/**
 * Effect's `Tracer` on the OpenTelemetry API, for the client's spans and all others. It does what
 * `@effect/opentelemetry/OtelTracer` does, at a fraction of the cost, and works together with that module's services
 * and accessors.
 *
 * Both directions of parenthood work: a span without a parent of Effect's takes the active OpenTelemetry span, and
 * while an effect runs, its span is the active one, so that auto-instrumentation nests below it.
 *
 * It differs from `OtelTracer` on purpose:
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
 *
 * @since 0.1.0
 */
import { SpanName } from "@effect-cloudauth/core/Telemetry"
import * as Otel from "@opentelemetry/api"
import * as Context from "effect/Context"
import type { Fiber } from "effect/Fiber"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"
import { contextOf, OtelSpan, outside, ownerOf } from "./internal/OtelSpan.ts"
import { pushes } from "./internal/steps.ts"

const clientSpans: ReadonlySet<string> = new Set(Object.values(SpanName))

const evaluate = "~effect/Effect/evaluate"
const identifier = "~effect/Effect/identifier"

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

/**
 * Effect's tracer on an OpenTelemetry tracer. The client's own spans can have another one, `client`, so that their
 * instrumentation scope names this package and the program's own spans keep theirs.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  tracer: Otel.Tracer,
  { client = tracer }: { readonly client?: Otel.Tracer | undefined } = {}
): Tracer.Tracer => {
  // Spans of other tracers have no context of their own.
  const contexts = new WeakMap<Tracer.AnySpan, Otel.Context>()

  const foreign = (span: Tracer.AnySpan): Otel.Context => {
    const known = contexts.get(span)
    if (known !== undefined) return known
    const context = contextOf(span, outside(Otel.context.active()))
    contexts.set(span, context)
    return context
  }

  return Tracer.make({
    span: (options) => new OtelSpan(clientSpans.has(options.name) ? client : tracer, options),
    context(primitive, fiber) {
      const current = fiber.cache.span
      if (current instanceof OtelSpan) {
        if (current.skips(kindOf(primitive))) return primitive[evaluate](fiber)
        return enter(current.context, primitive, fiber)
      }
      if (pushes(kindOf(primitive))) return primitive[evaluate](fiber)
      const span = propagated(current)
      if (span !== undefined) return enter(span instanceof OtelSpan ? span.context : foreign(span), primitive, fiber)
      // A fiber that resumes after an attempt has ended is still in that attempt's context.
      const owner = ownerOf(Otel.context.active())
      return owner?.status._tag === "Ended" ? enter(owner.outer, primitive, fiber) : primitive[evaluate](fiber)
    }
  })
}
