/** How many requests may arrive. */
import { type InvalidRequest, invalidRequest } from "@effect-cloudauth/core/CloudauthError"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

/**
 * How many requests may arrive.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** How many requests a window may see. */
  readonly limit: number
  /** The window. Default 1 second. */
  readonly window?: Duration.Input | undefined
  /**
   * The longest way of a request to the service, from the permission to the arrival, at least 1 ms. A request without a
   * response holds its place for this time and the window. Default 5 seconds.
   */
  readonly flight?: Duration.Input | undefined
  /**
   * A time in which no request is ever answered: each place is free so much earlier. Default 0, which is always right;
   * measure before you set it.
   */
  readonly floor?: Duration.Input | undefined
}

export const keys: OwnOptions.Keys<Options> = { limit: true, window: true, flight: true, floor: true }

/** Checked options, in milliseconds. */
export interface Limits {
  readonly limit: number
  readonly window: number
  readonly flight: number
  readonly floor: number
}

const aDay = 86_400_000

/** Checks the options. Fails with `InvalidRequest` if one is refused. */
export const check = Effect.fnUntraced(function* (given: Options): Effect.fn.Return<Limits, InvalidRequest> {
  const options = yield* Effect.fromResult(OwnOptions.own(keys, given))
  const { limit } = options
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > 100_000) {
    return yield* invalidRequest("limit", "a whole number from 1 to 100000")
  }
  const milliseconds = (path: "window" | "flight" | "floor", fallback: number, least: number) => {
    const given = Option.map(Duration.fromInput(options[path] ?? fallback), Duration.toMillis)
    const value = Option.getOrElse(given, () => Number.NaN)
    return Number.isFinite(value) && value >= least && value <= aDay
      ? Effect.succeed(value)
      : Effect.fail(invalidRequest(path, `a time of ${least} ms to a day`))
  }
  return {
    limit,
    window: yield* milliseconds("window", 1000, 1),
    // 0 would say that a request arrives in the moment in which it is sent.
    flight: yield* milliseconds("flight", 5000, 1),
    floor: yield* milliseconds("floor", 0, 0)
  }
})
