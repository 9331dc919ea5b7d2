/** The alerts, each with the series that must and must not raise it. */
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
  /** Series that raise it after 10 hours; `labels` are those of the raised alert besides its severity. */
  readonly fires: { readonly series: ReadonlyArray<Series>; readonly labels?: Readonly<Record<string, string>> }
  /** Series that do not. */
  readonly rests: ReadonlyArray<Series>
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

const credentialErrors = [
  "CredentialsError",
  "InvalidAccessKey",
  "SignatureRejected",
  "SecurityTokenExpired",
  "RamUserAccessDenied",
  "AccountAccessDenied"
].join("|")

const rejections = (range: string) =>
  `sum(rate(${verdicts}{${verdict}="Rejected"}[${range}])) / sum(rate(${verdicts}[${range}]))`

const steady = (series: string, perMinute: number): Series => ({ series, values: `0+${perMinute}x2000` })

export const alerts: ReadonlyArray<Alert> = [
  {
    name: "CloudauthThrottled",
    severity: "ticket",
    expr: `sum(rate(${throttles}[10m])) / sum(rate(${attempts}[10m])) > 0.05`,
    for: "10m",
    summary: "The vendor turns away more than 5 % of the attempts for being too many.",
    action: "Put a QPS limiter in front of the client or lower its rate, and ask the vendor for a larger quota.",
    fires: { series: [steady(throttles, 10), steady(attempts, 100)] },
    rests: [steady(throttles, 4), steady(attempts, 100)]
  },
  {
    name: "CloudauthFailing",
    severity: "page",
    expr: `sum(rate(${operations}{${outcome}="failed"}[10m])) / sum(rate(${operations}{${outcome}!="not_completed"}[10m])) > 0.05`,
    for: "5m",
    summary: "More than 5 % of the calls fail after their retries.",
    action: "Group the failures by error.type; its row in the README's table of errors says what to do.",
    fires: {
      series: [steady(`${operations}{${outcome}="failed"}`, 10), steady(`${operations}{${outcome}="passed"}`, 90)]
    },
    rests: [
      steady(`${operations}{${outcome}="failed"}`, 1),
      steady(`${operations}{${outcome}="rejected"}`, 90),
      steady(`${operations}{${outcome}="not_completed"}`, 900)
    ]
  },
  {
    name: "CloudauthSlow",
    severity: "ticket",
    expr: `histogram_quantile(0.95, sum by (le) (rate(${attemptBuckets}[10m]))) > 2.5`,
    for: "10m",
    summary: "One attempt in twenty takes longer than 2.5 seconds.",
    action: "Compare regions and the size of answers; where neither explains it, ask the vendor, with request ids.",
    fires: {
      series: [
        steady(`${attemptBuckets}{le="2.5"}`, 50),
        steady(`${attemptBuckets}{le="5"}`, 100),
        steady(`${attemptBuckets}{le="+Inf"}`, 100)
      ]
    },
    rests: [
      steady(`${attemptBuckets}{le="0.5"}`, 99),
      steady(`${attemptBuckets}{le="5"}`, 100),
      steady(`${attemptBuckets}{le="+Inf"}`, 100)
    ]
  },
  {
    name: "CloudauthRejectionsShifted",
    severity: "ticket",
    expr: `(${rejections("1h")}) / (${rejections("1d")}) > 1.5 and sum(increase(${verdicts}[1h])) > 20`,
    for: "15m",
    summary: "The share of rejections in this hour is more than half again that of the day.",
    action: "Group the verdicts by sub code and document. 211, 213: the capture screen. 212: the fraud team.",
    fires: {
      series: [
        { series: `${verdicts}{${verdict}="Rejected"}`, values: "0+1x540 550+10x2000" },
        { series: `${verdicts}{${verdict}="Passed"}`, values: "0+10x2000" }
      ]
    },
    rests: [steady(`${verdicts}{${verdict}="Rejected"}`, 5), steady(`${verdicts}{${verdict}="Passed"}`, 10)]
  },
  {
    name: "CloudauthAnswersChanged",
    severity: "ticket",
    expr: `sum by (${path}) (increase(${warnings}[1h])) > 0`,
    for: "0m",
    summary: "The vendor's answers are not as documented at {{ $labels.cloudauth_warning_path }}.",
    action: "Look at the warnings of a result and at a raw answer; update the package, or report the change.",
    fires: {
      series: [steady(`${warnings}{${path}="Result.ExtIdInfo.ocrIdInfo.birthDate"}`, 1)],
      labels: { [path]: "Result.ExtIdInfo.ocrIdInfo.birthDate" }
    },
    rests: [steady(`${warnings}{${path}="Result.ExtIdInfo"}`, 0)]
  },
  {
    name: "CloudauthCredentialsFailing",
    severity: "page",
    expr:
      `(sum(increase(${refreshes}{${refresh}="failed"}[10m])) or vector(0)) + ` +
      `(sum(increase(${operations}{${errorType}=~"${credentialErrors}"}[10m])) or vector(0)) > 0`,
    for: "1m",
    summary: "Credentials cannot be fetched, or the vendor refuses them.",
    action: "Check the credentials source and the RAM user now: the old key serves only until it expires.",
    fires: { series: [steady(`${refreshes}{${refresh}="failed"}`, 1)] },
    rests: [
      steady(`${refreshes}{${refresh}="succeeded"}`, 1),
      steady(`${operations}{${outcome}="failed",${errorType}="TransportError"}`, 1)
    ]
  },
  {
    name: "CloudauthResultsExpiring",
    severity: "ticket",
    expr: `sum(increase(${daysLeft}{le=~"3(\\\\.0)?"}[1d])) > 0`,
    for: "0m",
    summary: "Results are fetched with less than 3 of their 30 days left.",
    action: "Find out why the job that fetches results lags; after 30 days they are gone.",
    fires: { series: [steady(`${daysLeft}{le="3"}`, 1)] },
    rests: [steady(`${daysLeft}{le="3"}`, 0), steady(`${daysLeft}{le="30"}`, 5)]
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
  tests: alerts.flatMap(({ action, fires, name, rests, severity, summary }) => {
    const told = Object.entries(fires.labels ?? {}).reduce(
      (text, [key, value]) => text.replaceAll(`{{ $labels.${key} }}`, value),
      summary
    )
    const expected = {
      exp_labels: { severity, ...fires.labels },
      exp_annotations: { summary: told, action }
    }
    return [
      {
        name: `${name} fires`,
        interval: "1m",
        input_series: fires.series,
        alert_rule_test: [{ eval_time: "10h", alertname: name, exp_alerts: [expected] }]
      },
      {
        name: `${name} rests`,
        interval: "1m",
        input_series: rests,
        alert_rule_test: [{ eval_time: "10h", alertname: name, exp_alerts: [] }]
      }
    ]
  })
}
