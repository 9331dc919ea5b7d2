/** Incidents, each with the alerts that it raises: those, and no others. */
import { label, metric } from "./prometheus.ts"
import { every, type Series, steady } from "./series.ts"

export interface Incident {
  readonly series: ReadonlyArray<Series>
  /** The names of the alerts that fire after 10 hours. */
  readonly raises: ReadonlyArray<string>
}

const operations = `${metric("cloudauth.operation.duration")}_count`
const attempts = metric("cloudauth.attempt.duration")
const exchanges = metric("cloudauth.exchange.duration")
const verdicts = metric("cloudauth.verdicts")
const outcome = label("cloudauth.outcome")
const region = label("cloud.region")
const failed = (errorType: string) => `${operations}{${outcome}="failed",${label("error.type")}="${errorType}"}`
const passed = `${operations}{${outcome}="passed"}`

/** 60 a minute, each between 1 and 2.5 seconds. */
const within2Seconds = (histogram: string): ReadonlyArray<Series> => [
  { series: `${histogram}_bucket{le="1"}`, values: "0x700" },
  steady(`${histogram}_bucket{le="2.5"}`, 60),
  steady(`${histogram}_bucket{le="+Inf"}`, 60),
  steady(`${histogram}_count`, 60)
]

export const incidents: Readonly<Record<string, Incident>> = {
  "the vendor hangs, and the callers give up after 2 seconds": {
    series: [
      steady(`${operations}{${outcome}="interrupted"}`, 60),
      steady(`${attempts}_count`, 60),
      ...within2Seconds(exchanges)
    ],
    raises: ["CloudauthCallersGiveUp"]
  },
  "our own limiter makes the attempts slow": {
    series: [
      steady(passed, 120),
      { series: `${attempts}_bucket{le="2.5"}`, values: "0x700" },
      steady(`${attempts}_bucket{le="5"}`, 120),
      steady(`${attempts}_bucket{le="+Inf"}`, 120),
      steady(`${attempts}_count`, 120),
      steady(`${exchanges}_bucket{le="0.1"}`, 120),
      steady(`${exchanges}_bucket{le="+Inf"}`, 120),
      steady(`${exchanges}_count`, 120)
    ],
    raises: []
  },
  "the process that collects dies, and results are lost after 30 days": {
    series: [{ series: `${metric("cloudauth.collect.oldest_age")}_count`, values: "0+1x300 stale" }],
    raises: ["CloudauthCollectorSilent"]
  },
  "one call fails in a quiet hour": {
    series: [every(passed, 6), { series: failed("TransportError"), values: "1x594 2x60" }],
    raises: []
  },
  "every call of a quiet hour fails": {
    series: [every(failed("ServiceDown"), 6)],
    raises: ["CloudauthFailing"]
  },
  "a release asks for transactions that do not exist": {
    series: [steady(passed, 9), steady(failed("TransactionIdInvalid"), 1)],
    raises: ["CloudauthRequestsRefused"]
  },
  "the key is wrong": {
    series: [steady(failed("InvalidAccessKey"), 60)],
    raises: ["CloudauthCredentialsFailing"]
  },
  "one region is down beside a busy one": {
    series: [
      steady(`${operations}{job="checks",${region}="cn-hongkong",${outcome}="passed"}`, 1000),
      steady(`${operations}{job="checks",${region}="ap-southeast-1",${outcome}="failed",error_type="ServiceDown"}`, 5)
    ],
    raises: ["CloudauthFailing"]
  },
  "nothing can be decided any more": {
    series: [
      { series: `${verdicts}{${label("cloudauth.verdict")}="Passed"}`, values: "0+5x560 2800+0x140" },
      { series: `${verdicts}{${label("cloudauth.verdict")}="Inconclusive"}`, values: "0x560 0+5x140" }
    ],
    raises: ["CloudauthRejectionsShifted"]
  }
}
