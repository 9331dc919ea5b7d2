/**
 * How throughput grows with the runners: `node scripts/growth.ts [QUOTA [CALLS]]` prints a table for 1, 2 and 4 runners. Each has
 * CALLS under way, by default as many as make a third of the quota, so that it is the quota that ends the growth.
 * Ends with 1 where something is wrong.
 */
import * as Effect from "effect/Effect"
import * as campaign from "./support/campaign.ts"
import * as servers from "./support/servers.ts"

const quota = Number(process.argv[2] ?? 20)
const delay = 400
const concurrency = Number(process.argv[3] ?? Math.ceil((quota / 3) * (delay / 1000)))

const missing = await servers.missing()
if (missing !== undefined) {
  console.error(missing)
  process.exit(1)
}

let isWell = true
console.log(`| runners | calls a second, over ten seconds | of the quota, ${quota} | at most within any second |`)
console.log("|---|---|---|---|")
for (const runners of [1, 2, 4]) {
  const outcome = await Effect.runPromise(
    Effect.scoped(
      campaign.run({
        runners,
        transactions: Math.ceil((quota / 3) * runners * 20),
        quota,
        concurrency,
        delay,
        unfinished: 0,
        faults: [],
        limit: 300_000
      })
    )
  )
  const pace = campaign.pace(outcome)
  console.log(`| ${runners} | ${pace.toFixed(1)} | ${((100 * pace) / quota).toFixed(0)} % | ${outcome.most} |`)
  for (const fault of campaign.faultsOf(outcome)) {
    isWell = false
    console.error(fault)
  }
}
process.exit(isWell ? 0 : 1)
