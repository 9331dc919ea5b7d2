import { assert, describe, it } from "@effect/vitest"
import { run } from "./support/example.ts"

describe("quickstart", () => {
  it("decides", async () => {
    assert.match(await run("quickstart"), /^accepted: Z\d{6}\(.\)\n$/)
  })
})
