import { execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { promisify } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import type { Line } from "./programs/receiver.ts"

const program = (name: string) => join(import.meta.dirname, "programs", `${name}.ts`)

const environment = (more: Record<string, string>) => ({
  PATH: process.env["PATH"],
  NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
  NODE_NO_WARNINGS: "1",
  OTEL_LOGS_EXPORTER: "none",
  OTEL_SERVICE_NAME: "checks",
  ...more
})

/** OTLP as the receiver hands it over, as far as it is looked at. */
interface Span {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly kind: string
  readonly attributes: Record<string, unknown>
  readonly events?: ReadonlyArray<{ readonly name: string }>
  readonly startTimeUnixNano: string
  readonly status: { readonly code?: string | number }
}
interface Batch {
  readonly resourceSpans?: ReadonlyArray<{
    readonly resource: { readonly attributes: Record<string, unknown> }
    readonly scopeSpans: ReadonlyArray<{
      readonly scope: { readonly name: string }
      readonly spans: ReadonlyArray<Span>
    }>
  }>
  readonly resourceMetrics?: ReadonlyArray<{
    readonly scopeMetrics: ReadonlyArray<{
      readonly metrics: ReadonlyArray<{ readonly name: string; readonly unit: string }>
    }>
  }>
}

const received = async (protocol: "http/protobuf" | "http/json" | "grpc"): Promise<ReadonlyArray<Batch>> => {
  const receiver = spawn(process.execPath, [program("receiver")], {
    env: environment({}),
    stdio: ["ignore", "pipe", "inherit"]
  })
  try {
    const lines = createInterface({ input: receiver.stdout })[Symbol.asyncIterator]()
    const next = async (): Promise<Line> => JSON.parse((await lines.next()).value ?? "null") // the program prints Lines
    const first = await next()
    if (first.kind !== "listening") throw new Error("the receiver does not listen")
    await promisify(execFile)(process.execPath, [program("sender")], {
      env: environment({
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
        OTEL_EXPORTER_OTLP_ENDPOINT: protocol === "grpc" ? first.grpc : first.http
      })
    })
    const batches: Array<Batch> = []
    const kinds = new Set<string>()
    while (!kinds.has("traces") || !kinds.has("metrics")) {
      const line = await next()
      if (line.kind === "listening") continue
      kinds.add(line.kind)
      batches.push(line.body as Batch) // as the receiver documents it
    }
    return batches
  } finally {
    receiver.kill()
    await once(receiver, "exit")
  }
}

const treeOf = (spans: ReadonlyArray<Span>): ReadonlyArray<string> => {
  const below = (parent: string, depth: number): ReadonlyArray<string> =>
    spans
      .filter((span) => (span.parentSpanId ?? "") === parent)
      .toSorted((left, right) => Number(BigInt(left.startTimeUnixNano) - BigInt(right.startTimeUnixNano)))
      .flatMap((span) => ["  ".repeat(depth) + span.name, ...below(span.spanId, depth + 1)])
  return below("", 0)
}

// Elastic's mockotlpserver decodes with the official protobuf definitions and gRPC's own server.
describe("a receiver that is not ours", () => {
  for (const protocol of ["http/protobuf", "http/json", "grpc"] as const) {
    it(`gets the tree, its attributes and the metrics over ${protocol}`, async () => {
      const batches = await received(protocol)
      const resources = batches.flatMap((batch) => batch.resourceSpans ?? [])
      const spans = resources.flatMap((resource) => resource.scopeSpans).flatMap((scope) => scope.spans)
      assert.strictEqual(resources[0]?.resource.attributes["service.name"], "checks")
      assert.strictEqual(resources[0]?.scopeSpans[0]?.scope.name, "@effect-cloudauth/otel")
      assert.deepStrictEqual(treeOf(spans), [
        "POST /checks",
        "  Cloudauth.checkResult",
        "    Cloudauth.attempt",
        "    Cloudauth.attempt",
        "    Cloudauth.attempt"
      ])
      assert.strictEqual(new Set(spans.map((span) => span.traceId)).size, 1)
      const operation = spans.find((span) => span.name === "Cloudauth.checkResult")
      assert.strictEqual(operation?.kind, "SPAN_KIND_CLIENT")
      assert.strictEqual(operation?.attributes["cloudauth.verdict"], "Passed")
      assert.strictEqual(operation?.attributes["rpc.method"], "Cloudauth/CheckResult")
      assert.deepStrictEqual(
        operation?.events?.map((event) => event.name),
        ["cloudauth.retry", "cloudauth.retry"]
      )
      const statuses = spans
        .filter((span) => span.name === "Cloudauth.attempt")
        .map((span) => [Number(span.attributes["http.response.status_code"]), span.status.code])
      assert.sameDeepMembers(statuses, [
        [403, "STATUS_CODE_ERROR"],
        [403, "STATUS_CODE_ERROR"],
        [200, statuses.find(([status]) => status === 200)?.[1]]
      ])
      const metrics = batches
        .flatMap((batch) => batch.resourceMetrics ?? [])
        .flatMap((resource) => resource.scopeMetrics)
        .flatMap((scope) => scope.metrics)
      const units = new Map(metrics.map((metric) => [metric.name, metric.unit]))
      assert.strictEqual(units.get("cloudauth.operation.duration"), "s")
      assert.strictEqual(units.get("cloudauth.response.size"), "By")
      assert.strictEqual(units.get("cloudauth.throttles"), "{attempt}")
      const text = JSON.stringify(batches)
      assert.notInclude(text, "order4711")
      assert.notInclude(text, "hksb4711transaction")
    })
  }
})
