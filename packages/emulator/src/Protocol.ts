/**
 * Requests as they arrive, byte for byte, and the canonical form that ACS3-HMAC-SHA256 signs.
 *
 * @since 0.1.0
 */
import { createHash } from "node:crypto"

/**
 * A request as it arrived. Nothing in it has been decoded or normalised yet.
 *
 * @category models
 * @since 0.1.0
 */
export interface Request {
  readonly method: string
  /** The raw request target, e.g. `/?TransactionId=hksb...`. */
  readonly target: string
  /** In the order of arrival, names in their original case, repeated if they were repeated. */
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  readonly body: Uint8Array
}

/**
 * An answer before any fault of the wire. `content-length` is set by the sender.
 *
 * @category models
 * @since 0.1.0
 */
export interface Response {
  readonly status: number
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  readonly body: Uint8Array
}

/**
 * The name of the signature algorithm.
 *
 * @category signing
 * @since 0.1.0
 */
export const algorithm = "ACS3-HMAC-SHA256"

/**
 * Every value of a header, trimmed, in the order of arrival.
 *
 * @category getters
 * @since 0.1.0
 */
export const headerValues = (request: Request, name: string): ReadonlyArray<string> =>
  request.headers.filter(([arrived]) => arrived.toLowerCase() === name).map(([, value]) => value.trim())

/**
 * The first value of a header.
 *
 * @category getters
 * @since 0.1.0
 */
export const header = (request: Request, name: string): string | undefined => headerValues(request, name)[0]

/**
 * The path and the raw query of a target, which may also be in absolute form (`POST http://host/?a=b`).
 *
 * @category parsing
 * @since 0.1.0
 */
export const splitTarget = (target: string): { readonly path: string; readonly query: string } => {
  const relative = target.replace(/^https?:\/\/[^/?#]*/i, "")
  const mark = relative.indexOf("?")
  const path = mark === -1 ? relative : relative.slice(0, mark)
  return { path: path === "" ? "/" : path, query: mark === -1 ? "" : relative.slice(mark + 1) }
}

const decodeComponent = (text: string): string => decodeURIComponent(text.replaceAll("+", " "))

/**
 * The pairs of a raw query or form body, decoded; `undefined` if it is not valid percent-encoded UTF-8.
 *
 * @category parsing
 * @since 0.1.0
 */
export const parsePairs = (raw: string): ReadonlyArray<readonly [string, string]> | undefined => {
  try {
    return raw
      .split("&")
      .filter((part) => part !== "")
      .map((part) => {
        const mark = part.indexOf("=")
        return mark === -1
          ? ([decodeComponent(part), ""] as const)
          : ([decodeComponent(part.slice(0, mark)), decodeComponent(part.slice(mark + 1))] as const)
      })
  } catch {
    // decodeURIComponent throws for what is not UTF-8, and for nothing else.
    return undefined
  }
}

/** RFC 3986: everything but letters, digits and `-_.~` is encoded. */
const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)

/**
 * The query as it is signed: sorted and percent-encoded.
 *
 * @category signing
 * @since 0.1.0
 */
export const canonicalQuery = (pairs: ReadonlyArray<readonly [string, string]>): string =>
  [...pairs]
    .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join("&")

/**
 * A SHA-256 hash in hexadecimal.
 *
 * @category signing
 * @since 0.1.0
 */
export const sha256Hex = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex")

/**
 * The canonical request of what arrived, over the headers that the caller says it signed.
 * `undefined` if the query cannot be decoded.
 *
 * @category signing
 * @since 0.1.0
 */
export const canonicalRequest = (request: Request, signedHeaders: ReadonlyArray<string>): string | undefined => {
  const { path, query } = splitTarget(request.target)
  const pairs = parsePairs(query)
  if (pairs === undefined) return undefined
  const headerLines = signedHeaders.map((name) => `${name}:${headerValues(request, name).join(",")}\n`)
  return [
    request.method,
    path,
    canonicalQuery(pairs),
    headerLines.join(""),
    signedHeaders.join(";"),
    sha256Hex(request.body)
  ].join("\n")
}

/**
 * The text that is signed.
 *
 * @category signing
 * @since 0.1.0
 */
export const stringToSign = (canonical: string): string => `${algorithm}\n${sha256Hex(canonical)}`
