/** Prints traces as trees in the terminal, for when there is no collector. */
import { Attribute, EventName } from "@effect-cloudauth/core/Telemetry"
import { ExportResultCode } from "@opentelemetry/core"
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-base"

const millis = ([seconds, nanos]: readonly [number, number]): number => seconds * 1000 + nanos / 1e6

/** What is worth a look at the end of a span's line. */
const shown = ["http.route", "http.response.status_code", "error.type", "cloudauth.verdict", "cloudauth.sub_code"]

/** A duration of an attribute, which is in seconds. */
const waited = (seconds: unknown): string => `${Number((Number(seconds) * 1000).toPrecision(2))} ms`

const line = (span: ReadableSpan, depth: number, start: number): string => {
  const name = `${"  ".repeat(depth)}${span.name}`.padEnd(40)
  const at = `+${(millis(span.startTime) - start).toFixed(0)} ms`.padStart(8)
  const duration = `${millis(span.duration).toFixed(1)} ms`.padStart(10)
  const facts = shown.flatMap((key) => (span.attributes[key] === undefined ? [] : [`${key}=${span.attributes[key]}`]))
  const events = span.events.map(({ attributes = {}, name }) => {
    if (name === EventName.retry) {
      return `(retry: ${attributes[Attribute.retryClass]}, after ${waited(attributes[Attribute.retryDelay])})`
    }
    return `(${name})`
  })
  return [name, at, duration, "", ...facts, ...events].join(" ")
}

/** The lines of a trace: each span below its parent, in the order of their beginnings. */
export const lines = (spans: ReadonlyArray<ReadableSpan>): ReadonlyArray<string> => {
  const ids = new Set(spans.map((span) => span.spanContext().spanId))
  const start = Math.min(...spans.map((span) => millis(span.startTime)))
  const below = (parent: string | undefined, depth: number): ReadonlyArray<string> =>
    spans
      .filter((span) => {
        const id = span.parentSpanContext?.spanId
        return parent === undefined ? id === undefined || !ids.has(id) : id === parent
      })
      .toSorted((left, right) => millis(left.startTime) - millis(right.startTime))
      .flatMap((span) => [line(span, depth, start), ...below(span.spanContext().spanId, depth + 1)])
  return below(undefined, 0)
}

/** An exporter that keeps the spans and prints each trace when it is shut down. */
export const exporter = (print: (line: string) => void): SpanExporter => {
  const spans: Array<ReadableSpan> = []
  return {
    export: (batch, done) => {
      spans.push(...batch)
      done({ code: ExportResultCode.SUCCESS })
    },
    shutdown: () => {
      for (const [traceId, trace] of Map.groupBy(spans, (span) => span.spanContext().traceId)) {
        print(`trace ${traceId}`)
        for (const text of lines(trace)) print(`  ${text}`)
      }
      return Promise.resolve()
    }
  }
}
