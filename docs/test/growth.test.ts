import { assert, describe, it } from "@effect/vitest"
import { isCurrent } from "../../bench/growth/page.ts"

describe("the page of growth", () => {
  it("has the figures of bench/growth.json", () => {
    assert.isTrue(isCurrent(), "node bench/growth/page.ts writes them")
  })
})
