/** What the programs say on a machine without servers. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"

const run = (program: string, parameters: ReadonlyArray<string>, env: Readonly<Record<string, string>>) => {
  const file = join(import.meta.dirname, `../src/bin/${program}.ts`)
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...inherited } = process.env
  const { status, stderr, stdout } = spawnSync(process.execPath, [file, ...parameters], {
    encoding: "utf8",
    env: { ...inherited, ...env, NO_COLOR: "1" }
  })
  return { status, printed: stdout + stderr }
}

/** No server listens there. */
const nowhere = "postgres://somebody:canary-password@127.0.0.1:1/kyc"

describe("the programs", () => {
  for (const [program, parameters, notes] of [
    [
      "runner",
      [],
      ["REDIS_URL is not set: the quota is this process's own, so run one runner only.", "CLOUDAUTH_QPS is not set"]
    ],
    ["submit", ["ids.txt"], []]
  ] as const) {
    it(`${program} says that the command line does the same without PostgreSQL`, () => {
      const { printed, status } = run(program, parameters, {})
      assert.strictEqual(status, 2)
      assert.match(printed, /DATABASE_URL is not set.*`effect-cloudauth collect` does the same on one machine/)
    })

    it(`${program} says ${notes.length > 0 ? "what it does without a shared quota, " : ""}where to look if PostgreSQL cannot be reached, and no password`, () => {
      const { printed, status } = run(program, parameters, { DATABASE_URL: nowhere, CLOUDAUTH_IMAGES: "none" })
      assert.strictEqual(status, 50)
      for (const words of [...notes, "Look at DATABASE_URL, and whether PostgreSQL is up."])
        assert.include(printed, words)
      assert.notMatch(printed, /canary-password|\n {4}at /)
    })
  }
})
