/**
 * ACS3-HMAC-SHA256, the vendor's "V3" signature. Pure: the date and the nonce come from the caller.
 *
 * ```text
 * CanonicalRequest = METHOD \n URI \n Query \n Headers \n SignedHeaders \n hex(sha256(body))
 * StringToSign     = "ACS3-HMAC-SHA256\n" + hex(sha256(CanonicalRequest))
 * Signature        = hex(hmac_sha256(secret, StringToSign))
 * ```
 *
 * @source https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Credential } from "./Credentials.ts"
import type { SignatureCrypto } from "./SignatureCrypto.ts"

export const algorithm = "ACS3-HMAC-SHA256"

/** SHA-256 of an empty body. */
export const emptyBodyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

/** What is signed. */
export interface Input {
  readonly method: "POST" | "GET"
  /** The path, percent-encoded: `/` for RPC operations. */
  readonly path: string
  /** The `Host` header. */
  readonly host: string
  readonly action: string
  readonly version: string
  /** The query's parameters, not encoded, in any order. */
  readonly query: Iterable<readonly [name: string, value: string]>
  readonly credential: Credential
  /** Milliseconds since 1970. The signature carries whole seconds. */
  readonly now: number
  /** A value that was never signed before. */
  readonly nonce: string
  /** SHA-256 of the body as hex; default: of the empty body. */
  readonly bodyHash?: string | undefined
  /** Further headers to sign, for example `x-acs-retry-attempts` or `content-type`. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** A signed request: send exactly this query and these headers. */
export interface Signed {
  /** The canonical query, without `?`. */
  readonly query: string
  /** Lower-case names; `authorization` included. Secret: holds the signature, the nonce and the security token. */
  readonly headers: Record<string, string>
}

const reserved = /[!'()*]/g
const unreserved = /^[A-Za-z0-9\-._~]*$/

/**
 * RFC 3986 percent-encoding. A lone surrogate, which has no UTF-8 form, is encoded as U+FFFD, as UTF-8 encoders do.
 *
 * @example
 * import * as Signature from "@effect-cloudauth/core/Signature"
 *
 * Signature.percentEncode("a b*~") // => "a%20b%2A~"
 */
export const percentEncode = (text: string): string =>
  unreserved.test(text)
    ? text
    : encodeURIComponent(text.toWellFormed()).replace(
        reserved,
        (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
      )

const byName = (a: readonly [string, string], b: readonly [string, string]): number =>
  a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0

/** The canonical query: sorted by the encoded name, each name and value percent-encoded. */
export const canonicalQuery = (parameters: Iterable<readonly [name: string, value: string]>): string => {
  const encoded: Array<readonly [string, string]> = []
  for (const [name, value] of parameters) encoded.push([percentEncode(name), percentEncode(value)])
  let query = ""
  for (const [name, value] of encoded.sort(byName)) query += `${query === "" ? "" : "&"}${name}=${value}`
  return query
}

// Many requests are signed within one second, and formatting a date costs as much as hashing a request.
let formatted = { second: Number.NaN, text: "" }

/** `yyyy-MM-ddTHH:mm:ssZ`, in UTC. */
export const formatDate = (now: number): string => {
  const second = Math.floor(now / 1000)
  if (second !== formatted.second) formatted = { second, text: `${new Date(now).toISOString().slice(0, 19)}Z` }
  return formatted.text
}

const signedHeaders = (input: Input): ReadonlyArray<readonly [name: string, value: string]> => {
  const headers: Array<readonly [string, string]> = [
    ["host", input.host],
    ["x-acs-action", input.action],
    ["x-acs-content-sha256", input.bodyHash ?? emptyBodyHash],
    ["x-acs-date", formatDate(input.now)],
    ["x-acs-signature-nonce", input.nonce],
    ["x-acs-version", input.version]
  ]
  const token = input.credential.securityToken
  if (token !== undefined) {
    headers.push(
      ["x-acs-accesskey-id", Redacted.value(input.credential.accessKeyId)],
      ["x-acs-security-token", Redacted.value(token)]
    )
  }
  if (input.headers !== undefined) {
    for (const [name, value] of Object.entries(input.headers)) headers.push([name.toLowerCase(), value])
  }
  // The six fixed names are in order already: sort only where something was added.
  return headers.length === 6 ? headers : headers.sort(byName)
}

const namesOf = (headers: ReadonlyArray<readonly [name: string, value: string]>): string =>
  headers.map(([name]) => name).join(";")

/** The canonical request, the text whose hash is signed. */
export const canonicalRequest = (
  input: Pick<Input, "method" | "path" | "bodyHash">,
  query: string,
  headers: ReadonlyArray<readonly [name: string, value: string]>
): string => {
  let lines = ""
  for (const [name, value] of headers) lines += `${name}:${value.trim()}\n`
  return `${input.method}\n${input.path}\n${query}\n${lines}\n${namesOf(headers)}\n${input.bodyHash ?? emptyBodyHash}`
}

/** The text that is signed, from the canonical request's hash. */
export const stringToSign = (canonicalRequestHash: string): string => `${algorithm}\n${canonicalRequestHash}`

/**
 * Signs a request.
 *
 * @example
 * import * as Credentials from "@effect-cloudauth/core/Credentials"
 * import * as Signature from "@effect-cloudauth/core/Signature"
 * import { webCrypto } from "@effect-cloudauth/core/SignatureCrypto"
 *
 * const signed = Signature.sign(webCrypto, {
 *   method: "POST",
 *   path: "/",
 *   host: "cloudauth-intl.cn-hongkong.aliyuncs.com",
 *   action: "CheckResult",
 *   version: "2022-08-09",
 *   query: [["TransactionId", "hksb0000"]],
 *   credential: Credentials.make({ accessKeyId: "id", accessKeySecret: "secret" }),
 *   now: Date.now(),
 *   nonce: webCrypto.nonce()
 * })
 */
export const sign = (crypto: SignatureCrypto, input: Input): Effect.Effect<Signed> => {
  const query = canonicalQuery(input.query)
  const headers = signedHeaders(input)
  // Eager: a synchronous crypto has its values at once, and needs no step of a fiber.
  return Effect.mapEager(
    Effect.flatMapEager(crypto.sha256(canonicalRequest(input, query, headers)), (hash) =>
      crypto.hmacSha256(input.credential.accessKeySecret, stringToSign(hash))
    ),
    (signature) => {
      const sent: Record<string, string> = {}
      for (const [name, value] of headers) sent[name] = value
      const id = Redacted.value(input.credential.accessKeyId)
      sent["authorization"] = `${algorithm} Credential=${id},SignedHeaders=${namesOf(headers)},Signature=${signature}`
      return { query, headers: sent }
    }
  )
}
