import { assert, describe, it } from "@effect/vitest"
import * as Document from "@effect-cloudauth/core/Document"
import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { draw, printed } from "../demo/picture.ts"

const demo = (...flags: ReadonlyArray<string>) =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, "../demo/main.ts"), ...flags], {
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined }
  })

describe("demo", () => {
  it("shows every document, outcome and recovery, masks people, and ends with what to do next", async () => {
    const { stderr, stdout } = await demo()
    assert.notMatch(stdout, /\d{4}-\d{2}-\d{2}/)
    for (const code of ["211", "212", "213"]) assert.include(stdout, `✘ Rejected ${code}`)
    assert.lengthOf([...stdout.matchAll(/✔ Passed .*\+ \d fields\n/g)], Document.names.length)
    assert.match(stdout, /a passport, not the card +review +OtherDocument\n/)
    assert.match(stdout, /a passport that has expired +review +Expired\n/)
    assert.match(stdout, /throttled twice +Throttling\.Api · 403 \(\d+ ms\) → 403 \(\d+ ms\) → 200\n/)
    assert.match(stdout, /a user who takes time +ProcessNotCompleted · 404 → 404 → 404 → 200\n/)
    assert.match(
      stdout,
      /an unknown transaction id +400 TransactionIdInvalid\n +for the operator: “Use the transaction id that Initialize/
    )
    assert.match(stdout, /Next:(\n {2}\S.*){3}\n$/)
    assert.strictEqual(stderr, "")
  })

  it("shows people if asked", async () => {
    const { stdout } = await demo("--reveal")
    assert.match(stdout, /Global Passport +\d{4}-\d{2}-\d{2}/)
  })

  it("is what the README's picture shows", () => {
    const picture = readFileSync(join(import.meta.dirname, "../demo/demo.svg"), "utf8")
    assert.strictEqual(draw(printed()), picture, "node examples/demo/picture.ts draws it again")
  })
})
