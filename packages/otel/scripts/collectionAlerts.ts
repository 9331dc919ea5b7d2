/** The alerts on results that wait to be collected. */
import type { Alert } from "./Alert.ts"
import { metric } from "./prometheus.ts"
import { groups, happened } from "./queries.ts"
import { newborn, steady } from "./series.ts"

const daysLeft = `${metric("cloudauth.result.days_left")}_bucket`
const sweeps = metric("cloudauth.collect.oldest_age")

export const collectionAlerts: ReadonlyArray<Alert> = [
  {
    name: "CloudauthResultsExpiring",
    severity: "ticket",
    expr: happened(`${daysLeft}{le=~"3(\\\\.0)?"}`, "1d"),
    for: "0m",
    summary: "Results are fetched with less than 3 of their 30 days left.",
    action: "Find out why the job that fetches results lags; after 30 days they are gone.",
    fires: {
      "again and again": [steady(`${daysLeft}{le="3"}`, 1)],
      "as newer versions of Prometheus write the bucket": [steady(`${daysLeft}{le="3.0"}`, 1)],
      once: [newborn(`${daysLeft}{le="3"}`)]
    },
    rests: { "in good time": [steady(`${daysLeft}{le="3"}`, 0), steady(`${daysLeft}{le="30"}`, 5)] }
  },
  {
    name: "CloudauthResultsWaiting",
    severity: "ticket",
    expr:
      `sum by (${groups}) (increase(${sweeps}_count[2h])) - ` +
      `sum by (${groups}) (increase(${sweeps}_bucket{le=~"3(\\\\.0)?"}[2h])) > 0.5`,
    for: "15m",
    summary: "A result has waited for more than 3 of its 30 days to be collected.",
    action:
      "Look at the collection's log lines: a failing handler, or too few workers. After 30 days the result is gone.",
    fires: { "since long": [steady(`${sweeps}_count`, 1), { series: `${sweeps}_bucket{le="3"}`, values: "9x700" }] },
    rests: { "in good time": [steady(`${sweeps}_count`, 1), steady(`${sweeps}_bucket{le="3"}`, 1)] }
  },
  {
    name: "CloudauthCollectorSilent",
    severity: "ticket",
    expr: `group by (${groups}) (max_over_time(${sweeps}_count[7d])) unless ` + happened(`${sweeps}_count`, "30m"),
    for: "15m",
    summary: "Nothing has searched for results to collect for half an hour, and something did in the last 7 days.",
    action: "Start the process that collects again. What is not fetched within 30 days is gone.",
    fires: {
      "the process is dead": [{ series: `${sweeps}_count`, values: "0+1x500 stale" }],
      "the process hangs": [{ series: `${sweeps}_count`, values: "0+1x500 500x200" }]
    },
    rests: {
      "it works": [steady(`${sweeps}_count`, 1)],
      "another instance works": [
        { series: `${sweeps}_count{instance="a"}`, values: "0+1x500 stale" },
        { series: `${sweeps}_count{instance="b"}`, values: "_x500 0+1x200" }
      ]
    }
  }
]
