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
 *
 * @since 0.1.0
 */
import type { CloudauthError } from "@effect-cloudauth/core/CloudauthError"
import type { CheckResult } from "@effect-cloudauth/core/CheckResult"
import type * as Document from "@effect-cloudauth/core/Document"
import * as SubCode from "@effect-cloudauth/core/SubCode"
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import type * as Otel from "@opentelemetry/api"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Name, table } from "./internal/instruments.ts"
import * as labels from "./internal/labels.ts"

export { type Instrument, type Name, table } from "./internal/instruments.ts"

const { Attribute } = Telemetry

type HistogramName = { [N in Name]: (typeof table)[N]["instrument"] extends "histogram" ? N : never }[Name]

const histogram = (meter: Otel.Meter, name: HistogramName): Otel.Histogram => {
  const { buckets, description, unit } = table[name]
  return meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries: [...buckets] } })
}

const outcomes = { Passed: "passed", Rejected: "rejected", Inconclusive: "inconclusive" } as const

const isNotCompleted = (error: CloudauthError | undefined): boolean =>
  error?._tag === "ProcessNotCompleted" || error?._tag === "TransactionAbandoned"

const outcomeOf = ({ end, error, result }: Telemetry.OperationFacts): string => {
  if (result !== undefined) return outcomes[result.verdict._tag]
  return isNotCompleted(error) ? "not_completed" : end
}

/** A user who has not finished is no failure. */
const errorType = (error: CloudauthError | undefined): Otel.Attributes =>
  error === undefined || isNotCompleted(error) ? {} : { [Attribute.errorType]: error._tag }

/** How many transactions are remembered. */
const remembered = 10_000

/** Returns whether an id is new among the last ones. A missing id is not: it could be counted twice. */
const firstTime = (): ((id: string | undefined) => boolean) => {
  const seen = new Set<string>()
  return (id) => {
    if (id === undefined || seen.has(id)) return false
    if (seen.size === remembered) seen.delete(seen.values().next().value ?? "")
    seen.add(id)
    return true
  }
}

const instrumentsOf = (meter: Otel.Meter) => {
  const counter = (name: Name) => meter.createCounter(name, table[name])
  return {
    duration: histogram(meter, "cloudauth.operation.duration"),
    active: meter.createUpDownCounter("cloudauth.operation.active", table["cloudauth.operation.active"]),
    attempts: histogram(meter, "cloudauth.operation.attempts"),
    attemptDuration: histogram(meter, "cloudauth.attempt.duration"),
    size: histogram(meter, "cloudauth.response.size"),
    retries: counter("cloudauth.retries"),
    throttles: counter("cloudauth.throttles"),
    limiter: histogram(meter, "cloudauth.limiter.wait.duration"),
    quotaWaiting: histogram(meter, "cloudauth.quota.waiting"),
    quotaShare: histogram(meter, "cloudauth.quota.share"),
    decode: histogram(meter, "cloudauth.decode.duration"),
    verdicts: counter("cloudauth.verdicts"),
    billed: counter("cloudauth.authentications.billed"),
    warnings: counter("cloudauth.decode.warnings"),
    refresh: histogram(meter, "cloudauth.credential.refresh.duration"),
    daysLeft: histogram(meter, "cloudauth.result.days_left")
  }
}

type Instruments = ReturnType<typeof instrumentsOf>

const countingResults = ({ billed, verdicts, warnings }: Instruments) => {
  const isFirst = firstTime()
  return (result: CheckResult<Document.Reading>): void => {
    const { subCode } = result.verdict
    if (subCode !== undefined && SubCode.isBilled(subCode) === true && isFirst(result.transactionId)) {
      billed.add(1, { [Attribute.subCode]: labels.subCodeOf(subCode.code) })
    }
    verdicts.add(1, {
      [Attribute.verdict]: result.verdict._tag,
      [Attribute.subCode]: labels.subCodeOf(subCode?.code),
      [Attribute.document]: result.ocr._tag === "Read" ? result.ocr.document : "none"
    })
    for (const { path } of result.warnings) warnings.add(1, { [Attribute.warningPath]: labels.pathOf(path) })
  }
}

/**
 * Creates the instruments on a meter, and an observer that records on them.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (meter: Otel.Meter): Telemetry.Observer => {
  const instruments = instrumentsOf(meter)
  const { active, attemptDuration, attempts, daysLeft, decode, duration, limiter, refresh } = instruments
  const countResult = countingResults(instruments)
  return {
    operationStarted: () => active.add(1),
    operationEnded: (facts) => {
      active.add(-1)
      const common = { [Attribute.rpcMethod]: `Cloudauth/${facts.action}`, [Attribute.outcome]: outcomeOf(facts) }
      duration.record(facts.duration / 1000, { ...common, ...errorType(facts.error) })
      attempts.record(facts.attempts, common)
    },
    attemptEnded: (facts) => {
      const { error, httpStatus, isSent, responseBytes } = facts
      // One that never got its turn says nothing of the service or the network.
      if (!isSent && error?._tag === "CallTimeout") return
      attemptDuration.record(facts.duration / 1000, {
        ...(httpStatus === undefined ? {} : { [Attribute.httpResponseStatusCode]: labels.statusOf(httpStatus) }),
        ...errorType(error)
      })
      if (responseBytes !== undefined) instruments.size.record(responseBytes)
      if (error?._tag === "Throttled") {
        instruments.throttles.add(1, { [Attribute.responseCode]: labels.responseCodeOf(error.code) })
      }
    },
    retryScheduled: (retry) =>
      instruments.retries.add(1, { [Attribute.retryClass]: retry.class, [Attribute.errorType]: retry.error._tag }),
    decoded: (duration, result) => {
      decode.record(duration / 1000)
      if (result !== undefined) countResult(result)
    },
    quotaTaken: ({ share, waiting }) => {
      instruments.quotaWaiting.record(waiting)
      instruments.quotaShare.record(share)
    },
    limiterWaited: (duration) => limiter.record(duration / 1000),
    credentialRefreshed: (duration, succeeded) =>
      refresh.record(duration / 1000, { [Attribute.credentialRefresh]: succeeded ? "succeeded" : "failed" }),
    resultFetched: (days) => daysLeft.record(days)
  }
}

/**
 * Records the client's metrics on a meter.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (meter: Otel.Meter): Layer.Layer<never> =>
  Layer.effect(
    Telemetry.Observer,
    Effect.sync(() => make(meter))
  )
