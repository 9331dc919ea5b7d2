/** What each tool sent, as spans in the tool's own words. */
import { createRequire } from "node:module"
import { decode } from "@msgpack/msgpack"
import type { Recorded } from "./intake.ts"

/** A span as its tool shows it. */
export interface Span {
  readonly trace: string
  readonly id: string
  readonly parent: string | undefined
  readonly name: string
  /** `client`, `server` … */
  readonly kind: string
  readonly failed: boolean
  /** What was called, as on the tool's map of services. */
  readonly peer: string | undefined
  /** What sort of call the tool takes it for. */
  readonly type: string | undefined
  /** All that the tool has of it, as text. */
  readonly text: string
}

/** How a tool sends spans. */
export type Wire = (requests: ReadonlyArray<Recorded>) => ReadonlyArray<Span>

// The formats below are the tools' own; only the fields that are read are named.
const parse = <A>(text: string): A => JSON.parse(text) as A
const linesOf = <A>({ body }: Recorded): ReadonlyArray<A> =>
  body
    .toString()
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => parse<A>(line))

interface OtlpTraces {
  readonly resourceSpans?: ReadonlyArray<{
    readonly scopeSpans: ReadonlyArray<{ readonly spans: ReadonlyArray<Otlp> }>
  }>
}
interface Otlp {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly status?: { readonly code?: number }
  readonly attributes: ReadonlyArray<{ readonly key: string; readonly value: { readonly stringValue?: string } }>
}

/** OpenTelemetry's own definitions, as mockotlpserver brings them; it exports no types for the decoder. */
const { getProtoRoot }: { readonly getProtoRoot: () => ProtoRoot } = createRequire(import.meta.url)(
  "@elastic/mockotlpserver/lib/proto.js"
)

interface ProtoRoot {
  readonly lookupType: (name: string) => {
    readonly decode: (body: Buffer) => object
    readonly toObject: (message: object, options: { readonly bytes: unknown; readonly longs: unknown }) => unknown
  }
}

const protobuf = getProtoRoot().lookupType("opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest")

/** As JSON has it; of protobuf the ids are in Base64. */
const tracesOf = ({ body, headers }: Recorded): OtlpTraces =>
  /protobuf/.test(headers)
    ? (protobuf.toObject(protobuf.decode(body), { bytes: String, longs: String }) as OtlpTraces)
    : parse(body.toString())

const kinds = ["unspecified", "internal", "server", "client", "producer", "consumer"]

export const otlp: Wire = (requests) =>
  requests
    .filter(({ url }) => url === "/v1/traces")
    .flatMap((request) => tracesOf(request).resourceSpans ?? [])
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
    .map((span) => ({
      trace: span.traceId,
      id: span.spanId,
      parent: span.parentSpanId,
      name: span.name,
      kind: kinds[span.kind] ?? "unspecified",
      failed: span.status?.code === 2,
      peer: span.attributes.find(({ key }) => key === "peer.service")?.value.stringValue,
      type: span.attributes.find(({ key }) => key === "rpc.system")?.value.stringValue,
      text: JSON.stringify(span)
    }))

interface Sentry {
  readonly items?: ReadonlyArray<{
    readonly trace_id: string
    readonly span_id: string
    readonly parent_span_id?: string
    readonly name: string
    readonly status: string
    readonly attributes: Readonly<Record<string, { readonly value: unknown } | undefined>>
  }>
}

export const sentry: Wire = (requests) =>
  requests
    .filter(({ url }) => url.includes("/envelope/"))
    .flatMap((request) => linesOf<Sentry>(request))
    .flatMap(({ items = [] }) => items)
    .filter((item) => item.span_id !== undefined && item.status !== undefined)
    .map((span) => ({
      trace: span.trace_id,
      id: span.span_id,
      parent: span.parent_span_id,
      name: span.name,
      kind: String(span.attributes["sentry.kind"]?.value ?? "internal"),
      failed: span.status === "error",
      peer: span.attributes["peer.service"]?.value as string | undefined, // the client sets text
      type: span.attributes["sentry.op"]?.value as string | undefined, // text, too
      text: JSON.stringify(span)
    }))

interface Datadog {
  readonly trace_id: bigint
  readonly span_id: bigint
  readonly parent_id: bigint
  readonly resource: string
  readonly error: number
  readonly type?: string
  readonly meta: Readonly<Record<string, string>>
}

export const datadog: Wire = (requests) =>
  requests
    .filter(({ url }) => url === "/v0.4/traces")
    .flatMap(({ body }) => (decode(body, { useBigInt64: true }) as ReadonlyArray<ReadonlyArray<Datadog>>).flat())
    .map((span) => ({
      trace: String(span.trace_id),
      id: String(span.span_id),
      parent: BigInt(span.parent_id) === 0n ? undefined : String(span.parent_id),
      name: span.resource,
      kind: span.meta["span.kind"] ?? "internal",
      failed: Number(span.error) === 1,
      peer: span.meta["peer.service"],
      type: span.type,
      text: JSON.stringify(span, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value))
    }))

type NewRelic = readonly [unknown, unknown, ReadonlyArray<ReadonlyArray<Readonly<Record<string, string>>>>]

export const newRelic: Wire = (requests) =>
  requests
    .filter(({ url }) => url.includes("method=span_event_data"))
    .flatMap(({ body }) => parse<NewRelic>(body.toString())[2])
    .filter(([intrinsics]) => intrinsics?.["type"] === "Span")
    .map((event) => {
      const [{ category, guid = "", name = "", parentId, "span.kind": kind = "", traceId = "" } = {}, , agent = {}] =
        event
      return {
        trace: traceId,
        id: guid,
        parent: parentId,
        name,
        kind,
        failed: agent["status.code"] === "error",
        peer: agent["peer.service"],
        type: category,
        text: JSON.stringify(event)
      }
    })

interface Elastic {
  readonly trace_id: string
  readonly id: string
  readonly parent_id?: string
  readonly name: string
  readonly type: string
  readonly outcome: string
  readonly otel?: { readonly span_kind: string }
  readonly context?: { readonly service?: { readonly target?: { readonly name?: string } } }
}

export const elastic: Wire = (requests) =>
  requests
    .filter(({ url }) => url.startsWith("/intake/v2/events"))
    .flatMap((request) => linesOf<{ readonly transaction?: Elastic; readonly span?: Elastic }>(request))
    .flatMap(({ span, transaction }) => span ?? transaction ?? [])
    .map((span) => ({
      trace: span.trace_id,
      id: span.id,
      parent: span.parent_id,
      name: span.name,
      kind: span.otel?.span_kind.toLowerCase() ?? (span.type === "request" ? "server" : "internal"),
      failed: span.outcome === "failure",
      peer: span.context?.service?.target?.name,
      type: span.type,
      text: JSON.stringify(span)
    }))

interface Azure {
  readonly time: string
  readonly tags: Readonly<Record<string, string>>
  readonly data: {
    readonly baseType: string
    readonly baseData: {
      readonly id: string
      readonly name: string
      readonly success: boolean
      readonly target?: string
      readonly type?: string
    }
  }
}

/** Azure tells two kinds of spans apart: requests, and dependencies. */
export const azure: Wire = (requests) =>
  requests
    .filter(({ url }) => url.endsWith("/track"))
    .flatMap(({ body }) => parse<ReadonlyArray<Azure>>(body.toString()))
    .filter(({ data }) => data.baseType === "RequestData" || data.baseType === "RemoteDependencyData")
    .map((envelope) => {
      const { baseData, baseType } = envelope.data
      return {
        trace: envelope.tags["ai.operation.id"] ?? "",
        id: baseData.id,
        parent: envelope.tags["ai.operation.parentId"],
        name: baseData.name,
        kind: baseType === "RequestData" ? "server" : baseData.type === "InProc" ? "internal" : "client",
        failed: !baseData.success,
        peer: baseData.target,
        type: baseData.type,
        text: JSON.stringify(envelope)
      }
    })
