/**
 * One process with a started NodeSDK and undici's instrumentation: `undici.ts fetch|undici|facade [mode]`. The mode says
 * who traces, or how: `propagate`, `nested`, `effect` for `@effect/opentelemetry`'s own tracer, `none` for no tracer of
 * Effect's. Prints a `Report` as JSON.
 */
import * as Otel from "@opentelemetry/api"
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici"
import { NodeSDK } from "@opentelemetry/sdk-node"
import { InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base"
import * as Privacy from "../../src/Privacy.ts"

export interface Report {
  readonly tree: string
  /** How many `traceparent` headers each request of the client carried. */
  readonly traceparents: ReadonlyArray<number>
  /** The names of the client's request headers that are a tracer's. */
  readonly foreignHeaders: ReadonlyArray<string>
  /** Attributes that hold one of the ids. */
  readonly idsSeen: ReadonlyArray<string>
}

/** Keeps its spans when it is shut down, unlike the SDK's own. */
class Kept extends InMemorySpanExporter {
  override shutdown = () => Promise.resolve()
}

const [transport, mode] = process.argv.slice(2)
const exporter = new Kept()
const sdk = new NodeSDK({
  spanProcessors: [new SimpleSpanProcessor(exporter)],
  metricReaders: [],
  logRecordProcessors: [],
  // Without the hook an id would be in the spans wherever they are made.
  instrumentations: [new UndiciInstrumentation(mode === "nested" ? { startSpanHook: Privacy.withoutQuery } : {})]
})
sdk.start()

const { createServer } = await import("node:http")
const { Cloudauth } = await import("@effect-cloudauth/core/Cloudauth")
const { Credentials } = await import("@effect-cloudauth/core/Credentials")
const HttpTransport = await import("@effect-cloudauth/core/HttpTransport")
const Telemetry = await import("@effect-cloudauth/core/Telemetry")
const { createClient } = await import("@effect-cloudauth/node/Client")
const NodeTransport = await import("@effect-cloudauth/node/NodeTransport")
const OtelTracer = await import("@effect/opentelemetry/OtelTracer")
const Effect = await import("effect/Effect")
const FetchHttpClient = await import("effect/http/FetchHttpClient")
const Layer = await import("effect/Layer")
const CloudauthOtel = await import("../../src/CloudauthOtel.ts")
const { tree } = await import("../../src/TestTelemetry.ts")
const support = await import("../support.ts")

const traceparents: Array<number> = []
const foreignHeaders: Array<string> = []
const replies = [support.throttled, support.passed]
const server = createServer((incoming, outgoing) => {
  if (incoming.method === "GET") return outgoing.end("ok")
  traceparents.push(incoming.rawHeaders.filter((header) => header.toLowerCase() === "traceparent").length)
  foreignHeaders.push(
    ...Object.keys(incoming.headers).filter((name) => /^(traceparent|tracestate|baggage|b3|x-b3-.+)$/.test(name))
  )
  const { body, headers, status } = Effect.runSync(replies.shift() ?? support.throttled)
  return outgoing.writeHead(status, headers).end(Buffer.concat(body))
})
await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
const address = server.address()
const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`

const load = Effect.promise(async () => {
  await (await fetch(`${url}/credential`)).text()
  return support.key
})
const client = Cloudauth.layerTransport({ url }).pipe(
  Layer.provide([
    Credentials.layerRefreshing({ load }),
    transport === "undici" ? NodeTransport.layer() : HttpTransport.layer.pipe(Layer.provide(FetchHttpClient.layer))
  ])
)
/** What an application does after the call: traced, below its own span again. */
const afterwards = async () => void (await (await fetch(`${url}/afterwards`)).text())

const tracers = {
  none: Layer.empty,
  effect: OtelTracer.layerGlobal,
  nested: Layer.mergeAll(CloudauthOtel.layerGlobal, CloudauthOtel.layerNestedTransport)
}

const byEffect = Effect.gen(function* () {
  yield* Cloudauth.checkResult(support.request)
  // The fiber was resumed by the attempt's answer: what comes next is the handler's again.
  yield* Effect.promise(afterwards)
}).pipe(
  Effect.provide(client),
  Effect.provideService(Telemetry.PropagateTrace, mode === "propagate"),
  Effect.provide(mode === "none" || mode === "effect" || mode === "nested" ? tracers[mode] : CloudauthOtel.layerGlobal)
)

const byPromise = async () => {
  const facade = createClient({ url, credentials: support.key })
  await facade.checkResult(support.request)
  await afterwards()
  await facade.close()
}

await Otel.trace.getTracer("server").startActiveSpan("handler", async (span) => {
  await (transport === "facade" ? byPromise() : Effect.runPromise(byEffect))
  span.end()
})
// The exporter gets nothing before the SDK has detected its resource.
await sdk.shutdown()
const spans = exporter.getFinishedSpans()
const ids = Object.values<string>(support.request)
const report: Report = {
  tree: tree(spans, { events: false }),
  traceparents,
  foreignHeaders,
  idsSeen: spans.flatMap((span) =>
    Object.entries(span.attributes).flatMap(([key, value]) => (ids.some((id) => `${value}`.includes(id)) ? [key] : []))
  )
}
process.stdout.write(JSON.stringify(report))
server.closeAllConnections()
server.close()
