/** Builds the client, with everything but undici and the vendor's credentials, and its declarations. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { gzipSync } from "node:zlib"
import { type OutputChunk, rolldown } from "rolldown"
import { ascii } from "../../../scripts/ascii.ts"
import { browserModule } from "../../../scripts/browserModule.ts"
import { unusedGoes } from "../../../scripts/unusedGoes.ts"
import * as index from "../src/index.ts"
import { declarations } from "./declarations.ts"
import { instead } from "./instead.ts"
import { advice } from "./signatures.ts"
import { withoutUnread } from "./unread.ts"

const folder = join(import.meta.dirname, "..")
const dist = join(folder, "dist")

/** What gzip may make of all that `index.js` loads, in bytes. Chunks that are loaded when they are needed come on top. */
const largest = 100_000

/** The chunks of an entry: itself first. */
const bundle = async (entry: string): Promise<ReadonlyArray<OutputChunk>> => {
  const bundle = await rolldown({
    input: { [entry]: join(folder, `src/${entry}.ts`) },
    platform: "node",
    external: [/^node:/, "undici", "@alicloud/credentials"],
    // The entry is `chunks/index.js`, which may export more for the other chunks.
    preserveEntrySignatures: "allow-extension",
    treeshake: { moduleSideEffects: false, propertyReadSideEffects: false },
    plugins: [withoutUnread, unusedGoes, instead(join(folder, "src/internal/fromEnvironment.ts"))]
  })
  const { output } = await bundle.generate({
    format: "esm",
    minify: true,
    comments: false,
    entryFileNames: "chunks/[name].js",
    chunkFileNames: "chunks/[name].js"
  })
  return output.filter((part) => part.type === "chunk").map((part) => ({ ...part, code: ascii(part.code) }))
}

const sizeOf = ({ code }: OutputChunk): number => gzipSync(code, { level: 9 }).length

const [client, ...later] = await bundle("index")
const [texts] = await bundle("Advice")
if (client === undefined || texts === undefined || client.imports.some((name) => name.startsWith("chunks/"))) {
  throw new Error("The client is not one chunk, and those that it loads later")
}
const size = sizeOf(client)
process.stdout.write(`${size} bytes after gzip\n`)
for (const chunk of [...later, texts]) process.stdout.write(`${sizeOf(chunk)} ${chunk.fileName}, when it is needed\n`)
if (size > largest) throw new Error(`The client is ${size} bytes after gzip; ${largest} are allowed`)

const names = Object.keys(index)
const files: Readonly<Record<string, string>> = {
  ...Object.fromEntries([client, ...later].map(({ code, fileName }) => [fileName, code])),
  "index.js": `export { ${names.join(", ")} } from "./chunks/index.js"\n`,
  "index.d.ts": declarations(),
  "Advice.js": texts.code,
  "Advice.d.ts": advice,
  // The same names for a browser's bundle, which fails when it is loaded.
  "browser.js": browserModule("@effect-cloudauth/client", names)
}
rmSync(dist, { recursive: true, force: true })
for (const [name, text] of Object.entries(files)) {
  mkdirSync(dirname(join(dist, name)), { recursive: true })
  writeFileSync(join(dist, name), text)
}
