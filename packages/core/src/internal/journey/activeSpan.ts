/** The span that OpenTelemetry's instrumentation of the server has begun for a callback: without its query, with a link. */
import * as Effect from "effect/Effect"
import type * as Tracer from "effect/Tracer"
import { contextManager } from "../openTelemetryApi.ts"
import { quietly } from "../quietly.ts"
import { redactQuery, redactUrl } from "./redactedQuery.ts"

/** A span of OpenTelemetry's SDK, whose attributes can be read. */
interface ReadableSpan {
  readonly attributes: Readonly<Record<string, unknown>>
  readonly setAttribute: (name: string, value: string) => unknown
}

const spanKey = Symbol.for("OpenTelemetry Context Key SPAN")

/** Under this key the instrumentation of HTTP servers keeps its span, when others have become active below it. */
const serverKey = Symbol.for("OpenTelemetry SDK Context Key RPC_METADATA")

const urls = ["url.full", "http.url", "http.target"]

/** Hides the query of the request under way in the active span and the server's. */
export const hideActive: Effect.Effect<void> = Effect.sync(() =>
  quietly(() => {
    const context = contextManager()?.active()
    if (context === undefined) return
    for (const span of [context.getValue(spanKey), serverSpanIn(context.getValue(serverKey))]) hide(span)
  })
)

/** Links the server's span of the request under way to another span, or else the active one. */
export const linkActive = ({ sampled, spanId, traceId }: Tracer.ExternalSpan): void => {
  const context = contextManager()?.active()
  const span = serverSpanIn(context?.getValue(serverKey)) ?? context?.getValue(spanKey)
  if (canLink(span)) span.addLink({ context: { traceId, spanId, traceFlags: sampled ? 1 : 0, isRemote: true } })
}

const canLink = (span: unknown): span is { readonly addLink: (link: object) => unknown } =>
  typeof span === "object" && span !== null && "addLink" in span && typeof span.addLink === "function"

const serverSpanIn = (metadata: unknown): unknown =>
  typeof metadata === "object" && metadata !== null && "span" in metadata ? metadata.span : undefined

const hide = (span: unknown): void => {
  if (!isReadable(span)) return
  const { attributes } = span
  const query = attributes["url.query"]
  if (typeof query === "string") span.setAttribute("url.query", redactQuery(query))
  for (const name of urls) {
    const url = attributes[name]
    if (typeof url === "string") span.setAttribute(name, redactUrl(url))
  }
}

const isReadable = (span: unknown): span is ReadableSpan =>
  typeof span === "object" && span !== null && "attributes" in span && "setAttribute" in span
