/**
 * How a call's spans are made: as `Effect.useSpan` makes them, which reads its settings anew for each span and takes
 * four steps more, every one of which the tracer is asked about.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as LogLevel from "effect/LogLevel"
import * as Option from "effect/Option"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"

/** The fiber that spans are made in, and what they are made with there. */
export interface Tracing {
  readonly fiber: Fiber.Fiber<unknown, unknown>
  readonly tracer: Tracer.Tracer
  readonly clock: Clock.Clock
  /** Whether spans have times. */
  readonly isTimed: boolean
  /** Attributes and links that each span gets. */
  readonly annotations: Readonly<Record<string, unknown>>
  readonly links: ReadonlyArray<Tracer.SpanLink>
  /** Whether spans of the level in force are wanted. */
  readonly isSampled: boolean
}

/**
 * `undefined` where nobody can see a span: tracing is off, or the tracer is Effect's native one, which keeps its spans to
 * itself. Then none is made.
 */
export const of = (fiber: Fiber.Fiber<unknown, unknown>): Tracing | undefined => {
  // The tracer is absent unless somebody provided one.
  const { tracer, tracerEnabled } = fiber.cache
  if (tracer === undefined || tracer === Tracer.nativeTracer || !tracerEnabled) return undefined
  return {
    fiber,
    tracer,
    clock: fiber.getRef(Clock.Clock),
    isTimed: fiber.getRef(References.TracerTimingEnabled),
    annotations: fiber.getRef(References.TracerSpanAnnotations),
    links: fiber.getRef(References.TracerSpanLinks),
    isSampled: !LogLevel.isGreaterThan(fiber.getRef(Tracer.MinimumTraceLevel), fiber.getRef(Tracer.CurrentTraceLevel))
  }
}

/** The nearest span that wants to be a parent. */
const parentOf = (span: Tracer.AnySpan | undefined): Option.Option<Tracer.AnySpan> => {
  let nearest = span
  while (nearest !== undefined && Context.get(nearest.annotations, Tracer.DisablePropagation)) {
    nearest = nearest._tag === "Span" ? Option.getOrUndefined(nearest.parent) : undefined
  }
  return Option.fromUndefinedOr(nearest)
}

const now = ({ clock, isTimed }: Tracing): bigint => (isTimed ? clock.currentTimeNanosUnsafe() : 0n)

const begin = (tracing: Tracing, name: string, kind: Tracer.SpanKind): Tracer.Span => {
  const { annotations } = tracing
  const parent = parentOf(tracing.fiber.cache.span)
  const span = tracing.tracer.span({
    name,
    kind,
    parent,
    root: false,
    annotations: Context.empty(),
    // A list of its own: links can be added to a span.
    links: [...tracing.links],
    startTime: now(tracing),
    sampled: tracing.isSampled && (Option.isNone(parent) || parent.value.sampled)
  })
  for (const key in annotations) span.attribute(key, annotations[key])
  return span
}

/** What a span shows that could not be described: a tracer's attribute, or a getter of a defect, has thrown. */
const undescribed = Exit.die("a defect")

/** Runs `use` below a new span. `end` adds what is known when it is over, and says which exit the span is to show. */
export const within = <A, E>(
  tracing: Tracing,
  name: string,
  kind: Tracer.SpanKind,
  use: (span: Tracer.Span) => Effect.Effect<A, E>,
  end: (span: Tracer.Span, exit: Exit.Exit<A, E>) => Exit.Exit<unknown, unknown>
): Effect.Effect<A, E> => {
  const { fiber } = tracing
  const around = fiber.context
  let span: Tracer.Span | undefined
  return Effect.onExitPrimitive(
    // Once its end is seen to, not before: interrupted between two steps, nobody would end the span.
    Effect.suspend(() => {
      span = begin(tracing, name, kind)
      // As `Effect.provideService` does it, which would take a step more.
      fiber.setContext(Context.add(around, Tracer.ParentSpan, span))
      return use(span)
    }),
    (exit) => {
      if (span === undefined) return
      fiber.setContext(around)
      let shown: Exit.Exit<unknown, unknown> = undescribed
      try {
        shown = end(span, exit)
      } finally {
        span.end(now(tracing), shown)
      }
    }
  )
}
