import { execFile } from "node:child_process"
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
      env: { PATH: process.env["PATH"], NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"], NODE_NO_WARNINGS: "1" }
    })
    const urls: ReadonlyArray<string> = JSON.parse(stdout) // the program prints a list
    const packages = new Set(urls.flatMap((url) => /node_modules\/(@opentelemetry\/[a-z-]+)/g.exec(url)?.[1] ?? []))
    assert.isTrue(urls.some((url) => url.endsWith("CloudauthOtel.ts")))
    assert.sameMembers([...packages], ["@opentelemetry/api"])
  })
})
