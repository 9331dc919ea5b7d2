import { type ServerResponse, STATUS_CODES } from "node:http"
import type { Socket } from "node:net"
import * as Fault from "../Fault.ts"
import type * as Gateway from "../Gateway.ts"
import type * as Protocol from "../Protocol.ts"

// Between the last bytes and the reset, so that the other side can see the bytes first.
const beforeResetMillis = 10

/** Resets the connection: RST instead of FIN. */
export type Reset = (socket: Socket) => void

const stale = new WeakSet<Socket>()

/** Whether the next request over this connection is to be met with a reset. */
export const isStale = (socket: Socket): boolean => stale.has(socket)

const head = (response: Protocol.Response, contentLength: number): string =>
  [
    `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ""}`,
    ...response.headers.map(([name, value]) => `${name}: ${value}`),
    `content-length: ${contentLength}`,
    "connection: keep-alive",
    "",
    ""
  ].join("\r\n")

/** Writes bytes past Node's own HTTP writer, which would keep us from being wrong. */
const writeRaw = (socket: Socket, bytes: string | Uint8Array, then: () => void): void => {
  socket.write(bytes, () => then())
}

/** Sends an answer as it should be. */
export const sendWell = (response: Protocol.Response, out: ServerResponse): void => {
  out.sendDate = false
  out.writeHead(response.status, [...response.headers.flat(), "content-length", String(response.body.length)])
  out.end(response.body)
}

const sendSlowly = (
  response: Protocol.Response,
  out: ServerResponse,
  fault: Extract<Fault.Fault, { _tag: "SlowBody" }>
): void => {
  out.sendDate = false
  out.writeHead(response.status, [...response.headers.flat(), "content-length", String(response.body.length)])
  out.flushHeaders()
  const size = Math.max(1, fault.chunkBytes)
  let sent = 0
  const timer = setInterval(() => {
    if (sent >= response.body.length) {
      clearInterval(timer)
      out.end()
      return
    }
    out.write(response.body.subarray(sent, sent + size))
    sent += size
  }, fault.everyMillis)
  out.once("close", () => clearInterval(timer))
}

const reset = (
  response: Protocol.Response,
  socket: Socket,
  at: Extract<Fault.Fault, { _tag: "Reset" }>["at"],
  resetSocket: Reset
): void => {
  if (at === "before-headers") return resetSocket(socket)
  const whole = head(response, response.body.length)
  const resetSoon = () => void setTimeout(() => resetSocket(socket), beforeResetMillis)
  switch (at) {
    case "within-headers":
      return writeRaw(socket, whole.slice(0, Math.floor(whole.length / 2)), resetSoon)
    case "after-headers":
      return writeRaw(socket, whole, resetSoon)
    case "within-body":
      return writeRaw(
        socket,
        Buffer.concat([Buffer.from(whole), response.body.subarray(0, Math.ceil(response.body.length / 2))]),
        resetSoon
      )
  }
}

const send = (exchange: Gateway.Exchange, out: ServerResponse, resetSocket: Reset): void => {
  const { faults, response } = exchange
  const { socket } = out
  // The caller has gone away while the answer was delayed.
  if (socket === null || socket.destroyed) return

  if (Fault.find(faults, "DroppedAnswer")) return
  const resets = Fault.find(faults, "Reset")
  if (resets) return reset(response, socket, resets.at, resetSocket)
  const truncated = Fault.find(faults, "TruncatedBody")
  if (truncated) {
    const part = response.body.subarray(0, Math.floor(response.body.length * truncated.keep))
    return writeRaw(socket, Buffer.concat([Buffer.from(head(response, response.body.length)), part]), () =>
      socket.destroySoon()
    )
  }
  const wrongLength = Fault.find(faults, "WrongContentLength")
  if (wrongLength) {
    const claimed = Math.max(0, response.body.length + wrongLength.by)
    return writeRaw(socket, Buffer.concat([Buffer.from(head(response, claimed)), response.body]), () =>
      socket.destroySoon()
    )
  }
  if (Fault.find(faults, "DuplicatedAnswer")) {
    const copy = Buffer.concat([Buffer.from(head(response, response.body.length)), response.body])
    out.once("finish", () => {
      if (!socket.destroyed) socket.write(copy)
    })
  }
  const halfClose = Fault.find(faults, "HalfClose")
  if (halfClose?.when === "next-request") stale.add(socket)
  else if (halfClose) out.once("finish", () => socket.end())
  const slow = Fault.find(faults, "SlowBody")
  if (slow) return sendSlowly(response, out, slow)
  sendWell(response, out)
}

/** Sends an answer with all the faults that only a socket can have. */
export const answer = (exchange: Gateway.Exchange, out: ServerResponse, resetSocket: Reset): void => {
  out.once("close", exchange.finished)
  // A caller that goes away in the middle is what faults are about, and no error of ours.
  out.on("error", () => {})
  if (exchange.delayMillis <= 0) return send(exchange, out, resetSocket)
  const timer = setTimeout(() => send(exchange, out, resetSocket), exchange.delayMillis)
  out.once("close", () => clearTimeout(timer))
}
