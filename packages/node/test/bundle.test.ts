/** A bundle that can't load undici: a real one, made by esbuild and run by Node. */
import { execFile } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
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

it.live("fails the layer with TransportUnavailable, says what to do, and sends nothing", () =>
  Effect.gen(function* () {
    const server = yield* httpServer((_, response) => void response.end())
    // An ESM bundle has no `require`, which undici needs.
    const outfile = join(yield* directory, "bundle.mjs")
    const printed = yield* Effect.promise(async () => {
      await build({
        stdin: { contents: program, resolveDir: import.meta.dirname, loader: "ts" },
        outfile,
        bundle: true,
        format: "esm",
        platform: "node",
        logLevel: "silent"
      })
      const env = { ...process.env, ENDPOINT: server.origin }
      return JSON.parse((await promisify(execFile)(process.execPath, [outfile], { env })).stdout)
    })
    assert.strictEqual(printed.tag, "TransportUnavailable")
    assert.include(printed.message, "createRequire")
    assert.strictEqual(server.opened(), 0)
  })
)
