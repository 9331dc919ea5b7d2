/** Makes connections: TCP, the proxy's tunnel and TLS, all of it within one time limit. */
import * as net from "node:net"
import * as tls from "node:tls"
import { ConnectTimedOut } from "./connectErrors.ts"
import { authority, type ProxyTo } from "./proxies.ts"
import { openTunnel } from "./tunnel.ts"

export interface DialSettings {
  /** Milliseconds. */
  readonly connectTimeout: number
  readonly proxyTo: ProxyTo
  /** For the service. */
  readonly tls: TlsSettings
  /** For a proxy: the same authorities, but not this client's certificate. */
  readonly proxyTls: TlsSettings
}

export interface TlsSettings {
  readonly ca: ReadonlyArray<string> | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
  readonly servername: string | undefined
  readonly rejectUnauthorized: boolean
}

/** Where a connection leads: as undici names it. */
export interface Target {
  readonly hostname: string
  readonly protocol: string
  readonly port: string
}

export type Done = (...result: [error: null, socket: net.Socket] | [error: Error, socket: null]) => void

/** Begins to connect. Returns what gives it up. `done` is called once, never at once. */
export type Dial = (target: Target, done: Done) => (reason: Error) => void

export const makeDial = (settings: DialSettings): Dial => {
  const secure = makeSecure(settings.tls)
  const secureProxy = makeSecure(settings.proxyTls)
  return (target, done) => {
    const hostname = target.hostname
    const isSecure = target.protocol === "https:"
    const port = target.port === "" ? (isSecure ? 443 : 80) : Number(target.port)
    const attempt = new Attempt(settings.connectTimeout, done)
    const finish = (socket: net.Socket) =>
      isSecure
        ? attempt.secured(secure(hostname, port, socket), (over) => attempt.succeed(over))
        : attempt.succeed(socket)
    const proxy = settings.proxyTo(hostname, port)
    if (proxy === undefined) {
      attempt.opened(open(hostname, port), finish)
      return attempt.fail
    }
    const ask = (socket: net.Socket) =>
      openTunnel(socket, authority(hostname, port), proxy, (refused) =>
        refused === undefined ? finish(socket) : attempt.fail(refused)
      )
    attempt.opened(open(proxy.hostname, proxy.port), (socket) =>
      proxy.isSecure ? attempt.secured(secureProxy(proxy.hostname, proxy.port, socket), ask) : ask(socket)
    )
    return attempt.fail
  }
}

/** One attempt to connect: its sockets, its time, its one end. */
class Attempt {
  readonly #done: Done
  readonly #sockets: Array<net.Socket> = []
  readonly #timer: NodeJS.Timeout
  #isOver = false

  constructor(limit: number, done: Done) {
    this.#done = done
    // A blocked event loop fires the timer late, with the other side's answer already in the socket: read that first.
    this.#timer = setTimeout(() => setImmediate(() => this.fail(new ConnectTimedOut())), limit)
  }

  opened(socket: net.Socket, next: (socket: net.Socket) => void): void {
    this.#keep(socket).once("connect", () => next(socket))
  }

  secured(socket: tls.TLSSocket, next: (socket: net.Socket) => void): void {
    this.#keep(socket).once("secureConnect", () => next(socket))
  }

  succeed(socket: net.Socket): void {
    if (!this.#over()) return
    socket.off("error", this.fail)
    this.#done(null, socket)
  }

  readonly fail = (reason: Error): void => {
    if (!this.#over()) return
    for (const socket of this.#sockets) socket.destroy()
    this.#done(reason, null)
  }

  #keep<S extends net.Socket>(socket: S): S {
    this.#sockets.push(socket)
    if (this.#isOver) socket.destroy()
    // The listeners stay on what lies beneath a TLS connection; afterwards they do nothing.
    return socket.on("error", this.fail)
  }

  #over(): boolean {
    if (this.#isOver) return false
    this.#isOver = true
    clearTimeout(this.#timer)
    return true
  }
}

/** As undici sets up its own sockets. What is `undefined` is said, so that no prototype is asked. */
const open = (host: string, port: number): net.Socket =>
  net
    .connect({
      host,
      port,
      path: undefined,
      localAddress: undefined,
      lookup: undefined,
      typeOfService: undefined
    } as net.TcpNetConnectOpts)
    .setNoDelay(true)
    .setKeepAlive(true, 60_000)

/** TLS over a connection, with the sessions of earlier ones. */
const makeSecure = ({ ca, cert, key, rejectUnauthorized, servername }: TlsSettings) => {
  const sessions = new Map<string, Buffer>()
  let context: tls.SecureContext | undefined
  return (host: string, port: number, socket: net.Socket): tls.TLSSocket => {
    // Reading the authorities takes milliseconds.
    context ??= tls.createSecureContext({ ca: ca && [...ca], cert, key })
    const destination = authority(host, port)
    return tls
      .connect({
        socket,
        host,
        port,
        secureContext: context,
        // Said explicitly, it wins over NODE_TLS_REJECT_UNAUTHORIZED.
        rejectUnauthorized,
        checkServerIdentity: tls.checkServerIdentity,
        servername: servername ?? (net.isIP(host) === 0 ? host : ""),
        ALPNProtocols: ["http/1.1"],
        session: sessions.get(destination)
      })
      .on("session", (session: Buffer) => sessions.set(destination, session))
  }
}
