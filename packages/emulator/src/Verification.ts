/**
 * What the gateway checks before the service sees a call: the ACS3-HMAC-SHA256 signature over what really arrived, the date window, the
 * nonce, and the access key with its security token.
 *
 * @since 0.1.0
 */
import { createHmac, timingSafeEqual } from "node:crypto"
import { type Authorization, parseAuthorization } from "./internal/authorization.ts"
import { mark } from "./internal/marks.ts"
import * as Parameters from "./internal/parameters.ts"
import * as SignedOtherwise from "./internal/signedOtherwise.ts"
import * as Protocol from "./Protocol.ts"
import type * as ResponseCode from "./ResponseCode.ts"

/**
 * An access key of the emulated account. With a `securityToken` it is temporary and ends at `expiresAt`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Key {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly active?: boolean | undefined
  readonly securityToken?: string | undefined
  /** Milliseconds since 1970, on the emulator's clock. */
  readonly expiresAt?: number | undefined
}

/**
 * Remembers the nonces of verified calls for as long as their date would still be accepted.
 *
 * @category models
 * @since 0.1.0
 */
export interface NonceMemory {
  /** `false` if the nonce was seen before within the window. */
  readonly remember: (key: string, now: number) => boolean
}

/** How far a call's date may be from the gateway's clock, either way. */
const dateWindowMillis = 15 * 60 * 1000

/**
 * A memory without nonces. Beyond `keep` the oldest are forgotten, so that hours of load do not fill the memory.
 *
 * @category constructors
 * @since 0.1.0
 */
export const nonceMemory = (keep = 500_000): NonceMemory => {
  const seen = new Map<string, number>()
  return {
    remember: (key, now) => {
      // Oldest first, as a Map keeps the order of insertion.
      for (const [old, at] of seen) {
        if (now - at <= 2 * dateWindowMillis && seen.size <= keep) break
        seen.delete(old)
      }
      if (seen.has(key)) return false
      seen.set(key, now)
      return true
    }
  }
}

/**
 * What the check says.
 *
 * @category models
 * @since 0.1.0
 */
export type Outcome =
  | { readonly _tag: "Verified"; readonly accessKeyId: string }
  | { readonly _tag: "Refused"; readonly code: ResponseCode.Code; readonly message?: string }

const refused = (code: ResponseCode.Code, message?: string): Outcome =>
  message === undefined ? { _tag: "Refused", code } : { _tag: "Refused", code, message }

const requiredHeaders = [
  "x-acs-action",
  "x-acs-version",
  "x-acs-date",
  "x-acs-signature-nonce",
  "x-acs-content-sha256"
] as const

const mustBeSigned = (name: string): boolean => name === "host" || name === "content-type" || name.startsWith("x-acs-")

const sameText = (one: string, other: string): boolean => {
  const left = Buffer.from(one)
  const right = Buffer.from(other)
  return left.length === right.length && timingSafeEqual(left, right)
}

const checkHeaders = (request: Protocol.Request, authorization: Authorization): Outcome | undefined => {
  const arrived = request.headers.map(([name]) => name.toLowerCase()).filter(mustBeSigned)
  const twice = arrived.find((name, index) => arrived.indexOf(name) !== index)
  if (twice !== undefined) return refused("IncompleteSignature", `The header ${twice} arrived more than once.`)
  const missing = requiredHeaders.find((name) => !arrived.includes(name) || Protocol.header(request, name) === "")
  if (missing !== undefined) return refused("MissingParameter", `The header ${missing} is mandatory.`)
  const unsigned = ["host", ...arrived].find((name) => !authorization.signedHeaders.includes(name))
  if (unsigned !== undefined) return refused("IncompleteSignature", `The header ${unsigned} is not signed.`)
  const invented = authorization.signedHeaders.find((name) => Protocol.header(request, name) === undefined)
  if (invented !== undefined) return refused("IncompleteSignature", `The signed header ${invented} did not arrive.`)
  const sorted = [...authorization.signedHeaders].sort()
  if (sorted.some((name, index) => name !== authorization.signedHeaders[index])) {
    return refused("IncompleteSignature", "SignedHeaders must be sorted.")
  }
  return undefined
}

const checkDate = (date: string, now: number): Outcome | undefined => {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(date) ? Date.parse(date) : Number.NaN
  if (Number.isNaN(at)) return refused("IllegalTimestamp", "x-acs-date must be written as yyyy-MM-ddTHH:mm:ssZ.")
  if (now - at > dateWindowMillis) return refused("InvalidTimeStamp.Expired")
  if (at - now > dateWindowMillis) return refused("IllegalTimestamp")
  return undefined
}

const checkKey = (request: Protocol.Request, key: Key | undefined, now: number): Outcome | undefined => {
  const token = Protocol.header(request, "x-acs-security-token")
  if (key === undefined) return unknownKey()
  if (key.securityToken !== undefined && token === undefined) {
    return refused("InvalidAccessKeyId.NotFound", "Specified access key is temporary: it needs x-acs-security-token.")
  }
  if (key.active === false) return refused("InvalidAccessKeyId.Inactive")
  if (token === undefined) return undefined
  if (key.securityToken === undefined || !sameText(key.securityToken, token)) {
    return refused("InvalidSecurityToken.Malformed")
  }
  if (Protocol.header(request, "x-acs-accesskey-id") !== key.accessKeyId) {
    return refused("InvalidSecurityToken.Malformed", "x-acs-accesskey-id is not the key that signed.")
  }
  if (key.expiresAt !== undefined && now >= key.expiresAt) return refused("InvalidSecurityToken.Expired")
  return undefined
}

/**
 * Whether a call is signed the vendor's older way, or was meant to be: V1 by parameters, ROA by a header.
 *
 * @category guards
 * @since 0.1.0
 */
export const isOlderKind = (request: Protocol.Request): boolean => {
  const parameters = Parameters.read(request)
  return (
    ["Signature", "SignatureMethod", "SignatureVersion"].some((name) => parameters.has(name)) ||
    Protocol.header(request, "authorization")?.startsWith("acs ") === true
  )
}

/**
 * Why a call without an ACS3 signature is refused: it has none, or one of another kind.
 */
const withoutSignature = (request: Protocol.Request): Outcome => {
  const use = `The emulator checks ${Protocol.algorithm} only: call it with this project's client or with @alicloud/openapi-core.`
  if (isOlderKind(request)) {
    return refused(
      "IncompleteSignature",
      `This call is signed the vendor's older way (signature V1, HMAC-SHA1, as @alicloud/pop-core does). V1 is not emulated. ${use}`
    )
  }
  const scheme = Protocol.header(request, "authorization")?.split(" ")[0] ?? ""
  if (/^ACS[34]-[A-Z0-9-]{1,20}$/.test(scheme) && scheme !== Protocol.algorithm) {
    return refused("IncompleteSignature", `Signatures by ${scheme} are not emulated. ${use}`)
  }
  return refused(
    "IncompleteSignature",
    `The request needs one authorization header: ${Protocol.algorithm} Credential=…,SignedHeaders=…,Signature=….`
  )
}

/** A key that is not the emulator's may be a real one: it is not repeated. */
const unknownKey = (): Outcome =>
  refused(
    "InvalidAccessKeyId.NotFound",
    `Specified access key is not found. This is an emulator: it knows only its own keys, whose ids begin with ${mark}. Do not send it real keys.`
  )

/**
 * Checks one request. `now` is in milliseconds since 1970.
 *
 * @category combinators
 * @since 0.1.0
 */
export const verify = (
  request: Protocol.Request,
  options: {
    readonly findKey: (accessKeyId: string) => Key | undefined
    readonly nonces: NonceMemory
    readonly now: number
  }
): Outcome => {
  const authorization = parseAuthorization(request)
  if (authorization === undefined) return withoutSignature(request)
  const badHeaders = checkHeaders(request, authorization)
  if (badHeaders !== undefined) return badHeaders
  const key = options.findKey(authorization.accessKeyId)
  const badDate = checkDate(Protocol.header(request, "x-acs-date") ?? "", options.now)
  if (badDate !== undefined) return badDate
  const badKey = checkKey(request, key, options.now)
  if (badKey !== undefined || key === undefined) return badKey ?? unknownKey()
  if (Protocol.header(request, "x-acs-content-sha256") !== Protocol.sha256Hex(request.body)) {
    return refused("SignatureDoesNotMatch", "x-acs-content-sha256 is not the hash of the body that arrived.")
  }
  const canonical = Protocol.canonicalRequest(request, authorization.signedHeaders)
  if (canonical === undefined) return refused("InvalidParameter", "The query is not percent-encoded UTF-8.")
  const stringToSign = Protocol.stringToSign(canonical)
  const expected = createHmac("sha256", key.accessKeySecret).update(stringToSign).digest("hex")
  if (!sameText(expected, authorization.signature)) {
    const mistake = SignedOtherwise.find(request, authorization, key.accessKeySecret)
    return refused("SignatureDoesNotMatch", SignedOtherwise.message(stringToSign, mistake))
  }
  const nonce = Protocol.header(request, "x-acs-signature-nonce") ?? ""
  if (!options.nonces.remember(`${key.accessKeyId}\n${nonce}`, options.now)) return refused("SignatureNonceUsed")
  return { _tag: "Verified", accessKeyId: key.accessKeyId }
}
