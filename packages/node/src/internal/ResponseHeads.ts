/**
 * Makes heads of responses fit for undici, which fails on two things that HTTP allows: `100 Continue` without a request
 * for it (RFC 9110, 15.2), and a `Content-Length` that comes twice with the same value (RFC 9112, 6.3).
 */
import type * as net from "node:net"

/** The longest head that is held until it is whole: undici takes no longer one. */
const longestHead = 16_384

const endOfHead = "\r\n\r\n"

/** Stands between a socket and the one who reads from it. */
export class ResponseHeads {
  #isExpected = false
  #held: Buffer | undefined

  constructor(socket: net.Socket) {
    const read = socket.read.bind(socket)
    socket.read = (size?: number) => this.#filtered(read(size))
  }

  /** A request is sent: what arrives now begins with the head of its response. */
  expect(): void {
    this.#isExpected = true
  }

  #filtered(chunk: Buffer | null): Buffer | null {
    if (chunk === null || !this.#isExpected) return chunk
    let bytes = this.#held === undefined ? chunk : Buffer.concat([this.#held, chunk])
    this.#held = undefined
    for (;;) {
      const end = bytes.indexOf(endOfHead)
      if (end < 0) return this.#hold(bytes)
      if (!isInformational(bytes)) {
        this.#isExpected = false
        return withOneLength(bytes, end)
      }
      bytes = bytes.subarray(end + endOfHead.length)
    }
  }

  /** Holds the beginning of a head. Malformed bytes go on, so that undici refuses them at once. */
  #hold(bytes: Buffer): Buffer | null {
    if (bytes.length > longestHead || bytes.includes("\n\n") || !isBeginning(bytes)) {
      this.#isExpected = false
      return bytes
    }
    if (bytes.length > 0) this.#held = bytes
    return null
  }
}

const isBeginning = (bytes: Buffer): boolean => {
  const text = bytes.toString("latin1", 0, 7)
  return "HTTP/1.".startsWith(text)
}

/** 1xx without 101, after which it would be HTTP no longer. */
const isInformational = (bytes: Buffer): boolean => {
  const status = bytes.toString("latin1", 9, 12)
  return status.startsWith("1") && status !== "101"
}

const lengthName = "\r\ncontent-length:"

const withOneLength = (bytes: Buffer, end: number): Buffer => {
  const head = bytes.toString("latin1", 0, end)
  const lower = head.toLowerCase()
  const first = lower.indexOf(lengthName)
  if (first < 0) return bytes
  const next = lower.indexOf("\r\n", first + 2)
  const hasMore = lower.includes(lengthName, first + 2) || lower.slice(first, next < 0 ? undefined : next).includes(",")
  return hasMore ? merged(bytes, head, end) : bytes
}

/** Leaves one length of several equal ones. Different ones stay: undici refuses them. */
const merged = (bytes: Buffer, head: string, end: number): Buffer => {
  const lines = head.split("\r\n")
  const isLength = (line: string) => line.toLowerCase().startsWith("content-length:")
  const values = lines.filter(isLength).flatMap((line) => line.slice(15).split(","))
  const lengths = new Set(values.map((value) => value.trim()))
  const [length = ""] = lengths
  if (lengths.size !== 1 || !/^\d{1,15}$/.test(length)) return bytes
  const others = lines.filter((line) => !isLength(line))
  return Buffer.concat([
    Buffer.from([...others, `content-length: ${length}`].join("\r\n"), "latin1"),
    bytes.subarray(end)
  ])
}
