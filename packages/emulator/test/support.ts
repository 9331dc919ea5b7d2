/** Signing written out by hand, sharing no code with what is tested, and calls over bare sockets. */
import { createHash, createHmac, randomUUID } from "node:crypto"
import * as Net from "node:net"
import type * as Protocol from "../src/Protocol.ts"

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex")

export interface Signing {
  readonly accessKeyId?: string
  readonly secret?: string
  readonly token?: string
  /** Milliseconds since 1970. */
  readonly now?: number
  readonly host?: string
  /** Replaces headers before signing; `undefined` takes one away. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly method?: string
}

/** Headers of a signed call; `query` is already in canonical form. */
export const signedHeaders = (query: string, options: Signing = {}): Record<string, string> => {
  const accessKeyId = options.accessKeyId ?? "emulator-access-key-id"
  const all: Record<string, string | undefined> = {
    host: options.host ?? "127.0.0.1",
    ...(options.token === undefined
      ? {}
      : { "x-acs-accesskey-id": accessKeyId, "x-acs-security-token": options.token }),
    "x-acs-action": "CheckResult",
    "x-acs-content-sha256": sha256(""),
    "x-acs-date": new Date(options.now ?? Date.now()).toISOString().replace(/\.\d+/, ""),
    "x-acs-signature-nonce": randomUUID(),
    "x-acs-version": "2022-08-09",
    ...options.headers
  }
  const headers = Object.entries(all)
    .flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
    .sort(([one], [other]) => (one < other ? -1 : 1))
  const names = headers.map(([name]) => name).join(";")
  const lines = headers.map(([name, value]) => `${name}:${value}\n`).join("")
  const canonical = [options.method ?? "POST", "/", query, lines, names, sha256("")].join("\n")
  const signature = createHmac("sha256", options.secret ?? "emulator-access-key-secret")
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest("hex")
  return {
    ...Object.fromEntries(headers),
    authorization: `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=${names},Signature=${signature}`
  }
}

export const checkResultQuery = (transactionId: string, more = ""): string =>
  `${more}MerchantBizId=biz1&TransactionId=${encodeURIComponent(transactionId)}`

export const signedRequest = (query: string, options: Signing = {}): Protocol.Request => ({
  method: options.method ?? "POST",
  target: `/?${query}`,
  headers: Object.entries(signedHeaders(query, options)),
  body: new Uint8Array()
})

export const written = (request: Protocol.Request): string =>
  [
    `${request.method} ${request.target} HTTP/1.1`,
    ...request.headers.map(([name, value]) => `${name}: ${value}`),
    "content-length: 0",
    "",
    ""
  ].join("\r\n")

/** How a connection ended, as the other side saw it. */
export interface Seen {
  readonly bytes: Buffer
  readonly text: string
  readonly ended: "fin" | "reset" | "open"
  /** When each piece arrived, in milliseconds after the request. */
  readonly at: ReadonlyArray<number>
}

/** Sends bytes and listens until the other side ends the connection, or until `enough` says so. */
export const overSocket = (port: number, send: string, enough: (text: string) => boolean = () => false) =>
  new Promise<Seen>((resolve) => {
    const pieces: Array<Buffer> = []
    const at: Array<number> = []
    const started = performance.now()
    const socket = Net.connect({ port, host: "127.0.0.1", allowHalfOpen: true }, () => socket.write(send))
    const done = (ended: Seen["ended"]) => {
      socket.destroy()
      const bytes = Buffer.concat(pieces)
      resolve({ bytes, text: bytes.toString("latin1"), ended, at })
    }
    socket.on("data", (piece: Buffer) => {
      pieces.push(piece)
      at.push(performance.now() - started)
      if (enough(Buffer.concat(pieces).toString("latin1"))) done("open")
    })
    socket.on("end", () => done("fin"))
    socket.on("error", () => done("reset"))
  })
