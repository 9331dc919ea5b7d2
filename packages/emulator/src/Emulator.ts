/**
 * The emulator as an Effect service: on a port (`Emulator.layer`), or in memory together with a client
 * (`Emulator.layerClient`). For an HTTP client of your own there are `Emulator.layerMemory` and
 * `Emulator.layerHttpClient`, which need no socket.
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
 *
 * @since 0.1.0
 */
import * as OwnOptions from "@effect-cloudauth/core/Options"
import { Cloudauth, type Options as CloudauthOptions } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Gateway from "./Gateway.ts"
import { shape, type Shape } from "./internal/shape.ts"
import * as MemoryHttpClient from "./internal/memoryHttpClient.ts"
import * as Server from "./Server.ts"

export type { Shape, TemporaryKey } from "./internal/shape.ts"

/**
 * The port could not be opened.
 *
 * @category errors
 * @since 0.1.0
 */
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

/**
 * The options of an emulator.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options extends Omit<Server.Options, "accessKeySecret" | "now"> {
  readonly accessKeySecret?: string | Redacted.Redacted<string> | undefined
}

/**
 * The options of an emulator without a socket.
 *
 * @category models
 * @since 0.1.0
 */
export type MemoryOptions = Omit<Options, "host" | "port" | "tls" | "adminToken">

/**
 * The options of an emulator and its client.
 *
 * @category models
 * @since 0.1.0
 */
export interface ClientOptions extends MemoryOptions {
  /** The client's own options. */
  readonly client?: Pick<CloudauthOptions, "maxBodyBytes"> | undefined
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

/**
 * The emulator, as a service.
 *
 * @category services
 * @since 0.1.0
 */
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
        const options = OwnOptions.ownOrThrow(keys, given)
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
  static readonly layerMemory = (given: MemoryOptions = {}): Layer.Layer<Emulator> =>
    Layer.effect(
      Emulator,
      Effect.gen(function* () {
        const clock = yield* Clock.Clock
        const options = OwnOptions.ownOrThrow<Options>(keys, given)
        const gateway = yield* Effect.acquireRelease(
          Effect.sync(() => Gateway.make(plainOptions(options, clock))),
          (gateway) => Effect.sync(gateway.journeys.reset)
        )
        return shape(gateway, {
          url: "http://127.0.0.1:1",
          host: "127.0.0.1",
          port: 1,
          adminToken: undefined,
          connections: () => 0
        })
      })
    )

  /** An `HttpClient` that hands every request to the emulator in this process. Its delays follow Effect's clock. */
  static readonly layerHttpClient: Layer.Layer<HttpClient.HttpClient, never, Emulator> = Layer.unwrap(
    Effect.map(Emulator, (emulator) => MemoryHttpClient.layer(emulator.gateway))
  )

  /**
   * A client and its emulator, in memory, with nothing else to provide. The client is the real one: it signs, retries
   * and polls. Effect's `Clock` is the time of both, so that `TestClock` drives them. A refused option is a defect.
   *
   * @example
   * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
   * import { Emulator } from "@effect-cloudauth/emulator/Emulator"
   * import * as Scenario from "@effect-cloudauth/emulator/Scenario"
   * import * as Effect from "effect/Effect"
   *
   * const program = Effect.gen(function* () {
   *   const emulator = yield* Emulator
   *   yield* emulator.register("hksb1", Scenario.passed({ document: "global-passport" }))
   *   return yield* Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb1" })
   * }).pipe(Effect.provide(Emulator.layerClient()))
   */
  static readonly layerClient = ({ client, ...options }: ClientOptions = {}): Layer.Layer<Cloudauth | Emulator> =>
    Layer.unwrap(
      Effect.map(Emulator, (emulator) =>
        Cloudauth.layer({ ...client, url: emulator.url }).pipe(
          Layer.provide([Credentials.layerStatic(emulator), Emulator.layerHttpClient])
        )
      )
    ).pipe(Layer.provideMerge(Emulator.layerMemory(options)), Layer.orDie)
}
