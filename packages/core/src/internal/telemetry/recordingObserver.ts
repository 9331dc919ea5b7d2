/** An observer that turns what happens into values of the instruments. */
import type * as Context from "effect/Context"
import type { CheckResult } from "../../CheckResult.ts"
import type { CloudauthError } from "../../CloudauthError.ts"
import type * as Document from "../../Document.ts"
import * as SubCode from "../../SubCode.ts"
import { Attribute } from "./attribute.ts"
import type { AttemptFacts, JourneyFacts, Observer, OperationFacts } from "./facts.ts"
import type { Name } from "./instruments.ts"
import * as labels from "./labels.ts"

/**
 * The attributes of a value, each from a closed set.
 *
 * @category models
 * @since 0.1.0
 */
export type Labels = Readonly<Record<string, string | number>>

/**
 * Records a value on an instrument: an amount to add on a counter, a value on a histogram.
 *
 * @category models
 * @since 0.1.0
 */
export type RecordValue = (name: Name, value: number, labels: Labels, context: Context.Context<never>) => void

const none: Labels = {}

export const observer = (record: RecordValue): Observer => {
  const isFirst = firstTime()
  return {
    operationStarted: (context) => record("cloudauth.operation.active", 1, none, context),
    operationEnded: (facts, context) => {
      record("cloudauth.operation.active", -1, none, context)
      const common = { ...asked(facts), [Attribute.outcome]: outcomeOf(facts) }
      record("cloudauth.operation.duration", facts.duration / 1000, { ...common, ...errorType(facts.error) }, context)
      record("cloudauth.operation.attempts", facts.attempts, common, context)
      if (facts.result !== undefined) recordResult(record, isFirst, facts.result, facts.region, context)
    },
    attemptEnded: (facts, context) => recordAttempt(record, facts, context),
    retryScheduled: ({ class: retryClass, error }, context) =>
      record(
        "cloudauth.retries",
        1,
        { [Attribute.retryClass]: retryClass, [Attribute.errorType]: error._tag },
        context
      ),
    decoded: (duration, _, context) => record("cloudauth.decode.duration", duration / 1000, none, context),
    quotaTaken: ({ share, waiting }, context) => {
      record("cloudauth.quota.waiting", waiting, none, context)
      record("cloudauth.quota.share", share, none, context)
    },
    limiterWaited: (duration, context) => record("cloudauth.limiter.wait.duration", duration / 1000, none, context),
    credentialRefreshed: (duration, succeeded, context) =>
      record(
        "cloudauth.credential.refresh.duration",
        duration / 1000,
        { [Attribute.credentialRefresh]: succeeded ? "succeeded" : "failed" },
        context
      ),
    resultFetched: (days, context) => record("cloudauth.result.days_left", days, none, context),
    storeSwept: (days, context) => record("cloudauth.collect.oldest_age", days, none, context),
    journeyStepped: (facts, context) => recordStep(record, facts, context)
  }
}

const recordAttempt = (record: RecordValue, facts: AttemptFacts, context: Context.Context<never>): void => {
  const { duration, error, exchange, httpStatus, isSent, region, responseBytes } = facts
  // One that never got its turn says nothing of the service or the network.
  if (!isSent && error?._tag === "CallTimeout") return
  const status = httpStatus === undefined ? none : { [Attribute.httpResponseStatusCode]: labels.statusOf(httpStatus) }
  const common = { ...asked(facts), ...status, ...errorType(error) }
  record("cloudauth.attempt.duration", duration / 1000, common, context)
  if (exchange !== undefined) record("cloudauth.exchange.duration", exchange / 1000, common, context)
  if (responseBytes !== undefined) record("cloudauth.response.size", responseBytes, none, context)
  if (error?._tag === "Throttled") {
    const code = { [Attribute.responseCode]: labels.responseCodeOf(error.code) }
    record("cloudauth.throttles", 1, { ...regionOf(region), ...code }, context)
  }
}

const recordResult = (
  record: RecordValue,
  isFirst: (id: string | undefined) => boolean,
  { ocr, transactionId, verdict, warnings }: CheckResult<Document.Reading>,
  region: string | undefined,
  context: Context.Context<never>
): void => {
  for (const { path } of warnings) {
    record("cloudauth.decode.warnings", 1, { [Attribute.warningPath]: labels.pathOf(path) }, context)
  }
  const isNew = isFirst(transactionId)
  if (transactionId !== undefined && !isNew) return
  const { subCode } = verdict
  if (isNew && subCode !== undefined && SubCode.isBilled(subCode) === true) {
    record("cloudauth.authentications.billed", 1, { [Attribute.subCode]: labels.subCodeOf(subCode.code) }, context)
  }
  const verdictLabels = {
    ...regionOf(region),
    [Attribute.verdict]: verdict._tag,
    [Attribute.subCode]: labels.subCodeOf(subCode?.code),
    [Attribute.document]: ocr._tag === "Read" ? ocr.document : "none"
  }
  record("cloudauth.verdicts", 1, verdictLabels, context)
}

const recordStep = (
  record: RecordValue,
  { age, document, region, result, step }: JourneyFacts,
  context: Context.Context<never>
): void => {
  const where = regionOf(region)
  const labels = { ...where, [Attribute.journeyStep]: step, [Attribute.document]: document ?? "none" }
  record("cloudauth.journey.steps", 1, labels, context)
  if (result === undefined) return
  const { _tag, subCode } = result.verdict
  const isBilled = subCode !== undefined && SubCode.isBilled(subCode) === true
  const verdict = { ...where, [Attribute.verdict]: _tag, [Attribute.billed]: String(isBilled) }
  record("cloudauth.journey.duration", age / 1000, verdict, context)
}

const regionOf = (region: string | undefined): Labels =>
  region === undefined ? none : { [Attribute.cloudRegion]: region }

/** What was called, and where. */
const asked = ({ action, region }: Pick<OperationFacts, "action" | "region">): Labels => ({
  [Attribute.rpcMethod]: `Cloudauth/${action}`,
  ...regionOf(region)
})

const outcomes = { Passed: "passed", Rejected: "rejected", Inconclusive: "inconclusive" } as const

const isNotCompleted = (error: CloudauthError | undefined): boolean =>
  error?._tag === "ProcessNotCompleted" || error?._tag === "TransactionAbandoned"

const outcomeOf = ({ end, error, result }: OperationFacts): string => {
  if (result !== undefined) return outcomes[result.verdict._tag]
  return isNotCompleted(error) ? "not_completed" : end
}

/** A user who has not finished is no failure. */
const errorType = (error: CloudauthError | undefined): Labels =>
  error === undefined || isNotCompleted(error) ? none : { [Attribute.errorType]: error._tag }

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
