/** The client as it is published: its names, its declarations and its words are those of the sources and of the Effect API. */
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as ResponseCode from "@effect-cloudauth/core/ResponseCode"
import * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import * as NodeCloudauth from "@effect-cloudauth/node/NodeCloudauth"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as AdviceSource from "../src/Advice.ts"
import * as Source from "../src/index.ts"

const dist = join(import.meta.dirname, "../dist")

/** The built modules have the types of their sources. */
const client = (): Promise<typeof Source> => import(join(dist, "index.js"))
const advice = (): Promise<typeof AdviceSource> => import(join(dist, "Advice.js"))

const declared = (file: string): ReadonlyArray<string> =>
  Array.from(
    readFileSync(join(dist, file), "utf8").matchAll(/^export declare (?:const|class|function) (\w+)/gm),
    ([, name = ""]) => name
  ).toSorted()

/** Without what differs between two calls. */
const words = (message: string): string => message.replace(/request [0-9A-F-]{36}/, "request")

const request = (code: string) => ({ merchantBizId: "order1", transactionId: `hksb-error-${code}` })

describe("the built client", () => {
  it("has the names of its source and of its declarations", async () => {
    assert.deepStrictEqual(Object.keys(await client()).toSorted(), Object.keys(Source).toSorted())
    assert.deepStrictEqual(declared("index.d.ts"), Object.keys(Source).toSorted())
    assert.deepStrictEqual(Object.keys(await advice()).toSorted(), Object.keys(AdviceSource).toSorted())
    assert.deepStrictEqual(declared("Advice.d.ts"), Object.keys(AdviceSource).toSorted())
  })

  it("declares the types of its sources, as ../types compares them", () => {
    const types = join(import.meta.dirname, "../types/tsconfig.json")
    const compiler = join(import.meta.dirname, "../../../node_modules/typescript/bin/tsc")
    const compiled = spawnSync(process.execPath, [compiler, "-p", types], { encoding: "utf8" })
    assert.strictEqual(compiled.stdout, "")
    assert.strictEqual(compiled.status, 0)
  })

  it.live("fails as the Effect API does, for each response code", () =>
    Effect.gen(function* () {
      const { accessKeyId, accessKeySecret, url } = yield* Emulator
      const key = { accessKeyId, accessKeySecret: Redacted.value(accessKeySecret) }
      const { createClient } = yield* Effect.promise(client)
      const built = createClient({ url, credentials: key, retry: false })
      const layer = NodeCloudauth.layer({ url, credentials: Credentials.layerStatic(key) })
      for (const code of Object.keys(ResponseCode.table)) {
        const inEffect = yield* Cloudauth.checkResult(request(code), {
          retry: RetryPolicy.none
        }).pipe(Effect.provide(layer), Effect.flip)
        const error = yield* Effect.promise(() => built.checkResult(request(code)).catch((error: unknown) => error))
        assert.instanceOf(error, Error)
        assert.strictEqual(error.name, inEffect.name)
        assert.strictEqual(words(error.message), words(inEffect.message))
      }
      yield* Effect.promise(() => built.close())
    }).pipe(Effect.provide(Emulator.layer()))
  )
})
