import { assert, describe, it } from "@effect/vitest"
import { run } from "./support/example.ts"

describe("decision", () => {
  it("runs as its README says", async () => {
    assert.strictEqual(await run("decision"), "Welcome\n")
  })
})
