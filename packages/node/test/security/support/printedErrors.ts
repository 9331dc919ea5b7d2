/**
 * Run as a process of its own: makes errors with marked secrets over a real connection, prints them in every way, and looks into a heap snapshot for
 * what can be reached from them. Prints its findings as JSON.
 */
import { createServer } from "node:http"
import { format, inspect } from "node:util"
import { getHeapSnapshot } from "node:v8"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as NodeCrypto from "../../../src/NodeCrypto.ts"
import * as NodeTransport from "../../../src/NodeTransport.ts"

// Built at run time, so that no literal of this file holds them.
const marked = (what: string): string => ["CAN", "ARY", what].join("")
const mark = marked("")
const secrets = { accessKeyId: marked("id"), accessKeySecret: marked("secret"), securityToken: marked("token") }
const ids = { merchantBizId: marked("merchant"), transactionId: marked("transaction") }

const person = JSON.stringify({
  RequestId: "R1",
  Code: "SomethingNew",
  Message: marked("message"),
  Result: { ExtIdInfo: JSON.stringify({ ocrIdInfo: { name: marked("name") } }) }
})

const server = createServer((_, response) => {
  const path = behaviour
  if (path === "reset") response.destroy()
  else if (path === "throttled") response.writeHead(403).end(person.replace("SomethingNew", "Throttling.Api"))
  else if (path === "undecodable") response.end(person.replace("SomethingNew", "Success").replace("Result", "Other"))
  else if (path === "unknown") response.end(person)
})
let behaviour = "reset"
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
const address = server.address()
const port = typeof address === "object" && address !== null ? address.port : 0

const layer = Cloudauth.layerTransport({ url: `http://127.0.0.1:${port}` }).pipe(
  Layer.provide([
    NodeTransport.layer({ proxy: "none" }),
    NodeCrypto.layer,
    Credentials.layerStatic(secrets),
    RetryPolicy.layer({ ...RetryPolicy.none, attemptTimeout: 300 })
  ]),
  Layer.provideMerge(Logger.layer([]))
)

/** Its name is looked for in the snapshot. */
class PrintedErrorHolder {
  readonly error: unknown
  readonly printed: ReadonlyArray<string>
  constructor(error: unknown) {
    this.error = error
    this.printed = [
      String(error),
      format("%s %o %O %j", error, error, error, error),
      JSON.stringify(error),
      inspect(error, { depth: 20, showHidden: true }),
      error instanceof Error ? `${error.stack}` : ""
    ]
  }
}

const holders: Array<PrintedErrorHolder> = []
const tags: Array<string> = []
for (const next of ["reset", "throttled", "undecodable", "unknown", "silent"]) {
  behaviour = next
  const error = await Effect.runPromise(Effect.flip(Effect.provide(Cloudauth.checkResult(ids), layer)))
  tags.push(error._tag)
  holders.push(new PrintedErrorHolder(error))
}
server.closeAllConnections()
server.close()

interface Snapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: ReadonlyArray<string>
      readonly node_types: readonly [ReadonlyArray<string>, ...ReadonlyArray<unknown>]
      readonly edge_fields: ReadonlyArray<string>
      readonly edge_types: readonly [ReadonlyArray<string>, ...ReadonlyArray<unknown>]
    }
  }
  readonly nodes: ReadonlyArray<number>
  readonly edges: ReadonlyArray<number>
  readonly strings: ReadonlyArray<string>
}

const text = await new Promise<string>((resolve, reject) => {
  const chunks: Array<string> = []
  const stream = getHeapSnapshot({ exposeInternals: false, exposeNumericValues: false })
  stream.setEncoding("utf8")
  stream.on("data", (chunk: string) => chunks.push(chunk))
  stream.on("end", () => resolve(chunks.join("")))
  stream.on("error", reject)
})
const heap = JSON.parse(text) as Snapshot // V8's own format
const { edge_fields, edge_types, node_fields, node_types } = heap.snapshot.meta
const nodeSize = node_fields.length
const edgeSize = edge_fields.length
const [typeAt, nameAt, edgeCountAt] = ["type", "name", "edge_count"].map((field) => node_fields.indexOf(field))
const [edgeTypeAt, edgeNameAt, toAt] = ["type", "name_or_index", "to_node"].map((field) => edge_fields.indexOf(field))

const at = (numbers: ReadonlyArray<number>, index: number): number => numbers[index] ?? 0
const nodeType = (node: number): string => node_types[0][at(heap.nodes, node + (typeAt ?? 0))] ?? ""
const nodeName = (node: number): string => heap.strings[at(heap.nodes, node + (nameAt ?? 0))] ?? ""

const firstEdge = new Map<number, number>()
let edge = 0
for (let node = 0; node < heap.nodes.length; node += nodeSize) {
  firstEdge.set(node, edge)
  edge += at(heap.nodes, node + (edgeCountAt ?? 0)) * edgeSize
}

// Code leads to its module, and from there to everything: an error is what it holds, not what made it.
const followed = new Set([
  "object",
  "array",
  "string",
  "concatenated string",
  "sliced string",
  "number",
  "regexp",
  "native"
])

/** All strings that can be reached from a node. `throughWeakMaps`: also what stands under a reached key in one. */
const reachable = (from: number, throughWeakMaps: boolean): ReadonlyArray<string> => {
  const seen = new Set([from])
  const queue = [from]
  const strings: Array<string> = []
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    if (nodeType(node).includes("string")) strings.push(nodeName(node))
    const first = firstEdge.get(node) ?? 0
    const end = first + at(heap.nodes, node + (edgeCountAt ?? 0)) * edgeSize
    for (let current = first; current < end; current += edgeSize) {
      const type = edge_types[0][at(heap.edges, current + (edgeTypeAt ?? 0))] ?? ""
      const name = heap.strings[at(heap.edges, current + (edgeNameAt ?? 0))] ?? ""
      const to = at(heap.edges, current + (toAt ?? 0))
      const isWeakMapValue = type === "internal" && /in WeakMap/.test(name)
      if (type === "weak" || (isWeakMapValue && !throughWeakMaps)) continue
      if (name === "__proto__" || name === "constructor" || name === "map") continue
      if (seen.has(to) || !followed.has(nodeType(to))) continue
      seen.add(to)
      queue.push(to)
    }
  }
  return strings
}

const found: Array<number> = []
for (let node = 0; node < heap.nodes.length; node += nodeSize) {
  if (nodeType(node) === "object" && nodeName(node) === "PrintedErrorHolder") found.push(node)
}
// The class's prototype has the name, too, but no error.
const instances = found.filter((node) => reachable(node, false).some((string) => /attempt/.test(string)))

const leaks = (throughWeakMaps: boolean): ReadonlyArray<string> => [
  ...new Set(instances.flatMap((node) => reachable(node, throughWeakMaps).filter((string) => string.includes(mark))))
]

process.stdout.write(
  JSON.stringify({
    tags,
    instances: instances.length,
    reachedStrings: instances.map((node) => reachable(node, false).length),
    // The snapshot does hold them: the credentials live as long as the client does.
    snapshotHasSecrets: heap.strings.some((string) => string === secrets.accessKeySecret),
    printed: holders.flatMap(({ printed }) => printed.filter((text) => text.includes(mark))),
    reachable: leaks(false),
    reachableByRevealing: leaks(true).map((string) => string.slice(0, 2000)),
    secret: secrets.accessKeySecret
  })
)
