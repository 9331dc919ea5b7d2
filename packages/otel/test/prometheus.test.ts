import { spawn } from "node:child_process"
import type { ChildProcess } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { stringify } from "yaml"
import { alerts } from "../scripts/alerts.ts"
import { files } from "../scripts/files.ts"
import { dashboard } from "../scripts/grafana.ts"
import { relabelling } from "../scripts/prometheus.ts"
import { records } from "../scripts/usualVerdicts.ts"
import { type Answer, freePort, hasPrometheus, seen, start, stop } from "./server.ts"

// The panels' rates span a minute or more at Grafana; here they must see what has just been scraped.
const panels = (dashboard.panels ?? []).flatMap((panel) =>
  "targets" in panel
    ? (panel.targets ?? []).flatMap((target) =>
        "expr" in target
          ? [[panel.title ?? "", String(target.expr).replaceAll("$__rate_interval", "10s")] as const]
          : []
      )
    : []
)

// Debian's prometheus stores and queries; the process that it scrapes has nothing but the NodeSDK of the environment.
describe.skipIf(!hasPrometheus)("a real Prometheus", () => {
  const folder = mkdtempSync(join(tmpdir(), "prometheus-"))
  const children: Array<ChildProcess> = []
  let origin = ""

  const ask = async (path: string): Promise<Answer> => (await fetch(`${origin}/api/v1/${path}`)).json()

  beforeAll(async () => {
    const [scraped, own] = [await freePort(), await freePort()]
    origin = `http://127.0.0.1:${own}`
    const config = {
      global: { scrape_interval: "1s", evaluation_interval: "1s" },
      rule_files: ["alerts.yml"],
      scrape_configs: [
        {
          job_name: "checks",
          static_configs: [{ targets: [`127.0.0.1:${scraped}`] }],
          metric_relabel_configs: relabelling
        }
      ]
    }
    writeFileSync(join(folder, "prometheus.yml"), stringify(config))
    writeFileSync(join(folder, "alerts.yml"), files["alerts.yml"] ?? "")
    const program = spawn(process.execPath, [join(import.meta.dirname, "programs/scraped.ts")], {
      env: {
        PATH: process.env["PATH"],
        NODE_NO_WARNINGS: "1",
        OTEL_METRICS_EXPORTER: "prometheus",
        OTEL_EXPORTER_PROMETHEUS_HOST: "127.0.0.1",
        OTEL_EXPORTER_PROMETHEUS_PORT: String(scraped),
        OTEL_TRACES_EXPORTER: "none",
        OTEL_LOGS_EXPORTER: "none"
      },
      stdio: ["ignore", "pipe", "inherit"]
    })
    children.push(program)
    await once(program.stdout, "data")
    children.push(start(folder, own))
    await seen("two scrapes", async () => {
      const { data } = await ask("query?query=count_over_time(cloudauth_verdicts_total[1m])%20>%202")
      return data.result.length > 0 ? true : undefined
    })
  }, 60_000)

  afterAll(async () => {
    for (const child of children) await stop(child)
    rmSync(folder, { recursive: true, force: true })
  })

  it("answers every query of the dashboard with figures", async () => {
    assert.isAbove(panels.length, 20)
    for (const [title, expr] of panels) {
      const figures = await seen(`${title}: ${expr}`, async () => {
        const { data } = await ask(`query?query=${encodeURIComponent(expr)}`)
        const values = data.result.map(({ value }) => Number(value[1]))
        return values.length > 0 && values.every(Number.isFinite) ? values : undefined
      })
      assert.isNotEmpty(figures, title)
    }
  })

  it("evaluates every rule, and raises those that need no time", async () => {
    const rules = await seen("evaluated rules", async () => {
      const { data } = await ask("rules")
      const all = data.groups.flatMap((group) => group.rules)
      return all.every((rule) => rule.health !== "unknown") ? all : undefined
    })
    assert.sameMembers(
      rules.map(({ name }) => name),
      [...alerts.map(({ name }) => name), ...records.map(({ record }) => record)]
    )
    for (const { health, lastError, name } of rules) assert.strictEqual(health, "ok", `${name}: ${lastError}`)
    const firing = await seen("firing alerts", async () => {
      const { data } = await ask("alerts")
      const names = data.alerts.filter(({ state }) => state === "firing").map(({ labels }) => labels["alertname"])
      return names.length >= 2 ? names : undefined
    })
    assert.includeMembers([...firing], ["CloudauthAnswersChanged", "CloudauthResultsExpiring"])
  })

  it("has no id in any label", async () => {
    const response = await fetch(`${origin}/api/v1/series?match[]={__name__=~"cloudauth.*"}`)
    const text = await response.text()
    assert.include(text, "cloudauth_attempt_duration_seconds_bucket")
    for (const id of ["order4711", "hksb4711", "LTAI5tFakeKeyId"]) assert.notInclude(text, id)
  })
})
