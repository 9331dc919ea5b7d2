import { execFileSync } from "node:child_process"
import { assert, describe, it } from "@effect/vitest"

/** Prints the files of undici that a process of its own has loaded with its transport. */
const program = `
import { createRequire } from "node:module"
import * as Effect from "effect/Effect"
import * as NodeTransport from "@effect-cloudauth/node/NodeTransport"

await Effect.runPromise(Effect.scoped(NodeTransport.dispatcher()))
console.log(Object.keys(createRequire(process.cwd() + "/").cache).join("\\n").replaceAll("\\\\", "/"))
`

describe("undici", () => {
  it("is loaded without fetch, caches, mocks and web sockets", () => {
    const args = ["--input-type=module", "--eval", program]
    const loaded = execFileSync(process.execPath, args, { cwd: import.meta.dirname, encoding: "utf8" })
    assert.include(loaded, "/undici/lib/dispatcher/agent.js")
    assert.notMatch(loaded, /\/undici\/(?:index|lib\/(?:web|cache|mock|interceptor)\/)/)
  })
})
