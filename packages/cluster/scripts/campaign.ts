/**
 * The show: four runners collect while runners are killed, the limiters' connections are cut, PostgreSQL is restarted
 * and Redis flushed. Prints what it found, and ends with 1 where something is wrong.
 *
 *     node scripts/campaign.ts                          # 20,000 transactions
 *     node scripts/campaign.ts --transactions 2000 --quota 25
 *     node scripts/campaign.ts --transactions 0         # the growth of throughput alone; --growth 0 leaves it out
 *     node scripts/campaign.ts --ci                     # 300 transactions, two runners, no restart, no flush
 *
 * PostgreSQL is restarted by `--restart COMMAND`, by default that of Debian's packages; with compose.yaml it is
 * `--restart "docker compose -f packages/cluster/compose.yaml restart postgres"`. Without a command that does it, say
 * `--no-restart`. The Redis database that REDIS_URL names is flushed; where it names none, only what is the campaign's.
 */
import { parseArgs } from "node:util"
import * as Effect from "effect/Effect"
import * as campaign from "./support/campaign.ts"
import * as servers from "./support/servers.ts"

const { values } = parseArgs({
  options: {
    ci: { type: "boolean", default: false },
    transactions: { type: "string", default: "20000" },
    quota: { type: "string", default: "60" },
    runners: { type: "string", default: "4" },
    growth: { type: "string", default: "400" },
    concurrency: { type: "string", default: "16" },
    "growth-concurrency": { type: "string", default: "8" },
    restart: { type: "string", default: "pg_ctlcluster --skip-systemctl-redirect 15 main restart" },
    "no-restart": { type: "boolean", default: false },
    verbose: { type: "boolean", default: false }
  }
})

const transactions = values.ci ? 300 : Number(values.transactions)
const quota = values.ci ? 40 : Number(values.quota)
const runners = values.ci ? 2 : Number(values.runners)

const common = {
  quota,
  concurrency: Number(values.concurrency),
  delay: 400,
  limit: values.ci ? 120_000 : 1_800_000,
  verdictsOnly: false,
  restart: values.restart,
  tell: (line: string) => {
    if (values.verbose || /^\d+ s: [^\d]/.test(line)) console.log(line)
  }
}

/** When things break, by the share of the results that is stored: kills all along, the rest once or a few times. */
const faults = (): campaign.Options["faults"] => {
  const kills = values.ci ? [0.3] : [0.06, 0.16, 0.22, 0.3, 0.4, 0.52, 0.6, 0.72, 0.82, 0.92]
  const cuts = values.ci ? [0.6] : [0.11, 0.35, 0.56, 0.77]
  return [
    ...kills.map((stored) => [stored, "kill a runner"] as const),
    ...cuts.map((stored) => [stored, "cut the limiters' connections"] as const),
    ...(values.ci || values["no-restart"] ? [] : [[0.46, "restart PostgreSQL"] as const]),
    ...(values.ci ? [] : [[0.66, "flush Redis"] as const])
  ].toSorted(([one], [other]) => one - other)
}

const seconds = (milliseconds: number | undefined) =>
  milliseconds === undefined ? "never" : `${(milliseconds / 1000).toFixed(1)} s`

const percent = (share: number) => `${(100 * share).toFixed(1)} %`

const missing = await servers.missing()
if (missing !== undefined) {
  console.error(missing)
  process.exit(1)
}

const growth: Array<readonly [number, campaign.Outcome]> = []
if (!values.ci && Number(values.growth) > 0) {
  for (const count of [1, 2, 4]) {
    const outcome = await Effect.runPromise(
      Effect.scoped(
        campaign.run({
          ...common,
          // One runner alone cannot use up the quota: it gets `concurrency / 0.4 s` answers.
          concurrency: Number(values["growth-concurrency"]),
          runners: count,
          transactions: Number(values.growth) * count,
          unfinished: 0,
          faults: []
        })
      )
    )
    growth.push([count, outcome])
    console.log(
      `${count} runner${count === 1 ? "" : "s"}: ${campaign.pace(outcome).toFixed(1)} calls/s over ten seconds, ` +
        `${percent(campaign.pace(outcome) / quota)} of the quota, at most ${outcome.most} within a second; ` +
        (campaign.faultsOf(outcome).join("; ") || "all well")
    )
  }
}

if (transactions === 0) process.exit(growth.every(([, { most }]) => most <= quota) ? 0 : 1)

const outcome = await Effect.runPromise(
  Effect.scoped(campaign.run({ ...common, runners, transactions, unfinished: 20, faults: faults() }))
)

console.log("")
console.log("| fault | after | felt for |")
console.log("|---|---|---|")
for (const { at, fault, recovery } of campaign.recoveries(outcome)) {
  console.log(`| ${fault} | ${seconds(at - outcome.started)} | ${seconds(recovery)} |`)
}
console.log("")
console.log("| | |")
console.log("|---|---|")
const wrong = [...campaign.faultsOf(outcome)]
const rows: ReadonlyArray<readonly [string, string]> = [
  ["runners, quota", `${runners}, ${quota} calls/s`],
  ["transactions", String(transactions)],
  ["took", seconds(outcome.ended - outcome.started)],
  ["stored, each once", `${outcome.counts.Stored}, ${outcome.distinct === outcome.rows ? "yes" : "no"}`],
  ["calls that arrived", String(outcome.arrivals.length)],
  ["at most within any second", `${outcome.most} of ${quota}`],
  ["used of the quota, faults and all", percent(campaign.used(outcome))],
  ["billed answers", String(outcome.billed)],
  [
    "of these repeated",
    `${outcome.repeated.length}, outside the window ${outcome.repeated.filter(({ explained }) => !explained).length}`
  ],
  ["engine", `${outcome.engine.messages} messages, ${outcome.engine.replies} replies, ${outcome.engine.bytes} bytes`],
  ["engine, bytes a transaction", (outcome.engine.bytes / transactions).toFixed(0)],
  ["results, bytes a transaction", (outcome.resultBytes / transactions).toFixed(0)],
  ["verdict", wrong.length === 0 ? "all well" : wrong.join("; ")]
]
for (const [name, value] of rows) console.log(`| ${name} | ${value} |`)
for (const [count, { most }] of growth) if (most > quota) wrong.push(`${count} runners went above the quota`)
process.exit(wrong.length === 0 ? 0 : 1)
