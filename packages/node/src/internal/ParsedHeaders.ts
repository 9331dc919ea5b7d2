/** The headers of a response as Node and undici give them. */
import * as Headers from "effect/http/Headers"

/** Lower-case names, repeated ones as an array. */
export type ParsedHeaders = Readonly<Record<string, string | ReadonlyArray<string> | undefined>>

/** The length that the headers declare, in bytes. */
export const declaredLength = (headers: ParsedHeaders): number | undefined => {
  const length = headers["content-length"]
  return typeof length === "string" && /^\d{1,15}$/.test(length) ? Number(length) : undefined
}

/** The headers as Effect has them: one text each. */
export const headersOf = (parsed: ParsedHeaders): Headers.Headers => {
  const headers: Record<string, string> = {}
  for (const name in parsed) {
    const value = parsed[name]
    if (value !== undefined) headers[name] = typeof value === "string" ? value : value.join(", ")
  }
  return Headers.fromRecordUnsafe(headers)
}
