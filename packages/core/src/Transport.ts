/**
 * The contract between the client and an HTTP transport, beyond Effect's `HttpClient`: reading a body within a limit, and
 * the version of HTTP that was spoken.
 *
 * Any `HttpClient` works. One whose responses implement `BoundedBody` is asked for the body directly; it saves a stream.
 * One whose responses have a `ProtocolVersion` is believed; without it, spans do not tell the version.
 */
import * as Effect from "effect/Effect"
import type { HttpClientError } from "effect/http/HttpClientError"
import type { HttpClientResponse } from "effect/http/HttpClientResponse"
import * as Stream from "effect/Stream"

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

const hasBoundedBody = (response: object): response is HasBoundedBody => BoundedBody in response

/** Reads the body of a response, at most `limit` bytes, in pieces. */
export const readBody = (
  response: HttpClientResponse,
  limit: number
): Effect.Effect<ReadonlyArray<Uint8Array>, HttpClientError | BodyTooLarge> => {
  if (hasBoundedBody(response)) return response[BoundedBody](limit)
  return Effect.suspend(() => {
    const chunks: Array<Uint8Array> = []
    let size = 0
    const collect = Stream.runForEach(response.stream, (chunk) => {
      size += chunk.byteLength
      if (size > limit) return Effect.fail(bodyTooLarge(limit))
      chunks.push(chunk)
      return Effect.void
    })
    return Effect.as(collect, chunks)
  })
}
