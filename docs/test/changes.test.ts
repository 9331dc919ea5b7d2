import { assert, describe, it } from "@effect/vitest"
import { changes } from "../scripts/changes.ts"

const intent = (bumps: string, text: string) => `---\n${bumps}\n---\n\n${text}\n`

describe("changes", () => {
  it("has what must be changed first, then a sentence a change by what a reader uses", () => {
    const text = changes([
      intent('"@effect-cloudauth/cli": patch', "`report` shows v1.2 data. More."),
      intent(
        '"@effect-cloudauth/core": minor\n"@effect-cloudauth/cli": patch',
        "Waits last longer. More.\n\nMigration:\n\n- Take `WaitTimedOut`,\n  everywhere.\n- Set `timeout`."
      ),
      intent('"@effect-cloudauth/core": patch', "A clock that is set back stops nothing.")
    ])
    assert.strictEqual(
      text,
      `### What you must change

- Take \`WaitTimedOut\`,
  everywhere.
- Set \`timeout\`.

### The client

- Waits last longer.

### The client: fixed

- A clock that is set back stops nothing.

### Command line: fixed

- \`report\` shows v1.2 data.
`
    )
  })

  it("refuses a migration that is no list, because only a list is shown", () => {
    const file = intent('"@effect-cloudauth/core": minor', "Waits last longer.\n\nMigration: set `timeout`.")
    assert.throws(() => changes([file]), /Write a list below "Migration:"/)
  })

  it("refuses a file that is no change intent, and a package of no area", () => {
    assert.throws(() => changes(["# Notes"]), /No change intent/)
    assert.throws(() => changes([intent('"@effect-cloudauth/other": minor', "New.")]), /no area of other/)
  })
})
