import * as Metrics from "@effect-cloudauth/core/Metrics"
import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { parse } from "yaml"
import { alerts } from "../scripts/alerts.ts"
import { files } from "../scripts/files.ts"
import { dashboard } from "../scripts/grafana.ts"
import { metric } from "../scripts/prometheus.ts"

const folder = join(import.meta.dirname, "../dashboards")

const hasPromtool = spawnSync("promtool", ["--version"]).error === undefined
if (!hasPromtool) {
  process.stderr.write("\n!! promtool is missing: the alert rules are NOT checked. apt-get install prometheus\n\n")
}

const panels = (dashboard.panels ?? []).flatMap((panel) => ("targets" in panel ? [panel] : []))

/** The query of a panel's target, which the builder keeps under the data source's own type. */
const queriesOf = (panel: (typeof panels)[number]): ReadonlyArray<string> =>
  (panel.targets ?? []).map((target) => ("expr" in target ? String(target.expr) : ""))

const queries = panels.flatMap(queriesOf)

/** The names of our metrics in a query. */
const namesIn = (query: string): ReadonlyArray<string> => query.match(/\bcloudauth_[a-z_]+(?=[[{)\s]|$)/g) ?? []

const series = new Set(
  (Object.keys(Metrics.table) as Array<Metrics.Name>).flatMap((name) => {
    // keys of a literal
    const translated = metric(name)
    return Metrics.table[name].instrument === "histogram"
      ? ["_bucket", "_sum", "_count"].map((part) => translated + part)
      : [translated]
  })
)

describe("the generated files", () => {
  for (const [name, text] of Object.entries(files)) {
    it(`${name} is as its script makes it`, () => {
      // The committed files are formatted; what they say is the same. JSON is YAML, too.
      assert.deepStrictEqual(parse(readFileSync(join(folder, name), "utf8")), parse(text))
    })
  }
})

describe("the dashboard", () => {
  it("asks only for metrics that exist, and shows each of them", () => {
    const asked = new Set(queries.flatMap(namesIn).filter((name) => !name.endsWith("_id")))
    for (const name of asked) {
      assert.isTrue(series.has(name) || isLabel(name), `${name} in a panel`)
    }
    for (const name of Object.keys(Metrics.table) as Array<Metrics.Name>) {
      // as above
      assert.isTrue(
        queries.some((query) => query.includes(metric(name))),
        `${name} is on no panel`
      )
    }
  })

  it("has a description on each panel, and no two panels of one title", () => {
    assert.isAbove(panels.length, 12)
    for (const panel of panels) assert.isNotEmpty(panel.description)
    assert.strictEqual(new Set(panels.map((panel) => panel.title)).size, panels.length)
  })

  it.skipIf(!hasPromtool)("has queries that Prometheus understands", () => {
    const rules = queries.map((expr, index) => ({
      record: `panel:${index}`,
      expr: expr.replaceAll("$__rate_interval", "5m")
    }))
    check({ "rules.yml": JSON.stringify({ groups: [{ name: "panels", rules }] }) }, ["check", "rules", "rules.yml"])
  })
})

const labels = new Set(
  Object.values(Metrics.table).flatMap(({ attributes }) => attributes.map((name) => name.replaceAll(".", "_")))
)
const isLabel = (name: string): boolean => labels.has(name)

/** Runs promtool on files in a folder of their own; fails with its words. */
const check = (files: Readonly<Record<string, string>>, parameters: ReadonlyArray<string>): void => {
  const folder = mkdtempSync(join(tmpdir(), "promtool-"))
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    execFileSync("promtool", parameters, { cwd: folder, encoding: "utf8", stdio: "pipe" })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe("the alerts", { timeout: 60_000 }, () => {
  it("ask only for metrics that exist", () => {
    for (const { expr } of alerts) {
      const names = namesIn(expr)
      assert.isNotEmpty(names)
      for (const name of names) assert.isTrue(series.has(name) || isLabel(name), name)
    }
  })

  it.skipIf(!hasPromtool)("are rules that Prometheus accepts", () => {
    check(files, ["check", "rules", "alerts.yml"])
  })

  it.skipIf(!hasPromtool)("fire and rest on the series of their unit tests", () => {
    check(files, ["test", "rules", "alerts.test.yml"])
  })

  it.skipIf(!hasPromtool)("have tests that can fail", () => {
    const broken = { ...files, "alerts.yml": (files["alerts.yml"] ?? "").replaceAll("> 0.05", "> 50") }
    assert.throws(() => check(broken, ["test", "rules", "alerts.test.yml"]))
  })
})
