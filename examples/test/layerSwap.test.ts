import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { run } from "./support/example.ts"

const entries = ["production", "emulator", "canned"].map((name) =>
  readFileSync(join(import.meta.dirname, `../layer-swap/${name}.ts`), "utf8").replace(/^import .*\n/gm, "")
)

const client = /^const client =[^]*?\n\n/m

describe("layer swap", () => {
  it("decides the same in production, on the emulator, in memory and on canned results", async () => {
    assert.strictEqual(await run("layer-swap"), "order1: accepted\n".repeat(4))
  })

  it("differs in three lines at most", () => {
    for (const entry of entries) assert.isAtMost(client.exec(entry)?.[0].trim().split("\n").length ?? Infinity, 3)
    assert.lengthOf(new Set(entries.map((entry) => entry.replace(client, ""))), 1)
  })
})
