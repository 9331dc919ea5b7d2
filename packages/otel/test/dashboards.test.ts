import * as Metrics from "@effect-cloudauth/core/Metrics"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { parse } from "yaml"
import { alerts } from "../scripts/alerts.ts"
import { files } from "../scripts/files.ts"
import { dashboard } from "../scripts/grafana.ts"
import { incidents } from "../scripts/incidents.ts"
import { metric } from "../scripts/prometheus.ts"
import { runbook } from "../scripts/rules.ts"
import { records } from "../scripts/usualVerdicts.ts"
import { hasPromtool, promtool } from "./promtool.ts"

const folder = join(import.meta.dirname, "../dashboards")

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
    promtool({ "rules.yml": JSON.stringify({ groups: [{ name: "panels", rules }] }) }, ["check", "rules", "rules.yml"])
  })
})

const labels = new Set(
  Object.values(Metrics.table).flatMap(({ attributes }) => attributes.map((name) => name.replaceAll(".", "_")))
)
const isLabel = (name: string): boolean => labels.has(name)

describe("the alerts", () => {
  it("ask only for metrics that exist", () => {
    const recorded = new Set(records.map(({ record }) => record))
    for (const { expr } of [...alerts, ...records]) {
      const used = expr.match(/\bcloudauth:\w+(:\w+)*/g) ?? []
      for (const name of used) assert.isTrue(recorded.has(name), name)
      const names = namesIn(expr)
      assert.isNotEmpty([...used, ...names])
      for (const name of names) assert.isTrue(series.has(name) || isLabel(name), name)
    }
  })

  it("have each a section of the guide, and each guide's section an alert", () => {
    const guide = readFileSync(join(folder, "../../../docs/how-to/alerts.md"), "utf8")
    const sections = [...guide.matchAll(/^## (Cloudauth\w+)$/gm)].map(([, name]) => name)
    assert.deepStrictEqual(
      sections,
      alerts.map(({ name }) => name)
    )
    for (const { name } of alerts) assert.include(runbook(name), `docs/how-to/alerts.md#${name.toLowerCase()}`)
  })

  it("are known to the incidents", () => {
    const names = new Set(alerts.map(({ name }) => name))
    for (const { raises } of Object.values(incidents)) for (const name of raises) assert.isTrue(names.has(name), name)
  })

  it.skipIf(!hasPromtool)("are rules that Prometheus accepts", () => {
    promtool(files, ["check", "rules", "alerts.yml"])
  })
})
