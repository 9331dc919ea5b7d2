/**
 * Signs a request with ACS3-HMAC-SHA256, the vendor's "V3" signature. Pure: the date and the nonce come from the caller.
 *
 * @source https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
 * @since 0.1.0
 */
import * as Redacted from "effect/Redacted"
import type { Credential } from "./Credentials.ts"
import * as canonical from "./internal/call/canonicalRequest.ts"
import type { SignatureCrypto } from "./SignatureCrypto.ts"

/**
 * What is signed.
 *
 * @category models
 * @since 0.1.0
 */
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
  /** SHA-256 of the body as hex. Default: of the empty body. */
  readonly bodyHash?: string | undefined
  /** More headers to sign, for example `x-acs-retry-attempts` or `content-type`. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/**
 * A signed request: send exactly this query and these headers.
 *
 * @category models
 * @since 0.1.0
 */
export interface Signed {
  /** The canonical query, without `?`. */
  readonly query: string
  /** Lower-case names, `authorization` included. Secret: they hold the signature, the nonce and the security token. */
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Signs a request.
 *
 * @example
 * import * as Credentials from "@effect-cloudauth/core/Credentials"
 * import * as Signature from "@effect-cloudauth/core/Signature"
 * import { portable } from "@effect-cloudauth/core/SignatureCrypto"
 *
 * const signed = Signature.sign(portable, {
 *   method: "POST",
 *   path: "/",
 *   host: "cloudauth-intl.cn-hongkong.aliyuncs.com",
 *   action: "CheckResult",
 *   version: "2022-08-09",
 *   query: [["TransactionId", "hksb0000"]],
 *   credential: Credentials.make({ accessKeyId: "id", accessKeySecret: "secret" }),
 *   now: Date.now(),
 *   nonce: portable.nonce()
 * })
 *
 * @category signing
 * @since 0.1.0
 */
export const sign = (crypto: SignatureCrypto, input: Input): Signed => {
  const query = canonical.canonicalQuery(input.query)
  const headers = canonical.sortHeaders(headersOf(input))
  const request = canonical.canonicalRequest({
    method: input.method,
    path: input.path,
    query,
    headers,
    bodyHash: input.bodyHash ?? canonical.emptyBodyHash
  })
  const { accessKeyId, accessKeySecret } = input.credential
  const signature = crypto.hmacSha256(accessKeySecret, canonical.stringToSign(crypto.sha256(request)))
  const names = canonical.headerNames(headers)
  return {
    query,
    headers: Object.fromEntries([
      ...headers,
      [
        "authorization",
        `${canonical.algorithm} Credential=${Redacted.value(accessKeyId)},SignedHeaders=${names},Signature=${signature}`
      ]
    ])
  }
}

const headersOf = (input: Input): canonical.Pairs => {
  const { accessKeyId, securityToken } = input.credential
  return [
    ["host", input.host],
    ["x-acs-action", input.action],
    ["x-acs-content-sha256", input.bodyHash ?? canonical.emptyBodyHash],
    ["x-acs-date", canonical.formatDate(input.now)],
    ["x-acs-signature-nonce", input.nonce],
    ["x-acs-version", input.version],
    ...(securityToken === undefined
      ? []
      : ([
          ["x-acs-accesskey-id", Redacted.value(accessKeyId)],
          ["x-acs-security-token", Redacted.value(securityToken)]
        ] as const)),
    ...Object.entries(input.headers ?? {})
  ]
}
