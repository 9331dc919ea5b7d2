/** Undoes the content codings of a body. No more comes out than the limit, so that a bomb stops there. */
import * as zlib from "node:zlib"

type Decode = (bytes: Uint8Array, options: { readonly maxOutputLength: number }, done: Decoded) => void

/** The body is not encoded as it says, or it was cut short. */
class UndecodableBody extends Error {
  override readonly name = "UndecodableBody"
  readonly code = "ERR_CONTENT_ENCODING"
  constructor(cause: Error) {
    super("The body is not encoded as content-encoding says", { cause })
  }
}

/** `too large` if more than the limit would come out. */
export type Decoded = (error: Error | null, bytes: Uint8Array) => void

const deflated: Decode = (bytes, options, done) =>
  // Some servers leave out the two bytes of zlib around it.
  ((bytes[0] ?? 0) & 0x0f) === 8 ? zlib.inflate(bytes, options, done) : zlib.inflateRaw(bytes, options, done)

const decoders = new Map<string, Decode>([
  ["gzip", zlib.gunzip],
  ["x-gzip", zlib.gunzip],
  ["deflate", deflated],
  ["br", zlib.brotliDecompress],
  ["zstd", zlib.zstdDecompress]
])

/** The codings that can be undone. */
export const known = ["gzip", "deflate", "br", "zstd"] as const

/** No service uses more; each costs memory up to the limit. */
const most = 3

/** The decoders of a `Content-Encoding`, last coding first; `undefined` if one is unknown. */
export const decodersOf = (header: string): ReadonlyArray<Decode> | undefined => {
  const names = header
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && name !== "identity")
  if (names.length > most) return undefined
  const found = names.flatMap((name) => decoders.get(name) ?? [])
  return found.length === names.length ? found.toReversed() : undefined
}

/** Undoes the codings one after the other. */
export const decode = (steps: ReadonlyArray<Decode>, bytes: Uint8Array, limit: number, done: Decoded): void => {
  const [step, ...others] = steps
  if (step === undefined) return done(null, bytes)
  step(bytes, { maxOutputLength: limit }, (error, decoded) =>
    error === null
      ? decode(others, decoded, limit, done)
      : done(isTooLarge(error) ? error : new UndecodableBody(error), bytes)
  )
}

/** Whether decoding stopped at the limit. */
export const isTooLarge = (error: Error): boolean => "code" in error && error.code === "ERR_BUFFER_TOO_LARGE"
