/** An observer that turns what happens into values of the instruments. */
import type * as Context from "effect/Context"
import type { CheckResult } from "../../CheckResult.ts"
import type { CloudauthError } from "../../CloudauthError.ts"
import type * as Document from "../../Document.ts"
import * as SubCode from "../../SubCode.ts"
import { Attribute } from "./attribute.ts"
import type { AttemptFacts, JourneyFacts, Observer, OperationFacts } from "./facts.ts"
import type { Name } from "./instruments.ts"
import { labelled, type Labels, pathOf, responseCodeOf, statusOf, subCodeOf } from "./labels.ts"

/**
 * Records a value on an instrument: an amount to add on a counter, a value on a histogram.
 *
 * @category models
 * @since 0.1.0
 */
export type RecordValue = (name: Name, value: number, labels: Labels, context: Context.Context<never>) => void

const none: Labels = {}

/** The labels of the instruments that have some. */
const makeLabels = () => {
  const call = [Attribute.rpcMethod, Attribute.cloudRegion] as const
  return {
    operation: labelled(...call, Attribute.outcome, Attribute.errorType),
    attempt: labelled(...call, Attribute.httpResponseStatusCode, Attribute.errorType),
    retry: labelled(Attribute.retryClass, Attribute.errorType),
    throttle: labelled(Attribute.cloudRegion, Attribute.responseCode),
    verdict: labelled(Attribute.cloudRegion, Attribute.verdict, Attribute.subCode, Attribute.document),
    billed: labelled(Attribute.subCode),
    warning: labelled(Attribute.warningPath),
    refresh: labelled(Attribute.credentialRefresh),
    step: labelled(Attribute.cloudRegion, Attribute.journeyStep, Attribute.document),
    journey: labelled(Attribute.cloudRegion, Attribute.verdict, Attribute.billed)
  }
}

export const observer = (record: RecordValue): Observer => {
  const made = makeLabels()
  const recordResult = resultRecorder(record, made)
  return {
    operationStarted: (context) => record("cloudauth.operation.active", 1, none, context),
    operationEnded: (facts, context) => {
      const method = methodOf(facts)
      const outcome = outcomeOf(facts)
      const duration = made.operation(method, facts.region, outcome, errorType(facts.error))
      record("cloudauth.operation.active", -1, none, context)
      record("cloudauth.operation.duration", facts.duration / 1000, duration, context)
      const attempts = made.operation(method, facts.region, outcome, undefined)
      record("cloudauth.operation.attempts", facts.attempts, attempts, context)
      if (facts.result !== undefined) recordResult(facts.result, facts.region, context)
    },
    attemptEnded: (facts, context) => recordAttempt(record, made, facts, context),
    retryScheduled: ({ class: retryClass, error }, context) =>
      record("cloudauth.retries", 1, made.retry(retryClass, error._tag), context),
    decoded: (duration, _, context) => record("cloudauth.decode.duration", duration / 1000, none, context),
    quotaTaken: ({ share, waiting }, context) => {
      record("cloudauth.quota.waiting", waiting, none, context)
      record("cloudauth.quota.share", share, none, context)
    },
    limiterWaited: (duration, context) => record("cloudauth.limiter.wait.duration", duration / 1000, none, context),
    credentialRefreshed: (duration, succeeded, context) => {
      const refresh = made.refresh(succeeded ? "succeeded" : "failed")
      record("cloudauth.credential.refresh.duration", duration / 1000, refresh, context)
    },
    resultFetched: (days, context) => record("cloudauth.result.days_left", days, none, context),
    storeSwept: (days, context) => record("cloudauth.collect.oldest_age", days, none, context),
    journeyStepped: (facts, context) => recordStep(record, made, facts, context)
  }
}

type Made = ReturnType<typeof makeLabels>

const recordAttempt = (record: RecordValue, made: Made, facts: AttemptFacts, context: Context.Context<never>): void => {
  const { duration, error, exchange, httpStatus, isSent, region, responseBytes } = facts
  // An attempt that never got its turn says nothing about the service or the network.
  if (!isSent && error?._tag === "CallTimeout") return
  const status = httpStatus === undefined ? undefined : statusOf(httpStatus)
  const common = made.attempt(methodOf(facts), region, status, errorType(error))
  record("cloudauth.attempt.duration", duration / 1000, common, context)
  if (exchange !== undefined) record("cloudauth.exchange.duration", exchange / 1000, common, context)
  if (responseBytes !== undefined) record("cloudauth.response.size", responseBytes, none, context)
  if (error?._tag === "Throttled") {
    record("cloudauth.throttles", 1, made.throttle(region, responseCodeOf(error.code)), context)
  }
}

const resultRecorder = (record: RecordValue, made: Made) => {
  const isFirst = firstTime()
  return (
    { ocr, transactionId, verdict, warnings }: CheckResult<Document.Reading>,
    region: string | undefined,
    context: Context.Context<never>
  ): void => {
    for (const { path } of warnings) {
      record("cloudauth.decode.warnings", 1, made.warning(pathOf(path)), context)
    }
    const isNew = isFirst(transactionId)
    if (transactionId !== undefined && !isNew) return
    const { subCode } = verdict
    const code = subCodeOf(subCode?.code)
    if (isNew && subCode !== undefined && SubCode.isBilled(subCode) === true) {
      record("cloudauth.authentications.billed", 1, made.billed(code), context)
    }
    const document = ocr._tag === "Read" ? ocr.document : "none"
    record("cloudauth.verdicts", 1, made.verdict(region, verdict._tag, code, document), context)
  }
}

const recordStep = (
  record: RecordValue,
  made: Made,
  { age, document, region, result, step }: JourneyFacts,
  context: Context.Context<never>
): void => {
  record("cloudauth.journey.steps", 1, made.step(region, step, document ?? "none"), context)
  if (result === undefined) return
  const { _tag, subCode } = result.verdict
  const isBilled = subCode !== undefined && SubCode.isBilled(subCode) === true
  record("cloudauth.journey.duration", age / 1000, made.journey(region, _tag, String(isBilled)), context)
}

const methodOf = ({ action }: Pick<OperationFacts, "action">): string => `Cloudauth/${action}`

const outcomes = { Passed: "passed", Rejected: "rejected", Inconclusive: "inconclusive" } as const

const isNotCompleted = (error: CloudauthError | undefined): boolean =>
  error?._tag === "ProcessNotCompleted" || error?._tag === "TransactionAbandoned"

const outcomeOf = ({ end, error, result }: OperationFacts): string => {
  if (result !== undefined) return outcomes[result.verdict._tag]
  return isNotCompleted(error) ? "not_completed" : end
}

/** A user who has not finished is not a failure. */
const errorType = (error: CloudauthError | undefined): string | undefined =>
  isNotCompleted(error) ? undefined : error?._tag

/** So many transactions at least are remembered. */
const remembered = 10_000

/** Returns whether an id is new among the last ones. A missing id is not: it could be counted twice. */
const firstTime = (): ((id: string | undefined) => boolean) => {
  // Whole sets are dropped: a set that loses its oldest id at each call takes ever longer to find the next one.
  let recent = new Set<string>()
  let older = new Set<string>()
  return (id) => {
    if (id === undefined || recent.has(id) || older.has(id)) return false
    recent.add(id)
    if (recent.size === remembered) {
      older = recent
      recent = new Set()
    }
    return true
  }
}
