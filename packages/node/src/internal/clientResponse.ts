/** The raw responses of a call, for those who ask for them. */
import * as Transport from "@effect-cloudauth/core/Transport"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { tell } from "./refuse.ts"

/**
 * An HTTP response as it came. Its body holds the person's data: never log it.
 *
 * @category models
 * @since 0.1.0
 */
export interface RawResponse {
  readonly httpStatus: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Uint8Array
}

/** Who asks for the responses of the call under way. */
export const OnResponse = Context.Reference<((response: RawResponse) => void) | undefined>(
  "@effect-cloudauth/node/internal/clientResponse/OnResponse",
  { defaultValue: () => undefined }
)

const joined = (pieces: ReadonlyArray<Uint8Array>): Uint8Array => {
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.byteLength, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.byteLength
  }
  return whole
}

/** Shows each response to the `onResponse` that asks for it. */
export const observed = <E, R>(
  transport: Layer.Layer<Transport.Transport, E, R>
): Layer.Layer<Transport.Transport, E, R> =>
  Transport.map(
    transport,
    (send) => (request) =>
      Effect.tap(send(request), ({ body, headers, status }) =>
        Effect.flatMap(OnResponse, (onResponse) =>
          onResponse === undefined
            ? Effect.void
            : Effect.sync(() => tell(onResponse, { httpStatus: status, headers, body: joined(body) }))
        )
      )
  )
