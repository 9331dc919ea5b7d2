import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { run } from "./support/example.ts"

describe("quickstart", () => {
  it("decides", async () => {
    const output = await run("quickstart")
    assert.match(output, /^Welcome, [A-Z ]+\n$/)
    assert.include(readFileSync(join(import.meta.dirname, "../quickstart/README.md"), "utf8"), `\n${output}`)
  })
})
