import { describe, it } from "@effect/vitest"
import { label, metric } from "../scripts/prometheus.ts"
import { rules } from "../scripts/rules.ts"
import { hasPromtool, promtool } from "./promtool.ts"

/** Chance that is the same in every run. */
const seeded = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
}

const stepsPerHour = 6
const stepsPerDay = 24 * stepsPerHour

interface Service {
  /** Verdicts in an hour, on average. */
  readonly perHour: number
  /** The share of rejections. */
  readonly share: number
}

interface Course {
  readonly days: number
  /** When the share becomes three times as large, in days. */
  readonly tripledAt?: number
}

/** What a service's counters of verdicts show, every 10 minutes. */
const seriesOf = (service: Service, { days, tripledAt = Infinity }: Course, seed: number) => {
  const random = seeded(seed)
  let [rejected, passed] = [0, 0]
  const values = Array.from({ length: days * stepsPerDay }, (_, step) => {
    const share = step < tripledAt * stepsPerDay ? service.share : 3 * service.share
    // Poisson's distribution, as the gaps between arrivals make it.
    for (let product = random(); product > Math.exp(-service.perHour / stepsPerHour); product *= random()) {
      if (random() < share) rejected++
      else passed++
    }
    return [rejected, passed] as const
  })
  const named = (verdict: string, counts: ReadonlyArray<number>) => ({
    series: `${metric("cloudauth.verdicts")}{job="${service.perHour}/h ${service.share}",${label("cloudauth.verdict")}="${verdict}"}`,
    values: counts.join(" ")
  })
  return [
    named(
      "Rejected",
      values.map(([count]) => count)
    ),
    named(
      "Passed",
      values.map(([, count]) => count)
    )
  ]
}

const services: ReadonlyArray<Service> = [
  { perHour: 50, share: 0.1 },
  { perHour: 100, share: 0.05 },
  { perHour: 100, share: 0.1 },
  { perHour: 300, share: 0.02 },
  { perHour: 300, share: 0.1 }
]

/** The rule, and those that compute what it compares. */
const rulesOfShift = JSON.stringify({
  groups: rules.groups.map(({ name, rules }) => ({
    name,
    rules: rules.filter((rule) => "record" in rule || rule.alert === "CloudauthRejectionsShifted")
  }))
})

/** Checks a query over the alert's states, `minutes` after the services began. */
const expectAt = (
  { course, minutes, tested }: { readonly course: Course; readonly minutes: number; readonly tested: typeof services },
  expr: string,
  samples: ReadonlyArray<object>
) => {
  const test = {
    rule_files: ["alerts.yml"],
    evaluation_interval: "10m",
    tests: [
      {
        interval: "10m",
        input_series: tested.flatMap((service, index) => seriesOf(service, course, index + 1)),
        promql_expr_test: [{ expr, eval_time: `${minutes}m`, exp_samples: samples }]
      }
    ]
  }
  promtool({ "alerts.yml": rulesOfShift, "test.yml": JSON.stringify(test) }, ["test", "rules", "test.yml"])
}

const day = 24 * 60
const firing = 'ALERTS{alertname="CloudauthRejectionsShifted",alertstate="firing"}'

describe.skipIf(!hasPromtool)("CloudauthRejectionsShifted", () => {
  it("is silent without a change, but for half an hour in ten weeks", () => {
    expectAt(
      { course: { days: 14 }, minutes: 14 * day - 10, tested: services },
      `(sum(count_over_time(${firing}[14d])) or vector(0)) <= bool 3`,
      [{ labels: "{}", value: 1 }]
    )
  })

  it.for([
    { after: 90, tested: services.filter(({ perHour, share }) => perHour * share >= 10) },
    { after: 180, tested: services }
  ])("is raised within $after minutes after the share has tripled", ({ after, tested }) => {
    expectAt(
      { course: { days: 9, tripledAt: 8 }, minutes: 8 * day + after, tested },
      `count(count_over_time(${firing}[1d]))`,
      [{ labels: "{}", value: tested.length }]
    )
  })
})
