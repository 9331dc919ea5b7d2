/**
 * Sends one signed request and returns the whole response. The client knows nothing else about HTTP.
 *
 * `HttpTransport.layer` makes a transport of any Effect `HttpClient`; `@effect-cloudauth/node/NodeTransport` is one over
 * undici. `map` wraps a transport: a limiter, a recorder, a fault for a test. A wrapped transport stays as fast as it was.
 *
 * @example
 * import * as Transport from "@effect-cloudauth/core/Transport"
 * import * as Effect from "effect/Effect"
 *
 * declare const keep: (response: Transport.Response) => Effect.Effect<void>
 *
 * const recorded = Transport.map((send) => (request) => send(request).pipe(Effect.tap(keep)))
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

/**
 * A signed request: a POST without a body. Its path and its headers are secret: they hold ids, a signature and a nonce.
 *
 * @category models
 * @since 0.1.0
 */
export interface Request {
  /** Scheme, host and port. */
  readonly origin: string
  /** Path and query. */
  readonly path: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /**
   * How long the exchange may take, from sending to the last byte, in milliseconds. `Infinity` for no limit. It starts
   * when the request has a connection, if the transport knows when that is.
   */
  readonly timeout: number
  /** How long the request may wait for a connection before it is sent, in milliseconds. Default: `timeout`. */
  readonly queueTimeout?: number | undefined
  /** The largest body that is read, in bytes. */
  readonly maxBodyBytes: number
  /**
   * The transport calls it when the request has its connection and is about to be sent, so that metrics tell the service's
   * time from the waits before it. A transport that can't tell leaves it out.
   */
  readonly onConnected?: (() => void) | undefined
}

/**
 * A whole response.
 *
 * @category models
 * @since 0.1.0
 */
export interface Response {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The body in the pieces in which it arrived: joining them would copy it. */
  readonly body: ReadonlyArray<Uint8Array>
  /** The version of HTTP, for example `1.1`; `undefined` if the transport does not know it. */
  readonly protocolVersion: string | undefined
}

/** The HTTP status, if the response's headers had arrived. */
const httpStatus = Schema.UndefinedOr(Schema.Number)

/** The response's headers if they had arrived, with lower-case names. `Redacted`: they are server text. */
const headers = Schema.optional(Schema.Redacted(Schema.Record(Schema.String, Schema.UndefinedOr(Schema.String))))

/**
 * What a request waits for: a free connection, a new connection, the response's headers, or its body. In the phases
 * `queue` and `connect` nothing has been sent.
 *
 * @category models
 * @since 0.1.0
 */
export const Phase = Schema.Literals(["queue", "connect", "headers", "body"])

/**
 * What a request waits for.
 *
 * @category models
 * @since 0.1.0
 */
export type Phase = typeof Phase.Type

/**
 * The exchange took longer than `Request.timeout`, or waited longer than `Request.queueTimeout` for a connection.
 *
 * @category errors
 * @since 0.1.0
 */
export class TimedOut extends Schema.TaggedError<TimedOut>("@effect-cloudauth/core/Transport/TimedOut")("TimedOut", {
  httpStatus,
  headers,
  /** What the request was waiting for. */
  phase: Phase
}) {}

/**
 * The request was not sent: so many requests wait for a connection, or for a place under the account's quota, that its
 * turn would come too late.
 *
 * @category errors
 * @since 0.1.0
 */
export class QueueTooLong extends Schema.TaggedError<QueueTooLong>("@effect-cloudauth/core/Transport/QueueTooLong")(
  "QueueTooLong",
  {
    httpStatus: Schema.Undefined,
    /** How many requests wait already. */
    waiting: Schema.Number,
    /** How long this one would wait, in milliseconds, as far as can be told. */
    wait: Schema.Number
  }
) {}

/**
 * The body is larger than `Request.maxBodyBytes`. The transport stopped reading at the limit.
 *
 * @category errors
 * @since 0.1.0
 */
export class BodyTooLarge extends Schema.TaggedError<BodyTooLarge>("@effect-cloudauth/core/Transport/BodyTooLarge")(
  "BodyTooLarge",
  { httpStatus: Schema.Number, headers }
) {}

/**
 * No response arrived, or not all of one.
 *
 * @category errors
 * @since 0.1.0
 */
export class ConnectionFailed extends Schema.TaggedError<ConnectionFailed>(
  "@effect-cloudauth/core/Transport/ConnectionFailed"
)("ConnectionFailed", {
  httpStatus,
  headers,
  /** How far the request had come. A transport that can't tell says `headers`, as if it was sent. */
  phase: Phase,
  /** Whether the connection had carried a request before: then the server may have closed it in the meantime. */
  isReusedConnection: Schema.Boolean,
  /** What the runtime reported. `Redacted`: its text can quote the request. */
  underlying: Schema.Redacted(Schema.Unknown)
}) {}

/**
 * A proxy did not open the way to the service, so nothing was sent.
 *
 * @category errors
 * @since 0.1.0
 */
export class ProxyRefused extends Schema.TaggedError<ProxyRefused>("@effect-cloudauth/core/Transport/ProxyRefused")(
  "ProxyRefused",
  {
    httpStatus: Schema.Undefined,
    /** The status that the proxy answered, for example 407. */
    status: Schema.Number,
    /** The proxy's host and port, without a user or a password. */
    proxy: Schema.String
  }
) {}

/**
 * The body has a content coding that the transport does not know.
 *
 * @category errors
 * @since 0.1.0
 */
export class UnknownCoding extends Schema.TaggedError<UnknownCoding>("@effect-cloudauth/core/Transport/UnknownCoding")(
  "UnknownCoding",
  {
    httpStatus: Schema.Number,
    headers,
    /** The codings that the transport knows. */
    known: Schema.Array(Schema.String)
  }
) {}

/**
 * What a failure keeps of a response whose headers had arrived.
 *
 * @category constructors
 * @since 0.1.0
 */
export const begun = ({
  headers,
  status
}: Pick<Response, "status" | "headers">): {
  readonly httpStatus: number
  readonly headers: Redacted.Redacted<Response["headers"]>
} => ({
  httpStatus: status,
  headers: Redacted.make(headers, { label: "headers" })
})

/**
 * Makes a `ConnectionFailed` of what the runtime reported.
 *
 * @category constructors
 * @since 0.1.0
 */
export const connectionFailed = (
  underlying: unknown,
  {
    headers,
    httpStatus,
    isReusedConnection = false,
    phase = "headers"
  }: Partial<Pick<ConnectionFailed, "httpStatus" | "headers" | "phase" | "isReusedConnection">> = {}
): ConnectionFailed =>
  new ConnectionFailed({
    httpStatus,
    headers,
    phase,
    isReusedConnection,
    underlying: Redacted.make(underlying, { label: "underlying" })
  })

/**
 * Why there is no response.
 *
 * @category errors
 * @since 0.1.0
 */
export type Failure = TimedOut | QueueTooLong | BodyTooLarge | ConnectionFailed | ProxyRefused | UnknownCoding

/**
 * The transport's code could not be loaded, so the layer fails. A retry can't help: check how the program is bundled.
 *
 * @category errors
 * @since 0.1.0
 */
export class TransportUnavailable extends Schema.TaggedError<TransportUnavailable>(
  "@effect-cloudauth/core/Transport/TransportUnavailable"
)("TransportUnavailable", {
  /** What could not be loaded and what to do. */
  message: Schema.String
}) {}

/**
 * Sends a request and returns the whole response. It follows no redirects, because a signed request must not reach
 * another host, and it opens no span, because the request's query holds ids.
 *
 * @category models
 * @since 0.1.0
 */
export type Send = (request: Request) => Effect.Effect<Response, Failure>

/**
 * The transport service.
 *
 * @category services
 * @since 0.1.0
 */
export class Transport extends Context.Service<Transport, { readonly send: Send }>()(
  "@effect-cloudauth/core/Transport"
) {}

/**
 * Wraps the transport of a layer.
 *
 * @category combinators
 * @since 0.1.0
 */
export const map: {
  (wrap: (send: Send) => Send): <E, R>(transport: Layer.Layer<Transport, E, R>) => Layer.Layer<Transport, E, R>
  <E, R>(transport: Layer.Layer<Transport, E, R>, wrap: (send: Send) => Send): Layer.Layer<Transport, E, R>
} = dual(2, <E, R>(transport: Layer.Layer<Transport, E, R>, wrap: (send: Send) => Send): Layer.Layer<Transport, E, R> =>
  Layer.effect(
    Transport,
    Effect.map(Transport, ({ send }) => ({ send: wrap(send) }))
  ).pipe(Layer.provide(transport))
)
