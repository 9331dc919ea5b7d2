/** Incidents on the emulator: which of the package's alerts they raise, by promtool and in a running Prometheus. */
import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { stringify } from "yaml"
import { alerts } from "../scripts/alerts.ts"
import { rules } from "../scripts/rules.ts"
import { incidents } from "./incidents/incidents.ts"
import { asOpenMetrics, asTest, record, type Recording } from "./incidents/recording.ts"
import { hasPromtool, promtool } from "./promtool.ts"
import { type Answer, freePort, hasPrometheus, seen, start, stop } from "./server.ts"

/** Minutes: of 28 days every minute would be too many. */
const evaluatedEvery = 10

const recordings = new Map<string, Recording>()

const recordingOf = (name: string): Recording => recordings.get(name) ?? assert.fail(`not recorded: ${name}`)

describe.skipIf(!hasPromtool || !hasPrometheus)("an incident on the emulator", () => {
  beforeAll(async () => {
    for (const [name, { happens }] of Object.entries(incidents)) {
      recordings.set(name, await Effect.runPromise(record(happens)))
    }
  })

  it.for(Object.entries(incidents))("raises its alerts and no other, as time goes by: %s", ([name, { raises }]) => {
    const recording = recordingOf(name)
    const end = Math.floor((recording.minutes - 1) / evaluatedEvery) * evaluatedEvery
    const test = {
      rule_files: ["alerts.yml"],
      evaluation_interval: `${evaluatedEvery}m`,
      tests: [
        {
          interval: "1m",
          input_series: asTest(recording),
          promql_expr_test: [
            {
              expr: 'group by (alertname) (ALERTS{alertstate="firing"})',
              eval_time: `${end}m`,
              exp_samples: raises.map((alert) => ({ labels: `{alertname="${alert}"}`, value: 1 }))
            }
          ]
        }
      ]
    }
    promtool({ "alerts.yml": JSON.stringify(rules), "test.yml": JSON.stringify(test) }, ["test", "rules", "test.yml"])
  })

  it("raises them in a running Prometheus that has recorded the incidents until now", async () => {
    const folder = mkdtempSync(join(tmpdir(), "incidents-"))
    const now = Math.floor(Date.now() / 1000)
    const names = Object.keys(incidents)
    const text = names.flatMap((name) => asOpenMetrics(name, recordingOf(name), now))
    writeFileSync(join(folder, "recorded.txt"), `${text.join("\n")}\n# EOF\n`)
    execFileSync(
      "promtool",
      ["tsdb", "create-blocks-from", "--max-block-duration=960h", "openmetrics", "-q", "recorded.txt", "data"],
      {
        cwd: folder
      }
    )
    writeFileSync(
      join(folder, "prometheus.yml"),
      stringify({ global: { evaluation_interval: "1s" }, rule_files: ["alerts.yml"] })
    )
    // How long an alert must last is promtool's part: this server has just begun to look.
    const groups = rules.groups.map((group) => ({
      ...group,
      rules: group.rules.map((rule) => ("alert" in rule ? { ...rule, for: "0s" } : rule))
    }))
    writeFileSync(join(folder, "alerts.yml"), JSON.stringify({ groups }))
    const port = await freePort()
    const server = start(folder, port)
    try {
      const ask = async (path: string): Promise<Answer["data"]> => {
        const answer: Answer = await (await fetch(`http://127.0.0.1:${port}/api/v1/${path}`)).json()
        return answer.data
      }
      await seen("evaluated rules", async () => {
        const all = (await ask("rules")).groups.flatMap((group) => group.rules)
        return all.length > alerts.length && all.every(({ health }) => health === "ok") ? true : undefined
      })
      const raised = (await ask("alerts")).alerts.map(({ labels }) => [labels["job"] ?? "", labels["alertname"] ?? ""])
      for (const name of names) {
        const own = new Set(raised.filter(([job]) => job === name).map(([, alert]) => alert))
        assert.sameMembers([...own], [...(incidents[name]?.raises ?? [])], name)
      }
      assert.isTrue(
        raised.every(([job = ""]) => names.includes(job)),
        JSON.stringify(raised)
      )
    } finally {
      await stop(server)
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
