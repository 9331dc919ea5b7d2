/**
 * The route that the platform calls when a user is done.
 *
 * What arrives is a claim by a stranger. Only the token shows that the platform sends it; nothing but the transaction id
 * is taken from it, and that only if the `TransactionStore` holds it. The verdict always comes from CheckResult,
 * asked in the background, and is handed to `onResult` once per transaction, however often the platform, or an attacker who
 * replays it, calls.
 *
 * **The answer** is always 200 and empty: for a known id, an unknown one, a wrong token or none at all, so that a caller
 * learns nothing of what exists. Only if the call is genuine and the store can't be reached is it 503, which asks the
 * platform to call again.
 *
 * **Once:** a claim in the store, with a lease, keeps processes and machines apart; a mark in the store ends it. Only
 * if a process dies after `onResult` but before the mark is `onResult` called again: let it be idempotent, for
 * example an upsert by `transactionId`.
 *
 * **Nothing is lost:** the store notes the call before it is answered. A failure, a full queue or a crash leaves the
 * transaction to the sweep, which tries again after a minute, then two, up to once an hour, for 30 days.
 *
 * **Each transaction ends:** the sweep also asks for what began an hour ago and was never notified, because a callback can
 * get lost. It ends with a result, or with `onEnded`: the user did not finish, or the vendor has deleted the result.
 *
 * @example
 * import * as Callback from "@effect-cloudauth/core/Callback"
 * import * as Effect from "effect/Effect"
 * import * as Redacted from "effect/Redacted"
 * import * as HttpRouter from "effect/http/HttpRouter"
 *
 * const callback = Callback.layer({
 *   callbackToken: Redacted.make("b7e23ec29af22b0b4e41da31e868d572"),
 *   onResult: ({ result, transaction }) => Effect.log(transaction.merchantBizId, result.verdict._tag)
 * })
 *
 * // Serve it together with your own routes, and provide Cloudauth and a TransactionStore.
 * const app = HttpRouter.serve(callback)
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-initialize
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpMiddleware from "effect/http/HttpMiddleware"
import * as HttpRouter from "effect/http/HttpRouter"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { Cloudauth } from "./Cloudauth.ts"
import * as CloudauthError from "./CloudauthError.ts"
import { type Parameters, read, single } from "./internal/journey/callbackRequest.ts"
import * as collecting from "./internal/journey/collector.ts"
import { listen } from "./internal/journey/routes.ts"
import { hideMissed, hideQuery } from "./internal/journey/serverSpan.ts"
import * as monotonic from "./internal/monotonic.ts"
import { logQuietly } from "./internal/quietly.ts"
import * as OwnOptions from "./Options.ts"
import { SignatureCrypto } from "./SignatureCrypto.ts"
import { TransactionStore } from "./TransactionStore.ts"
import type { Assessed, StoredTransaction } from "./TransactionStore.ts"

/**
 * A result, and the stored transaction that it belongs to.
 *
 * @category models
 * @since 0.1.0
 */
export interface Collected {
  readonly transaction: StoredTransaction
  /** Held against what Initialize asked for, with the findings of its assessment. */
  readonly result: Assessed
}

/**
 * A transaction that ends without a result, and why.
 *
 * @category models
 * @since 0.1.0
 */
export interface Ended {
  readonly transaction: StoredTransaction
  /** The user did not finish in 30 minutes, or the vendor has deleted the result. */
  readonly error: CloudauthError.TransactionAbandoned | CloudauthError.TransactionExpired
}

/**
 * The options of the route and of its workers.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options<E, R> {
  /** Default `/cloudauth/callback`. */
  readonly path?: HttpRouter.PathInput | undefined
  /**
   * The token that was given at Initialize, at least 16 characters. While it is replaced, the old one and the new one:
   * journeys that have begun still bring the old one.
   */
  readonly callbackToken: Redacted.Redacted | readonly [Redacted.Redacted, ...ReadonlyArray<Redacted.Redacted>]
  /** Takes a result. Where it fails it is called again later. */
  readonly onResult: (collected: Collected) => Effect.Effect<void, E, R>
  /** Takes a transaction that ends without a result. Where it fails it is called again later. Default: nothing. */
  readonly onEnded?: ((ended: Ended) => Effect.Effect<void, E, R>) | undefined
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

const keys: OwnOptions.Keys<Options<unknown, unknown>> = {
  path: true,
  callbackToken: true,
  onResult: true,
  onEnded: true,
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

const accepted = HttpServerResponse.empty({ status: 200, headers: { "cache-control": "no-store" } })
const unavailable = HttpServerResponse.empty({ status: 503, headers: { "cache-control": "no-store" } })

const notAllowed = HttpServerResponse.empty({ status: 405, headers: { allow: "GET, POST, HEAD" } })

const positive = (name: string, value: number) =>
  Number.isSafeInteger(value) && value > 0
    ? Effect.succeed(value)
    : Effect.fail(CloudauthError.invalidRequest(name, "a whole number above 0"))

/**
 * The route, and the workers behind it, which live as long as the layer: at its end they go on for `drainTimeout` at
 * most. Fails with `InvalidRequest` if an option is wrong.
 *
 * GET and POST are taken, the parameters in the query, a form or a JSON object of any content type, their names in any
 * case. HEAD is answered and starts nothing. A token in the query is checked before a body is read; of a body 16 KiB are
 * read within 10 seconds. Provide `SignatureCrypto` for a faster hash.
 *
 * The spans of Effect's HTTP server show neither token nor ids of a callback, even if it comes to another path of the router.
 * Logs of proxies before the server carry the query, too: mend them there.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = <E, R>(
  given: Options<E, R>
): Layer.Layer<never, CloudauthError.InvalidRequest, HttpRouter.HttpRouter | Cloudauth | TransactionStore | R> =>
  Layer.effectDiscard(
    Effect.gen(function* () {
      const options = yield* Effect.fromResult(OwnOptions.own<Options<E, R>>(keys, given))
      const tokens = Redacted.isRedacted(options.callbackToken) ? [options.callbackToken] : options.callbackToken
      if (tokens.length === 0 || tokens.some((token) => Redacted.value(token).length < shortestToken)) {
        return yield* CloudauthError.invalidRequest("callbackToken", `at least ${shortestToken} characters long`)
      }
      const isGenuine = tokenCheck(yield* SignatureCrypto, tokens)
      const store = yield* TransactionStore
      yield* listen(store)
      const router = yield* HttpRouter.HttpRouter
      const collector = yield* collecting.make({
        onResult: options.onResult,
        onEnded: options.onEnded ?? (() => Effect.void),
        isReturnImage: options.isReturnImage ?? false,
        capacity: yield* positive("capacity", options.capacity ?? 1000),
        concurrency: yield* positive("concurrency", options.concurrency ?? 4),
        collectTimeout: Duration.fromInputUnsafe(options.collectTimeout ?? "2 minutes"),
        sweepEvery: Duration.fromInputUnsafe(options.sweepEvery ?? "1 minute"),
        drainTimeout: Duration.fromInputUnsafe(options.drainTimeout ?? "10 seconds")
      })
      const forged = rarely("Callbacks without the right token were refused")
      const unknown = rarely("Callbacks with the right token named transactions that the store does not hold")
      const unreachable = rarely("Callbacks came while the store of transactions failed")

      const note = Effect.fnUntraced(function* (parameters: Parameters | undefined) {
        if (parameters === undefined) return yield* Effect.as(forged, accepted)
        const transactionId = single(parameters, "transactionId") ?? ""
        const noted = plausibleId.test(transactionId)
          ? yield* store.notified(transactionId)
          : Option.none<StoredTransaction>()
        if (Option.isNone(noted)) return yield* Effect.as(unknown, accepted)
        if (noted.value.collectedAt === undefined) collector.offer(noted.value)
        return accepted
      })

      const receive = Effect.fnUntraced(function* (request: HttpServerRequest) {
        yield* hideQuery
        if (request.method === "HEAD") return accepted
        if (request.method !== "GET" && request.method !== "POST") return notAllowed
        const { leavesBody, parameters } = yield* read(request, isGenuine)
        const response = yield* Effect.catchTag(note(parameters), "TransactionStoreError", () =>
          Effect.as(unreachable, unavailable)
        )
        // Ends the connection: it would wait for the rest of the body.
        return leavesBody ? HttpServerResponse.setHeader(response, "connection", "close") : response
      })

      yield* router.addGlobalMiddleware(hideMissed)
      const path = options.path ?? "/cloudauth/callback"
      yield* router.add("*", path, (request) => HttpMiddleware.withLoggerDisabled(receive(request)))
    })
  )
