/**
 * A proxy that records real answers. It takes calls signed with the emulator's test keys, signs them anew with real credentials for the
 * real endpoint, and writes each answer as one line.
 *
 * @example
 * import * as Recorder from "@effect-cloudauth/emulator/Recorder"
 * const recorder = await Recorder.start({
 *   upstream: "https://cloudauth-intl.cn-hongkong.aliyuncs.com",
 *   credentials: { accessKeyId: "...", accessKeySecret: "..." },
 *   file: "answers.jsonl"
 * })
 */
import { appendFileSync, closeSync, openSync } from "node:fs"
import * as Http from "node:http"
import * as Gateway from "./Gateway.ts"
import { confidential } from "./internal/loopback.ts"
import { type Keys, own } from "./internal/ownOptions.ts"
import { sign } from "./internal/sign.ts"
import * as Protocol from "./Protocol.ts"
import * as Recording from "./Recording.ts"
import * as Verification from "./Verification.ts"

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
  /** `true` writes everything as it came: people's data and photographs. */
  readonly reveal?: boolean | undefined
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly accessKeyId?: string | undefined
  readonly accessKeySecret?: string | undefined
}

export interface Recorder {
  readonly url: string
  readonly close: () => Promise<void>
}

const keptHeaders = ["content-type", "x-acs-retry-after"]

const optionKeys: Keys<Options> = {
  upstream: true,
  credentials: { accessKeyId: true, accessKeySecret: true, securityToken: true },
  file: true,
  reveal: true,
  host: true,
  port: true,
  accessKeyId: true,
  accessKeySecret: true
}

export const start = async (given: Options): Promise<Recorder> => {
  const options = own(optionKeys, given)
  const upstream = confidential(options.upstream)
  if (upstream === undefined) throw new TypeError("upstream must be an https: URL")
  const key = {
    accessKeyId: options.accessKeyId ?? Gateway.defaultAccessKeyId,
    accessKeySecret: options.accessKeySecret ?? Gateway.defaultAccessKeySecret
  }
  const nonces = Verification.nonceMemory()
  // Only its owner may read it, masked or not.
  const file = openSync(options.file, "a", 0o600)

  const forward = async (request: Protocol.Request): Promise<Protocol.Response> => {
    const outcome = Verification.verify(request, {
      findKey: (id) => (id === key.accessKeyId ? key : undefined),
      nonces,
      now: Date.now()
    })
    if (outcome._tag === "Refused") {
      return { status: 400, headers: [], body: Buffer.from(JSON.stringify({ Code: outcome.code })) }
    }
    const { query } = Protocol.splitTarget(request.target)
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
    const body = Buffer.from(await answer.arrayBuffer())
    const headers = keptHeaders.flatMap((name) => {
      const value = answer.headers.get(name)
      return value === null ? [] : [[name, value] as const]
    })
    const parameters = new Map(Protocol.parsePairs(query) ?? [])
    const entry: Recording.Entry = {
      time: Date.now(),
      masked: false,
      transactionId: parameters.get("TransactionId") ?? "",
      isReturnImage: parameters.get("IsReturnImage") === "Y",
      status: answer.status,
      headers: Object.fromEntries(headers),
      body: body.toString("utf8")
    }
    appendFileSync(file, `${JSON.stringify(options.reveal === true ? entry : Recording.mask(entry))}\n`)
    return { status: answer.status, headers, body }
  }

  const server = Http.createServer((incoming, outgoing) => {
    // Both operations carry everything in the query; a body is not taken.
    incoming.resume()
    const headers: Array<readonly [string, string]> = []
    for (let index = 0; index + 1 < incoming.rawHeaders.length; index += 2) {
      headers.push([incoming.rawHeaders[index] ?? "", incoming.rawHeaders[index + 1] ?? ""])
    }
    const request = { method: incoming.method ?? "", target: incoming.url ?? "", headers, body: new Uint8Array() }
    forward(request).then(
      (response) => outgoing.writeHead(response.status, response.headers.flat()).end(response.body),
      // The cause may hold the signed request: it stays here.
      () =>
        outgoing.writeHead(502).end(JSON.stringify({ Code: "ServiceUnavailable", Message: "No answer from upstream." }))
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(options.port ?? 0, options.host ?? "127.0.0.1", resolve)
  })
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return {
    url: `http://${options.host ?? "127.0.0.1"}:${port}`,
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
