/** Bodies as the client reads them: within a limit where the response can. */
import * as Transport from "@effect-cloudauth/core/Transport"
import * as Effect from "effect/Effect"
import type { HttpClientError } from "effect/http/HttpClientError"
import type { HttpClientResponse } from "effect/http/HttpClientResponse"
import * as Stream from "effect/Stream"

const hasBoundedBody = (response: object): response is Transport.HasBoundedBody => Transport.BoundedBody in response

export const readBody = (
  response: HttpClientResponse,
  limit: number
): Effect.Effect<ReadonlyArray<Uint8Array>, HttpClientError | Transport.BodyTooLarge> => {
  if (hasBoundedBody(response)) return response[Transport.BoundedBody](limit)
  let size = 0
  const within = Stream.tap(response.stream, ({ byteLength }) =>
    (size += byteLength) > limit ? Effect.fail(Transport.bodyTooLarge(limit)) : Effect.void
  )
  return Effect.map(Stream.runCollect(within), (pieces) => [...pieces])
}
