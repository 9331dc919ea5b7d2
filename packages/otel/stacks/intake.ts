/** A server on the loopback that is what each tool sends to: it records every request, and answers what the tool's agent waits for. */
import { once } from "node:events"
import { createServer, type IncomingMessage, type RequestListener } from "node:http"
import { createServer as createSecureServer } from "node:https"
import type { AddressInfo, Server } from "node:net"
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from "node:zlib"
import type { Certificates } from "./certificates.ts"

/** A request as it came, its body decompressed. */
export interface Recorded {
  readonly url: string
  readonly headers: string
  readonly body: Buffer
}

export interface Intake {
  readonly port: number
  readonly securePort: number
  readonly requests: Array<Recorded>
  readonly close: () => void
}

const decompress: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  br: brotliDecompressSync,
  deflate: inflateSync,
  gzip: gunzipSync,
  zstd: zstdDecompressSync
}

/** The whole body of a request. */
export const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** What New Relic's agent asks for before it sends spans. */
const newRelic = (method: string | null, port: number | undefined): unknown => {
  if (method === "preconnect") return { redirect_host: `127.0.0.1:${port}` }
  if (method !== "connect") return null
  const limits = { analytic_event_data: 1000, error_event_data: 100, log_event_data: 1000, span_event_data: 2000 }
  return {
    agent_run_id: "1",
    account_id: "1",
    primary_application_id: "2",
    trusted_account_key: "1",
    collect_analytics_events: true,
    collect_error_events: true,
    collect_errors: true,
    collect_span_events: true,
    collect_traces: true,
    data_report_period: 1,
    // The agent samples ten transactions a minute by itself.
    sampling_target: 1000,
    sampling_target_period_in_seconds: 60,
    event_harvest_config: { report_period_ms: 1000, harvest_limits: limits },
    span_event_harvest_config: { report_period_ms: 1000, harvest_limit: 2000 }
  }
}

const answer = (url: URL, port: number | undefined): unknown => {
  if (url.pathname === "/info") return { version: "7.60.0", endpoints: ["/v0.4/traces"], client_drop_p0s: false }
  if (url.pathname.startsWith("/v0.4/traces")) return { rate_by_service: { "service:,env:": 1 } }
  if (url.pathname === "/agent_listener/invoke_raw_method")
    return { return_value: newRelic(url.searchParams.get("method"), port) }
  return url.pathname === "/" ? { version: "8.15.0" } : {}
}

const listen = async (server: Server): Promise<number> => {
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return (server.address() as AddressInfo).port // a TCP server's
}

export const start = async ({ certificate, key }: Certificates): Promise<Intake> => {
  const requests: Array<Recorded> = []
  const listener: RequestListener = async (request, response) => {
    const body = await bodyOf(request)
    const url = request.url ?? "/"
    const decode = decompress[request.headers["content-encoding"] ?? ""]
    requests.push({
      url,
      headers: request.rawHeaders.join("\n"),
      body: decode === undefined || body.length === 0 ? body : decode(body)
    })
    const status = url.startsWith("/intake/v2/events") ? 202 : 200
    response.writeHead(status, { "content-type": "application/json" })
    response.end(JSON.stringify(answer(new URL(url, "http://intake"), request.socket.localPort)))
  }
  const servers = [createServer(listener), createSecureServer({ cert: certificate, key }, listener)] as const
  const [port, securePort] = [await listen(servers[0]), await listen(servers[1])]
  return {
    port,
    securePort,
    requests,
    close: () => {
      for (const server of servers) {
        server.close()
        server.closeAllConnections()
      }
    }
  }
}
