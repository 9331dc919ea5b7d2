/**
 * The contract between the client and an HTTP transport, beyond Effect's `HttpClient`: whole round trips, a body within
 * a limit, and the version of HTTP that was spoken.
 *
 * Any `HttpClient` works. One that offers round trips is asked for the whole answer at once; it saves half of a call's
 * steps. One whose responses implement `BoundedBody` is asked for the body directly; it saves a stream. One whose
 * responses have a `ProtocolVersion` is believed; without it, spans do not tell the version. A client that wraps another
 * (`HttpClient.mapRequest` and the like) offers none of the first, so what it adds is never left out.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { HttpClient as EffectHttpClient } from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"

/**
 * The key of Effect's `HttpClient`: the same service as `effect/http/HttpClient` has. That module loads streams and
 * files besides, a fifth of all that a client would load; one whose transport offers round trips needs none of it.
 */
export const HttpClient: Context.Service<EffectHttpClient, EffectHttpClient> = Context.Service<
  EffectHttpClient,
  EffectHttpClient
>("effect/HttpClient")

/** The key under which a response offers its body within a limit. */
export const BoundedBody = "~@effect-cloudauth/core/Transport/BoundedBody"

/** The body is larger than the limit; nothing more of it is read. */
export interface BodyTooLarge {
  readonly _tag: "BodyTooLarge"
  /** Bytes. */
  readonly limit: number
}

export const bodyTooLarge = (limit: number): BodyTooLarge => ({ _tag: "BodyTooLarge", limit })

/**
 * A response that reads its own body within a limit, in bytes, and stops there. It hands over the pieces as they came:
 * whoever needs one piece can join them, but most don't.
 */
export interface HasBoundedBody {
  readonly [BoundedBody]: (limit: number) => Effect.Effect<ReadonlyArray<Uint8Array>, HttpClientError | BodyTooLarge>
}

/** The key under which a response says which version of HTTP was spoken: `1.1`, `2`, or `undefined` where unknown. */
export const ProtocolVersion = "~@effect-cloudauth/core/Transport/ProtocolVersion"

/** A response that may know which version of HTTP was spoken. */
export interface HasProtocolVersion {
  readonly [ProtocolVersion]: string | undefined
}

/** Which version of HTTP was spoken, where the transport says so. */
export const protocolVersion = (response: object): string | undefined => {
  const version: unknown = ProtocolVersion in response ? response[ProtocolVersion] : undefined
  return typeof version === "string" ? version : undefined
}

/** A signed request as it is to be sent: a POST without a body. Its query and its headers are secret. */
export interface Outgoing {
  /** Scheme, host and port. */
  readonly origin: string
  /** Path and query. */
  readonly path: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
}

/** How a round trip ended. */
export type Outcome =
  | {
      readonly _tag: "Answered"
      /** Lower-case names; made where they are asked for. */
      readonly headers: () => Readonly<Record<string, string | undefined>>
      /** The pieces as they came. */
      readonly body: ReadonlyArray<Uint8Array>
    }
  | BodyTooLarge
  | {
      /** There is no answer, or not the whole of one. */
      readonly _tag: "Failed"
      readonly cause: unknown
    }

/** A round trip under way. */
export interface RoundTrip {
  /** The HTTP status, once it is known. */
  readonly status: number | undefined
  /** Which version of HTTP is spoken, where that is known. */
  readonly protocolVersion: string | undefined
  /** Ends it, wherever it is: `done` is not called any more. */
  cancel(): void
}

/**
 * Sends a request, reads at most `limit` bytes of body, and tells how it ended: once, and not before it has returned.
 * Follows no redirects, and opens no span.
 */
export type Send = (request: Outgoing, limit: number, done: (outcome: Outcome) => void) => RoundTrip

// By identity, not by a property: a copy of a client with another `execute` must not be gone round.
const senders = new WeakMap<EffectHttpClient, Send>()

/** Has an `HttpClient` offer whole round trips: the same client. */
export const withRoundTrips = (client: EffectHttpClient, send: Send): EffectHttpClient => {
  senders.set(client, send)
  return client
}

/** The whole round trips that an `HttpClient` offers, if it does. */
export const roundTripsOf = (client: EffectHttpClient): Send | undefined => senders.get(client)
