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
  for (const [program, parameters] of [
    ["runner", []],
    ["submit", ["ids.txt"]]
  ] as const) {
    it(`${program} says that the command line does the same without PostgreSQL`, () => {
      const { printed, status } = run(program, parameters, {})
      assert.strictEqual(status, 2)
      assert.match(printed, /DATABASE_URL is not set.*`effect-cloudauth collect` does the same on one machine/)
    })

    it(`${program} says where to look where PostgreSQL cannot be reached, and no password`, () => {
      const { printed, status } = run(program, parameters, { DATABASE_URL: nowhere, CLOUDAUTH_IMAGES: "none" })
      assert.strictEqual(status, 50)
      assert.match(printed, /Look at DATABASE_URL, and whether PostgreSQL is up\./)
      assert.notMatch(printed, /canary-password|\n {4}at /)
    })
  }

  it("runner says what it does without a shared quota", () => {
    const { printed } = run("runner", [], { DATABASE_URL: nowhere })
    assert.match(printed, /REDIS_URL is not set: the quota is this process's own, so run one runner only\./)
    assert.match(printed, /CLOUDAUTH_QPS is not set/)
  })
})
