/** The headers of a response, as undici gives them. */
import type * as Transport from "@effect-cloudauth/core/Transport"

/** Lower-case names, repeated ones as an array. */
export type ParsedHeaders = Readonly<Record<string, string | ReadonlyArray<string> | undefined>>

/** `Infinity` if it is not declared. */
export const declaredLength = (headers: ParsedHeaders): number => {
  const length = headers["content-length"]
  return typeof length === "string" && /^\d{1,15}$/.test(length) ? Number(length) : Infinity
}

/** The headers with one value each. Mostly none is repeated: then nothing is copied. */
export const joined = (headers: ParsedHeaders): Transport.Response["headers"] =>
  isJoined(headers)
    ? headers
    : Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, typeof value === "object" ? value.join(", ") : value])
      )

const isJoined = (headers: ParsedHeaders): headers is Transport.Response["headers"] =>
  Object.values(headers).every((value) => typeof value !== "object")
