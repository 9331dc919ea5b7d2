/**
 * A proxy that records real answers. It takes calls signed with the emulator's test keys, signs them again with real credentials for the
 * real endpoint, and writes each answer as one line.
 *
 * @example
 * import * as Recorder from "@effect-cloudauth/emulator/Recorder"
 * const recorder = await Recorder.start({
 *   upstream: "https://cloudauth-intl.cn-hongkong.aliyuncs.com",
 *   credentials: { accessKeyId: "...", accessKeySecret: "..." },
 *   file: "answers.jsonl"
 * })
 *
 * @since 0.1.0
 */
import * as OwnOptions from "@effect-cloudauth/core/Options"
import { appendFileSync, closeSync, openSync } from "node:fs"
import * as Http from "node:http"
import * as Gateway from "./Gateway.ts"
import { confidential } from "./internal/loopback.ts"
import { requireMarkedKey } from "./internal/marks.ts"
import { sign } from "./internal/sign.ts"
import * as Protocol from "./Protocol.ts"
import * as Recording from "./Recording.ts"
import * as Verification from "./Verification.ts"

/**
 * The options of a recorder.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** `https:` only, except on the loopback. */
  readonly upstream: string
  /** The access key that the real endpoint knows; temporary keys have a security token. */
  readonly credentials: {
    readonly accessKeyId: string
    readonly accessKeySecret: string
    readonly securityToken?: string | undefined
  }
  readonly file: string
  /** `true` writes everything as it came: people's data and images. */
  readonly reveal?: boolean | undefined
  readonly host?: string | undefined
  readonly port?: number | undefined
  /** The emulator's key that callers sign with; it begins with `emulator-`. */
  readonly accessKeyId?: string | undefined
  readonly accessKeySecret?: string | undefined
}

/**
 * A recorder that listens.
 *
 * @category models
 * @since 0.1.0
 */
export interface Recorder {
  readonly url: string
  readonly close: () => Promise<void>
}

const keptHeaders = ["content-type", "x-acs-retry-after"]

const optionKeys: OwnOptions.Keys<Options> = {
  upstream: true,
  credentials: { accessKeyId: true, accessKeySecret: true, securityToken: true },
  file: true,
  reveal: true,
  host: true,
  port: true,
  accessKeyId: true,
  accessKeySecret: true
}

/** What one recorder works with. */
interface Parts {
  readonly options: Options
  readonly upstream: URL
  readonly key: Verification.Key
  readonly nonces: Verification.NonceMemory
  /** The descriptor of the open file. */
  readonly file: number
}

/** Asks the real service, signed with the real credentials. */
const ask = async ({ options, upstream }: Parts, request: Protocol.Request, query: string) => {
  const signed = sign(options.credentials, {
    host: upstream.host,
    action: Protocol.header(request, "x-acs-action") ?? "",
    version: Protocol.header(request, "x-acs-version") ?? "",
    query,
    now: Date.now()
  })
  const answer = await fetch(new URL(signed.target, upstream), {
    method: "POST",
    // fetch writes the host itself, and it is the one that was signed.
    headers: signed.headers.filter(([name]) => name !== "host").map(([name, value]) => [name, value]),
    redirect: "manual"
  })
  const headers = keptHeaders.flatMap((name) => {
    const value = answer.headers.get(name)
    return value === null ? [] : [[name, value] as const]
  })
  return { status: answer.status, headers, body: Buffer.from(await answer.arrayBuffer()) }
}

/** Passes one call on, and writes its answer. */
const forward = async (parts: Parts, request: Protocol.Request): Promise<Protocol.Response> => {
  const { file, key, nonces, options } = parts
  const outcome = Verification.verify(request, {
    findKey: (id) => (id === key.accessKeyId ? key : undefined),
    nonces,
    now: Date.now()
  })
  if (outcome._tag === "Refused") {
    const { code, message } = outcome
    return { status: 400, headers: [], body: Buffer.from(JSON.stringify({ Code: code, Message: message })) }
  }
  const { query } = Protocol.splitTarget(request.target)
  const { body, headers, status } = await ask(parts, request, query)
  const parameters = new Map(Protocol.parsePairs(query) ?? [])
  const entry: Recording.Entry = {
    time: Date.now(),
    masked: false,
    transactionId: parameters.get("TransactionId") ?? "",
    isReturnImage: parameters.get("IsReturnImage") === "Y",
    status,
    headers: Object.fromEntries(headers),
    body: body.toString("utf8")
  }
  appendFileSync(file, `${JSON.stringify(options.reveal === true ? entry : Recording.mask(entry))}\n`)
  return { status, headers, body }
}

const listenerOf = (parts: Parts) => (incoming: Http.IncomingMessage, outgoing: Http.ServerResponse) => {
  // Both operations carry everything in the query; a body is not taken.
  incoming.resume()
  const headers: Array<readonly [string, string]> = []
  for (let index = 0; index + 1 < incoming.rawHeaders.length; index += 2) {
    headers.push([incoming.rawHeaders[index] ?? "", incoming.rawHeaders[index + 1] ?? ""])
  }
  const request = { method: incoming.method ?? "", target: incoming.url ?? "", headers, body: new Uint8Array() }
  forward(parts, request).then(
    (response) => outgoing.writeHead(response.status, response.headers.flat()).end(response.body),
    // The cause may hold the signed request: it stays here.
    () =>
      outgoing.writeHead(502).end(JSON.stringify({ Code: "ServiceUnavailable", Message: "No answer from upstream." }))
  )
}

/**
 * Records until `close` is called. Throws `TypeError` for an upstream that others could listen to.
 *
 * @category constructors
 * @since 0.1.0
 */
export const start = async (given: Options): Promise<Recorder> => {
  const options = OwnOptions.ownOrThrow(optionKeys, given)
  const upstream = confidential(options.upstream)
  if (upstream === undefined) throw new TypeError("upstream must be an https: URL")
  const key = {
    accessKeyId: options.accessKeyId ?? Gateway.defaultAccessKeyId,
    accessKeySecret: options.accessKeySecret ?? Gateway.defaultAccessKeySecret
  }
  requireMarkedKey(key.accessKeyId)
  // Only its owner may read it, masked or not.
  const file = openSync(options.file, "a", 0o600)
  const server = Http.createServer(listenerOf({ options, upstream, key, nonces: Verification.nonceMemory(), file }))
  const host = options.host ?? "127.0.0.1"
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(options.port ?? 0, host, resolve)
  })
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return {
    url: `http://${host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          closeSync(file)
          resolve()
        })
        server.closeAllConnections()
      })
  }
}
