/**
 * The server, a process of its own, so that its cost is in no client's figures. It gives prepared answers and does not
 * check signatures: that the clients sign well is shown by their tests, not here.
 *
 * It speaks to its parent by IPC: one `ServerReady` when it listens, and it ends with the channel.
 */
import * as http from "node:http"
import * as https from "node:https"
import type { AddressInfo } from "node:net"
import { generate } from "selfsigned"
import { answers } from "./answers.ts"
import { answerOf } from "./workloads.ts"
import type { AnswerName } from "./workloads.ts"

export interface ServerReady {
  readonly httpHost: string
  readonly httpsHost: string
  /** PEM; a client's process takes it by NODE_EXTRA_CA_CERTS. */
  readonly certificate: string
  /** Bytes of the body of the workload `images`. */
  readonly imageBodyBytes: number
}

// Each answer has a name of its own: one that comes twice is refused.
let answered = 0
const named = (headers: ReadonlyArray<string>): Array<string> => [...headers, "x-acs-request-id", `B-${++answered}`]

const headersFor = (body: Buffer): Array<string> => [
  "Content-Type",
  "application/json;charset=utf-8",
  "Content-Length",
  String(body.length),
  "x-acs-trace-id",
  "4f9a3c1c2b7d4e5f8a9b0c1d2e3f4a5b"
]

interface Prepared {
  readonly body: Buffer
  readonly headers: Array<string>
}
const prepare = (body: Buffer): Prepared => ({ body, headers: headersFor(body) })

const prepared: { readonly [Name in AnswerName]: Prepared } = {
  small: prepare(answers.small),
  images: prepare(answers.images),
  imagesLatin: prepare(answers.imagesLatin),
  large: prepare(answers.large)
}

const marker = "TransactionId=hksb"

let awakeUntil = 0
let isAwake = false
const look = (): void => {
  if (performance.now() < awakeUntil) setImmediate(look)
  else isAwake = false
}

/**
 * Looks for the next request for two milliseconds, without sleeping. Who writes to a process that sleeps does, in its own
 * time, what wakes the other's processor. Over a real line no client does. `README.md` has the figures.
 */
const stayAwake = (): void => {
  awakeUntil = performance.now() + 2
  if (isAwake) return
  isAwake = true
  setImmediate(look)
}

const handle: http.RequestListener = (request, response) => {
  const url = request.url ?? ""
  const at = url.indexOf(marker)
  if (request.method !== "POST" || at < 0 || request.headers.authorization === undefined) {
    response.writeHead(400).end()
    return
  }
  const answer = answerOf(url[at + marker.length])
  const { body, headers } = prepared[answer]
  response.writeHead(200, named(headers)).end(body)
  if (answer === "small") stayAwake()
}

const listen = async (server: http.Server | https.Server): Promise<string> => {
  // Clients wait for their turn for minutes; a connection closed meanwhile would be charged to the client that reconnects.
  server.keepAliveTimeout = 600_000
  server.requestTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  // A TCP server that listens has an AddressInfo, not a pipe's name.
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

const tls = await generate([{ name: "commonName", value: "127.0.0.1" }], {
  algorithm: "sha256",
  keyType: "ec",
  curve: "P-256",
  extensions: [
    { name: "basicConstraints", cA: true, critical: true },
    { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }
  ]
})

const ready: ServerReady = {
  httpHost: await listen(http.createServer(handle)),
  httpsHost: await listen(https.createServer({ key: tls.private, cert: tls.cert }, handle)),
  certificate: tls.cert,
  imageBodyBytes: answers.images.length
}

process.on("disconnect", () => process.exit(0))
process.send?.(ready)
