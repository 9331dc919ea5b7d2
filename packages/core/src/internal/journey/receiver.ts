/** What a callback's route does, whatever serves it: it answers, notes and collects. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { Cloudauth } from "../../Cloudauth.ts"
import * as CloudauthError from "../../CloudauthError.ts"
import * as OwnOptions from "../../Options.ts"
import { SignatureCrypto } from "../../SignatureCrypto.ts"
import { TransactionStore } from "../../TransactionStore.ts"
import type { StoredTransaction } from "../../TransactionStore.ts"
import * as otherTracers from "../call/otherTracers.ts"
import * as monotonic from "../monotonic.ts"
import * as otherCopy from "../otherCopy.ts"
import { logQuietly } from "../quietly.ts"
import { hideActive } from "./activeSpan.ts"
import { type Incoming, type Parameters, read, single } from "./callbackRequest.ts"
import * as collecting from "./collector.ts"
import { linkRequest } from "./links.ts"
import { listen } from "./routes.ts"

/**
 * What a route does with callbacks, and how its workers collect.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options<E, R> {
  /**
   * The token that was given at Initialize, at least 16 characters. While you replace it, give the old one and the new one:
   * journeys that have begun still bring the old one.
   */
  readonly callbackToken: Redacted.Redacted | readonly [Redacted.Redacted, ...ReadonlyArray<Redacted.Redacted>]
  /** Takes a result. If it fails, it is called again later. */
  readonly onResult: (collected: collecting.Collected) => Effect.Effect<void, E, R>
  /** Takes a transaction that ends without a result. If it fails, it is called again later. Default: nothing. */
  readonly onEnded?: ((ended: collecting.Ended) => Effect.Effect<void, E, R>) | undefined
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
  /** How long one collection may take, CheckResult's retries and `onResult` together. Default 2 minutes. */
  readonly collectTimeout?: Duration.Input | undefined
  /** How often the store is searched for what is left over. Default 1 minute. */
  readonly sweepEvery?: Duration.Input | undefined
  /** How long the end of the layer waits for what is queued or under way; the rest stays in the store. Default 10 seconds. */
  readonly drainTimeout?: Duration.Input | undefined
}

export const keys: OwnOptions.Keys<Options<unknown, unknown>> = {
  callbackToken: true,
  onResult: true,
  onEnded: true,
  collect: true,
  isReturnImage: true,
  capacity: true,
  concurrency: true,
  collectTimeout: true,
  sweepEvery: true,
  drainTimeout: true
}

/** Shorter tokens could be guessed. */
const shortestToken = 16

/** Not a rule of the vendor's ids, only a bound on what is looked up. */
const plausibleId = /^[\x21-\x7e]{1,128}$/

/** Compares two digests of the same length in a time that does not depend on where they differ. */
const equalDigests = (one: string, other: string): boolean => {
  let difference = one.length ^ other.length
  for (let at = 0; at < one.length; at++) difference |= one.charCodeAt(at) ^ other.charCodeAt(at)
  return difference === 0
}

/**
 * Tells a genuine token. Both sides are hashed first, so that neither the length nor the place of a difference shows in
 * the time; all tokens are compared, whichever fits.
 */
const tokenCheck = ({ sha256 }: SignatureCrypto, tokens: ReadonlyArray<Redacted.Redacted>) => {
  const wanted = tokens.map((token) => sha256(Redacted.value(token)))
  return (given: string): boolean => {
    const digest = sha256(given)
    let genuine = false
    for (const other of wanted) genuine = equalDigests(digest, other) || genuine
    return genuine
  }
}

/** At most one line a minute, however many calls there are. */
const rarely = (message: string) => {
  let count = 0
  let quietUntil = -Infinity
  return Effect.clockWith((clock) => {
    const now = monotonic.millis(clock)
    count++
    if (now < quietUntil) return Effect.void
    const calls = count
    count = 0
    quietUntil = now + 60_000
    return logQuietly(Effect.annotateLogs(Effect.logWarning(message), { "cloudauth.callback.calls": calls }))
  })
}

/** How a call is answered, without a body. */
export interface Answer {
  readonly status: 200 | 405 | 503
  readonly headers: Readonly<Record<string, string>>
}

const accepted: Answer = { status: 200, headers: { "cache-control": "no-store" } }
const unavailable: Answer = { status: 503, headers: { "cache-control": "no-store" } }
const notAllowed: Answer = { status: 405, headers: { allow: "GET, POST, HEAD" } }

const positive = (name: string, otherwise: number, number = otherwise) =>
  Number.isSafeInteger(number) && number > 0
    ? Effect.succeed(number)
    : Effect.fail(CloudauthError.invalidRequest(name, "a whole number above 0"))

/** In milliseconds. `NaN` would become no time. */
const millisOf = (input: Duration.Input): number =>
  Number.isNaN(input) ? NaN : Option.getOrElse(Option.map(Duration.fromInput(input), Duration.toMillis), () => NaN)

const time = (name: string, otherwise: Duration.Input, input = otherwise, least = 1) => {
  const millis = millisOf(input)
  return millis >= least && millis !== Infinity
    ? Effect.succeed(Duration.millis(millis))
    : Effect.fail(CloudauthError.invalidRequest(name, `a finite time of ${least} ms or more`))
}

/** The options that are neither numbers nor times: what each must be, and whether it is. */
const rulesOf = ({ collect = "background", isReturnImage = false, onEnded, onResult }: Options<unknown, unknown>) =>
  [
    ["onResult", "a function", typeof onResult === "function"],
    ["onEnded", "a function", onEnded === undefined || typeof onEnded === "function"],
    ["isReturnImage", "true or false", typeof isReturnImage === "boolean"],
    ["collect", "background or beforeAnswer", collect === "background" || collect === "beforeAnswer"]
  ] as const

/** The options of the collector, once they are checked. */
const settingsOf = Effect.fnUntraced(function* <E, R>(options: Options<E, R>) {
  for (const [name, rule, isKept] of rulesOf(options)) {
    if (!isKept) return yield* CloudauthError.invalidRequest(name, rule)
  }
  const settings: collecting.Settings<E, R> = {
    onResult: options.onResult,
    onEnded: options.onEnded ?? (() => Effect.void),
    isReturnImage: options.isReturnImage ?? false,
    capacity: yield* positive("capacity", 1000, options.capacity),
    concurrency: yield* positive("concurrency", 4, options.concurrency),
    collectTimeout: yield* time("collectTimeout", "2 minutes", options.collectTimeout),
    sweepEvery: yield* time("sweepEvery", "1 minute", options.sweepEvery),
    drainTimeout: yield* time("drainTimeout", "10 seconds", options.drainTimeout, 0)
  }
  return settings
})

/** The tokens of the options. */
const tokensOf = ({ callbackToken }: Pick<Options<unknown, unknown>, "callbackToken">) => {
  const tokens = Redacted.isRedacted(callbackToken) ? [callbackToken] : callbackToken
  if (!tokens.every(otherCopy.isReadable)) {
    return Effect.fail(
      CloudauthError.invalidRequest("callbackToken", `a Redacted that can be read. ${otherCopy.whatToDo}`)
    )
  }
  return tokens.length === 0 || tokens.some((token) => Redacted.value(token).length < shortestToken)
    ? Effect.fail(CloudauthError.invalidRequest("callbackToken", `at least ${shortestToken} characters long`))
    : Effect.succeed(tokens)
}

/** Whether options are accepted. */
export const check = <E, R>(given: Options<E, R>): Effect.Effect<void, CloudauthError.InvalidRequest> =>
  Effect.gen(function* () {
    const options = yield* Effect.fromResult(OwnOptions.own<Options<E, R>>(keys, given))
    yield* tokensOf(options)
    yield* settingsOf(options)
  })

/** Answers one call. Its workers live as long as the scope. */
export const make = Effect.fnUntraced(function* <E, R>(
  given: Options<E, R>
): Effect.fn.Return<
  (request: Incoming) => Effect.Effect<Answer>,
  CloudauthError.InvalidRequest,
  Cloudauth | TransactionStore | R | Scope.Scope
> {
  const options = yield* Effect.fromResult(OwnOptions.own<Options<E, R>>(keys, given))
  const isGenuine = tokenCheck(yield* SignatureCrypto, yield* tokensOf(options))
  const settings = yield* settingsOf(options)
  const store = yield* TransactionStore
  yield* listen(store)
  yield* otherTracers.ofCallbacks
  const collector = yield* collecting.make(settings)
  const forged = rarely("Callbacks without the right token were refused")
  const unknown = rarely("Callbacks with the right token named transactions that the store does not hold")
  const unreachable = rarely("Callbacks came while the store of transactions failed")

  const collect = Effect.fnUntraced(function* (transaction: StoredTransaction) {
    if (transaction.collectedAt !== undefined || !collector.isOwn(transaction)) return accepted
    if (options.collect === "beforeAnswer") {
      return (yield* collector.collectNow(transaction)) ? accepted : unavailable
    }
    collector.offer(transaction)
    return accepted
  })

  const note = Effect.fnUntraced(function* (parameters: Parameters | undefined) {
    if (parameters === undefined) return yield* Effect.as(forged, accepted)
    const transactionId = single(parameters, "transactionId") ?? ""
    const noted = plausibleId.test(transactionId)
      ? yield* store.notified(transactionId)
      : Option.none<StoredTransaction>()
    if (Option.isNone(noted)) return yield* Effect.as(unknown, accepted)
    yield* linkRequest(noted.value.traceparent)
    return yield* collect(noted.value)
  })

  return Effect.fnUntraced(function* (request: Incoming) {
    yield* hideActive
    if (request.method === "HEAD") return accepted
    if (request.method !== "GET" && request.method !== "POST") return notAllowed
    const { leavesBody, parameters } = yield* read(request, isGenuine)
    const answer = yield* Effect.catchTag(note(parameters), "TransactionStoreError", () =>
      Effect.as(unreachable, unavailable)
    )
    // Ends the connection: it would wait for the rest of the body.
    return leavesBody ? { ...answer, headers: { ...answer.headers, connection: "close" } } : answer
  })
})
