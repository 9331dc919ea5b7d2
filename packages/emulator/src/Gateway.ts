/**
 * The emulated gateway and the service behind it, without any socket: bytes in, bytes out. `Server` puts it on a port, `Emulator` into Effect.
 *
 * @example
 * import * as Gateway from "@effect-cloudauth/emulator/Gateway"
 * const gateway = Gateway.make({ seed: "1" })
 * const exchange = gateway.handle({ method: "POST", target: "/", headers: [], body: new Uint8Array() })
 * exchange.response.status // 400: IncompleteSignature
 */
import type { Call } from "./Call.ts"
import * as Fault from "./Fault.ts"
import * as Answers from "./internal/answers.ts"
import { callLog } from "./internal/callLog.ts"
import * as CheckResult from "./internal/checkResult.ts"
import * as FaultInjector from "./internal/faultInjector.ts"
import * as Journeys from "./internal/journeys.ts"
import * as Quota from "./internal/quota.ts"
import * as Seeded from "./internal/seeded.ts"
import * as Transactions from "./internal/transactions.ts"
import { type Keys, own } from "./internal/ownOptions.ts"
import * as Journey from "./Journey.ts"
import * as Protocol from "./Protocol.ts"
import type * as Scenario from "./Scenario.ts"
import * as Verification from "./Verification.ts"

/** The keys that every emulator knows unless it is given others. */
export const defaultAccessKeyId = "emulator-access-key-id"
export const defaultAccessKeySecret = "emulator-access-key-secret"

export const version = "2022-08-09"

export interface Options {
  readonly accessKeyId?: string | undefined
  readonly accessKeySecret?: string | undefined
  /** Further keys: inactive ones, temporary ones. */
  readonly keys?: ReadonlyArray<Verification.Key> | undefined
  /** Calls a second for one account and one action; beyond it `Throttling.Api`. Left out: no limit. */
  readonly qps?: number | undefined
  /** Calls a second for one account over all actions; beyond it `Throttling.User`. */
  readonly userQps?: number | undefined
  /** Everything that is drawn by lot comes from this seed. */
  readonly seed?: string | undefined
  /** The time in milliseconds since 1970; `Date.now` unless given. */
  readonly now?: (() => number) | undefined
  readonly faults?: ReadonlyArray<Fault.Rule> | undefined
  /** The answer to transaction ids that are neither registered nor well known; left out: `TransactionIdInvalid`. */
  readonly defaultScenario?: Scenario.Scenario | undefined
  /** How errors are written, where a scenario does not say it. */
  readonly errorFormat?: Scenario.ErrorFormat | undefined
  /** How many calls `calls` remembers (10,000). */
  readonly keepCalls?: number | undefined
  readonly journeys?: Journey.Options | undefined
}

/** One request's outcome: the answer, the faults that the wire has yet to add, and the log's entry. */
export interface Exchange {
  readonly response: Protocol.Response
  /** Milliseconds to wait before the first byte. */
  readonly delayMillis: number
  readonly faults: ReadonlyArray<Fault.Fault>
  readonly call: Call
  /** To be called once the answer has left (or failed to): completes the log's entry. */
  readonly finished: () => void
}

export interface Gateway {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly handle: (request: Protocol.Request) => Exchange
  /** Milliseconds since 1970, with all that was advanced. */
  readonly now: () => number
  readonly advance: (millis: number) => void
  readonly setTime: (epochMillis: number) => void
  readonly register: (transactionId: string, scenario: Scenario.Scenario) => void
  readonly setDefault: (scenario: Scenario.Scenario | undefined) => void
  readonly registered: () => ReadonlyArray<string>
  readonly calls: () => ReadonlyArray<Call>
  /** Told of each call once it is finished. Gives back how to stop. */
  readonly onCall: (listener: (call: Call) => void) => () => void
  readonly addKey: (key: Verification.Key) => void
  readonly qps: () => number | undefined
  readonly setQps: (qps: number | undefined) => void
  readonly faults: Fault.Injector
  readonly journeys: Journey.Journeys
  /** Forgets calls, registrations, journeys and faults; keys and clock stay. */
  readonly reset: () => void
}

/** The keys of `Options`. */
export const keys: Keys<Options> = {
  accessKeyId: true,
  accessKeySecret: true,
  keys: true,
  qps: true,
  userQps: true,
  seed: true,
  now: true,
  faults: true,
  defaultScenario: true,
  errorFormat: true,
  keepCalls: true,
  journeys: Journey.keys
}

export const make = (given: Options = {}): Gateway => {
  const options = own(keys, given)
  const accessKeyId = options.accessKeyId ?? defaultAccessKeyId
  const accessKeySecret = options.accessKeySecret ?? defaultAccessKeySecret
  const seed = options.seed ?? "effect-cloudauth"
  const seeded = Seeded.make(`gateway:${seed}`)
  const base = options.now ?? Date.now
  let offset = 0
  const now = () => base() + offset

  const accessKeys = new Map<string, Verification.Key>()
  for (const key of [{ accessKeyId, accessKeySecret }, ...(options.keys ?? [])]) accessKeys.set(key.accessKeyId, key)
  const nonces = Verification.nonceMemory()
  const faults = FaultInjector.make(options.faults ?? [], Seeded.make(`faults:${seed}`))
  const transactions = Transactions.make(options.defaultScenario)
  const quota = Quota.make()
  const log = callLog(options.keepCalls ?? 10_000)
  const checkResult = CheckResult.make(transactions, seed)
  const journeys = Journeys.make(transactions, { ...options.journeys, now, seeded })
  let qps = options.qps

  const throttled = (account: string, action: string, at: number): Answers.ErrorAnswer | undefined => {
    const user = options.userQps === undefined ? undefined : quota.take(account, options.userQps, at)
    if (user !== undefined) return { code: "Throttling.User", retryAfterMillis: user }
    const api = qps === undefined ? undefined : quota.take(`${account}\n${action}`, qps, at)
    return api === undefined ? undefined : { code: "Throttling.Api", retryAfterMillis: api }
  }

  const route = (request: Protocol.Request, parameters: CheckResult.Parameters, at: number): CheckResult.Answer => {
    const action = Protocol.header(request, "x-acs-action")
    if (Protocol.header(request, "x-acs-version") !== version) return { error: { code: "InvalidVersion" } }
    if (action === "CheckResult") return checkResult(parameters, at)
    if (action === "Initialize") return journeys.initialize(parameters)
    return { error: { code: "InvalidAction.NotFound" } }
  }

  const handle = (request: Protocol.Request): Exchange => {
    const startedAt = performance.now()
    // Time may have passed on a clock that nobody tells us about.
    journeys.tick()
    const parameters = CheckResult.readParameters(request)
    const transactionId = parameters.get("TransactionId")
    const action = Protocol.header(request, "x-acs-action")
    const struck = faults.decide({ transactionId, action })
    const at = now() + (Fault.find(struck, "ClockSkew")?.millis ?? 0)
    const requestId = Seeded.uuid(seeded)
    const { call, finished } = log.open({ request, parameters, time: at, requestId, faults: struck, startedAt })

    const decide = (): CheckResult.Answer => {
      const broken = Fault.find(struck, "ServerError")
      if (broken) return { error: { code: "ServiceUnavailable", status: broken.status } }
      const storm = Fault.find(struck, "Throttle")
      if (storm) return { error: { code: "Throttling.Api", retryAfterMillis: storm.retryAfterMillis } }
      if (request.method !== "POST" && request.method !== "GET") return { error: { code: "UnsupportedHTTPMethod" } }
      const outcome = Verification.verify(request, { findKey: (id) => accessKeys.get(id), nonces, now: at })
      log.verified(call, outcome._tag)
      if (outcome._tag === "Refused") return { error: { code: outcome.code, message: outcome.message } }
      const limit = throttled(outcome.accessKeyId, action ?? "", at)
      if (limit) return { error: limit }
      // Both operations are POST only; GET is known to the gateway and refused by their definition.
      if (request.method !== "POST") return { error: { code: "UnsupportedHTTPMethod" } }
      return route(request, parameters, at)
    }

    const answer = decide()
    const hostId = Protocol.header(request, "host") ?? ""
    const plain =
      "error" in answer
        ? Answers.error({ format: options.errorFormat, ...answer.error }, requestId, hostId)
        : "raw" in answer
          ? Answers.raw(answer.raw)
          : Answers.success(answer.result, requestId)
    const response = Answers.distort(plain, struck, seeded)
    log.answered(call, {
      code: "error" in answer ? answer.error.code : "raw" in answer ? "(raw)" : "Success",
      status: response.status,
      ...("result" in answer ? answer.verdict : undefined)
    })
    return {
      response: {
        ...response,
        headers: [["date", new Date(at).toUTCString()], ["x-acs-request-id", requestId], ...response.headers]
      },
      delayMillis: (answer.delayMillis ?? 0) + (Fault.find(struck, "Delay")?.millis ?? 0),
      faults: struck,
      call,
      finished
    }
  }

  return {
    accessKeyId,
    accessKeySecret,
    handle,
    now,
    advance: (millis) => {
      offset += millis
      journeys.tick()
    },
    setTime: (epochMillis) => {
      offset = epochMillis - base()
      journeys.tick()
    },
    register: (transactionId, scenario) => transactions.register(transactionId, scenario, now()),
    setDefault: transactions.setDefault,
    registered: transactions.ids,
    calls: log.all,
    onCall: log.onFinished,
    addKey: (key) => accessKeys.set(key.accessKeyId, key),
    qps: () => qps,
    setQps: (limit) => {
      qps = limit
    },
    faults,
    journeys,
    reset: () => {
      transactions.reset()
      journeys.reset()
      log.clear()
      faults.setRules(options.faults ?? [])
    }
  }
}
