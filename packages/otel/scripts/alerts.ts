/** The alerts, each with the series that must and must not raise it. */
import type { CloudauthError } from "@effect-cloudauth/core/CloudauthError"
import { label, metric } from "./prometheus.ts"

/** A series as promtool's unit tests write it: values a minute apart, `start+step x times`. */
export interface Series {
  readonly series: string
  readonly values: string
}

export interface Alert {
  readonly name: string
  readonly severity: "page" | "ticket"
  readonly expr: string
  readonly for: string
  /** What has happened, in one line. */
  readonly summary: string
  /** What to do. */
  readonly action: string
  /** Series that raise it after 10 hours, for each case. */
  readonly fires: Readonly<Record<string, ReadonlyArray<Series>>>
  /** The labels of the raised alert, besides its severity. */
  readonly labels?: Readonly<Record<string, string>>
  /** Series that do not raise it. */
  readonly rests: Readonly<Record<string, ReadonlyArray<Series>>>
}

const operations = `${metric("cloudauth.operation.duration")}_count`
const attempts = `${metric("cloudauth.attempt.duration")}_count`
const attemptBuckets = `${metric("cloudauth.attempt.duration")}_bucket`
const throttles = metric("cloudauth.throttles")
const verdicts = metric("cloudauth.verdicts")
const warnings = metric("cloudauth.decode.warnings")
const refreshes = `${metric("cloudauth.credential.refresh.duration")}_count`
const daysLeft = `${metric("cloudauth.result.days_left")}_bucket`
const outcome = label("cloudauth.outcome")
const errorType = label("error.type")
const verdict = label("cloudauth.verdict")
const path = label("cloudauth.warning.path")
const refresh = label("cloudauth.credential.refresh")

const credentialErrors: ReadonlyArray<CloudauthError["_tag"]> = [
  "CredentialsError",
  "InvalidAccessKey",
  "SignatureRejected",
  "SecurityTokenExpired",
  "RamUserAccessDenied",
  "AccountAccessDenied"
]

const rejections = (range: string) =>
  `sum(rate(${verdicts}{${verdict}="Rejected"}[${range}])) / sum(rate(${verdicts}[${range}]))`

/**
 * By how much each series of a counter has grown in a time. A series that is new has grown by all that it holds:
 * `increase` alone would miss its first count, which for what happens rarely is the only one.
 */
const grown = (counter: string, range: string): string =>
  `((${counter} unless max_over_time(${counter}[${range}] offset ${range})) or increase(${counter}[${range}]))`

/** A series that appears with its first count a few minutes before it is looked at, and stays there. */
const newborn = (series: string): Series => ({ series, values: "_x592 1+0x100" })

/** A series that has held a count for long and gets no more. */
const old = (series: string): Series => ({ series, values: "7+0x2000" })

const steady = (series: string, perMinute: number): Series => ({ series, values: `0+${perMinute}x2000` })

export const alerts: ReadonlyArray<Alert> = [
  {
    name: "CloudauthThrottled",
    severity: "ticket",
    expr: `sum(rate(${throttles}[10m])) / sum(rate(${attempts}[10m])) > 0.05`,
    for: "10m",
    summary: "The vendor turns away more than 5 % of the attempts for being too many.",
    action:
      "Find who else uses the account, give each program its part with the option quota, and ask the vendor for a larger quota.",
    fires: { "one in ten": [steady(throttles, 10), steady(attempts, 100)] },
    rests: { "one in twenty-five": [steady(throttles, 4), steady(attempts, 100)], none: [steady(attempts, 100)] }
  },
  {
    name: "CloudauthFailing",
    severity: "page",
    expr: `sum(rate(${operations}{${outcome}="failed"}[10m])) / sum(rate(${operations}{${outcome}!="not_completed"}[10m])) > 0.05`,
    for: "5m",
    summary: "More than 5 % of the calls fail after their retries.",
    action: "Group the failures by error.type; its row in the README's table of errors says what to do.",
    fires: {
      "one in ten": [
        steady(`${operations}{${outcome}="failed"}`, 10),
        steady(`${operations}{${outcome}="passed"}`, 90)
      ],
      "one in ten, whatever is polled": [
        steady(`${operations}{${outcome}="failed"}`, 10),
        steady(`${operations}{${outcome}="passed"}`, 90),
        steady(`${operations}{${outcome}="not_completed"}`, 900)
      ],
      all: [steady(`${operations}{${outcome}="failed"}`, 1)]
    },
    rests: {
      "one in ninety": [
        steady(`${operations}{${outcome}="failed"}`, 1),
        steady(`${operations}{${outcome}="rejected"}`, 90)
      ],
      "users who have not finished": [
        steady(`${operations}{${outcome}="passed"}`, 1),
        steady(`${operations}{${outcome}="not_completed"}`, 900)
      ]
    }
  },
  {
    name: "CloudauthSlow",
    severity: "ticket",
    expr: `histogram_quantile(0.95, sum by (le) (rate(${attemptBuckets}[10m]))) > 2.5`,
    for: "10m",
    summary: "One attempt in twenty takes longer than 2.5 seconds.",
    action: "Compare regions and the size of answers; if neither explains it, ask the vendor, with request ids.",
    fires: {
      "half are": [
        steady(`${attemptBuckets}{le="2.5"}`, 50),
        steady(`${attemptBuckets}{le="5"}`, 100),
        steady(`${attemptBuckets}{le="+Inf"}`, 100)
      ]
    },
    rests: {
      "one in a hundred is": [
        steady(`${attemptBuckets}{le="0.5"}`, 99),
        steady(`${attemptBuckets}{le="5"}`, 100),
        steady(`${attemptBuckets}{le="+Inf"}`, 100)
      ]
    }
  },
  {
    name: "CloudauthRejectionsShifted",
    severity: "ticket",
    expr: `(${rejections("1h")}) / (${rejections("1d")}) > 1.5 and sum(increase(${verdicts}[1h])) > 20`,
    for: "15m",
    summary: "The share of rejections in this hour is more than half again that of the day.",
    action: "Group the verdicts by sub code and document. 211, 213: the capture screen. 212: the fraud team.",
    fires: {
      "ten times as many": [
        { series: `${verdicts}{${verdict}="Rejected"}`, values: "0+1x540 550+10x2000" },
        { series: `${verdicts}{${verdict}="Passed"}`, values: "0+10x2000" }
      ]
    },
    rests: {
      "many, as always": [
        steady(`${verdicts}{${verdict}="Rejected"}`, 5),
        steady(`${verdicts}{${verdict}="Passed"}`, 10)
      ],
      "a shift of a handful": [
        { series: `${verdicts}{${verdict}="Rejected"}`, values: "0+0x570 1+0.3x2000" },
        { series: `${verdicts}{${verdict}="Passed"}`, values: "0+0.1x2000" }
      ]
    }
  },
  {
    name: "CloudauthAnswersChanged",
    severity: "ticket",
    expr: `sum by (${path}) ${grown(warnings, "1h")} > 0`,
    for: "0m",
    summary: "The vendor's answers are not as documented at {{ $labels.cloudauth_warning_path }}.",
    action: "Look at the warnings of a result and at a raw answer; update the package, or report the change.",
    fires: {
      "again and again": [steady(`${warnings}{${path}="Result.ExtIdInfo.ocrIdInfo.birthDate"}`, 1)],
      "for the first time": [newborn(`${warnings}{${path}="Result.ExtIdInfo.ocrIdInfo.birthDate"}`)]
    },
    labels: { [path]: "Result.ExtIdInfo.ocrIdInfo.birthDate" },
    rests: { "long ago": [old(`${warnings}{${path}="Result.ExtIdInfo"}`)] }
  },
  {
    name: "CloudauthCredentialsFailing",
    severity: "page",
    expr:
      `(sum(${grown(`${refreshes}{${refresh}="failed"}`, "10m")}) or vector(0)) + ` +
      `(sum(${grown(`${operations}{${errorType}=~"${credentialErrors.join("|")}"}`, "10m")}) or vector(0)) > 0`,
    for: "1m",
    summary: "Credentials cannot be fetched, or the vendor refuses them.",
    action: "Check the credentials source and the RAM user now: the old key serves only until it expires.",
    fires: {
      "the source does not answer": [steady(`${refreshes}{${refresh}="failed"}`, 1)],
      "a first time": [newborn(`${refreshes}{${refresh}="failed"}`)],
      "the vendor refuses the key": [newborn(`${operations}{${outcome}="failed",${errorType}="InvalidAccessKey"}`)]
    },
    rests: {
      "other failures": [
        steady(`${refreshes}{${refresh}="succeeded"}`, 1),
        steady(`${operations}{${outcome}="failed",${errorType}="TransportError"}`, 1)
      ],
      "long ago": [old(`${refreshes}{${refresh}="failed"}`)]
    }
  },
  {
    name: "CloudauthResultsExpiring",
    severity: "ticket",
    expr: `sum(${grown(`${daysLeft}{le=~"3(\\\\.0)?"}`, "1d")}) > 0`,
    for: "0m",
    summary: "Results are fetched with less than 3 of their 30 days left.",
    action: "Find out why the job that fetches results lags; after 30 days they are gone.",
    fires: {
      "again and again": [steady(`${daysLeft}{le="3"}`, 1)],
      "as newer versions of Prometheus write the bucket": [steady(`${daysLeft}{le="3.0"}`, 1)],
      once: [newborn(`${daysLeft}{le="3"}`)]
    },
    rests: { "in good time": [steady(`${daysLeft}{le="3"}`, 0), steady(`${daysLeft}{le="30"}`, 5)] }
  }
]

/** Prometheus' rules file. */
export const rules = {
  groups: [
    {
      name: "cloudauth",
      rules: alerts.map(({ action, expr, for: duration, name, severity, summary }) => ({
        alert: name,
        expr,
        for: duration,
        labels: { severity },
        annotations: { summary, action }
      }))
    }
  ]
}

/** promtool's unit tests of the rules: each alert fires on its series, and rests on the others. */
export const ruleTests = {
  rule_files: ["alerts.yml"],
  evaluation_interval: "5m",
  tests: alerts.flatMap(({ action, fires, labels = {}, name, rests, severity, summary }) => {
    const told = Object.entries(labels).reduce(
      (text, [key, value]) => text.replaceAll(`{{ $labels.${key} }}`, value),
      summary
    )
    const raised = { exp_labels: { severity, ...labels }, exp_annotations: { summary: told, action } }
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
}
