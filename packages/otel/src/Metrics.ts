/**
 * The client's metrics on the OpenTelemetry Metrics API, as an `Observer`. Durations are in seconds and sizes in bytes,
 * as the conventions want them; each histogram brings advice on its buckets.
 *
 * No metric carries an id, and every attribute has a closed set of values: what is not known beforehand becomes
 * `other`.
 *
 * @example
 * import * as Metrics from "@effect-cloudauth/otel/Metrics"
 * import { metrics } from "@opentelemetry/api"
 *
 * const layer = Metrics.layer(metrics.getMeter("my-service"))
 */
import type { CheckResult } from "@effect-cloudauth/core/CheckResult"
import * as Document from "@effect-cloudauth/core/Document"
import * as ResponseCode from "@effect-cloudauth/core/ResponseCode"
import * as SubCode from "@effect-cloudauth/core/SubCode"
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import type * as Otel from "@opentelemetry/api"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

const { Attribute } = Telemetry

/** What an instrument is and what to do when it moves. */
export interface Facts {
  readonly instrument: "histogram" | "counter" | "updowncounter"
  readonly unit: string
  readonly description: string
  readonly attributes: ReadonlyArray<(typeof Attribute)[keyof typeof Attribute]>
  readonly buckets?: ReadonlyArray<number>
  /** What an on-call engineer does when it moves. */
  readonly action: string
}

/** Seconds, for calls over the internet that may be retried for half a minute. */
const callSeconds = [0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 10, 15, 30, 60]

/** The instruments: name → facts. */
export const table = {
  "cloudauth.operation.duration": {
    instrument: "histogram",
    unit: "s",
    description: "How long operations take, retries and their waits included.",
    attributes: [Attribute.rpcMethod, Attribute.outcome, Attribute.errorType],
    buckets: callSeconds,
    action:
      "Slow: compare with cloudauth.attempt.duration. Both slow: the vendor. Only this one: retries or the limiter."
  },
  "cloudauth.operation.active": {
    instrument: "updowncounter",
    unit: "{call}",
    description: "Operations under way.",
    attributes: [],
    action: "Growing without end: the vendor hangs, or the limiter's queue is longer than the callers' patience."
  },
  "cloudauth.operation.attempts": {
    instrument: "histogram",
    unit: "{attempt}",
    description: "How many attempts an operation needed.",
    attributes: [Attribute.rpcMethod, Attribute.outcome],
    buckets: [0, 1, 2, 3, 4, 5, 7, 10],
    action: "Above 1 for many: look at cloudauth.retries by class."
  },
  "cloudauth.attempt.duration": {
    instrument: "histogram",
    unit: "s",
    description: "How long single attempts take, from the credential to the last byte.",
    attributes: [Attribute.httpResponseStatusCode, Attribute.errorType],
    buckets: callSeconds,
    action: "Slow: the vendor, the line, or the size of the photographs."
  },
  "cloudauth.response.size": {
    instrument: "histogram",
    unit: "By",
    description: "The size of answers.",
    attributes: [],
    buckets: [1024, 4096, 16_384, 65_536, 262_144, 524_288, 1_048_576, 2_097_152, 4_194_304, 8_388_608, 16_777_216],
    action: "Large: photographs are asked for; ask only where they are kept."
  },
  "cloudauth.retries": {
    instrument: "counter",
    unit: "{retry}",
    description: "Retries, by the class of the failure.",
    attributes: [Attribute.retryClass, Attribute.errorType],
    action: "throttle: quota. transient: network or vendor. clock: NTP. credentials: key lifetime."
  },
  "cloudauth.throttles": {
    instrument: "counter",
    unit: "{attempt}",
    description: "Attempts that the service turned away for being too many.",
    attributes: [Attribute.responseCode],
    action: "Put a QPS limiter in front, or ask the vendor for a larger quota."
  },
  "cloudauth.limiter.wait.duration": {
    instrument: "histogram",
    unit: "s",
    description: "How long a rate limiter held attempts back.",
    attributes: [],
    buckets: [0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    action: "Long: more calls than the quota allows; ask for a larger one or spread the calls."
  },
  "cloudauth.decode.duration": {
    instrument: "histogram",
    unit: "s",
    description: "How long decoding an answer takes.",
    attributes: [],
    buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1],
    action: "Slow: large photographs, or an event loop that is busy elsewhere."
  },
  "cloudauth.verdicts": {
    instrument: "counter",
    unit: "{verdict}",
    description: "Results, by verdict and sub code, billed or not.",
    attributes: [Attribute.verdict, Attribute.subCode, Attribute.billed, Attribute.document],
    action: "A shift of the share of rejections: the capture screen (211, 213) or fraud (212)."
  },
  "cloudauth.decode.warnings": {
    instrument: "counter",
    unit: "{warning}",
    description: "Parts of answers that were not as the vendor documents them.",
    attributes: [Attribute.warningPath],
    action: "The vendor has changed its answers: look at a raw one and update the package."
  },
  "cloudauth.credential.refresh.duration": {
    instrument: "histogram",
    unit: "s",
    description: "How long fetching a credential takes, and how it ends.",
    attributes: [Attribute.credentialRefresh],
    buckets: [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    action: "Failing: check the credentials source now; the old key serves only until it expires."
  },
  "cloudauth.result.days_left": {
    instrument: "histogram",
    unit: "d",
    description: "How many of the 30 days that results are kept were left when they were fetched.",
    attributes: [],
    buckets: [0, 1, 2, 3, 5, 7, 10, 14, 21, 28, 30],
    action: "Few days left: the job that fetches results lags; after 30 days they are gone."
  }
} as const satisfies Readonly<Record<string, Facts>>

/** The name of an instrument. */
export type Name = keyof typeof table

type HistogramName = { [N in Name]: (typeof table)[N]["instrument"] extends "histogram" ? N : never }[Name]

const histogram = (meter: Otel.Meter, name: HistogramName): Otel.Histogram => {
  const { buckets, description, unit } = table[name]
  return meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries: [...buckets] } })
}

// What a server can say is put in classes here, so that nothing it says can make a new series.

const subCodeOf = (code: string | undefined): string =>
  code === undefined ? "none" : Object.hasOwn(SubCode.table, code) ? code : "other"

const knownCodes: ReadonlyMap<string, string> = new Map(
  Object.keys(ResponseCode.table).map((code) => [code.toLowerCase(), code])
)

const responseCodeOf = (code: string): string => knownCodes.get(code.toLowerCase()) ?? "other"

const commonStatuses: ReadonlySet<number> = new Set([200, 400, 401, 403, 404, 408, 413, 429, 500, 502, 503, 504])

const statusOf = (status: number): number =>
  commonStatuses.has(status) ? status : Math.floor(Math.min(599, Math.max(100, status)) / 100) * 100

const nested = ["ocrIdInfo", "ocrIdEditInfo", "ocrIdBackInfo"]

const knownPaths: ReadonlySet<string> = new Set([
  "Result.ExtIdInfo",
  ...[...nested, "ocrIdPassed", "idImage", "idBackImage"].map((key) => `Result.ExtIdInfo.${key}`),
  ...["spoofInfo", "spoofBackInfo"].flatMap((key) =>
    ["", ".spoofType", ".spoofResult"].map((part) => `Result.ExtIdInfo.${key}${part}`)
  ),
  ...nested.flatMap((key) =>
    Document.names.flatMap((name) => Document.fieldsOf(name).map((field) => `Result.ExtIdInfo.${key}.${field}`))
  )
])

const pathOf = (path: string): string => (path === "" ? "answer" : knownPaths.has(path) ? path : "other")

const outcomes = { Passed: "passed", Rejected: "rejected", Inconclusive: "inconclusive" } as const

const outcomeOf = ({ end, error, result }: Telemetry.OperationFacts): string => {
  if (result !== undefined) return outcomes[result.verdict._tag]
  return error?._tag === "ProcessNotCompleted" ? "not_completed" : end
}

/** Creates the instruments on a meter, and an observer that records on them. */
export const make = (meter: Otel.Meter): Telemetry.Observer => {
  const duration = histogram(meter, "cloudauth.operation.duration")
  const active = meter.createUpDownCounter("cloudauth.operation.active", table["cloudauth.operation.active"])
  const attempts = histogram(meter, "cloudauth.operation.attempts")
  const attemptDuration = histogram(meter, "cloudauth.attempt.duration")
  const size = histogram(meter, "cloudauth.response.size")
  const retries = meter.createCounter("cloudauth.retries", table["cloudauth.retries"])
  const throttles = meter.createCounter("cloudauth.throttles", table["cloudauth.throttles"])
  const limiter = histogram(meter, "cloudauth.limiter.wait.duration")
  const decode = histogram(meter, "cloudauth.decode.duration")
  const verdicts = meter.createCounter("cloudauth.verdicts", table["cloudauth.verdicts"])
  const warnings = meter.createCounter("cloudauth.decode.warnings", table["cloudauth.decode.warnings"])
  const refresh = histogram(meter, "cloudauth.credential.refresh.duration")
  const daysLeft = histogram(meter, "cloudauth.result.days_left")

  const countResult = (result: CheckResult<Document.Reading>): void => {
    const { subCode } = result.verdict
    verdicts.add(1, {
      [Attribute.verdict]: result.verdict._tag,
      [Attribute.subCode]: subCodeOf(subCode?.code),
      ...(subCode?.billed === undefined ? undefined : { [Attribute.billed]: subCode.billed }),
      [Attribute.document]: result.ocr._tag === "Read" ? result.ocr.document : "none"
    })
    for (const { path } of result.warnings) warnings.add(1, { [Attribute.warningPath]: pathOf(path) })
  }

  return {
    operationStarted: () => active.add(1),
    operationEnded: (facts) => {
      active.add(-1)
      const { error } = facts
      const common = {
        [Attribute.rpcMethod]: `Cloudauth/${facts.action}`,
        [Attribute.outcome]: outcomeOf(facts)
      }
      const failed = error !== undefined && error._tag !== "ProcessNotCompleted"
      duration.record(facts.duration / 1000, failed ? { ...common, [Attribute.errorType]: error._tag } : common)
      attempts.record(facts.attempts, common)
    },
    attemptEnded: ({ duration, error, httpStatus, responseBytes }) => {
      attemptDuration.record(duration / 1000, {
        ...(httpStatus === undefined ? undefined : { [Attribute.httpResponseStatusCode]: statusOf(httpStatus) }),
        ...(error === undefined || error._tag === "ProcessNotCompleted"
          ? undefined
          : { [Attribute.errorType]: error._tag })
      })
      if (responseBytes !== undefined) size.record(responseBytes)
      if (error?._tag === "Throttled") throttles.add(1, { [Attribute.responseCode]: responseCodeOf(error.code) })
    },
    retryScheduled: (retry) =>
      retries.add(1, { [Attribute.retryClass]: retry.class, [Attribute.errorType]: retry.error._tag }),
    decoded: (duration, result) => {
      decode.record(duration / 1000)
      if (result !== undefined) countResult(result)
    },
    limiterWaited: (duration) => limiter.record(duration / 1000),
    credentialRefreshed: (duration, succeeded) =>
      refresh.record(duration / 1000, { [Attribute.credentialRefresh]: succeeded ? "succeeded" : "failed" }),
    resultFetched: (days) => daysLeft.record(days)
  }
}

/** Puts the metrics of a meter in force. */
export const layer = (meter: Otel.Meter): Layer.Layer<never> =>
  Layer.effect(
    Telemetry.Observer,
    Effect.sync(() => make(meter))
  )
