/**
 * The emulator as an Effect service: on a port (`Emulator.layer`) or in memory (`Emulator.layerMemory`), with an `HttpClient` that needs no socket
 * (`Emulator.layerHttpClient`).
 *
 * @example
 * import { Emulator } from "@effect-cloudauth/emulator/Emulator"
 * import * as Scenario from "@effect-cloudauth/emulator/Scenario"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.gen(function* () {
 *   const emulator = yield* Emulator
 *   yield* emulator.register("hksb1", Scenario.passed({ document: "global-passport" }))
 *   return emulator.url
 * }).pipe(Effect.provide(Emulator.layer()))
 */
import { randomUUID } from "node:crypto"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { Call } from "./Call.ts"
import type * as Fault from "./Fault.ts"
import * as Gateway from "./Gateway.ts"
import * as MemoryHttpClient from "./internal/memoryHttpClient.ts"
import { own } from "./internal/ownOptions.ts"
import type * as Journey from "./Journey.ts"
import type * as Scenario from "./Scenario.ts"
import * as Server from "./Server.ts"

/** The port could not be opened. */
export class ListenError extends Schema.TaggedError<ListenError>("@effect-cloudauth/emulator/ListenError")(
  "ListenError",
  {
    host: Schema.String,
    port: Schema.Number,
    /** Node's error code, such as `EADDRINUSE`. */
    code: Schema.String
  },
  { httpApiStatus: 500 }
) {
  override readonly name = "ListenError"
  override get message(): string {
    const advice = this.code.startsWith("ERR_OSSL")
      ? "key and certificate must be PEM and belong together"
      : "choose another port (0 takes a free one) or host"
    return `Cannot listen on ${this.host}:${this.port} (${this.code}): ${advice}.`
  }
}

export interface Options extends Omit<Server.Options, "accessKeySecret" | "now"> {
  readonly accessKeySecret?: string | Redacted.Redacted<string> | undefined
}

/** Credentials that end. */
export interface TemporaryKey {
  readonly accessKeyId: string
  readonly accessKeySecret: Redacted.Redacted<string>
  readonly securityToken: Redacted.Redacted<string>
  /** Milliseconds since 1970, on the emulator's clock. */
  readonly expiresAt: number
}

export interface Shape {
  /** `http://127.0.0.1:49152`; in memory a loopback address on which nothing listens. */
  readonly url: string
  readonly host: string
  readonly port: number
  readonly accessKeyId: string
  readonly accessKeySecret: Redacted.Redacted<string>
  /** What the transaction answers from now on; the 30 days of its result start now. */
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
  /** The user is done now; `false` where no such journey is under way. */
  readonly completeJourney: (transactionId: string) => Effect.Effect<boolean>
  /** Waits until no callback is being sent any more. */
  readonly callbacksSettled: Effect.Effect<void>
  /** Open connections; 0 in memory. */
  readonly connections: Effect.Effect<number>
  /** Forgets calls, registrations, journeys and faults; keys and clock stay. */
  readonly reset: Effect.Effect<void>
  /** Bytes in, bytes out. */
  readonly gateway: Gateway.Gateway
}

const { now: _, ...keys } = Server.keys

const plainOptions = (options: Options, clock: Clock.Clock): Server.Options => ({
  ...options,
  accessKeySecret: Redacted.isRedacted(options.accessKeySecret)
    ? Redacted.value(options.accessKeySecret)
    : options.accessKeySecret,
  // Under a test clock both sides then agree on the time.
  now: () => clock.currentTimeMillisUnsafe()
})

const shape = (
  gateway: Gateway.Gateway,
  at: { readonly url: string; readonly host: string; readonly port: number; readonly connections: () => number }
): Shape => ({
  url: at.url,
  host: at.host,
  port: at.port,
  accessKeyId: gateway.accessKeyId,
  accessKeySecret: Redacted.make(gateway.accessKeySecret),
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
        accessKeyId: `emulator-sts-${randomUUID()}`,
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
  completeJourney: (transactionId) => Effect.sync(() => gateway.journeys.complete(transactionId)),
  callbacksSettled: Effect.promise(gateway.journeys.settled),
  connections: Effect.sync(at.connections),
  reset: Effect.sync(gateway.reset),
  gateway
})

export class Emulator extends Context.Service<Emulator, Shape>()("@effect-cloudauth/emulator/Emulator") {
  /**
   * Listens until the scope closes, which ends all its connections. The time is that of Effect's `Clock` at the layer's making; delays on a
   * port are real time nevertheless.
   */
  static readonly layer = (given: Options = {}): Layer.Layer<Emulator, ListenError> =>
    Layer.effect(
      Emulator,
      Effect.gen(function* () {
        const clock = yield* Clock.Clock
        const options = own(keys, given)
        const server = yield* Effect.acquireRelease(
          Effect.tryPromise({
            try: () => Server.start(plainOptions(options, clock)),
            catch: (cause) => {
              const { code = "unknown cause" } = cause as NodeJS.ErrnoException // what Node rejects with
              return new ListenError({ host: options.host ?? "127.0.0.1", port: options.port ?? 0, code })
            }
          }),
          (server) => Effect.promise(server.close)
        )
        return shape(server.gateway, server)
      })
    )

  /** No port at all: to be called through `layerHttpClient` or `gateway.handle`. */
  static readonly layerMemory = (given: Omit<Options, "host" | "port" | "tls"> = {}): Layer.Layer<Emulator> =>
    Layer.effect(
      Emulator,
      Effect.gen(function* () {
        const clock = yield* Clock.Clock
        const options = own<Options>(keys, given)
        const gateway = yield* Effect.acquireRelease(
          Effect.sync(() => Gateway.make(plainOptions(options, clock))),
          (gateway) => Effect.sync(gateway.journeys.reset)
        )
        return shape(gateway, { url: "http://127.0.0.1:1", host: "127.0.0.1", port: 1, connections: () => 0 })
      })
    )

  /** An `HttpClient` that hands every request to the emulator in this process. Its delays follow Effect's clock. */
  static readonly layerHttpClient: Layer.Layer<HttpClient.HttpClient, never, Emulator> = Layer.unwrap(
    Effect.map(Emulator, (emulator) => MemoryHttpClient.layer(emulator.gateway))
  )
}
