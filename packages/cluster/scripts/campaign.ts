/**
 * The show: four runners collect while runners are killed, the limiters' connections are cut, PostgreSQL is restarted
 * and Redis flushed. Prints what it found, and ends with 1 where something is wrong.
 *
 *     node scripts/campaign.ts                          # 20,000 transactions
 *     node scripts/campaign.ts --transactions 2000 --quota 25
 *
 * PostgreSQL is restarted by `--restart COMMAND`, by default that of Debian's packages; with compose.yaml it is
 * `--restart "docker compose -f packages/cluster/compose.yaml restart postgres"`. Without a command that does it, say
 * `--no-restart`. The Redis database that REDIS_URL names is flushed; if it names none, only what is the campaign's.
 */
import { parseArgs } from "node:util"
import * as Effect from "effect/Effect"
import * as campaign from "./support/campaign.ts"
import * as servers from "./support/servers.ts"

const { values } = parseArgs({
  options: {
    transactions: { type: "string", default: "20000" },
    quota: { type: "string", default: "60" },
    runners: { type: "string", default: "4" },
    concurrency: { type: "string", default: "16" },
    restart: { type: "string", default: "pg_ctlcluster --skip-systemctl-redirect 15 main restart" },
    "no-restart": { type: "boolean", default: false },
    verbose: { type: "boolean", default: false }
  }
})

const transactions = Number(values.transactions)
const quota = Number(values.quota)
const runners = Number(values.runners)

/** When things break, by the share of the results that is stored: kills all along, the rest once or a few times. */
const faults: campaign.Options["faults"] = [
  ...[0.06, 0.16, 0.22, 0.3, 0.4, 0.52, 0.6, 0.72, 0.82, 0.92].map((stored) => [stored, "kill a runner"] as const),
  ...[0.11, 0.35, 0.56, 0.77].map((stored) => [stored, "cut the limiters' connections"] as const),
  ...(values["no-restart"] ? [] : [[0.46, "restart PostgreSQL"] as const]),
  [0.66, "flush Redis"] as const
].toSorted(([one], [other]) => one - other)

const options: campaign.Options = {
  runners,
  transactions,
  unfinished: 20,
  quota,
  concurrency: Number(values.concurrency),
  delay: 400,
  limit: 1_800_000,
  verdictsOnly: false,
  restart: values.restart,
  faults,
  tell: (line: string) => {
    if (values.verbose || /^\d+ s: [^\d]/.test(line)) console.log(line)
  }
}

const seconds = (milliseconds: number | undefined) =>
  milliseconds === undefined ? "never" : `${(milliseconds / 1000).toFixed(1)} s`

const percent = (share: number) => `${(100 * share).toFixed(1)} %`

const missing = await servers.missing()
if (missing !== undefined) {
  console.error(missing)
  process.exit(1)
}

const outcome = await Effect.runPromise(Effect.scoped(campaign.run(options)))

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
  ["results fetched", String(outcome.fetched)],
  [
    "of these repeated",
    `${outcome.repeated.length}, outside the window ${outcome.repeated.filter(({ explained }) => !explained).length}`
  ],
  ["engine", `${outcome.engine.messages} messages, ${outcome.engine.replies} replies, ${outcome.engine.bytes} bytes`],
  ["engine, bytes a transaction", (outcome.engine.bytes / transactions).toFixed(0)],
  ["PostgreSQL's transactions a transaction", (outcome.committed / transactions).toFixed(1)],
  ["results, bytes a transaction", (outcome.resultBytes / transactions).toFixed(0)],
  ["verdict", wrong.length === 0 ? "all well" : wrong.join("; ")]
]
for (const [name, value] of rows) console.log(`| ${name} | ${value} |`)
process.exit(wrong.length === 0 ? 0 : 1)
