/**
 * The gateway on a port, without Effect: for other processes, other languages and benches.
 *
 * @example
 * import * as Server from "@effect-cloudauth/emulator/Server"
 * const server = await Server.start({ port: 0 })
 * server.url // http://127.0.0.1:49152
 * await server.close()
 */
import * as Http from "node:http"
import * as Https from "node:https"
import type { Socket } from "node:net"
import * as AdminApi from "./AdminApi.ts"
import * as Gateway from "./Gateway.ts"
import * as Wire from "./internal/wire.ts"
import { type Keys, own } from "./internal/ownOptions.ts"
import type * as Protocol from "./Protocol.ts"

export interface Options extends Gateway.Options {
  /** 127.0.0.1 unless given. */
  readonly host?: string | undefined
  /** 0, the default, takes a free one. */
  readonly port?: number | undefined
  /** The admin API and the page, on unless `false`. */
  readonly admin?: boolean | undefined
  /** Names by which the admin API may be called besides `host` and those of the loopback. */
  readonly adminHosts?: ReadonlyArray<string> | undefined
  /** PEM texts; with them the service speaks HTTPS. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined
}

export interface Server {
  readonly url: string
  readonly host: string
  readonly port: number
  readonly gateway: Gateway.Gateway
  /** Open connections, for tests that look for what was left behind. */
  readonly connections: () => number
  /** Ends every connection at once and stops listening. */
  readonly close: () => Promise<void>
}

/** No caller of these two operations has a reason to send more, in bytes. */
const largestBody = 1024 * 1024

const readBody = (incoming: Http.IncomingMessage, done: (body: Buffer | undefined) => void): void => {
  const chunks: Array<Buffer> = []
  let size = 0
  incoming.on("data", (chunk: Buffer) => {
    size += chunk.length
    if (size <= largestBody) chunks.push(chunk)
  })
  incoming.on("end", () => done(size > largestBody ? undefined : Buffer.concat(chunks)))
}

const pairs = (raw: ReadonlyArray<string>): ReadonlyArray<readonly [string, string]> => {
  const headers: Array<readonly [string, string]> = []
  for (let index = 0; index + 1 < raw.length; index += 2) headers.push([raw[index] ?? "", raw[index + 1] ?? ""])
  return headers
}

const resetWith =
  (rawSockets: ReadonlyMap<number | undefined, Socket>): Wire.Reset =>
  (socket) => {
    // Only a plain TCP socket can be reset; under TLS that is the one beneath. Without a port the peer has gone already.
    rawSockets.get(socket.remotePort)?.resetAndDestroy()
    socket.destroy()
  }

/** The keys of `Options`. */
export const keys: Keys<Options> = {
  ...Gateway.keys,
  host: true,
  port: true,
  admin: true,
  adminHosts: true,
  tls: { key: true, cert: true }
}

export const start = async (given: Options = {}): Promise<Server> => {
  const { admin: hasAdmin, adminHosts = [], host = "127.0.0.1", port: wanted = 0, tls, ...ofGateway } = own(keys, given)
  const gateway = Gateway.make(ofGateway)
  const admin = hasAdmin === false ? undefined : AdminApi.make(gateway, [host, ...adminHosts])
  const rawSockets = new Map<number | undefined, Socket>()
  const reset = resetWith(rawSockets)

  const listener = (incoming: Http.IncomingMessage, outgoing: Http.ServerResponse): void => {
    if (Wire.isStale(incoming.socket)) return reset(incoming.socket)
    readBody(incoming, (body) => {
      if (body === undefined) {
        outgoing.writeHead(413).end()
        return
      }
      const request: Protocol.Request = {
        method: incoming.method ?? "",
        target: incoming.url ?? "",
        headers: pairs(incoming.rawHeaders),
        body
      }
      const administered = admin?.handle(request)
      if (administered !== undefined) return Wire.sendWell(administered, outgoing)
      Wire.answer(gateway.handle(request), outgoing, reset)
    })
  }
  // Idle connections outlive any client's own limit: what ends them early is a fault, and faults are asked for.
  const serverOptions = { keepAlive: true, keepAliveTimeout: 120_000 }
  const server = tls
    ? Https.createServer({ ...serverOptions, ...tls }, listener)
    : Http.createServer(serverOptions, listener)

  server.on("connection", (socket: Socket) => {
    const { remotePort } = socket
    rawSockets.set(remotePort, socket)
    socket.once("close", () => rawSockets.delete(remotePort))
    socket.on("error", () => socket.destroy())
    if (gateway.faults.decideTls()) socket.end("This is not TLS.\r\n")
  })
  // A client that breaks off a handshake or sends no HTTP is no reason to stop.
  server.on("tlsClientError", (_error: Error, socket: Socket) => socket.destroy())

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(wanted, host, () => {
      server.off("error", reject)
      resolve()
    })
  })
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : wanted
  return {
    url: `${tls ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${port}`,
    host,
    port,
    gateway,
    connections: () => rawSockets.size,
    close: () =>
      new Promise((resolve) => {
        gateway.journeys.reset()
        server.close(() => resolve())
        for (const socket of rawSockets.values()) socket.destroy()
      })
  }
}
