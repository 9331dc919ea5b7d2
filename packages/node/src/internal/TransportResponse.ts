/** An `HttpClientResponse` over a `ResponseBody`, for every transport of this package. */
import * as Transport from "@effect-cloudauth/core/Transport"
import * as Channel from "effect/Channel"
import * as Effect from "effect/Effect"
import * as Cookies from "effect/http/Cookies"
import type * as Headers from "effect/http/Headers"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import * as UrlParams from "effect/http/UrlParams"
import * as Inspectable from "effect/Inspectable"
import * as Option from "effect/Option"
import { pipeArguments } from "effect/Pipeable"
import type * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import type * as Socket from "effect/socket/Socket"
import * as Stream from "effect/Stream"
import { Aborted } from "./Aborted.ts"
import { headersOf, type ParsedHeaders } from "./ParsedHeaders.ts"
import type { BodyFailure, ResponseBody } from "./ResponseBody.ts"

/** The failure of a request before its response, or of its body on the way. */
export const transportError = (
  request: HttpClientRequest.HttpClientRequest,
  cause: unknown
): HttpClientError.HttpClientError =>
  new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request, cause }) })

const decoder = new TextDecoder()

// Responses that nobody ever reads would hold their connection: it is ended when the response is collected.
const unread = new FinalizationRegistry<ResponseBody>((body) =>
  body.abort(new Aborted("The response was dropped without being read"))
)

export class TransportResponse
  extends Inspectable.Class
  implements HttpClientResponse.HttpClientResponse, Transport.HasBoundedBody, Transport.HasProtocolVersion
{
  readonly [HttpIncomingMessage.TypeId]: typeof HttpIncomingMessage.TypeId = HttpIncomingMessage.TypeId
  readonly [HttpClientResponse.TypeId]: typeof HttpClientResponse.TypeId = HttpClientResponse.TypeId
  readonly request: HttpClientRequest.HttpClientRequest
  readonly status: number
  readonly [Transport.ProtocolVersion]: string | undefined
  readonly #parsed: ParsedHeaders
  readonly #body: ResponseBody
  #headers: Headers.Headers | undefined
  #cookies: Cookies.Cookies | undefined
  #arrayBuffer: Effect.Effect<ArrayBuffer, HttpClientError.HttpClientError> | undefined

  constructor(
    request: HttpClientRequest.HttpClientRequest,
    status: number,
    headers: ParsedHeaders,
    body: ResponseBody,
    protocolVersion: string | undefined
  ) {
    super()
    this.request = request
    this.status = status
    this[Transport.ProtocolVersion] = protocolVersion
    this.#parsed = headers
    this.#body = body
  }

  /** Says that the response has been handed to its caller. */
  delivered(): void {
    if (this.#body.isUnattended) unread.register(this, this.#body)
  }

  get headers(): Headers.Headers {
    return (this.#headers ??= headersOf(this.#parsed))
  }

  get cookies(): Cookies.Cookies {
    const header = this.#parsed["set-cookie"]
    return (this.#cookies ??= header === undefined ? Cookies.empty : Cookies.fromSetCookie(header))
  }

  get url(): string {
    const url = Option.getOrUndefined(HttpClientRequest.toUrl(this.request))
    if (url === undefined) return ""
    url.hash = ""
    return url.href
  }

  get remoteAddress(): Option.Option<string> {
    return Option.none()
  }

  [Transport.BoundedBody](
    limit: number
  ): Effect.Effect<ReadonlyArray<Uint8Array>, HttpClientError.HttpClientError | Transport.BodyTooLarge> {
    return Effect.mapError(this.#body.read(limit), (error) =>
      error._tag === "BodyTooLarge" ? error : transportError(this.request, error.cause)
    )
  }

  get stream(): Stream.Stream<Uint8Array, HttpClientError.HttpClientError> {
    const body = this.#body
    const pull = Effect.catchTag(body.pull(), "BodyFailure", (failure: BodyFailure) =>
      Effect.fail(transportError(this.request, failure.cause))
    )
    return Stream.fromChannel(
      Channel.fromTransform((_, scope) =>
        Effect.as(
          Scope.addFinalizer(
            scope,
            Effect.sync(() => body.abort(new Aborted("The rest of the response is not wanted")))
          ),
          pull
        )
      )
    )
  }

  get arrayBuffer(): Effect.Effect<ArrayBuffer, HttpClientError.HttpClientError> {
    // Cached, so that `text` and `json` can be asked for at the same time.
    return (this.#arrayBuffer ??= Effect.runSync(
      Effect.cached(
        Effect.matchEffect(this.#body.read(Infinity), {
          onFailure: (error) =>
            Effect.fail(transportError(this.request, error._tag === "BodyFailure" ? error.cause : error)),
          // A copy of its own: the pieces are parts of the connection's buffers.
          onSuccess: (chunks) => Effect.succeed(new Uint8Array(Buffer.concat(chunks)).buffer)
        })
      )
    ))
  }

  get text(): Effect.Effect<string, HttpClientError.HttpClientError> {
    return Effect.map(this.arrayBuffer, (bytes) => decoder.decode(bytes))
  }

  get json(): Effect.Effect<Schema.Json, HttpClientError.HttpClientError> {
    return Effect.flatMap(this.text, (text) => this.#decode((): Schema.Json => (text === "" ? null : JSON.parse(text))))
  }

  get urlParamsBody(): Effect.Effect<UrlParams.UrlParams, HttpClientError.HttpClientError> {
    return Effect.flatMap(this.text, (text) =>
      // A leading "?" is data here; URLSearchParams would drop it.
      this.#decode(() => UrlParams.fromInput(new URLSearchParams(text.replace(/^\?/, "%3F"))))
    )
  }

  get formData(): Effect.Effect<FormData, HttpClientError.HttpClientError> {
    return Effect.flatMap(this.arrayBuffer, (bytes) =>
      Effect.tryPromise({
        try: () => new Response(bytes, { headers: { ...this.headers } }).formData(),
        catch: (cause) => this.#decodeError(cause)
      })
    )
  }

  /** These transports never switch protocols. */
  get upgrade(): Effect.Effect<Socket.Socket, HttpClientError.HttpClientError> {
    return Effect.fail(
      new HttpClientError.HttpClientError({
        reason: new HttpClientError.StatusCodeError({
          request: this.request,
          response: this,
          description: "this transport does not hand over connections"
        })
      })
    )
  }

  #decode<A>(evaluate: () => A): Effect.Effect<A, HttpClientError.HttpClientError> {
    return Effect.try({ try: evaluate, catch: (cause) => this.#decodeError(cause) })
  }

  #decodeError(cause: unknown): HttpClientError.HttpClientError {
    return new HttpClientError.HttpClientError({
      reason: new HttpClientError.DecodeError({ request: this.request, response: this, cause })
    })
  }

  toJSON(): unknown {
    return HttpIncomingMessage.inspect(this, {
      _id: "HttpClientResponse",
      request: this.request.toJSON(),
      status: this.status
    })
  }

  pipe() {
    return pipeArguments(this, arguments)
  }
}
