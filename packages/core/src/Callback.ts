/**
 * The route that the platform calls when a user is done.
 *
 * A request can come from anyone: only the token shows that the platform sent it. The route takes only the transaction id from
 * it, and only if the `TransactionStore` has that id. It fetches the verdict with CheckResult in the background and passes it
 * to `onResult` once per transaction, however often the platform, or an attacker who replays the request, calls.
 *
 * **The answer** is always 200 and empty: for a known id, an unknown one, a wrong token or none at all, so that a caller can't
 * learn which ids exist. It is 503 only if the request is genuine and the store can't be reached: then the platform calls
 * again.
 *
 * **Once:** a process claims a result in the store, with a lease, and marks it in the store when `onResult` has ended. If the
 * process dies in between, `onResult` runs again: make it idempotent, for example an upsert by `transactionId`.
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
import * as ByteSize from "effect/ByteSize"
import * as Effect from "effect/Effect"
import * as HttpMiddleware from "effect/http/HttpMiddleware"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import type { Cloudauth } from "./Cloudauth.ts"
import type * as CloudauthError from "./CloudauthError.ts"
import { type Incoming, maxBodyBytes } from "./internal/journey/callbackRequest.ts"
import * as receiver from "./internal/journey/receiver.ts"
import { hideMissed, hideQuery } from "./internal/journey/serverSpan.ts"
import * as OwnOptions from "./Options.ts"
import type { TransactionStore } from "./TransactionStore.ts"

export type { Collected, Ended } from "./internal/journey/collector.ts"

/**
 * The options of the route and of its workers.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options<E, R> extends receiver.Options<E, R> {
  /** Default `/cloudauth/callback`. */
  readonly path?: HttpRouter.PathInput | undefined
}

const keys: OwnOptions.Keys<Options<unknown, unknown>> = { ...receiver.keys, path: true }

const incoming = (request: HttpServerRequest.HttpServerRequest): Incoming => ({
  method: request.method,
  url: request.url,
  hasBody: request.headers["transfer-encoding"] !== undefined || (request.headers["content-length"] ?? "0") !== "0",
  text: Effect.provideService(request.text, HttpServerRequest.MaxBodySize, ByteSize.bytes(maxBodyBytes))
})

/**
 * The route and its workers, which live as long as the layer. When the layer closes, they have `drainTimeout` to end. Fails
 * with `InvalidRequest` if an option is wrong.
 *
 * It accepts GET and POST, with parameters in the query, a form or a JSON object of any content type, and with names in any
 * case. It answers HEAD and starts nothing. It checks a token in the query before it reads a body, and reads at most 16 KiB
 * within 10 seconds. Provide `SignatureCrypto` for a faster hash.
 *
 * The spans of Effect's HTTP server show neither token nor ids of a callback, even if it comes to another path of the router.
 * Proxies before the server may log the query: configure them.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = <E, R>(
  given: Options<E, R>
): Layer.Layer<never, CloudauthError.InvalidRequest, HttpRouter.HttpRouter | Cloudauth | TransactionStore | R> =>
  Layer.effectDiscard(
    Effect.gen(function* () {
      const { path = "/cloudauth/callback", ...options } = yield* Effect.fromResult(
        OwnOptions.own<Options<E, R>>(keys, given)
      )
      const receive = yield* receiver.make<E, R>(options)
      const router = yield* HttpRouter.HttpRouter
      yield* router.addGlobalMiddleware(hideMissed)
      yield* router.add("*", path, (request) =>
        Effect.andThen(hideQuery, receive(incoming(request))).pipe(
          Effect.map((answer) => HttpServerResponse.empty(answer)),
          HttpMiddleware.withLoggerDisabled
        )
      )
    })
  )
