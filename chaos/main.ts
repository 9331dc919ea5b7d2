/**
 * `pnpm chaos`: the fault campaign. `pnpm chaos simulate`: worlds in virtual time.
 *
 *     pnpm chaos [--seed TEXT] [--calls 100000] [--minutes N] [--concurrency 48]
 *     pnpm chaos simulate [--seed TEXT] [--minutes N] [--world NAME]
 *     pnpm chaos simulate --users 100000 --hours 24 [--seed TEXT]
 *
 * Ends with 1 where anything was not as it must be.
 */
import { parseArgs } from "node:util"
import * as Campaign from "./campaign.ts"
import { number } from "./numberOption.ts"
import * as Simulate from "./simulation/command.ts"

if (process.argv[2] === "simulate") process.exit(await Simulate.main(process.argv.slice(3)))

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Date.now()) },
    calls: { type: "string", default: "100000" },
    minutes: { type: "string" },
    concurrency: { type: "string", default: "48" }
  }
})

const report = await Campaign.run({
  seed: values.seed,
  calls: number("calls", values.calls),
  concurrency: number("concurrency", values.concurrency),
  limit: values.minutes === undefined ? undefined : number("minutes", values.minutes) * 60_000,
  progress: (line) => console.error(line)
})

console.log(
  `\n${report.calls} calls, ${report.attempts} attempts in ${report.seconds.toFixed(0)} s, seed ${report.seed}\n`
)
console.log(`${String(report.attemptTable)}\n`)
console.log(`${String(report.callTable)}\n`)
for (const [name, figure] of Object.entries(report.figures)) console.log(`- ${name}: ${figure}`)
console.log(`\n${report.violations.length} violations`)
for (const violation of report.violations.slice(0, 50)) console.log(`  ${violation}`)
process.exitCode = report.violations.length === 0 ? 0 : 1
