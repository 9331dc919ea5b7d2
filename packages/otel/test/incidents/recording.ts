/** What a scrape each minute would have seen of a program, on the test clock. */
import * as CoreMetrics from "@effect-cloudauth/core/Metrics"
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as TestClock from "effect/testing/TestClock"
import { metric } from "../../scripts/prometheus.ts"

/** The values of each series, by the minute in which they were scraped. */
export interface Recording {
  readonly minutes: number
  readonly series: ReadonlyMap<string, ReadonlyMap<number, number>>
}

/** Lets time pass for the incident. */
export class Time extends Context.Service<
  Time,
  {
    /** So many minutes, each with its scrape. `each` begins again in every minute. */
    readonly pass: <E, R>(minutes: number, each?: Effect.Effect<unknown, E, R>) => Effect.Effect<void, never, R>
    /** So many minutes in which no process answers a scrape. */
    readonly dead: (minutes: number) => Effect.Effect<void>
  }
>()("@effect-cloudauth/otel/test/Time") {}

/** Runs an effect as a process of its own, whose counters begin at 0. */
export const asProcess = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  effect.pipe(
    Effect.provideService(Metric.MetricRegistry, new Map()),
    Effect.provideService(Telemetry.Observer, CoreMetrics.effectObserver())
  )

const isName = (name: string): name is CoreMetrics.Name => Object.hasOwn(CoreMetrics.table, name)

const named = (name: string, labels: Readonly<Record<string, string>>): string =>
  `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}="${value}"`)
    .join(",")}}`

/** The samples of one metric, as Prometheus names and splits them. */
const samplesOf = ({
  attributes = {},
  id,
  state
}: Metric.Metric.Snapshot): ReadonlyArray<readonly [string, number]> => {
  if (!isName(id)) return []
  const labels = Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => (name === "unit" ? [] : [[name.replaceAll(".", "_"), value]]))
  )
  const name = metric(id)
  if ("buckets" in state) {
    const buckets = state.buckets.filter(([limit]) => Number.isFinite(limit))
    return [
      ...buckets.map(([limit, count]) => [named(`${name}_bucket`, { ...labels, le: String(limit) }), count] as const),
      [named(`${name}_bucket`, { ...labels, le: "+Inf" }), state.count],
      [named(`${name}_count`, labels), state.count],
      [named(`${name}_sum`, labels), state.sum]
    ]
  }
  return "count" in state ? [[named(name, labels), Number(state.count)]] : []
}

/** Runs an incident and keeps what is scraped. Its time is the test clock's. */
export const record = <E>(incident: Effect.Effect<unknown, E, Time>): Effect.Effect<Recording, E> =>
  Effect.gen(function* () {
    const series = new Map<string, Map<number, number>>()
    let minutes = 0
    const scrape = Effect.map(Metric.snapshot, (all) => {
      for (const [name, value] of all.flatMap(samplesOf)) {
        const values = series.get(name) ?? new Map<number, number>()
        series.set(name, values.set(minutes, value))
      }
      minutes++
    })
    yield* Effect.provideService(incident, Time, {
      pass: (count, each = Effect.void) =>
        Effect.forEach(
          Array.from({ length: count }),
          () =>
            Effect.forkDetach(Effect.exit(each)).pipe(
              Effect.andThen(TestClock.adjust("1 minute")),
              Effect.andThen(scrape)
            ),
          { discard: true }
        ),
      dead: (count) => {
        minutes += count
        return TestClock.adjust(count * 60_000)
      }
    })
    return { minutes, series }
  }).pipe(asProcess, Effect.provide([TestClock.layer(), Logger.layer([])]))

/** Whole numbers from 0 up to `end`. */
const upTo = (end: number): ReadonlyArray<number> => Array.from({ length: end }, (_, index) => index)

/** As promtool's unit tests write a series: a value a minute, `_` if there is none. */
export const asTest = ({
  minutes,
  series
}: Recording): ReadonlyArray<{ readonly series: string; readonly values: string }> =>
  Array.from(series, ([name, values]) => ({
    series: name,
    values: upTo(minutes)
      .map((minute) => values.get(minute) ?? "_")
      .join(" ")
  }))

/** As OpenMetrics text with times, of a job whose last scrape was at `end`, in seconds since 1970. */
export const asOpenMetrics = (job: string, { minutes, series }: Recording, end: number): ReadonlyArray<string> =>
  Array.from(series).flatMap(([name, values]) =>
    Array.from(values, ([minute, value]) => {
      const labelled = name.endsWith("{}") ? name.replace("{}", `{job="${job}"}`) : name.replace("{", `{job="${job}",`)
      return `${labelled} ${value} ${end - (minutes - 1 - minute) * 60}`
    })
  )
