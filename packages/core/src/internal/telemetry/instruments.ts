/** The instruments of the client's metrics. */
import { Attribute } from "./attribute.ts"

/**
 * What an instrument measures, and what to do if it moves.
 *
 * @category models
 * @since 0.1.0
 */
export interface Instrument {
  readonly instrument: "histogram" | "counter" | "updowncounter"
  readonly unit: string
  readonly description: string
  readonly attributes: ReadonlyArray<(typeof Attribute)[keyof typeof Attribute]>
  readonly buckets?: ReadonlyArray<number>
  /** What an on-call engineer does if it moves. */
  readonly action: string
}

/** Seconds, for calls over the internet that may be retried for half a minute. */
const callSeconds = [0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 10, 15, 30, 60]

/**
 * The instruments by name.
 *
 * @category models
 * @since 0.1.0
 */
export const table = {
  "cloudauth.operation.duration": {
    instrument: "histogram",
    unit: "s",
    description: "How long operations take, retries and their waits included.",
    attributes: [Attribute.rpcMethod, Attribute.cloudRegion, Attribute.outcome, Attribute.errorType],
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
    attributes: [Attribute.rpcMethod, Attribute.cloudRegion, Attribute.outcome],
    buckets: [0, 1, 2, 3, 4, 5, 7, 10],
    action: "Above 1 for many: look at cloudauth.retries by class."
  },
  "cloudauth.attempt.duration": {
    instrument: "histogram",
    unit: "s",
    description:
      "How long single attempts take, from the credential to the last byte. Not those that never got their turn.",
    attributes: [Attribute.rpcMethod, Attribute.cloudRegion, Attribute.httpResponseStatusCode, Attribute.errorType],
    buckets: callSeconds,
    action:
      "Slow, and cloudauth.exchange.duration is not: waits for a credential, a limiter or a connection of your own."
  },
  "cloudauth.exchange.duration": {
    instrument: "histogram",
    unit: "s",
    description: "How long the service takes to answer: from when the request has its connection to the last byte.",
    attributes: [Attribute.rpcMethod, Attribute.cloudRegion, Attribute.httpResponseStatusCode, Attribute.errorType],
    buckets: callSeconds,
    action: "Slow: the vendor, the line, or the size of the images. None of your own waits is in it."
  },
  "cloudauth.response.size": {
    instrument: "histogram",
    unit: "By",
    description: "The size of answers.",
    attributes: [],
    buckets: [1024, 4096, 16_384, 65_536, 262_144, 524_288, 1_048_576, 2_097_152, 4_194_304, 8_388_608, 16_777_216],
    action: "Large: images are asked for; ask only if they are kept."
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
    attributes: [Attribute.cloudRegion, Attribute.responseCode],
    action: "Other programs use the same account: give each its part with the option quota, or ask for a larger quota."
  },
  "cloudauth.limiter.wait.duration": {
    instrument: "histogram",
    unit: "s",
    description: "How long the quota, or a rate limiter, held attempts back.",
    attributes: [],
    buckets: [0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    action: "Long: more calls than the quota allows; ask for a larger one or spread the calls."
  },
  "cloudauth.quota.waiting": {
    instrument: "histogram",
    unit: "{call}",
    description: "How many calls wait for a place under the account's quota, each time a call gets one.",
    attributes: [],
    buckets: [0, 1, 2, 5, 10, 25, 50, 100, 250, 500, 1000],
    action: "Growing without end: give the calls of batches the priority batch, or ask for a larger quota."
  },
  "cloudauth.quota.share": {
    instrument: "histogram",
    unit: "1",
    description: "The part of the account's quota that the last second has used, each time a call gets a place.",
    attributes: [],
    buckets: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
    action: "Near 1 for long: ask the vendor for a larger quota, or spread the calls."
  },
  "cloudauth.decode.duration": {
    instrument: "histogram",
    unit: "s",
    description: "How long decoding an answer takes.",
    attributes: [],
    buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1],
    action: "Slow: large images, or an event loop that is busy elsewhere."
  },
  "cloudauth.verdicts": {
    instrument: "counter",
    unit: "{verdict}",
    description: "Results by verdict and sub code. A process counts each result once, however often it is fetched.",
    attributes: [Attribute.cloudRegion, Attribute.verdict, Attribute.subCode, Attribute.document],
    action: "A shift of the share of rejections: the capture screen (211, 213) or fraud (212)."
  },
  "cloudauth.authentications.billed": {
    instrument: "counter",
    unit: "{authentication}",
    description:
      "Billed authentications whose result this process fetched, each counted once, however often it is fetched.",
    attributes: [Attribute.subCode],
    action: "Compare with the vendor's bill. Several processes that fetch the same result count it once each."
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
  },
  "cloudauth.collect.oldest_age": {
    instrument: "histogram",
    unit: "d",
    description: "For how long the oldest result has waited to be collected, each time the store is searched.",
    attributes: [],
    buckets: [0.01, 0.1, 0.5, 1, 3, 7, 14, 21, 28, 30],
    action: "Growing: the collection lags or fails. No values any more: the process that collects is dead."
  },
  "cloudauth.journey.steps": {
    instrument: "counter",
    unit: "{transaction}",
    description:
      "How far users come: each step of a stored transaction, counted once by all processes that share the store.",
    attributes: [Attribute.cloudRegion, Attribute.journeyStep, Attribute.document],
    action: "More abandoned: the page or the camera. More retaken: the capture screen. Expired: the collection."
  },
  "cloudauth.journey.duration": {
    instrument: "histogram",
    unit: "s",
    description:
      "From Initialize to the first known result of a stored transaction, each once by all processes that share the store.",
    attributes: [Attribute.cloudRegion, Attribute.verdict, Attribute.billed],
    buckets: [30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 21_600, 86_400],
    action: "Long: users who struggle, lost callbacks, or a collection that lags. Count what is billed for the bill."
  }
} as const satisfies Readonly<Record<string, Instrument>>

/**
 * The name of an instrument.
 *
 * @category models
 * @since 0.1.0
 */
export type Name = keyof typeof table
