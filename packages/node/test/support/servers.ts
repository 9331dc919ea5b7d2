/** Servers on loopback for the tests; each closes with its scope. */
import * as http from "node:http"
import * as https from "node:https"
import * as net from "node:net"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { generate } from "selfsigned"

export interface Loopback {
  readonly port: number
  readonly origin: string
  /** How many connections were ever made. */
  readonly opened: () => number
  /** How many are open now. */
  readonly open: () => number
}

const listen = (server: net.Server, scheme: string): Effect.Effect<Loopback, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.promise(
      () =>
        new Promise<Loopback & { readonly close: () => void }>((resolve, reject) => {
          const sockets = new Set<net.Socket>()
          let opened = 0
          server.on("connection", (socket) => {
            socket.on("error", () => {})
            opened++
            sockets.add(socket)
            socket.once("close", () => sockets.delete(socket))
          })
          server.once("error", reject)
          server.listen(0, "127.0.0.1", () => {
            const address = server.address()
            const port = typeof address === "object" && address !== null ? address.port : 0
            resolve({
              port,
              origin: `${scheme}://127.0.0.1:${port}`,
              opened: () => opened,
              open: () => sockets.size,
              close: () => {
                server.close()
                for (const socket of sockets) socket.destroy()
              }
            })
          })
        })
    ),
    ({ close }) => Effect.sync(close)
  )

export type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void

export const httpServer = (handler: Handler) => listen(http.createServer(handler), "http")

/** A server that writes bytes as the test says. */
export const netServer = (serve: (socket: net.Socket) => void) => listen(net.createServer(serve), "http")

export interface Certificate {
  readonly cert: string
  readonly key: string
}

/** A certificate authority, and certificates that it signs. */
export const authority = Effect.promise(async () => {
  const ca = await generate([{ name: "commonName", value: "Test Authority" }], {
    algorithm: "sha256",
    keyType: "ec",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, digitalSignature: true, critical: true }
    ]
  })
  const issue = async (...names: ReadonlyArray<string>): Promise<Certificate> => {
    const issued = await generate([{ name: "commonName", value: names[0] ?? "test" }], {
      algorithm: "sha256",
      keyType: "ec",
      ca: { key: ca.private, cert: ca.cert },
      extensions: [
        { name: "basicConstraints", cA: false },
        {
          name: "subjectAltName",
          altNames: names.map((name) =>
            net.isIP(name) === 0 ? ({ type: 2, value: name } as const) : ({ type: 7, ip: name } as const)
          )
        }
      ]
    })
    return { cert: issued.cert, key: issued.private }
  }
  return { cert: ca.cert, issue }
})

export const httpsServer = (options: https.ServerOptions, handler: Handler) =>
  listen(https.createServer(options, handler), "https")

/** Connects a tunnel's client to the port that it asked for: every name is this machine's. */
export const openTunnel = (url: string, client: net.Socket, answer = "HTTP/1.1 200 Connection Established\r\n\r\n") => {
  const upstream = net.connect(Number(url.split(":").at(-1)), "127.0.0.1", () => {
    client.write(answer)
    upstream.pipe(client).pipe(upstream)
  })
  upstream.on("error", () => client.destroy())
  client.on("error", () => upstream.destroy())
  client.on("close", () => upstream.destroy())
}

/** A proxy that does with `CONNECT` what the test says. */
export const connectServer = (connect: (url: string, client: net.Socket) => void, certificate?: Certificate) => {
  const server = certificate === undefined ? http.createServer() : https.createServer(certificate)
  server.on("connect", (request: http.IncomingMessage, client: net.Socket) => {
    client.on("error", () => {})
    connect(request.url ?? "", client)
  })
  return listen(server, certificate === undefined ? "http" : "https")
}

/** Variables that name a proxy, all of them missing. */
export const noProxyVariables = {
  HTTP_PROXY: undefined,
  HTTPS_PROXY: undefined,
  NO_PROXY: undefined,
  http_proxy: undefined,
  https_proxy: undefined,
  no_proxy: undefined
}

/** A proxy that tunnels (CONNECT), and forwards plain requests. Notes what it was asked for. */
export const proxyServer = (seen: Array<string>, authorization?: string) => {
  const isAllowed = (request: http.IncomingMessage) =>
    authorization === undefined || request.headers["proxy-authorization"] === authorization
  const server = http.createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    if (!isAllowed(request)) {
      response.writeHead(407).end()
      return
    }
    request.pipe(
      http.request(request.url ?? "", { method: request.method, headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      })
    )
  })
  server.on("connect", (request: http.IncomingMessage, client: net.Socket) => {
    seen.push(`CONNECT ${request.url}`)
    if (!isAllowed(request)) {
      client.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
      return
    }
    openTunnel(request.url ?? "", client)
  })
  return listen(server, "http")
}

/** Waits in real time until something holds, looking every few milliseconds; fails after a minute. */
export const eventually = (what: string, holds: () => boolean, every = 5): Effect.Effect<void> =>
  Effect.promise(async () => {
    const end = Date.now() + 60_000
    while (!holds()) {
      if (Date.now() > end) throw new Error(`it never held: ${what}`)
      await new Promise((resolve) => setTimeout(resolve, every))
    }
  })

/** Sets variables of the environment for the duration of an effect; `undefined` removes one. */
export const withEnvironment =
  (variables: Readonly<Record<string, string | undefined>>) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
    const assign = (values: Readonly<Record<string, string | undefined>>) => {
      for (const [name, value] of Object.entries(values)) {
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
      }
    }
    return Effect.acquireUseRelease(
      Effect.sync(() => {
        const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]))
        assign(variables)
        return before
      }),
      () => effect,
      (before) => Effect.sync(() => assign(before))
    )
  }
