/** The instruments with their documentation. */
import { Attribute } from "./attribute.ts"
import { instruments, type Name, type Recorded } from "./instruments.ts"

/**
 * What an instrument measures, and what to do if it moves.
 *
 * @category models
 * @since 0.1.0
 */
export interface Instrument extends Recorded {
  readonly attributes: ReadonlyArray<(typeof Attribute)[keyof typeof Attribute]>
  /** What an on-call engineer does if it moves. */
  readonly action: string
}

const documented: Readonly<Record<Name, Pick<Instrument, "attributes" | "action">>> = {
  "cloudauth.operation.duration": {
    attributes: [Attribute.rpcMethod, Attribute.cloudRegion, Attribute.outcome, Attribute.errorType],
    action:
      "Slow: compare with cloudauth.attempt.duration. Both slow: the vendor. Only this one: retries or the limiter."
  },
  "cloudauth.operation.active": {
    attributes: [],
    action: "Growing without end: the vendor hangs, or the limiter's queue is longer than the callers' patience."
  },
  "cloudauth.operation.attempts": {
    attributes: [Attribute.rpcMethod, Attribute.cloudRegion, Attribute.outcome],
    action: "Above 1 for many: look at cloudauth.retries by class."
  },
  "cloudauth.attempt.duration": {
    attributes: [Attribute.rpcMethod, Attribute.cloudRegion, Attribute.httpResponseStatusCode, Attribute.errorType],
    action:
      "Slow, and cloudauth.exchange.duration is not: waits for a credential, a limiter or a connection of your own."
  },
  "cloudauth.exchange.duration": {
    attributes: [Attribute.rpcMethod, Attribute.cloudRegion, Attribute.httpResponseStatusCode, Attribute.errorType],
    action: "Slow: the vendor, the line, or the size of the images. None of your own waits is in it."
  },
  "cloudauth.response.size": {
    attributes: [],
    action: "Large: images are asked for; ask only if they are kept."
  },
  "cloudauth.retries": {
    attributes: [Attribute.retryClass, Attribute.errorType],
    action: "throttle: quota. transient: network or vendor. clock: NTP. credentials: key lifetime."
  },
  "cloudauth.throttles": {
    attributes: [Attribute.cloudRegion, Attribute.responseCode],
    action: "Other programs use the same account: give each its part with the option quota, or ask for a larger quota."
  },
  "cloudauth.limiter.wait.duration": {
    attributes: [],
    action: "Long: more calls than the quota allows; ask for a larger one or spread the calls."
  },
  "cloudauth.quota.waiting": {
    attributes: [],
    action: "Growing without end: give the calls of batches the priority batch, or ask for a larger quota."
  },
  "cloudauth.quota.share": {
    attributes: [],
    action: "Near 1 for long: ask the vendor for a larger quota, or spread the calls."
  },
  "cloudauth.decode.duration": {
    attributes: [],
    action: "Slow: large images, or an event loop that is busy elsewhere."
  },
  "cloudauth.verdicts": {
    attributes: [Attribute.cloudRegion, Attribute.verdict, Attribute.subCode, Attribute.document],
    action: "A shift of the share of rejections: the capture screen (211, 213) or fraud (212)."
  },
  "cloudauth.authentications.billed": {
    attributes: [Attribute.subCode],
    action: "Compare with the vendor's bill. Several processes that fetch the same result count it once each."
  },
  "cloudauth.decode.warnings": {
    attributes: [Attribute.warningPath],
    action: "The vendor has changed its answers: look at a raw one and update the package."
  },
  "cloudauth.credential.refresh.duration": {
    attributes: [Attribute.credentialRefresh],
    action: "Failing: check the credentials source now; the old key serves only until it expires."
  },
  "cloudauth.result.days_left": {
    attributes: [],
    action: "Few days left: the job that fetches results lags; after 30 days they are gone."
  },
  "cloudauth.collect.oldest_age": {
    attributes: [],
    action: "Growing: the collection lags or fails. No values any more: the process that collects is dead."
  },
  "cloudauth.journey.steps": {
    attributes: [Attribute.cloudRegion, Attribute.journeyStep, Attribute.document],
    action: "More abandoned: the page or the camera. More retaken: the capture screen. Expired: the collection."
  },
  "cloudauth.journey.duration": {
    attributes: [Attribute.cloudRegion, Attribute.verdict, Attribute.billed],
    action: "Long: users who struggle, lost callbacks, or a collection that lags. Count what is billed for the bill."
  }
}

const names = Object.keys(instruments) as ReadonlyArray<Name> // a literal's keys

/**
 * The instruments by name.
 *
 * @category constants
 * @since 0.1.0
 */
export const table: Readonly<Record<Name, Instrument>> = Object.fromEntries(
  names.map((name) => [name, { ...instruments[name], ...documented[name] }])
) as Record<Name, Instrument> // one for each name
