/** A web-standard handler as a handler of Node's own servers. */
import type { IncomingMessage, ServerResponse } from "node:http"
import { Readable } from "node:stream"

/** What servers on top of Node's add to a request. */
interface Extended extends IncomingMessage {
  /** The path before a router cut off its own part, in Express. */
  readonly originalUrl?: string
  /** What a parser has read already. */
  readonly body?: unknown
}

const bodyOf = (request: Extended): BodyInit | null => {
  if (request.method !== "POST") return null
  const { body } = request
  if (typeof body === "string" || body instanceof Uint8Array) return new Uint8Array(Buffer.from(body))
  if (typeof body === "object" && body !== null && request.readableEnded) return JSON.stringify(body)
  // Node's web streams are those of the DOM's types.
  return request.readableEnded ? null : (Readable.toWeb(request) as unknown as ReadableStream<Uint8Array>)
}

const requestOf = (request: Extended): Request => {
  const path = request.originalUrl ?? request.url ?? "/"
  const url = URL.canParse(path, "http://localhost") ? new URL(path, "http://localhost") : "http://localhost/"
  const body = bodyOf(request)
  const init = { method: request.method ?? "GET", body, ...(body instanceof ReadableStream ? { duplex: "half" } : {}) }
  return new Request(url, init)
}

/**
 * Makes a handler for `node:http`, Express and Connect of a web-standard one. A body that a parser has read already is taken as it
 * was parsed. An error goes to `next`; without one the answer is 500.
 *
 * @category combinators
 * @since 0.1.0
 */
export const nodeHandler =
  (handler: (request: Request) => Promise<Response>) =>
  async (request: IncomingMessage, response: ServerResponse, next?: (error: unknown) => void): Promise<void> => {
    const answer = (status: number, headers?: Headers): void => {
      // A middleware's time limit may have answered meanwhile.
      if (!response.headersSent) response.writeHead(status, Object.fromEntries(headers ?? [])).end()
    }
    // No `Request` can have this method.
    if (request.method === "TRACE") return answer(405)
    try {
      const { headers, status } = await handler(requestOf(request))
      answer(status, headers)
    } catch (error) {
      if (next !== undefined) return next(error)
      answer(500)
    }
  }
