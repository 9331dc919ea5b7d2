/**
 * The route that the platform calls when a user is done, as a function from a web-standard `Request` to a `Response`: for
 * servers and functions that are not Effect's. It does what `Callback` says; `Callback.layer` is the same for Effect's `HttpRouter`.
 *
 * @example
 * import * as CallbackHandler from "@effect-cloudauth/core/CallbackHandler"
 * import * as Effect from "effect/Effect"
 * import * as Redacted from "effect/Redacted"
 *
 * const handler = CallbackHandler.make({
 *   callbackToken: Redacted.make("b7e23ec29af22b0b4e41da31e868d572"),
 *   onResult: ({ result, transaction }) => Effect.log(transaction.merchantBizId, result.verdict._tag)
 * })
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Cloudauth } from "./Cloudauth.ts"
import type * as CloudauthError from "./CloudauthError.ts"
import { type Incoming, maxBodyBytes } from "./internal/journey/callbackRequest.ts"
import * as receiver from "./internal/journey/receiver.ts"
import type { TransactionStore } from "./TransactionStore.ts"

export type { Collected, Ended } from "./internal/journey/collector.ts"
export type { Options } from "./internal/journey/receiver.ts"

/** Reads a body as far as it is allowed. */
const textOf = async (body: ReadableStream<Uint8Array>): Promise<string> => {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ""
  let size = 0
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.byteLength
    if (size > maxBodyBytes) {
      await reader.cancel()
      throw new RangeError("the body is too long")
    }
    text += decoder.decode(part.value, { stream: true })
  }
  return text + decoder.decode()
}

const incoming = ({ body, method, url }: Request): Incoming => ({
  method,
  url,
  hasBody: body !== null,
  text: body === null ? Effect.succeed("") : Effect.tryPromise(() => textOf(body))
})

/**
 * The handler. It handles each request that you pass to it, whatever the path. Its workers live as long as the scope. Fails
 * with `InvalidRequest` if an option is wrong.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = <E, R>(
  options: receiver.Options<E, R>
): Effect.Effect<
  (request: Request) => Effect.Effect<Response>,
  CloudauthError.InvalidRequest,
  Cloudauth | TransactionStore | R | Scope.Scope
> =>
  Effect.map(
    receiver.make(options),
    (receive) => (request) => Effect.map(receive(incoming(request)), (answer) => new Response(null, answer))
  )

/**
 * Fails with `InvalidRequest` if an option is wrong, as `make` does. Nothing starts.
 *
 * @category getters
 * @since 0.1.0
 */
export const check: <E, R>(options: receiver.Options<E, R>) => Effect.Effect<void, CloudauthError.InvalidRequest> =
  receiver.check
