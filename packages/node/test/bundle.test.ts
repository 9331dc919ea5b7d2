/** An ESM bundle by esbuild, run by Node: undici needs a `require` there. */
import { execFile } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { assert, it } from "@effect/vitest"
import { build } from "esbuild"
import * as Effect from "effect/Effect"
import { httpServer } from "./support/servers.ts"

const program = `
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as NodeCloudauth from "@effect-cloudauth/node/NodeCloudauth"
import * as Effect from "effect/Effect"

const credentials = Credentials.layerStatic({ accessKeyId: "id", accessKeySecret: "secret" })
const call = Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb1" })
const error = await Effect.runPromise(
  Effect.flip(Effect.provide(call, NodeCloudauth.layer({ url: process.env.ENDPOINT, credentials })))
)
console.log(JSON.stringify({ tag: error._tag, message: error.message }))
`

const directory = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "cloudauth-bundle-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

/** The line that the docs say to add. */
const banner = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);'

/** Runs the program as an ESM bundle against a server that answers nothing of use. */
const run = (line?: string) =>
  Effect.gen(function* () {
    const server = yield* httpServer((_, response) => void response.end("{}"))
    const outfile = join(yield* directory, "bundle.mjs")
    const printed: { readonly tag: string; readonly message: string } = yield* Effect.promise(async () => {
      await build({
        stdin: { contents: program, resolveDir: import.meta.dirname, loader: "ts" },
        outfile,
        bundle: true,
        format: "esm",
        platform: "node",
        logLevel: "silent",
        ...(line === undefined ? {} : { banner: { js: line } })
      })
      const env = { ...process.env, ENDPOINT: server.origin }
      return JSON.parse((await promisify(execFile)(process.execPath, [outfile], { env })).stdout)
    })
    return { ...printed, opened: server.opened() }
  })

it.live("fails the layer with TransportUnavailable, says what to do, and sends nothing", () =>
  Effect.gen(function* () {
    // An ESM bundle has no `require`, which undici needs.
    const { message, opened, tag } = yield* run()
    assert.strictEqual(tag, "TransportUnavailable")
    assert.include(message, "createRequire")
    assert.strictEqual(opened, 0)
  })
)

it.live("works with the line that the docs say to add", () =>
  Effect.gen(function* () {
    const { opened, tag } = yield* run(banner)
    assert.strictEqual(tag, "DecodeError")
    assert.strictEqual(opened, 1)
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8")
    assert.include(readme, `--banner:js='${banner}'`)
  })
)
