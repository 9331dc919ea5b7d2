/** Builds the client: one file with everything but undici and the vendor's credentials, and its declarations. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { rolldown } from "rolldown"
import { declarations } from "./declarations.ts"

const folder = join(import.meta.dirname, "..")
const dist = join(folder, "dist")

/** What gzip may make of the whole client, in bytes. */
const largest = 118_000

/**
 * Parts of the core that the Promise client can't reach: the transport over Effect's `HttpClient`, tests, and metrics of Effect's,
 * which no one could export.
 */
const unreachable =
  /packages\/core\/src\/(HttpTransport|Canned|internal\/(call\/testTransport|telemetry\/effectMetrics))\.ts$/

const nothing = `export const layer = undefined, initialized = undefined, otherOperation = undefined, send = undefined
export const recordInMetrics = () => undefined`

/** What the core takes of `@noble/hashes` to run everywhere, by Node's own. */
const hashes = `import { createHash, createHmac } from "node:crypto"
export const sha256 = (bytes) => createHash("sha256").update(bytes).digest()
export const hmac = (_, key, bytes) => createHmac("sha256", key).update(bytes).digest()
export const bytesToHex = (bytes) => Buffer.from(bytes).toString("hex")
export const utf8ToBytes = (text) => Buffer.from(text)`

const inBrowser =
  "@effect-cloudauth/client is a server's: in a browser everyone could take the access key and forge the verdict. Call your own backend. To show a result, @effect-cloudauth/core has CheckResult.View and the schemas of documents"

const bundle = await rolldown({
  input: join(folder, "src/index.ts"),
  platform: "node",
  external: [/^node:/, "undici", "@alicloud/credentials"],
  treeshake: {
    moduleSideEffects: false,
    propertyReadSideEffects: false,
    // Schemas and services are made when a module loads: what no one uses is left out.
    manualPureFunctions: ["Context", "Duration", "Effect", "Layer", "Redacted", "Schedule", "Schema", "Struct", "dual"]
  },
  plugins: [
    {
      name: "unreachable",
      load: (id) => (unreachable.test(id.replaceAll("\\", "/")) ? nothing : undefined)
    },
    {
      name: "hashes",
      resolveId: (id) => (id.startsWith("@noble/hashes/") ? "hashes" : undefined),
      load: (id) => (id === "hashes" ? hashes : undefined)
    }
  ]
})
const { output } = await bundle.generate({ format: "esm", minify: true, codeSplitting: false, comments: false })
const [{ code, exports }] = output
const size = gzipSync(code, { level: 9 }).length
if (size > largest) throw new Error(`The client is ${size} bytes after gzip; ${largest} are allowed`)

/** The same names for a browser's bundle, which fails when it is loaded. */
const browser = `throw new Error(${JSON.stringify(inBrowser)})
export const ${exports.map((name) => `${name} = undefined`).join(", ")}
`

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
writeFileSync(join(dist, "index.js"), code)
writeFileSync(join(dist, "browser.js"), browser)
writeFileSync(join(dist, "index.d.ts"), declarations())
process.stdout.write(`${size} bytes after gzip\n`)
