import { assert, describe, it } from "@effect/vitest"
import * as Document from "@effect-cloudauth/core/Document"
import { execFile } from "node:child_process"
import { join } from "node:path"
import { promisify } from "node:util"

const demo = (...flags: ReadonlyArray<string>) =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, "../demo/main.ts"), ...flags], {
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined }
  })

describe("demo", () => {
  it("shows every document, verdict and recovery, and ends well", async () => {
    const { stderr, stdout } = await demo()
    for (const title of Object.values(Document.titles)) assert.include(stdout, title)
    for (const subCode of ["211", "212", "213"]) assert.match(stdout, new RegExp(`Rejected ${subCode}`))
    assert.include(stdout, "Risk SCREEN_REMARK")
    assert.match(stdout, /attempt 2 {2}HTTP 403 Throttling\.Api[^\n]*\n {2}attempt 3 {2}HTTP 200 Success\n {2}Passed/)
    assert.match(stdout, /attempt 3 {2}HTTP 404 ProcessNotCompleted\n {2}attempt 4 {2}HTTP 200 Success\n {2}Passed/)
    assert.match(
      stdout,
      /TransactionIdInvalid[^\n]*\n {2}for the operator: Use the transaction id that Initialize returned/
    )
    assert.strictEqual(stderr, "")
  })

  it("masks people unless asked", async () => {
    const { stdout: masked } = await demo()
    assert.notMatch(masked, /\d{4}-\d{2}-\d{2}/)
    const { stdout: revealed } = await demo("--reveal")
    assert.match(revealed, /birthDate \d{4}-\d{2}-\d{2}/)
  })
})
