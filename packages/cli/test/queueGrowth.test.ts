/** An id costs the same however many wait. Processor time is measured, which a busy machine changes little. */
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"

const script = fileURLToPath(new URL("../scripts/queueGrowth.ts", import.meta.url))

describe("the queue", () => {
  it.live("collects the first of a hundred thousand ids at the cost of the last", () =>
    Effect.gen(function* () {
      const { stdout } = yield* Effect.promise(() =>
        promisify(execFile)(process.execPath, [script, "--ids", "100000"], { encoding: "utf8" })
      )
      const { Stored, cpuMicrosecondsToCollect } = JSON.parse(stdout) as {
        readonly Stored: number
        readonly cpuMicrosecondsToCollect: ReadonlyArray<number>
      } // what the script prints
      assert.strictEqual(Stored, 100_000)
      // A walk through all that wait makes the first tenth ten times as dear.
      assert.isBelow(Math.max(...cpuMicrosecondsToCollect), 4 * Math.min(...cpuMicrosecondsToCollect))
    })
  )
})
