/**
 * The texts of an ACS3-HMAC-SHA256 signature.
 *
 * ```text
 * CanonicalRequest = METHOD \n URI \n Query \n Headers \n SignedHeaders \n hex(sha256(body))
 * StringToSign     = "ACS3-HMAC-SHA256\n" + hex(sha256(CanonicalRequest))
 * ```
 *
 * @source https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
 */

export const algorithm = "ACS3-HMAC-SHA256"

/** SHA-256 of an empty body. */
export const emptyBodyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

const reserved = /[!'()*]/g
const unreserved = /^[A-Za-z0-9\-._~]*$/

/** RFC 3986 percent-encoding. A lone surrogate, which has no UTF-8 form, is encoded as U+FFFD, as UTF-8 encoders do. */
export const percentEncode = (text: string): string =>
  unreserved.test(text)
    ? text
    : encodeURIComponent(text.toWellFormed()).replace(
        reserved,
        (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
      )

/** Names and values. */
export type Pairs = ReadonlyArray<readonly [name: string, value: string]>

const byName = (a: readonly [string, string], b: readonly [string, string]): number =>
  a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0

/** The query, sorted by encoded name, each name and value percent-encoded. */
export const canonicalQuery = (parameters: Iterable<readonly [name: string, value: string]>): string =>
  [...parameters]
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort(byName)
    .map(([name, value]) => `${name}=${value}`)
    .join("&")

/** `yyyy-MM-ddTHH:mm:ssZ`, in UTC. `now` is in milliseconds since 1970. */
export const formatDate = (now: number): string => `${new Date(now).toISOString().slice(0, 19)}Z`

/** Headers in the order in which they are signed. */
export const sortHeaders = (headers: Pairs): Pairs =>
  headers.map(([name, value]) => [name.toLowerCase(), value] as const).sort(byName)

/** The names of the headers, as the signature lists them. */
export const headerNames = (headers: Pairs): string => headers.map(([name]) => name).join(";")

/** What the canonical request is made of; the query and the headers are canonical already. */
export interface Parts {
  readonly method: "POST" | "GET"
  readonly path: string
  readonly query: string
  readonly headers: Pairs
  readonly bodyHash: string
}

/** The text whose hash is signed. */
export const canonicalRequest = ({ bodyHash, headers, method, path, query }: Parts): string => {
  const lines = headers.map(([name, value]) => `${name}:${value.trim()}\n`).join("")
  return `${method}\n${path}\n${query}\n${lines}\n${headerNames(headers)}\n${bodyHash}`
}

/** The text that is signed. */
export const stringToSign = (canonicalRequestHash: string): string => `${algorithm}\n${canonicalRequestHash}`
