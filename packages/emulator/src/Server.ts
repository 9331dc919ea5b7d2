/**
 * The gateway on a port, without Effect: for other processes, other languages and benches.
 *
 * @example
 * import * as Server from "@effect-cloudauth/emulator/Server"
 * const server = await Server.start({ port: 0 })
 * server.url // http://127.0.0.1:49152
 * await server.close()
 *
 * @since 0.1.0
 */
import * as OwnOptions from "@effect-cloudauth/core/Options"
import { randomBytes } from "node:crypto"
import * as Http from "node:http"
import * as Https from "node:https"
import type { Socket } from "node:net"
import * as AdminApi from "./AdminApi.ts"
import * as Gateway from "./Gateway.ts"
import * as AdminToken from "./internal/adminToken.ts"
import * as JourneyPage from "./internal/journeyPage.ts"
import { isLoopback } from "./internal/loopback.ts"
import * as Wire from "./internal/wire.ts"
import type * as Protocol from "./Protocol.ts"

/**
 * The options of a server.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options extends Gateway.Options {
  /** 127.0.0.1 unless given. */
  readonly host?: string | undefined
  /** 0, the default, takes a free one. */
  readonly port?: number | undefined
  /** The admin API and the page, on unless `false`. */
  readonly admin?: boolean | undefined
  /** Names by which the admin API may be called besides `host` and those of the loopback. */
  readonly adminHosts?: ReadonlyArray<string> | undefined
  /**
   * What callers of the admin API must send as `authorization: Bearer …`. Left out: nothing on the loopback, else a
   * random token, which the server has as `adminToken`.
   */
  readonly adminToken?: string | undefined
  /** PEM texts; with them the service speaks HTTPS. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined
}

/**
 * A server that listens.
 *
 * @category models
 * @since 0.1.0
 */
export interface Server {
  readonly url: string
  readonly host: string
  readonly port: number
  readonly gateway: Gateway.Gateway
  /** What the admin API asks for; `undefined`: nothing. */
  readonly adminToken: string | undefined
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

/**
 * The keys of `Options`.
 *
 * @category models
 * @since 0.1.0
 */
export const keys: { readonly [K in keyof Required<Options>]: unknown } = {
  ...Gateway.keys,
  host: true,
  port: true,
  admin: true,
  adminHosts: true,
  adminToken: true,
  tls: { key: true, cert: true }
}

/** Answers requests, those of the admin API first. */
const listenerOf =
  (gateway: Gateway.Gateway, admin: AdminApi.AdminApi | undefined, reset: Wire.Reset) =>
  (incoming: Http.IncomingMessage, outgoing: Http.ServerResponse): void => {
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

/** Keeps the open connections, and breaks the TLS of those that a fault strikes. */
const watchConnections = (
  server: Http.Server,
  gateway: Gateway.Gateway,
  rawSockets: Map<number | undefined, Socket>
): void => {
  server.on("connection", (socket: Socket) => {
    const { remotePort } = socket
    rawSockets.set(remotePort, socket)
    socket.once("close", () => rawSockets.delete(remotePort))
    socket.on("error", () => socket.destroy())
    if (gateway.faults.decideTls()) socket.end("This is not TLS.\r\n")
  })
  // Don't stop if a client breaks off a handshake or sends something other than HTTP.
  server.on("tlsClientError", (_error: Error, socket: Socket) => socket.destroy())
}

/** The port that the server has. */
const listen = async (server: Http.Server, wanted: number, host: string): Promise<number> => {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(wanted, host, () => {
      server.off("error", reject)
      resolve()
    })
  })
  const address = server.address()
  return typeof address === "object" && address !== null ? address.port : wanted
}

/** What the admin API asks for. */
const tokenOf = ({ admin, adminToken, host = "127.0.0.1" }: Options): string | undefined => {
  const refusal = adminToken === undefined ? undefined : AdminToken.refusal(adminToken)
  if (refusal !== undefined) throw new TypeError(refusal)
  if (admin === false) return undefined
  return adminToken ?? (isLoopback(host) ? undefined : randomBytes(24).toString("base64url"))
}

/**
 * Listens until `close` is called.
 *
 * @category constructors
 * @since 0.1.0
 */
export const start = async (given: Options = {}): Promise<Server> => {
  const options = OwnOptions.ownOrThrow(keys, given)
  const { admin: hasAdmin, adminHosts = [], host = "127.0.0.1", port: wanted = 0, tls, ...rest } = options
  const { adminToken: _, ...ofGateway } = rest
  const adminToken = tokenOf(options)
  const page = hasAdmin === false ? undefined : JourneyPage.address(tls ? "https" : "http", adminToken)
  const journeys = { ...options.journeys, transactionUrl: options.journeys?.transactionUrl ?? page }
  const gateway = Gateway.make({ ...ofGateway, journeys })
  const admin =
    hasAdmin === false ? undefined : AdminApi.make(gateway, { hosts: [host, ...adminHosts], token: adminToken })
  const rawSockets = new Map<number | undefined, Socket>()
  const listener = listenerOf(gateway, admin, resetWith(rawSockets))
  // Idle connections outlive any client's own limit: only faults end them early.
  const serverOptions = { keepAlive: true, keepAliveTimeout: 120_000 }
  const server = tls
    ? Https.createServer({ ...serverOptions, ...tls }, listener)
    : Http.createServer(serverOptions, listener)
  watchConnections(server, gateway, rawSockets)
  const port = await listen(server, wanted, host)
  return {
    url: `${tls ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${port}`,
    host,
    port,
    gateway,
    adminToken,
    connections: () => rawSockets.size,
    close: () =>
      new Promise((resolve) => {
        gateway.journeys.reset()
        server.close(() => resolve())
        for (const socket of rawSockets.values()) socket.destroy()
      })
  }
}
