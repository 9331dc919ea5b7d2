import { assert, describe, it } from "@effect/vitest"
import { run } from "./support/example.ts"

describe("plain JavaScript", () => {
  it("runs as an ES module", async () => {
    assert.strictEqual(await run("plain-javascript"), "accepted: a passport of UTO\n")
  })

  it("runs with require, and knows errors by their class", async () => {
    assert.match(await run("plain-javascript:commonjs", "hksb-pending"), /^the user has not finished/)
  })
})
