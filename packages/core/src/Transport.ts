/**
 * The contract between the client and an HTTP transport, beyond Effect's `HttpClient`: reading a body within a limit.
 *
 * Any `HttpClient` works. One whose responses implement `BoundedBody` is asked for the body directly; it saves a stream.
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
