/**
 * The emulated gateway and the service behind it, without any socket: bytes in, bytes out. `Server` puts it on a port, `Emulator` into Effect.
 *
 * @example
 * import * as Gateway from "@effect-cloudauth/emulator/Gateway"
 * const gateway = Gateway.make({ seed: "1" })
 * const exchange = gateway.handle({ method: "POST", target: "/", headers: [], body: new Uint8Array() })
 * exchange.response.status // 400: IncompleteSignature
 *
 * @since 0.1.0
 */
import * as OwnOptions from "@effect-cloudauth/core/Options"
import type { Call, Detail } from "./Call.ts"
import type * as Fault from "./Fault.ts"
import { type Exchange, handle, type Options, partsOf } from "./internal/exchange.ts"
import { requireMarkedKey } from "./internal/marks.ts"
import * as Journey from "./Journey.ts"
import type * as Protocol from "./Protocol.ts"
import type * as Scenario from "./Scenario.ts"
import type * as Verification from "./Verification.ts"

export { type Exchange, type Options, version } from "./internal/exchange.ts"

/**
 * The key that every emulator knows unless it is given another.
 *
 * @category constants
 * @since 0.1.0
 */
export const defaultAccessKeyId = "emulator-access-key-id"

/**
 * The secret of that key.
 *
 * @category constants
 * @since 0.1.0
 */
export const defaultAccessKeySecret = "emulator-access-key-secret"

/**
 * The gateway.
 *
 * @category models
 * @since 0.1.0
 */
export interface Gateway {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly handle: (request: Protocol.Request) => Exchange
  /** Milliseconds since 1970, with all that was advanced. */
  readonly now: () => number
  readonly advance: (millis: number) => void
  readonly setTime: (epochMillis: number) => void
  /** What a transaction answers from now on. One that Initialize began is completed by it and keeps what was asked for. */
  readonly register: (transactionId: string, scenario: Scenario.Scenario) => void
  readonly setDefault: (scenario: Scenario.Scenario | undefined) => void
  readonly registered: () => ReadonlyArray<string>
  readonly calls: () => ReadonlyArray<Call>
  /** What is kept of one of the last 200 calls, by its sequence number: the request, the signature's check, the answer. */
  readonly detail: (sequence: number) => Detail | undefined
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

/**
 * The keys of `Options`.
 *
 * @category models
 * @since 0.1.0
 */
export const keys: { readonly [K in keyof Required<Options>]: unknown } = {
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

/**
 * A gateway with its own keys, clock and transactions. Throws `TypeError` for an unknown option, and for an access key
 * that does not begin with `emulator-`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (given: Options = {}): Gateway => {
  const options = OwnOptions.ownOrThrow(keys, given)
  const accessKeyId = options.accessKeyId ?? defaultAccessKeyId
  const accessKeySecret = options.accessKeySecret ?? defaultAccessKeySecret
  const parts = partsOf(options, { accessKeyId, accessKeySecret })
  const { accessKeys, clock, faults, journeys, log, transactions } = parts
  return {
    accessKeyId,
    accessKeySecret,
    handle: (request) => handle(parts, request),
    now: clock.now,
    advance: (millis) => {
      clock.advance(millis)
      journeys.tick()
    },
    setTime: (epochMillis) => {
      clock.setTime(epochMillis)
      journeys.tick()
    },
    register: (transactionId, scenario) => transactions.register(transactionId, scenario, clock.now()),
    setDefault: transactions.setDefault,
    registered: transactions.ids,
    calls: log.all,
    detail: parts.details.find,
    onCall: log.onFinished,
    addKey: (key) => {
      requireMarkedKey(key.accessKeyId)
      accessKeys.set(key.accessKeyId, key)
    },
    qps: () => parts.qps,
    setQps: (limit) => {
      parts.qps = limit
    },
    faults,
    journeys,
    reset: () => {
      transactions.reset()
      journeys.reset()
      parts.deletions.reset()
      log.clear()
      parts.details.clear()
      faults.setRules(options.faults ?? [])
    }
  }
}
