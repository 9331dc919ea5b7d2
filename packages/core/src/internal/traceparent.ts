/** A span's place in its trace, as W3C's `traceparent` has it. */
import * as Schema from "effect/Schema"
import * as Tracer from "effect/Tracer"

const pattern = /^00-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/

/** A span as W3C's `traceparent`: the trace's id, the span's id and whether it is sampled. Nothing else of it. */
export const Traceparent = Schema.String.check(Schema.isPattern(pattern)).annotate({
  identifier: "Traceparent",
  title: "A span, as W3C's traceparent"
})

/** The `traceparent` of a span. */
export const of = ({ sampled, spanId, traceId }: Tracer.AnySpan): string =>
  `00-${traceId.padStart(32, "0")}-${spanId}-${sampled ? "01" : "00"}`

/** The span of a `traceparent`; `undefined` if it is none. */
export const spanOf = (traceparent: string): Tracer.ExternalSpan | undefined => {
  const [, traceId, spanId, flags] = pattern.exec(traceparent) ?? []
  return traceId === undefined || spanId === undefined || flags === undefined
    ? undefined
    : Tracer.externalSpan({ traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 })
}
