/** What the bundle has in place of modules: of those that the client can't reach, has by Node's own means, or loads later. */
import { dirname, join } from "node:path"
import type { Plugin } from "rolldown"

/** By the end of a module's path, or by a name of our own. */
const texts: Readonly<Record<string, string>> = {
  // The transport over Effect's `HttpClient`, tests, operations of one's own, and metrics that no one could export.
  "core/src/HttpTransport.ts": "export const layer = undefined",
  "core/src/Canned.ts": "export const initialized = undefined, otherOperation = undefined",
  "core/src/internal/call/testTransport.ts": "export const send = undefined",
  "core/src/internal/operation/own.ts": "export const bind = undefined",
  "core/src/internal/telemetry/effectMetrics.ts": "export const recordInMetrics = () => undefined",
  // A browser's bundle has `browser.js`.
  "core/src/internal/call/browser.ts":
    'import { void as nothing } from "effect/Result"\nexport const refuse = () => nothing',
  // Generators of samples.
  "core/src/internal/generated.ts": "export const generatedFrom = (schema) => schema, textLike = () => undefined",
  // The core's times can be Effect's; the client's are numbers.
  instants:
    "export const isDateTime = () => false, isZoned = isDateTime, toEpochMillis = undefined, toParts = undefined",
  // What the core takes of `@noble/hashes` to run everywhere.
  hashes: `import { createHash, createHmac } from "node:crypto"
export const sha256 = (bytes) => createHash("sha256").update(bytes).digest()
export const hmac = (_, key, bytes) => createHmac("sha256", key).update(bytes).digest()
export const bytesToHex = (bytes) => Buffer.from(bytes).toString("hex")
export const utf8ToBytes = (text) => Buffer.from(text)`
}

/** Modules that a program runs later, or never, each with one effect, or a function that returns one: it loads the module first. */
const later: Readonly<Record<string, (load: string) => string>> = {
  "credential/refreshing.ts": (load) =>
    `export const refreshing = (options) => flatMap(${load}, (loaded) => loaded.refreshing(options))`,
  "journey/memoryStore.ts": (load) => `export const inMemory = flatMap(${load}, (loaded) => loaded.inMemory)`,
  "journey/sqlStore.ts": (load) =>
    `export const make = (database) => flatMap(${load}, (loaded) => loaded.make(database))`
}

const marker = "later:"

export const instead = (environment: string): Plugin => ({
  name: "instead",
  resolveId: (id, importer = "") => {
    if (id.startsWith("@noble/hashes/")) return "hashes"
    if (id.endsWith("/fromConfig.ts")) return environment
    if (id === "effect/DateTime" && /[\\/]core[\\/]src[\\/]/.test(importer)) return "instants"
    const isLater = !importer.startsWith(marker) && Object.keys(later).some((end) => id.endsWith(end))
    return isLater ? `${marker}${join(dirname(importer), id)}` : undefined
  },
  load: (id) => {
    const path = id.replaceAll("\\", "/")
    if (!id.startsWith(marker)) return Object.entries(texts).find(([end]) => path.endsWith(end))?.[1]
    const module = JSON.stringify(id.slice(marker.length))
    const write = Object.entries(later).find(([end]) => path.endsWith(end))?.[1]
    return `import { flatMap, promise } from "effect/Effect"\n${write?.(`promise(() => import(${module}))`)}`
  }
})
