import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { promisify } from "node:util"
import { assert, describe, it } from "@effect/vitest"

const source = join(import.meta.dirname, "../src/index.ts")

/** A program that loads a module and prints what was loaded for it. */
const loading = (module: string) => `
  import { registerHooks } from "node:module"
  const urls = []
  registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) })
  await import(${JSON.stringify(module)})
  console.log(JSON.stringify(urls))
`

describe("what is loaded", () => {
  it("is the API and little else: neither an SDK nor anything for logs, before a layer asks for it", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", loading(source)], {
      env: { PATH: process.env["PATH"], NODE_NO_WARNINGS: "1" }
    })
    const urls: ReadonlyArray<string> = JSON.parse(stdout) // the program prints a list
    const packages = new Set(urls.flatMap((url) => /node_modules\/(@opentelemetry\/[a-z-]+)/g.exec(url)?.[1] ?? []))
    assert.isTrue(urls.some((url) => url.endsWith("CloudauthOtel.ts")))
    assert.sameMembers([...packages], ["@opentelemetry/api"])
  })
})

describe("the versions", () => {
  const manifestOf = (path: string): { readonly version: string; readonly peerDependencies?: Record<string, string> } =>
    JSON.parse(readFileSync(path, "utf8")) // npm's own format

  /** The manifest of a dependency, as seen from a module. */
  const seenFrom = (module: string, name: string) => {
    const folders = createRequire(module).resolve.paths(name) ?? []
    for (const folder of folders) {
      try {
        return manifestOf(join(folder, name, "package.json"))
      } catch {
        continue
      }
    }
    throw new Error(`${name} is not there`)
  }

  it("of the NodeSDK are those whose SDK is the one that @effect/opentelemetry speaks to", () => {
    const { peerDependencies } = manifestOf(join(import.meta.dirname, "../package.json"))
    // From 0.300 on the NodeSDK is of SDK 3.
    assert.strictEqual(peerDependencies?.["@opentelemetry/sdk-node"], ">=0.223.0 <0.300.0")
    const sdkNode = createRequire(source).resolve("@opentelemetry/sdk-node")
    for (const name of ["@opentelemetry/sdk-trace-base", "@opentelemetry/sdk-metrics"]) {
      for (const module of [source, sdkNode]) assert.match(seenFrom(module, name).version, /^2\./, name)
    }
  })
})
