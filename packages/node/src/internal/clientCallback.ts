/** The callback's route of the Promise client. */
import * as CallbackHandler from "@effect-cloudauth/core/CallbackHandler"
import type { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import type { TransactionStore } from "@effect-cloudauth/core/TransactionStore"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import { ClientClosed, type ClientRuntime } from "./clientRuntime.ts"
import { optionalFunction, refuse, tell } from "./refuse.ts"
import { applicationError } from "./applicationError.ts"

/**
 * The options of `callbackHandler`. Times are milliseconds.
 *
 * @category models
 * @since 0.1.0
 */
export interface CallbackOptions {
  /**
   * The token that was given at `initialize`, at least 16 characters. While it is replaced, the old one and the new one:
   * journeys that have begun still bring the old one.
   */
  readonly callbackToken: string | readonly [string, ...ReadonlyArray<string>]
  /** Takes a result. If it throws or rejects, it is called again later. */
  readonly onResult: (collected: CallbackHandler.Collected) => unknown
  /** Takes a transaction that ends without a result. If it throws or rejects, it is called again later. Default: nothing. */
  readonly onEnded?: ((ended: CallbackHandler.Ended) => unknown) | undefined
  /**
   * When a result is collected: in the `background` (the default), or `beforeAnswer`, for a serverless function, which
   * stops after the answer. Then the answer is 503, and the platform calls again, until the result is handed over.
   */
  readonly collect?: "background" | "beforeAnswer" | undefined
  /** Whether to ask for the images. Default `false`. */
  readonly isReturnImage?: boolean | undefined
  /** How many transactions may wait in memory; the rest wait in the store alone. Default 1000. */
  readonly capacity?: number | undefined
  /** How many results are collected at once. Default 4. */
  readonly concurrency?: number | undefined
  /** How long one collection may take, CheckResult's retries and `onResult` together. Default 120000. */
  readonly collectTimeout?: number | undefined
  /** How often the store is searched for what is left over. Default 60000. */
  readonly sweepEvery?: number | undefined
  /** How long `close` waits for what is queued or under way; the rest stays in the store. Default 10000. */
  readonly drainTimeout?: number | undefined
  /** Takes what goes wrong in the background, in words that name no person. Default: `process.emitWarning`. */
  readonly onWarning?: ((message: string) => void) | undefined
}

const keys: OwnOptions.Keys<CallbackOptions> = {
  callbackToken: true,
  onResult: true,
  onEnded: true,
  collect: true,
  isReturnImage: true,
  capacity: true,
  concurrency: true,
  collectTimeout: true,
  sweepEvery: true,
  drainTimeout: true,
  onWarning: true
}

const redacted = (token: string): Redacted.Redacted => Redacted.make(token, { label: "callbackToken" })

const tokens = (given: CallbackOptions["callbackToken"]): CallbackHandler.Options<unknown, never>["callbackToken"] => {
  if (typeof given === "string") return redacted(given)
  if (!Array.isArray(given) || !given.every((token) => typeof token === "string")) {
    return refuse("callbackToken", "a text, or a list of texts")
  }
  const [first, ...others] = given as typeof given & CallbackOptions["callbackToken"]
  return [redacted(first ?? ""), ...others.map(redacted)]
}

/** Runs the application's own function. */
const running =
  <A>(run: (value: A) => unknown) =>
  (value: A): Effect.Effect<void, unknown> =>
    Effect.asVoid(Effect.tryPromise({ try: async () => run(value), catch: applicationError }))

const warning = (onWarning: (message: string) => void) =>
  Logger.make<unknown, void>(({ fiber, message }) => {
    const words = Array.isArray(message) ? message : [message]
    const annotations = Object.entries(fiber.getRef(References.CurrentLogAnnotations))
    tell(onWarning, [...words, ...annotations.map(([name, value]) => `${name}=${value}`)].map(String).join(" "))
  })

/** The handler as an effect. Throws `InvalidRequest` if an option is wrong. */
const make = (given: CallbackOptions) => {
  const { callbackToken, onEnded, onResult, onWarning, ...rest } = OwnOptions.ownOrThrow(keys, given)
  for (const [name, listener] of Object.entries({ onResult, onEnded, onWarning })) optionalFunction(name, listener)
  const options: CallbackHandler.Options<unknown, never> = {
    ...rest,
    callbackToken: tokens(callbackToken),
    // The check refuses it if it is left out.
    onResult: onResult && running(onResult),
    onEnded: onEnded && running(onEnded)
  }
  Effect.runSync(CallbackHandler.check(options))
  const logger = warning(onWarning ?? ((message) => process.emitWarning(message, "CloudauthWarning")))
  const logging = Logger.layer([logger])
  return Effect.map(
    Effect.provide(CallbackHandler.make(options), logging),
    (receive) => (request: Request) => Effect.provide(receive(request), logging)
  )
}

/** The platform calls again. */
const closed = (): Response => new Response(null, { status: 503 })

/** The handler. What fails to start starts again with the next call. */
export const handler = (runtime: ClientRuntime<Cloudauth | TransactionStore>, given: CallbackOptions) => {
  const effect = make(given)
  let receiving: ReturnType<typeof start> | undefined
  const start = async () => {
    try {
      return await runtime.start(effect)
    } catch (error) {
      receiving = undefined
      throw error
    }
  }
  receiving = start()
  // The next call says why.
  receiving.catch(() => undefined)
  return async (request: Request): Promise<Response> => {
    if (runtime.isClosing()) return closed()
    try {
      const receive = await (receiving ??= start())
      return await runtime.run(receive(request))
    } catch (error) {
      if (error instanceof ClientClosed) return closed()
      throw error
    }
  }
}
