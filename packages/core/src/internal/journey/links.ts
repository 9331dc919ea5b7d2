/** Ties the spans of one journey together: what comes later links to the span of its Initialize, in any process. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"
import { isTraced } from "../call/client.ts"
import { quietly } from "../quietly.ts"
import * as Traceparent from "../traceparent.ts"
import { linkActive } from "./activeSpan.ts"

type SpanOptions = Parameters<Tracer.Tracer["span"]>[0]

/** The span that began the journey, as a `traceparent`. */
const Origin = Context.Reference<string | undefined>("@effect-cloudauth/core/internal/journey/Origin", {
  defaultValue: () => undefined
})

/** Runs an effect whose first span is made by `make`. Nothing changes if spans are not exported. */
const withFirstSpan = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  make: (tracer: Tracer.Tracer, options: SpanOptions) => Tracer.Span
): Effect.Effect<A, E, R> =>
  Effect.withFiber((fiber) => {
    if (!isTraced(fiber)) return effect
    const tracer = fiber.getRef(Tracer.Tracer)
    let isFirst = true
    const own = Tracer.make({
      span: (options) => {
        if (!isFirst) return tracer.span(options)
        isFirst = false
        return make(tracer, options)
      },
      context: tracer.context
    })
    return Effect.withTracer(effect, own)
  })

/** An effect's value, and its first span as a `traceparent`; `undefined` if spans are not exported. */
export const withTraceparent = <A, E, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<readonly [A, string | undefined], E, R> =>
  Effect.suspend(() => {
    let traceparent: string | undefined
    const kept = withFirstSpan(effect, (tracer, options) => {
      const span = tracer.span(options)
      traceparent = Traceparent.of(span)
      return span
    })
    return Effect.map(kept, (value) => [value, traceparent] as const)
  })

/** Links the first span of an effect to the span that began the journey. */
export const linked = <A, E, R>(
  traceparent: string | undefined,
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> => {
  const origin = traceparent === undefined ? undefined : Traceparent.spanOf(traceparent)
  if (origin === undefined) return effect
  return withFirstSpan(effect, (tracer, options) =>
    tracer.span({ ...options, links: [...options.links, { span: origin, attributes: {} }] })
  ).pipe(Effect.provideService(Origin, traceparent))
}

/** What a wait that begins here links to: the span that began its journey, or else the current one. */
export const originOf: Effect.Effect<string | undefined> = Effect.withFiber((fiber) => {
  const { span } = fiber.cache
  return Effect.succeed(
    fiber.getRef(Origin) ?? (span !== undefined && isTraced(fiber) ? Traceparent.of(span) : undefined)
  )
})

/** Links the span of the request under way to the span that began the journey: Effect's, or the instrumentation's. */
export const linkRequest = (traceparent: string | undefined): Effect.Effect<void> =>
  Effect.withFiber((fiber) => {
    const origin = traceparent === undefined ? undefined : Traceparent.spanOf(traceparent)
    if (origin === undefined) return Effect.void
    const own = fiber.cache.span
    quietly(() => (own?._tag === "Span" ? own.addLinks([{ span: origin, attributes: {} }]) : linkActive(origin)))
    return Effect.void
  })
