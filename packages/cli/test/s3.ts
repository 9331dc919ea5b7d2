/**
 * A stand-in for S3-compatible storage that checks what the real ones check: the signature (version 4, written out here
 * from its specification and sharing no code with the client), the checksum of the body, and the clock.
 */
import { createHash, createHmac } from "node:crypto"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { createServer as createSecureServer } from "node:https"

export const keys = { accessKeyId: "S3KEYID", accessKeySecret: "S3SECRETCANARY", sessionToken: "S3TOKENCANARY" }

const sha256 = (content: Buffer | string): string => createHash("sha256").update(content).digest("hex")
const hmac = (key: Buffer | string, text: string): Buffer => createHmac("sha256", key).update(text).digest()

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

/** Why a request is refused; `undefined` if it is accepted. */
const refusal = (request: IncomingMessage, body: Buffer, region: string): string | undefined => {
  const header = (name: string) => String(request.headers[name] ?? "")
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      header("authorization")
    )
  if (match === null) return "AuthorizationHeaderMalformed"
  const [, id = "", date = "", signedRegion = "", signedHeaders = "", signature = ""] = match
  if (id !== keys.accessKeyId) return "InvalidAccessKeyId"
  if (signedRegion !== region) return "AuthorizationRegionMismatch"
  if (header("x-amz-security-token") !== keys.sessionToken) return "InvalidToken"
  const stamp = header("x-amz-date")
  const time = Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"))
  if (!(Math.abs(Date.now() - time) < 15 * 60_000)) return "RequestTimeTooSkewed"
  const declared = header("x-amz-content-sha256")
  // S3 allows UNSIGNED-PAYLOAD; an image shall be signed.
  if (request.method === "PUT" && declared !== sha256(body)) return "XAmzContentSHA256Mismatch"
  const names = signedHeaders.split(";")
  for (const needed of ["host", "x-amz-content-sha256", "x-amz-date"])
    if (!names.includes(needed)) return "AccessDenied"
  const url = new URL(request.url ?? "/", "http://x")
  const path = url.pathname
    .split("/")
    .map((part) => encode(decodeURIComponent(part)))
    .join("/")
  const query = [...url.searchParams]
    .map(([k, v]) => `${encode(k)}=${encode(v)}`)
    .sort()
    .join("&")
  const canonical = [
    request.method,
    path,
    query,
    ...names.map((name) => `${name}:${header(name).trim()}`),
    "",
    signedHeaders,
    declared
  ].join("\n")
  const scope = `${date}/${region}/s3/aws4_request`
  const toSign = ["AWS4-HMAC-SHA256", stamp, scope, sha256(canonical)].join("\n")
  const key = ["s3", "aws4_request"].reduce(
    (key, part) => hmac(key, part),
    hmac(hmac(`AWS4${keys.accessKeySecret}`, date), region)
  )
  return hmac(key, toSign).toString("hex") === signature ? undefined : "SignatureDoesNotMatch"
}

type Misfortune =
  | number
  | "reset"
  | "silence"
  | { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> }

const befall = (failure: Misfortune, request: IncomingMessage, response: ServerResponse): void => {
  if (failure === "silence") return
  // A reset goes with plain TCP alone.
  if (failure === "reset") {
    return void ("encrypted" in request.socket ? request.socket.destroy() : request.socket.resetAndDestroy())
  }
  const { body, headers, status } = typeof failure === "number" ? { status: failure } : failure
  response.writeHead(status, headers).end(body)
}

export interface S3 {
  readonly url: string
  /** Objects by path: `/bucket/key`. */
  readonly objects: Map<string, { readonly body: Buffer; readonly type: string }>
  readonly refusals: Array<string>
  /** What the next requests get instead: a status, with a body if it has one, a reset, or nothing at all. */
  readonly failures: Array<Misfortune>
  /** How many requests came. */
  readonly requests: () => number
  readonly close: () => Promise<void>
}

/** With a certificate over `https:`. */
export const startS3 = (region: string, tls?: { readonly certificate: string; readonly key: string }): Promise<S3> =>
  new Promise((resolve) => {
    const objects: S3["objects"] = new Map()
    const refusals: Array<string> = []
    const failures: S3["failures"] = []
    let requests = 0
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      requests += 1
      const chunks: Array<Buffer> = []
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      request.on("end", () => {
        const body = Buffer.concat(chunks)
        const failure = failures.shift()
        if (failure !== undefined) return befall(failure, request, response)
        const why = refusal(request, body, region)
        if (why !== undefined) {
          refusals.push(why)
          return void response
            .writeHead(403, { "content-type": "application/xml" })
            .end(`<Error><Code>${why}</Code></Error>`)
        }
        const path = new URL(request.url ?? "/", "http://x").pathname
        if (request.method === "PUT") {
          objects.set(path, { body, type: String(request.headers["content-type"]) })
          return void response.writeHead(200, { etag: '"x"' }).end()
        }
        if (request.method === "DELETE") {
          objects.delete(path)
          return void response.writeHead(204).end()
        }
        const object = objects.get(path)
        if (object === undefined) return void response.writeHead(404).end()
        response.writeHead(200, { "content-type": object.type }).end(object.body)
      })
    }
    const server =
      tls === undefined ? createServer(listener) : createSecureServer({ cert: tls.certificate, key: tls.key }, listener)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      resolve({
        url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
        requests: () => requests,
        objects,
        refusals,
        failures,
        close: () =>
          new Promise((closed) => {
            server.closeAllConnections()
            server.close(() => closed())
          })
      })
    })
  })
