/** The Grafana dashboard: one panel for each question that an on-call engineer asks. */
import type * as cog from "@grafana/grafana-foundation-sdk/cog"
import { DashboardBuilder, DatasourceVariableBuilder, RowBuilder } from "@grafana/grafana-foundation-sdk/dashboard"
import type { Dashboard, Panel } from "@grafana/grafana-foundation-sdk/dashboard"
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus"
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries"
import { label, metric } from "./prometheus.ts"

interface Query {
  readonly expr: string
  readonly legend: string
}

const source = { type: "prometheus", uid: "${datasource}" }

const panel = (title: string, description: string, unit: string, queries: ReadonlyArray<Query>): cog.Builder<Panel> => {
  const builder = new PanelBuilder()
    .title(title)
    .description(description)
    .unit(unit)
    .datasource(source)
    .span(12)
    .height(8)
  for (const { expr, legend } of queries) {
    builder.withTarget(new DataqueryBuilder().datasource(source).expr(expr).legendFormat(legend))
  }
  return builder
}

const rate = (selector: string, by: string) => `sum by (${by}) (rate(${selector}[$__rate_interval]))`
const quantiles = (name: string): ReadonlyArray<Query> =>
  [0.5, 0.95, 0.99].map((quantile) => ({
    expr: `histogram_quantile(${quantile}, sum by (le) (rate(${name}_bucket[$__rate_interval])))`,
    legend: `p${quantile * 100}`
  }))

const operations = metric("cloudauth.operation.duration")
const attempts = metric("cloudauth.attempt.duration")
const outcome = label("cloudauth.outcome")
const verdicts = metric("cloudauth.verdicts")
const subCode = label("cloudauth.sub_code")
const errorType = label("error.type")
const steps = metric("cloudauth.journey.steps")
const step = label("cloudauth.journey.step")
const inADay = (name: string) => `sum by (${label("cloudauth.document")}) (increase(${steps}{${step}="${name}"}[1d]))`

export const dashboard: Dashboard = new DashboardBuilder("ID Verification (CheckResult)")
  .uid("effect-cloudauth")
  .description("Calls of the ID Verification client: are we throttled, are people rejected, is the vendor slow?")
  .tags(["cloudauth", "generated"])
  .refresh("1m")
  .time({ from: "now-6h", to: "now" })
  .withVariable(new DatasourceVariableBuilder("datasource").type("prometheus").label("Data source"))
  .withRow(new RowBuilder("Is it working?"))
  .withPanel(
    panel("Calls by outcome", "A rejection is a successful call; only failed is the system's fault.", "reqps", [
      { expr: rate(`${operations}_count`, outcome), legend: `{{${outcome}}}` }
    ])
  )
  .withPanel(
    panel(
      "Failures by type",
      "The reference of errors says what each means; the guide to retries, which are retried.",
      "reqps",
      [{ expr: rate(`${operations}_count{${outcome}="failed"}`, errorType), legend: `{{${errorType}}}` }]
    )
  )
  .withPanel(panel("Duration of calls", "Retries and their waits included.", "s", quantiles(operations)))
  .withPanel(
    panel(
      "Duration of attempts",
      "Waits for a credential, a limiter or a connection of our own included.",
      "s",
      quantiles(attempts)
    )
  )
  .withPanel(
    panel(
      "Duration of answers",
      "What the vendor and the line take, without any wait of our own.",
      "s",
      quantiles(metric("cloudauth.exchange.duration"))
    )
  )
  .withPanel(
    panel("Calls under way", "Growing without end: the vendor hangs, or the limiter's queue is too long.", "short", [
      { expr: `sum(${metric("cloudauth.operation.active")})`, legend: "under way" }
    ])
  )
  .withPanel(
    panel("Credential refreshes", "Failing: the old key serves only until it expires.", "cps", [
      {
        expr: rate(`${metric("cloudauth.credential.refresh.duration")}_count`, label("cloudauth.credential.refresh")),
        legend: `{{${label("cloudauth.credential.refresh")}}}`
      }
    ])
  )
  .withRow(new RowBuilder("Are we being throttled?"))
  .withPanel(
    panel("Throttled attempts", "The share of attempts that the vendor turns away.", "percentunit", [
      {
        expr: `sum(rate(${metric("cloudauth.throttles")}[$__rate_interval])) / sum(rate(${attempts}_count[$__rate_interval]))`,
        legend: "throttled"
      }
    ])
  )
  .withPanel(
    panel(
      "Retries by class",
      "throttle: quota. transient: network or vendor. clock: NTP. credentials: lifetime.",
      "cps",
      [
        {
          expr: rate(metric("cloudauth.retries"), label("cloudauth.retry.class")),
          legend: `{{${label("cloudauth.retry.class")}}}`
        }
      ]
    )
  )
  .withPanel(
    panel(
      "Waits for the quota",
      "How long the quota holds attempts back.",
      "s",
      quantiles(metric("cloudauth.limiter.wait.duration"))
    )
  )
  .withPanel(
    panel("Calls that wait for the quota", "Growing without end: more calls than the quota allows.", "short", [
      ...quantiles(metric("cloudauth.quota.waiting"))
    ])
  )
  .withPanel(
    panel(
      "Share of the quota that is used",
      "Near 100 % for long: ask for a larger quota, or spread the calls.",
      "percentunit",
      quantiles(metric("cloudauth.quota.share"))
    )
  )
  .withPanel(
    panel(
      "Attempts for a call",
      "Above 1 for many: look at the retries.",
      "short",
      quantiles(metric("cloudauth.operation.attempts"))
    )
  )
  .withRow(new RowBuilder("Are people being rejected?"))
  .withPanel(
    panel("Verdicts", "By sub code: 211 the image, 212 a risk of forgery, 213 no such document.", "cps", [
      {
        expr: rate(verdicts, `${label("cloudauth.verdict")}, ${subCode}`),
        legend: `{{${label("cloudauth.verdict")}}} {{${subCode}}}`
      }
    ])
  )
  .withPanel(
    panel(
      "Rejections by sub code",
      "Their share of all verdicts. 211, 213: the capture screen. 212: fraud.",
      "percentunit",
      [
        {
          expr: `${rate(`${verdicts}{${label("cloudauth.verdict")}="Rejected"}`, subCode)} / on () group_left () sum(rate(${verdicts}[$__rate_interval]))`,
          legend: `{{${subCode}}}`
        }
      ]
    )
  )
  .withPanel(
    panel("Billed authentications", "Compare the count with the vendor's bill.", "short", [
      { expr: `sum(increase(${metric("cloudauth.authentications.billed")}[1d]))`, legend: "in a day" }
    ])
  )
  .withPanel(
    panel(
      "Days left of the 30",
      "Of results that the callback route collects, and where Telemetry.resultFetched is told.",
      "d",
      quantiles(metric("cloudauth.result.days_left"))
    )
  )
  .withPanel(
    panel(
      "Age of the oldest result that waits",
      "Growing: the collection lags. No values any more: the process that collects is dead.",
      "d",
      quantiles(metric("cloudauth.collect.oldest_age"))
    )
  )
  .withRow(new RowBuilder("How far do users come?"))
  .withPanel(
    panel(
      "Steps of the journey",
      "Of stored transactions, each counted once. passed, retaken, reviewed, declined: what TransactionStore.decide decided.",
      "short",
      [{ expr: `sum by (${step}) (increase(${steps}[1h]))`, legend: `{{${step}}}` }]
    )
  )
  .withPanel(
    panel("Share of those that began", "In a day. What is missing to 100 % is under way or lost.", "percentunit", [
      {
        expr: `sum by (${step}) (increase(${steps}{${step}!="begun"}[1d])) / on () group_left () sum(increase(${steps}{${step}="begun"}[1d]))`,
        legend: `{{${step}}}`
      }
    ])
  )
  .withPanel(
    panel(
      "Finished, by document",
      "Of those that began, in a day. One document only: its capture screen.",
      "percentunit",
      [
        {
          expr: `${inADay("finished")} / ${inADay("begun")}`,
          legend: `{{${label("cloudauth.document")}}}`
        }
      ]
    )
  )
  .withPanel(
    panel(
      "Time to result",
      "From Initialize to the first known result.",
      "s",
      quantiles(metric("cloudauth.journey.duration"))
    )
  )
  .withPanel(
    panel("Billed, by the store", "Each authentication once, whatever processes fetch its result.", "short", [
      {
        expr: `sum(increase(${metric("cloudauth.journey.duration")}_count{${label("cloudauth.billed")}="true"}[1d]))`,
        legend: "in a day"
      }
    ])
  )
  .withRow(new RowBuilder("What comes back?"))
  .withPanel(
    panel("Warnings by path", "The vendor's answers are not as documented there.", "cps", [
      {
        expr: rate(metric("cloudauth.decode.warnings"), label("cloudauth.warning.path")),
        legend: `{{${label("cloudauth.warning.path")}}}`
      }
    ])
  )
  .withPanel(panel("Decoding", "Images included.", "s", quantiles(metric("cloudauth.decode.duration"))))
  .withPanel(
    panel(
      "Size of answers",
      "Images are Base64, a third larger than their files.",
      "bytes",
      quantiles(metric("cloudauth.response.size"))
    )
  )
  .build()
