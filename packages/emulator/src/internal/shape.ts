/** The emulator's service over a gateway. */
import { randomUUID } from "node:crypto"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Call } from "../Call.ts"
import type * as Fault from "../Fault.ts"
import type * as Journey from "../Journey.ts"
import type * as Scenario from "../Scenario.ts"
import type * as Gateway from "../Gateway.ts"
import type * as Server from "../Server.ts"
import { mark } from "./marks.ts"

/**
 * Credentials that end.
 *
 * @category models
 * @since 0.1.0
 */
export interface TemporaryKey {
  readonly accessKeyId: string
  readonly accessKeySecret: Redacted.Redacted<string>
  readonly securityToken: Redacted.Redacted<string>
  /** Milliseconds since 1970, on the emulator's clock. */
  readonly expiresAt: number
}

/**
 * What the service offers.
 *
 * @category models
 * @since 0.1.0
 */
export interface Shape {
  /** `http://127.0.0.1:49152`; in memory a loopback address on which nothing listens. */
  readonly url: string
  readonly host: string
  readonly port: number
  readonly accessKeyId: string
  readonly accessKeySecret: Redacted.Redacted<string>
  /** What the admin API asks for, beyond the loopback or by the option; `undefined`: nothing. */
  readonly adminToken: Redacted.Redacted<string> | undefined
  /**
   * What the transaction answers from now on; the 30 days of its result start now. One that Initialize began is
   * completed by it, without a callback, and keeps what was asked for.
   */
  readonly register: (transactionId: string, scenario: Scenario.Scenario) => Effect.Effect<void>
  /** What unknown transaction ids answer; `undefined`: `TransactionIdInvalid`. */
  readonly setDefault: (scenario: Scenario.Scenario | undefined) => Effect.Effect<void>
  /** Every request that arrived, oldest first (the last 10,000 unless set otherwise). */
  readonly calls: Effect.Effect<ReadonlyArray<Call>>
  readonly callsOf: (transactionId: string) => Effect.Effect<ReadonlyArray<Call>>
  /** Milliseconds since 1970. */
  readonly now: Effect.Effect<number>
  readonly advance: (duration: Duration.Input) => Effect.Effect<void>
  readonly setTime: (epochMillis: number) => Effect.Effect<void>
  readonly setFaults: (rules: ReadonlyArray<Fault.Rule>) => Effect.Effect<void>
  readonly faultCounts: Effect.Effect<Readonly<Partial<Record<Fault.Kind, number>>>>
  readonly setQps: (callsPerSecond: number | undefined) => Effect.Effect<void>
  readonly issueTemporaryKey: (lifetime: Duration.Input) => Effect.Effect<TemporaryKey>
  readonly journeys: Effect.Effect<ReadonlyArray<Journey.Journey>>
  /**
   * The user is done now, with the scenario if one is given; `false` if no such journey is under way: it is unknown,
   * completed, or abandoned after 30 minutes.
   */
  readonly completeJourney: (transactionId: string, scenario?: Scenario.Scenario | undefined) => Effect.Effect<boolean>
  /** The last 200 callbacks that were sent, oldest first; each attempt has its own. */
  readonly callbacks: Effect.Effect<ReadonlyArray<Journey.SentCallback>>
  /** Waits until no callback is being sent any more. */
  readonly callbacksSettled: Effect.Effect<void>
  /** Open connections; 0 in memory. */
  readonly connections: Effect.Effect<number>
  /** Forgets calls, registrations, journeys and faults; keys and clock stay. */
  readonly reset: Effect.Effect<void>
  /** Bytes in, bytes out. */
  readonly gateway: Gateway.Gateway
}

export const shape = (
  gateway: Gateway.Gateway,
  at: Pick<Server.Server, "url" | "host" | "port" | "adminToken" | "connections">
): Shape => ({
  url: at.url,
  host: at.host,
  port: at.port,
  accessKeyId: gateway.accessKeyId,
  accessKeySecret: Redacted.make(gateway.accessKeySecret),
  adminToken: at.adminToken === undefined ? undefined : Redacted.make(at.adminToken),
  register: (transactionId, scenario) => Effect.sync(() => gateway.register(transactionId, scenario)),
  setDefault: (scenario) => Effect.sync(() => gateway.setDefault(scenario)),
  calls: Effect.sync(gateway.calls),
  callsOf: (transactionId) => Effect.sync(() => gateway.calls().filter((call) => call.transactionId === transactionId)),
  now: Effect.sync(gateway.now),
  advance: (duration) => Effect.sync(() => gateway.advance(Duration.toMillis(duration))),
  setTime: (epochMillis) => Effect.sync(() => gateway.setTime(epochMillis)),
  setFaults: (rules) => Effect.sync(() => gateway.faults.setRules(rules)),
  faultCounts: Effect.sync(gateway.faults.counts),
  setQps: (callsPerSecond) => Effect.sync(() => gateway.setQps(callsPerSecond)),
  issueTemporaryKey: (lifetime) =>
    Effect.sync(() => {
      const key = {
        accessKeyId: `${mark}sts-${randomUUID()}`,
        accessKeySecret: randomUUID(),
        securityToken: randomUUID(),
        expiresAt: gateway.now() + Duration.toMillis(lifetime)
      }
      gateway.addKey(key)
      return {
        ...key,
        accessKeySecret: Redacted.make(key.accessKeySecret),
        securityToken: Redacted.make(key.securityToken)
      }
    }),
  journeys: Effect.sync(gateway.journeys.all),
  completeJourney: (transactionId, scenario) => Effect.sync(() => gateway.journeys.complete(transactionId, scenario)),
  callbacks: Effect.sync(gateway.journeys.callbacks),
  callbacksSettled: Effect.promise(gateway.journeys.settled),
  connections: Effect.sync(at.connections),
  reset: Effect.sync(gateway.reset),
  gateway
})
