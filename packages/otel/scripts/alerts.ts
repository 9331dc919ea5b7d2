/** The alerts, each with the series that must and must not raise it. */
import type { CloudauthError } from "@effect-cloudauth/core/CloudauthError"
import type { Alert } from "./Alert.ts"
import { collectionAlerts } from "./collectionAlerts.ts"
import { label, metric } from "./prometheus.ts"
import { count, grown, groups, happened, share } from "./queries.ts"
import { newborn, old, type Series, steady } from "./series.ts"
import { hour, hourOfAll, perGroup, usual, weekOfAll } from "./usualVerdicts.ts"

const operations = `${metric("cloudauth.operation.duration")}_count`
const attempts = `${metric("cloudauth.attempt.duration")}_count`
const exchanges = metric("cloudauth.exchange.duration")
const throttles = metric("cloudauth.throttles")
const verdicts = metric("cloudauth.verdicts")
const warnings = metric("cloudauth.decode.warnings")
const refreshes = `${metric("cloudauth.credential.refresh.duration")}_count`
const outcome = label("cloudauth.outcome")
const errorType = label("error.type")
const verdict = label("cloudauth.verdict")
const path = label("cloudauth.warning.path")
const refresh = label("cloudauth.credential.refresh")

type Tags = ReadonlyArray<CloudauthError["_tag"]>

/** So many answers a minute within half a second, within 2.5 seconds, and in all. */
const slow = ([half, limit, all]: readonly [number, number, number]): ReadonlyArray<Series> => [
  steady(`${exchanges}_bucket{le="0.5"}`, half),
  steady(`${exchanges}_bucket{le="2.5"}`, limit),
  steady(`${exchanges}_bucket{le="5"}`, all),
  steady(`${exchanges}_bucket{le="+Inf"}`, all),
  steady(`${exchanges}_count`, all)
]

const credentialErrors: Tags = [
  "CredentialsError",
  "InvalidAccessKey",
  "SignatureRejected",
  "SecurityTokenExpired",
  "RamUserAccessDenied",
  "AccountAccessDenied"
]

/** What the calling program has done wrong: the service works. */
const callerErrors: Tags = ["InvalidRequest", "MissingParameter", "InvalidParameter", "TransactionIdInvalid"]

const failedBy = (tags: Tags) => `${operations}{${outcome}="failed",${errorType}=~"${tags.join("|")}"}`
const failedOtherwise = `${operations}{${outcome}="failed",${errorType}!~"${[...credentialErrors, ...callerErrors].join("|")}"}`

/** What 95 of 100 answers take at most, without any wait of our own. */
const p95 = (range: string) => `histogram_quantile(0.95, sum by (${groups}, le) (rate(${exchanges}_bucket[${range}])))`

const finished = `${operations}{${outcome}!="not_completed"}`

const expected = `${usual} * ${perGroup} ${hourOfAll}`

export const alerts: ReadonlyArray<Alert> = [
  {
    name: "CloudauthThrottled",
    severity: "ticket",
    expr: `${share(throttles, attempts, "10m")} > 0.05 and ${count(throttles, "10m")} >= 5`,
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
    expr:
      `(${share(failedOtherwise, finished, "10m")} > 0.05 and ${count(failedOtherwise, "10m")} >= 5) or ` +
      `(${share(failedOtherwise, finished, "1h")} > 0.5 and ${count(failedOtherwise, "1h")} >= 5)`,
    for: "5m",
    summary: "More than 5 % of the calls fail after their retries, or most of the few that there are.",
    action: "Group the failures by error.type; its row in the reference of errors says what to do.",
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
    name: "CloudauthCallersGiveUp",
    severity: "page",
    expr:
      `${share(`${operations}{${outcome}="interrupted"}`, operations, "10m")} > 0.1 and ` +
      `${count(`${operations}{${outcome}="interrupted"}`, "10m")} >= 10`,
    for: "5m",
    summary: "More than 10 % of the calls are interrupted: the callers do not wait for the answer.",
    action:
      "Compare the duration of attempts with your own timeout. Attempts slow: the vendor hangs, tell your users. Attempts fast: look at waits for the quota and for connections.",
    fires: {
      all: [steady(`${operations}{${outcome}="interrupted"}`, 60)],
      "one in five": [
        steady(`${operations}{${outcome}="interrupted"}`, 20),
        steady(`${operations}{${outcome}="passed"}`, 80)
      ]
    },
    rests: {
      "users who leave between many polls": [
        steady(`${operations}{${outcome}="interrupted"}`, 20),
        steady(`${operations}{${outcome}="passed"}`, 10),
        steady(`${operations}{${outcome}="not_completed"}`, 900)
      ]
    }
  },
  {
    name: "CloudauthRequestsRefused",
    severity: "ticket",
    expr: `${share(failedBy(callerErrors), finished, "10m")} > 0.05 and ${count(failedBy(callerErrors), "10m")} >= 5`,
    for: "10m",
    summary: "More than 5 % of the calls are refused for what the calling program asks.",
    action: "Look at what was deployed last, and at the advice of the errors by error.type. The service works.",
    fires: {
      "one in ten": [
        steady(`${operations}{${outcome}="failed",${errorType}="TransactionIdInvalid"}`, 1),
        steady(`${operations}{${outcome}="passed"}`, 9)
      ]
    },
    rests: {
      "failures of the service": [
        steady(`${operations}{${outcome}="failed",${errorType}="ServiceDown"}`, 1),
        steady(`${operations}{${outcome}="passed"}`, 9)
      ]
    }
  },
  {
    name: "CloudauthSlow",
    severity: "ticket",
    expr:
      `(${p95("10m")} > 2.5 or (${p95("10m")} > 0.5 and ${p95("10m")} > 4 * ${p95("7d")})) ` +
      `and ${count(`${exchanges}_count`, "10m")} >= 20`,
    for: "10m",
    summary: "The vendor takes longer than 2.5 seconds for one answer in twenty, or 4 times as long as usual.",
    action: "Compare regions and the size of answers; if neither explains it, ask the vendor, with request ids.",
    fires: {
      "half are": slow([0, 50, 100]),
      "20 times as slow as usual": [
        { series: `${exchanges}_bucket{le="0.25"}`, values: "0+100x580 58000x120" },
        steady(`${exchanges}_bucket{le="2.5"}`, 100),
        steady(`${exchanges}_bucket{le="+Inf"}`, 100),
        steady(`${exchanges}_count`, 100)
      ]
    },
    rests: { "one in a hundred is": slow([99, 99, 100]), "two slow calls in an hour": slow([0, 0, 0.03]) }
  },
  {
    name: "CloudauthRejectionsShifted",
    severity: "ticket",
    expr:
      // More than chance brings: 4 standard deviations above the share of the week.
      `(${hour} - ${expected}) / sqrt(${expected} * (1 - ${usual})) > 4 and ${hour} > 1.5 * ${expected} ` +
      `and on (${groups}) ${hourOfAll} >= 20 and on (${groups}) ${weekOfAll} >= 500`,
    for: "15m",
    summary:
      "{{ $labels.cloudauth_verdict }} is more frequent in this hour than chance explains, by the share of the last 7 days.",
    action: "Group the verdicts by sub code. 211, 213: the capture screen. 212: the fraud team.",
    fires: {
      "ten times as many": [
        { series: `${verdicts}{${verdict}="Rejected"}`, values: "0+1x540 550+10x700" },
        { series: `${verdicts}{${verdict}="Passed"}`, values: "0+10x700" }
      ]
    },
    labels: { [verdict]: "Rejected" },
    rests: {
      "many, as always": [
        steady(`${verdicts}{${verdict}="Rejected"}`, 5),
        steady(`${verdicts}{${verdict}="Passed"}`, 10)
      ],
      "a shift of a handful": [
        { series: `${verdicts}{${verdict}="Rejected"}`, values: "0+0x570 1+0.3x700" },
        { series: `${verdicts}{${verdict}="Passed"}`, values: "0+0.1x700" }
      ]
    }
  },
  {
    name: "CloudauthAnswersChanged",
    severity: "ticket",
    expr: `sum by (${groups}, ${path}) ${grown(warnings, "1h")} > 0`,
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
      `${happened(`${refreshes}{${refresh}="failed"}`, "10m")} or ` +
      happened(`${operations}{${errorType}=~"${credentialErrors.join("|")}"}`, "10m"),
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
  ...collectionAlerts
]
