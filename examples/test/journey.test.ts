import { readFileSync } from "node:fs"
import { assert, it } from "@effect/vitest"
import { run } from "./support/example.ts"

it("begins, receives the callback and decides, in forty lines of plain JavaScript", async () => {
  assert.match(await run("journey"), /^send the user to http.*\norder4711: review, because of SpecimenDocument\n$/)
  const lines = readFileSync(new URL("../journey/main.mjs", import.meta.url), "utf8")
    .trimEnd()
    .split("\n")
  assert.isAtMost(lines.length, 40)
})
