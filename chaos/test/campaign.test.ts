/** A short slice of the campaign, by the same code as `pnpm chaos`. */
import { assert, it } from "@effect/vitest"
import * as Campaign from "../campaign.ts"

it("a thousand calls under faults: every one as the model says, and nothing left", { timeout: 240_000 }, async () => {
  const report = await Campaign.run({ seed: "slice", calls: 1200, roundSize: 240, concurrency: 32 })
  assert.deepStrictEqual(report.violations, [])
  assert.strictEqual(report.calls, 1200)
  for (const [fault, times] of Object.entries(report.struck)) assert.isAbove(times, 0, fault)
  // Half of the attempts or so met a fault: a slice that met none would show nothing.
  assert.isAbove(report.attempts, 1500)
})
