/** Responses as servers and proxies send them, and what a client must make of each. */
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib"

/** What becomes of a response: how its body was read, or the failure's tag. */
export type Outcome = "read" | "empty" | "read in part" | "still encoded" | (string & {})

export interface Case {
  readonly name: string
  /** What the server writes, in these pieces; then it ends the connection if `ends`. */
  readonly pieces: ReadonlyArray<string | Uint8Array>
  readonly ends?: boolean
  /** What `NodeTransport` makes of it. */
  readonly expected: Outcome
}

/** The body, if there is one. */
export const text = '{"RequestId":"R","Code":"Success"}'

export const maxBodyBytes = 100_000

const head = (status: string, ...lines: ReadonlyArray<string>) => `HTTP/1.1 ${[status, ...lines].join("\r\n")}\r\n\r\n`

const whole = head("200 OK", `content-length: ${text.length}`) + text

const encoded = (coding: string, body: Uint8Array, expected: Outcome = "read"): Case => ({
  name: `content-encoding: ${coding}`,
  pieces: [head("200 OK", `content-encoding: ${coding}`, `content-length: ${body.byteLength}`), body],
  expected
})

const informational = (status: string): Case => ({
  name: `${status} first, unasked`,
  pieces: [head(status) + whole],
  expected: "read"
})

const empty = (status: string, ...lines: ReadonlyArray<string>): Case => ({
  name: [status, ...lines].join(", "),
  pieces: [head(status, ...lines)],
  expected: "empty"
})

const lengths = (name: string, ...lines: ReadonlyArray<string>): Case => ({
  name,
  pieces: [head("200 OK", ...lines) + text],
  expected: "read"
})

const chunk = (part: string, extension = "") => `${part.length.toString(16)}${extension}\r\n${part}\r\n`

const chunked = "transfer-encoding: chunked"

export const cases: ReadonlyArray<Case> = [
  encoded("gzip", gzipSync(text)),
  encoded("x-gzip", gzipSync(text)),
  encoded("deflate", deflateSync(text)),
  { ...encoded("deflate", deflateRawSync(text)), name: "content-encoding: deflate, without zlib's frame" },
  encoded("br", brotliCompressSync(text)),
  encoded("zstd", zstdCompressSync(text)),
  encoded("gzip, br", brotliCompressSync(gzipSync(text))),
  encoded("identity", Buffer.from(text)),
  { ...encoded("gzip", gzipSync(Buffer.alloc(maxBodyBytes + 1)), "BodyTooLarge"), name: "gzip of more than the limit" },
  { ...encoded("gzip", gzipSync(text).subarray(0, 30), "ConnectionFailed"), name: "gzip that is cut off" },
  encoded("unheard-of", Buffer.from(text), "UnknownCoding"),
  informational("100 Continue"),
  informational("102 Processing"),
  informational("103 Early Hints"),
  {
    name: "100 Continue in pieces, then 102 twenty times",
    pieces: ["HTTP/1.1 100 Con", "tinue\r\n\r", `\n${head("102 Processing").repeat(20)}HTTP/1.1 2`, whole.slice(10)],
    expected: "read"
  },
  {
    name: "101 Switching Protocols",
    pieces: [head("101 X", "upgrade: x", "connection: upgrade")],
    expected: "ConnectionFailed"
  },
  empty("204 No Content"),
  empty("205 Reset Content", "content-length: 0"),
  empty("304 Not Modified"),
  empty("200 OK", "content-length: 0"),
  empty("204 No Content", "content-encoding: gzip"),
  { name: "HTTP/1.0", pieces: [`HTTP/1.0 200 OK\r\n\r\n${text}`], ends: true, expected: "read" },
  {
    name: "HTTP/1.0 that ends within its content-length",
    pieces: [`HTTP/1.0 200 OK\r\ncontent-length: ${text.length}\r\n\r\n${text.slice(1)}`],
    ends: true,
    expected: "ConnectionFailed"
  },
  {
    name: "a body up to the connection's end",
    pieces: [head("200 OK", "connection: close") + text],
    ends: true,
    expected: "read"
  },
  lengths("the same content-length twice", `content-length: ${text.length}`, `Content-Length:${text.length}`),
  lengths("the same content-length twice in a line", `content-length: ${text.length}, ${text.length}`),
  {
    ...lengths("two different content-lengths", `content-length: ${text.length}`, "content-length: 5"),
    expected: "ConnectionFailed"
  },
  {
    ...lengths("content-length and chunks", "content-length: 5", chunked),
    pieces: [head("200 OK", "content-length: 5", chunked) + chunk(text) + chunk("")],
    expected: "ConnectionFailed"
  },
  {
    name: "chunks with extensions",
    pieces: [head("200 OK", chunked) + chunk(text, ";a=b") + chunk("")],
    expected: "read"
  },
  {
    name: "chunks with trailers",
    pieces: [head("200 OK", chunked, "trailer: x-sum") + chunk(text) + "0\r\nx-sum: 1\r\n\r\n"],
    expected: "read"
  },
  {
    name: "chunks that are cut off",
    pieces: [head("200 OK", chunked) + chunk(text)],
    ends: true,
    expected: "ConnectionFailed"
  },
  { name: "a head in pieces", pieces: [...whole].slice(0, 40).concat(whole.slice(40)), expected: "read" },
  { name: "no HTTP", pieces: ["SSH-2.0-server\r\n"], expected: "ConnectionFailed" }
]
