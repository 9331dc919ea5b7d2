/** What the gateway does with one request. */
import type { Call } from "../Call.ts"
import * as Fault from "../Fault.ts"
import type * as Journey from "../Journey.ts"
import * as Protocol from "../Protocol.ts"
import type * as Scenario from "../Scenario.ts"
import * as Verification from "../Verification.ts"
import * as Answers from "./answers.ts"
import * as CallDetails from "./callDetails.ts"
import { callLog } from "./callLog.ts"
import * as CheckResult from "./checkResult.ts"
import * as MovableClock from "./clock.ts"
import * as Deletions from "./deletions.ts"
import * as FaultInjector from "./faultInjector.ts"
import * as Journeys from "./journeys.ts"
import { requireMarkedKey } from "./marks.ts"
import * as Parameters from "./parameters.ts"
import * as Quota from "./quota.ts"
import * as Seeded from "./seeded.ts"
import * as Transactions from "./transactions.ts"
import * as VerifyLog from "./verifyLog.ts"

/**
 * The version of the API.
 *
 * @category constants
 * @since 0.1.0
 */
export const version = "2022-08-09"

/**
 * The options of a gateway.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** Begins with `emulator-`, so that it can't be taken for a real one. */
  readonly accessKeyId?: string | undefined
  readonly accessKeySecret?: string | undefined
  /** Further keys: inactive ones, temporary ones. Their ids begin with `emulator-`, too. */
  readonly keys?: ReadonlyArray<Verification.Key> | undefined
  /** Calls a second for one account and one action; beyond it `Throttling.Api`. Left out: no limit. */
  readonly qps?: number | undefined
  /** Calls a second for one account over all actions; beyond it `Throttling.User`. */
  readonly userQps?: number | undefined
  /** Everything that is random comes from this seed. */
  readonly seed?: string | undefined
  /** The time in milliseconds since 1970; `Date.now` unless given. */
  readonly now?: (() => number) | undefined
  readonly faults?: ReadonlyArray<Fault.Rule> | undefined
  /** The answer to transaction ids that are neither registered nor well known; left out: `TransactionIdInvalid`. */
  readonly defaultScenario?: Scenario.Scenario | undefined
  /** How errors are written, unless a scenario says it. */
  readonly errorFormat?: Scenario.ErrorFormat | undefined
  /** How many calls `calls` remembers (10,000). */
  readonly keepCalls?: number | undefined
  readonly journeys?: Journey.Options | undefined
}

/**
 * One request's outcome: the answer, the faults that the wire has yet to add, and the log's entry.
 *
 * @category models
 * @since 0.1.0
 */
export interface Exchange {
  readonly response: Protocol.Response
  /** Milliseconds to wait before the first byte. */
  readonly delayMillis: number
  readonly faults: ReadonlyArray<Fault.Fault>
  readonly call: Call
  /** To be called once the answer has left (or failed to): completes the log's entry. */
  readonly finished: () => void
}

/** The parts of a gateway. */
export interface Parts {
  readonly options: Options
  readonly clock: MovableClock.MovableClock
  readonly accessKeys: Map<string, Verification.Key>
  readonly nonces: Verification.NonceMemory
  readonly faults: Fault.Injector
  readonly transactions: Transactions.Transactions
  readonly quota: ReturnType<typeof Quota.make>
  readonly log: ReturnType<typeof callLog>
  readonly details: ReturnType<typeof CallDetails.make>
  readonly checkResult: ReturnType<typeof CheckResult.make>
  readonly deletions: Deletions.Deletions
  readonly verifyLog: ReturnType<typeof VerifyLog.make>
  readonly journeys: ReturnType<typeof Journeys.make>
  readonly seeded: Seeded.Seeded
  qps: number | undefined
}

export const partsOf = (options: Options, key: Verification.Key): Parts => {
  const seed = options.seed ?? "effect-cloudauth"
  const seeded = Seeded.make(`gateway:${seed}`)
  const clock = MovableClock.make(options.now ?? Date.now)
  const accessKeys = [key, ...(options.keys ?? [])]
  for (const { accessKeyId } of accessKeys) requireMarkedKey(accessKeyId)
  const transactions = Transactions.make(options.defaultScenario)
  const deletions = Deletions.make(transactions)
  const journeys = Journeys.make(transactions, { ...options.journeys, now: clock.now, seeded })
  const keyOf = new Map(accessKeys.map((known) => [known.accessKeyId, known]))
  return {
    options,
    clock,
    accessKeys: keyOf,
    nonces: Verification.nonceMemory(),
    faults: FaultInjector.make(options.faults ?? [], Seeded.make(`faults:${seed}`)),
    transactions,
    quota: Quota.make(),
    log: callLog(options.keepCalls ?? 10_000),
    details: CallDetails.make((id) => keyOf.get(id)),
    checkResult: CheckResult.make(transactions, deletions, seed),
    deletions,
    verifyLog: VerifyLog.make(transactions, journeys, deletions),
    journeys,
    seeded,
    qps: options.qps
  }
}

/** A request with what was read from it. */
interface Arrived {
  readonly request: Protocol.Request
  readonly parameters: Parameters.Parameters
  readonly action: string | undefined
  readonly call: Call
  readonly struck: ReadonlyArray<Fault.Fault>
  readonly at: number
}

const route = (parts: Parts, { action, at, parameters, request }: Arrived): CheckResult.Answer => {
  // The operations are POST only; GET is known to the gateway and refused by their definition.
  if (request.method !== "POST") return { error: { code: "UnsupportedHTTPMethod" } }
  if (Protocol.header(request, "x-acs-version") !== version) return { error: { code: "InvalidVersion" } }
  if (action === "CheckResult") return parts.checkResult(parameters, at)
  if (action === "Initialize") return parts.journeys.initialize(parameters, Protocol.header(request, "host") ?? "")
  if (action === "DeleteVerifyResult") return parts.deletions.deleteVerifyResult(parameters, at)
  if (action === "CheckVerifyLog") return parts.verifyLog(parameters, at)
  return { error: { code: "InvalidAction.NotFound" } }
}

/** What the gateway or the service behind it answers. */
const decide = (parts: Parts, arrived: Arrived): CheckResult.Answer => {
  const { action, at, call, request, struck } = arrived
  const { accessKeys, log, nonces, options, qps, quota } = parts
  const broken = Fault.find(struck, "ServerError")
  if (broken) return { error: { code: "ServiceUnavailable", status: broken.status } }
  const storm = Fault.find(struck, "Throttle")
  if (storm) return { error: { code: "Throttling.Api", retryAfterMillis: storm.retryAfterMillis } }
  if (request.method !== "POST" && request.method !== "GET") return { error: { code: "UnsupportedHTTPMethod" } }
  const outcome = Verification.verify(request, { findKey: (id) => accessKeys.get(id), nonces, now: at })
  log.verified(call, outcome._tag)
  if (outcome._tag === "Refused") return { error: { code: outcome.code, message: outcome.message } }
  const limit = quota.refusal({ qps, userQps: options.userQps }, outcome.accessKeyId, action, at)
  return limit === undefined ? route(parts, arrived) : { error: limit }
}

const write = (parts: Parts, { request, struck }: Arrived, answer: CheckResult.Answer, requestId: string) => {
  const plain =
    "error" in answer
      ? Answers.error(
          { format: parts.options.errorFormat, ...answer.error },
          requestId,
          Protocol.header(request, "host") ?? ""
        )
      : "raw" in answer
        ? Answers.raw(answer.raw)
        : Answers.success(answer.result, requestId, answer.envelope)
  return Answers.distort(plain, struck, parts.seeded)
}

const codeOf = (answer: CheckResult.Answer): string =>
  "error" in answer ? answer.error.code : "raw" in answer ? "(raw)" : "Success"

/** One request from its arrival to its answer. */
export const handle = (parts: Parts, request: Protocol.Request): Exchange => {
  const startedAt = performance.now()
  // Time may have passed on a clock that does not report it.
  parts.journeys.tick()
  const parameters = Parameters.read(request)
  const action = Protocol.header(request, "x-acs-action")
  const struck = parts.faults.decide({ transactionId: parameters.get("TransactionId"), action })
  const at = parts.clock.now() + (Fault.find(struck, "ClockSkew")?.millis ?? 0)
  const requestId = Seeded.uuid(parts.seeded)
  const { call, finished } = parts.log.open({ request, parameters, time: at, requestId, faults: struck, startedAt })
  const arrived: Arrived = { request, parameters, action, call, struck, at }
  const answer = decide(parts, arrived)
  const written = write(parts, arrived, answer, requestId)
  const response: Protocol.Response = {
    ...written,
    headers: [["date", new Date(at).toUTCString()], ["x-acs-request-id", requestId], ...written.headers]
  }
  const delayMillis = (answer.delayMillis ?? 0) + (Fault.find(struck, "Delay")?.millis ?? 0)
  parts.log.answered(call, {
    code: codeOf(answer),
    status: response.status,
    ...("result" in answer ? answer.verdict : undefined)
  })
  parts.details.keep(call, request, response, delayMillis)
  return { response, delayMillis, faults: struck, call, finished }
}
