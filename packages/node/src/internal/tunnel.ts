/** Asks a proxy for a tunnel. undici's own proxy agent bounds neither this wait nor takes a status other than 200. */
import type * as net from "node:net"
import { ProxyFailed, ProxyRefusal } from "./connectErrors.ts"
import type { Proxy } from "./proxies.ts"

/** The longest answer to `CONNECT` that is read, in bytes. */
const longestAnswer = 65_536

/**
 * Sends `CONNECT` for `target` (host and port) over a connection to the proxy. Calls `done` once, at the latest when the
 * socket closes.
 */
export const openTunnel = (
  socket: net.Socket,
  target: string,
  proxy: Proxy,
  done: (refused: Error | undefined) => void
): void => {
  let received: Buffer = Buffer.alloc(0)
  const end = (refused: Error | undefined) => {
    socket.off("readable", read).off("end", fail).off("close", fail)
    done(refused)
  }
  const fail = () => end(new ProxyFailed())
  const read = () => {
    for (let chunk: unknown = socket.read(); Buffer.isBuffer(chunk); chunk = socket.read()) {
      received = Buffer.concat([received, chunk])
    }
    const answer = answerOf(received)
    if (answer === undefined) return received.length > longestAnswer ? fail() : undefined
    if (answer === "unreadable") return fail()
    if (answer.status < 200 || answer.status > 299) return end(new ProxyRefusal(proxy.shown, answer.status))
    if (answer.rest.length > 0) socket.unshift(answer.rest)
    end(undefined)
  }
  socket.on("readable", read).on("end", fail).on("close", fail)
  const authorization = proxy.authorization === undefined ? "" : `Proxy-Authorization: ${proxy.authorization}\r\n`
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${authorization}\r\n`, "latin1")
}

/**
 * The final answer at the beginning of `bytes`, and what follows it; `undefined` if it is not whole yet. Old proxies end
 * lines with a line feed alone.
 */
const answerOf = (bytes: Buffer): { readonly status: number; readonly rest: Buffer } | "unreadable" | undefined => {
  const text = bytes.toString("latin1")
  const end = /\r?\n\r?\n/.exec(text)
  if (end === null) return undefined
  const status = /^HTTP\/1\.[01] (\d{3})[ \r\n]/.exec(text)?.[1]
  if (status === undefined) return "unreadable"
  const rest = bytes.subarray(end.index + end[0].length)
  return status.startsWith("1") && status !== "101" ? answerOf(rest) : { status: Number(status), rest }
}
