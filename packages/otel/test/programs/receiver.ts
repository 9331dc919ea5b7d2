/**
 * A process with Elastic's OTLP receiver, over HTTP and gRPC. It prints its addresses as the first line, and each
 * request that it gets as one more.
 */
import { createRequire } from "node:module"

export type Line =
  | { readonly kind: "listening"; readonly http: string; readonly grpc: string }
  | { readonly kind: "traces" | "metrics"; readonly over: string; readonly body: unknown }

interface Receiver {
  readonly httpUrl: URL
  readonly grpcUrl: URL
  readonly start: () => Promise<void>
}

// The package has no types for its constructor.
const { MockOtlpServer, normalizeTrace, normalizeMetrics } = createRequire(import.meta.url)(
  "@elastic/mockotlpserver"
) as {
  readonly MockOtlpServer: new (options: Record<string, unknown>) => Receiver
  readonly normalizeTrace: (body: unknown) => unknown
  readonly normalizeMetrics: (body: unknown) => unknown
}

const print = (line: Line): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

const hex = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const receiver = new MockOtlpServer({
  logLevel: "fatal",
  services: ["http", "grpc"],
  httpHostname: "127.0.0.1",
  httpPort: 0,
  grpcHostname: "127.0.0.1",
  grpcPort: 0,
  onTrace: (body: unknown) => print({ kind: "traces", over: "otlp", body: hex(normalizeTrace(body)) }),
  onMetrics: (body: unknown) => print({ kind: "metrics", over: "otlp", body: hex(normalizeMetrics(body)) })
})
await receiver.start()
print({ kind: "listening", http: String(receiver.httpUrl), grpc: String(receiver.grpcUrl) })
