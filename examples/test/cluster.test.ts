import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as servers from "../../packages/cluster/scripts/support/servers.ts"
import { start } from "./support/example.ts"

const isHere = await servers.available()

describe("the cluster", () => {
  it("names the example without servers if there are no servers", async () => {
    const nowhere = { DATABASE_URL: "postgres://postgres@127.0.0.1:1/kyc", REDIS_URL: "redis://127.0.0.1:1" }
    const { ended, lines } = start("cluster", nowhere)
    const printed: Array<string> = []
    for await (const line of { [Symbol.asyncIterator]: () => lines }) printed.push(line)
    assert.include(printed.at(-1), "The example `collect` does the same in one process")
    assert.strictEqual(await ended, 1)
  })

  it.live.skipIf(!isHere)(
    "stores every id once, though a runner is killed",
    () =>
      Effect.flatMap(servers.database("example"), (database) =>
        Effect.promise(async () => {
          const env = { DATABASE_URL: database, REDIS_URL: servers.redisUrl, PORT: "24431" }
          const runners = start("cluster", env)
          const submitter = start("cluster:submit", env)
          try {
            const first: string = (await runners.lines.next()).value ?? ""
            let victim = Number(/Runners: (\d+), \d+$/.exec(first)?.[1])
            assert.isAbove(victim, 1)
            const printed: Array<string> = []
            for await (const line of { [Symbol.asyncIterator]: () => submitter.lines }) {
              printed.push(line)
              if (victim > 0 && /^[1-9]\d* stored/.test(line)) {
                process.kill(victim, "SIGKILL")
                victim = 0
              }
            }
            assert.strictEqual(printed[0], "200 new, 0 pending again, 0 had a result; 0 bad lines")
            assert.strictEqual(printed.at(-1), "200 stored, 0 failed, 0 pending")
            assert.strictEqual(await submitter.ended, 0)
            runners.child.kill("SIGTERM")
            assert.strictEqual(await runners.ended, 0)
          } finally {
            for (const { child } of [runners, submitter]) child.kill("SIGTERM")
          }
        })
      ),
    240_000
  )
})
