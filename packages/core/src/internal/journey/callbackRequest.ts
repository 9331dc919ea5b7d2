/** What a call of the callback's route says: who sends it, and which transaction it names. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { isJson } from "../decode/json.ts"

/** How much of a body is read, in bytes. */
export const maxBodyBytes = 16 * 1024

const bodyTimeout = Duration.seconds(10)

/** A request as it comes in, from any server. */
export interface Incoming {
  readonly method: string
  /** The URL, or its path and query. */
  readonly url: string
  readonly hasBody: boolean
  /** Reads the body. Fails if it is longer than `maxBodyBytes` or breaks off. */
  readonly text: Effect.Effect<string, unknown>
}

/** Names in lower case, each with its values. */
export type Parameters = ReadonlyMap<string, ReadonlySet<string>>

const gather = (sources: ReadonlyArray<Iterable<readonly [string, unknown]>>): Parameters => {
  const parameters = new Map<string, Set<string>>()
  for (const source of sources) {
    for (const [name, value] of source) {
      if (typeof value !== "string") continue
      const key = name.toLowerCase()
      parameters.set(key, (parameters.get(key) ?? new Set()).add(value))
    }
  }
  return parameters
}

const merge = (one: Parameters, other: Parameters): Parameters => {
  const pairs = [one, other].map((parameters) =>
    [...parameters].flatMap(([name, values]) => [...values].map((value) => [name, value] as const))
  )
  return gather(pairs)
}

/** The value of a parameter, unless it has two: what contradicts itself says nothing. */
export const single = (parameters: Parameters, name: string): string | undefined => {
  const values = parameters.get(name.toLowerCase())
  return values?.size === 1 ? values.values().next().value : undefined
}

/** One or more ways to read the same text. The first that has a genuine token counts. */
type Readings = readonly [Parameters, ...ReadonlyArray<Parameters>]

/** A query or a form. A `+` is a blank, or a plus that the platform did not encode: Base64 has it. */
const formOf = (text: string): Readings => {
  const usual = gather([new URLSearchParams(text)])
  return text.includes("+") ? [usual, gather([new URLSearchParams(text.replaceAll("+", "%2B"))])] : [usual]
}

/**
 * The query of a URL. The address that was given at Initialize can have one of its own, to which the platform adds a
 * second `?`: then there are further readings, in which every `?` parts two parameters.
 */
const queryOf = (url: string): Readings => {
  const start = url.indexOf("?")
  const end = url.indexOf("#")
  const query = start < 0 ? "" : url.slice(start + 1, end < start ? undefined : end)
  const parted = query.replace(/\?|%3f/gi, "&")
  return parted === query ? formOf(query) : [...formOf(query), ...formOf(parted)]
}

/** Webhooks send JSON and forms under any content type: the first letter tells them apart. */
const readBody = (text: string): Readings => {
  const trimmed = text.trim()
  if (!trimmed.startsWith("{")) return formOf(trimmed)
  const json: unknown = JSON.parse(trimmed)
  return [gather(isJson(json) ? [Object.entries(json)] : [])]
}

/** The parameters in a body; `undefined` if it did not arrive in time. */
const bodyOf = (request: Incoming): Effect.Effect<Readings | undefined> =>
  request.text.pipe(
    Effect.map(readBody),
    // Too large, broken off, or no JSON: a call that says nothing.
    Effect.catchCause(() => Effect.succeed(formOf(""))),
    Effect.timeoutOption(bodyTimeout),
    Effect.map(Option.getOrUndefined)
  )

/** What a request says. */
interface Told {
  /** The parameters of a genuine call; `undefined` for any other. */
  readonly parameters: Parameters | undefined
  /** Whether a body was left unread, or did not end. */
  readonly leavesBody: boolean
}

/** Reads a request. The body is read only if the query has not told all: a wrong token in the query is refused before. */
export const read = Effect.fnUntraced(function* (request: Incoming, isGenuine: (token: string) => boolean) {
  const fits = (parameters: Parameters): boolean => isGenuine(single(parameters, "callbackToken") ?? "")
  const readings = queryOf(request.url)
  const query = readings.find(fits)
  const isComplete = query !== undefined && single(query, "transactionId") !== undefined
  const isRefused = query === undefined && readings.some((reading) => reading.has("callbacktoken"))
  if (request.method !== "POST" || isComplete || isRefused) {
    return { parameters: query, leavesBody: request.hasBody } satisfies Told
  }
  const body = yield* bodyOf(request)
  if (body === undefined) return { parameters: undefined, leavesBody: true } satisfies Told
  const parameters = body.map((reading) => merge(query ?? readings[0], reading)).find(fits)
  return { parameters, leavesBody: false } satisfies Told
})
