/** What of undici is loaded: in processes of their own, since a module is loaded once. */
import { execFile } from "node:child_process"
import { join } from "node:path"
import { promisify } from "node:util"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { httpServer } from "./support/servers.ts"

const sends = (...moved: ReadonlyArray<"moved">) =>
  Effect.gen(function* () {
    const server = yield* httpServer((_, response) => void response.end("{}"))
    const env = { ...process.env, ENDPOINT: server.origin }
    const script = join(import.meta.dirname, "support", "onlySends.ts")
    return yield* Effect.promise(async () => {
      const { stdout } = await promisify(execFile)(process.execPath, [script, ...moved], { env })
      const printed: unknown = JSON.parse(stdout)
      return printed
    })
  })

it.live("loads only what sends, and leaves the dispatcher of the process's fetch alone", () =>
  Effect.map(sends(), (printed) => assert.deepStrictEqual(printed, { status: 200, isFetchAlone: true }))
)

it.live("loads undici whole if a version has moved its files", () =>
  Effect.map(sends("moved"), (printed) => assert.deepStrictEqual(printed, { status: 200, isFetchAlone: false }))
)
