/** Spans as a text: one a line, children below their parents. */
import * as OwnOptions from "@effect-cloudauth/core/Options"
import { Attribute } from "@effect-cloudauth/core/Telemetry"
import * as Otel from "@opentelemetry/api"
import type { RecordedSpan } from "./recorded.ts"

/**
 * What a tree shows of spans beside their names.
 *
 * @category models
 * @since 0.1.0
 */
export interface TreeOptions {
  /** The names of attributes to show. Default: none. */
  readonly attributes?: ReadonlyArray<string> | undefined
  /** Whether to show events, each on a line of its own. Default: yes. */
  readonly events?: boolean | undefined
}

const keys: OwnOptions.Keys<TreeOptions> = { attributes: true, events: true }

/** The lines of the trees, each in the order of their beginnings. A span whose parent is not there is a root. */
export const render = (spans: ReadonlyArray<RecordedSpan>, given: TreeOptions = {}): string => {
  const options = OwnOptions.ownOrThrow(keys, given)
  const ids = new Set(spans.map(idOf))
  const parentOf = ({ parentSpanContext }: RecordedSpan) =>
    parentSpanContext !== undefined && ids.has(parentSpanContext.spanId) ? parentSpanContext.spanId : undefined
  const children = Map.groupBy(spans.toSorted(byStart), parentOf)
  const below = (parent: string | undefined, depth: number): ReadonlyArray<string> =>
    (children.get(parent) ?? []).flatMap((span) => [
      ...linesOf(span, options).map((line) => "  ".repeat(depth) + line),
      ...below(idOf(span), depth + 1)
    ])
  return below(undefined, 0).join("\n")
}

const idOf = (span: RecordedSpan): string => span.spanContext().spanId

const byStart = ({ startTime: one }: RecordedSpan, { startTime: other }: RecordedSpan): number =>
  one[0] - other[0] || one[1] - other[1]

const linesOf = (span: RecordedSpan, { attributes = [], events = true }: TreeOptions): ReadonlyArray<string> => [
  [span.name, ...failure(span), ...attributes.flatMap((name) => shown(span, name))].join(" "),
  ...(events ? span.events.map((event) => `- ${event.name}`) : [])
]

const failure = ({ attributes, status }: RecordedSpan): ReadonlyArray<string> =>
  status.code === Otel.SpanStatusCode.ERROR ? [`✗ ${attributes[Attribute.errorType] ?? "error"}`] : []

const shown = ({ attributes }: RecordedSpan, name: string): ReadonlyArray<string> =>
  attributes[name] === undefined ? [] : [`${name}=${String(attributes[name])}`]
