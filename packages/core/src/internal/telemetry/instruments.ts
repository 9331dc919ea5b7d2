/** The instruments of the client's metrics, as far as recording needs them: every bundle has them. */

/** An instrument without its documentation. */
export interface Recorded {
  readonly instrument: "histogram" | "counter" | "updowncounter"
  readonly unit: string
  readonly description: string
  readonly buckets?: ReadonlyArray<number>
}

/** Seconds, for calls over the internet that may be retried for half a minute. */
const callSeconds = [0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 10, 15, 30, 60]

/** The instruments by name. */
export const instruments = {
  "cloudauth.operation.duration": {
    instrument: "histogram",
    unit: "s",
    description: "How long operations take, retries and their waits included.",
    buckets: callSeconds
  },
  "cloudauth.operation.active": {
    instrument: "updowncounter",
    unit: "{call}",
    description: "Operations under way."
  },
  "cloudauth.operation.attempts": {
    instrument: "histogram",
    unit: "{attempt}",
    description: "How many attempts an operation needed.",
    buckets: [0, 1, 2, 3, 4, 5, 7, 10]
  },
  "cloudauth.attempt.duration": {
    instrument: "histogram",
    unit: "s",
    description:
      "How long single attempts take, from the credential to the last byte. Not those that never got their turn.",
    buckets: callSeconds
  },
  "cloudauth.exchange.duration": {
    instrument: "histogram",
    unit: "s",
    description: "How long the service takes to answer: from when the request has its connection to the last byte.",
    buckets: callSeconds
  },
  "cloudauth.response.size": {
    instrument: "histogram",
    unit: "By",
    description: "The size of answers.",
    buckets: [1024, 4096, 16_384, 65_536, 262_144, 524_288, 1_048_576, 2_097_152, 4_194_304, 8_388_608, 16_777_216]
  },
  "cloudauth.retries": {
    instrument: "counter",
    unit: "{retry}",
    description: "Retries, by the class of the failure."
  },
  "cloudauth.throttles": {
    instrument: "counter",
    unit: "{attempt}",
    description: "Attempts that the service turned away for being too many."
  },
  "cloudauth.limiter.wait.duration": {
    instrument: "histogram",
    unit: "s",
    description: "How long the quota, or a rate limiter, held attempts back.",
    buckets: [0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
  },
  "cloudauth.quota.waiting": {
    instrument: "histogram",
    unit: "{call}",
    description: "How many calls wait for a place under the account's quota, each time a call gets one.",
    buckets: [0, 1, 2, 5, 10, 25, 50, 100, 250, 500, 1000]
  },
  "cloudauth.quota.share": {
    instrument: "histogram",
    unit: "1",
    description: "The part of the account's quota that the last second has used, each time a call gets a place.",
    buckets: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]
  },
  "cloudauth.decode.duration": {
    instrument: "histogram",
    unit: "s",
    description: "How long decoding an answer takes.",
    buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1]
  },
  "cloudauth.verdicts": {
    instrument: "counter",
    unit: "{verdict}",
    description: "Results by verdict and sub code. A process counts each result once, however often it is fetched."
  },
  "cloudauth.authentications.billed": {
    instrument: "counter",
    unit: "{authentication}",
    description:
      "Billed authentications whose result this process fetched, each counted once, however often it is fetched."
  },
  "cloudauth.decode.warnings": {
    instrument: "counter",
    unit: "{warning}",
    description: "Parts of answers that were not as the vendor documents them."
  },
  "cloudauth.credential.refresh.duration": {
    instrument: "histogram",
    unit: "s",
    description: "How long fetching a credential takes, and how it ends.",
    buckets: [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
  },
  "cloudauth.result.days_left": {
    instrument: "histogram",
    unit: "d",
    description: "How many of the 30 days that results are kept were left when they were fetched.",
    buckets: [0, 1, 2, 3, 5, 7, 10, 14, 21, 28, 30]
  },
  "cloudauth.collect.oldest_age": {
    instrument: "histogram",
    unit: "d",
    description: "For how long the oldest result has waited to be collected, each time the store is searched.",
    buckets: [0.01, 0.1, 0.5, 1, 3, 7, 14, 21, 28, 30]
  },
  "cloudauth.journey.steps": {
    instrument: "counter",
    unit: "{transaction}",
    description:
      "How far users come: each step of a stored transaction, counted once by all processes that share the store."
  },
  "cloudauth.journey.duration": {
    instrument: "histogram",
    unit: "s",
    description:
      "From Initialize to the first known result of a stored transaction, each once by all processes that share the store.",
    buckets: [30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 21_600, 86_400]
  }
} as const satisfies Readonly<Record<string, Recorded>>

/**
 * The name of an instrument.
 *
 * @category models
 * @since 0.1.0
 */
export type Name = keyof typeof instruments
