/** The alerts as files of Prometheus: the rules, and promtool's unit tests of them. */
import { alerts } from "./alerts.ts"
import { incidents } from "./incidents.ts"
import type { Series } from "./series.ts"
import { records } from "./usualVerdicts.ts"

/** The section on an alert in the guide. */
export const runbook = (name: string): string =>
  `https://github.com/effect-cloudauth/effect-cloudauth/blob/main/docs/how-to/alerts.md#${name.toLowerCase()}`

/** Prometheus' rules file. */
export const rules = {
  groups: [
    {
      name: "cloudauth",
      rules: [
        ...records,
        ...alerts.map(({ action, expr, for: duration, name, severity, summary }) => ({
          alert: name,
          expr,
          for: duration,
          labels: { severity },
          annotations: { summary, action, runbook_url: runbook(name) }
        }))
      ]
    }
  ]
}

const alertTests = alerts.flatMap(({ action, fires, labels = {}, name, rests, severity, summary }) => {
  const told = Object.entries(labels).reduce(
    (text, [key, value]) => text.replaceAll(`{{ $labels.${key} }}`, value),
    summary
  )
  const annotations = { summary: told, action, runbook_url: runbook(name) }
  const raised = { exp_labels: { severity, ...labels }, exp_annotations: annotations }
  const testOf = (what: string, series: ReadonlyArray<Series>, expected: ReadonlyArray<typeof raised>) => ({
    name: `${name} ${what}`,
    interval: "1m",
    input_series: series,
    alert_rule_test: [{ eval_time: "10h", alertname: name, exp_alerts: expected }]
  })
  return [
    ...Object.entries(fires).map(([what, series]) => testOf(`fires: ${what}`, series, [raised])),
    ...Object.entries(rests).map(([what, series]) => testOf(`rests: ${what}`, series, []))
  ]
})

const incidentTests = Object.entries(incidents).map(([what, { raises, series }]) => ({
  name: `incident: ${what}`,
  interval: "1m",
  input_series: series,
  promql_expr_test: [
    {
      expr: 'group by (alertname) (ALERTS{alertstate="firing"})',
      eval_time: "10h",
      exp_samples: raises.map((name) => ({ labels: `{alertname="${name}"}`, value: 1 }))
    }
  ]
}))

/** promtool's unit tests: each alert fires on its series and rests on the others; each incident raises its alerts. */
export const ruleTests = {
  rule_files: ["alerts.yml"],
  evaluation_interval: "5m",
  tests: [...alertTests, ...incidentTests]
}
