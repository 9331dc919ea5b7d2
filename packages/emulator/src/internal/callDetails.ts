/** What is kept of the latest calls, so that the page can open them. */
import type * as Call from "../Call.ts"
import * as Protocol from "../Protocol.ts"
import type * as Verification from "../Verification.ts"
import { parseAuthorization } from "./authorization.ts"
import { mark } from "./marks.ts"
import * as SignedOtherwise from "./signedOtherwise.ts"

const keepCalls = 200
const keepBytes = 256 * 1024

/** An exchange as far as it is kept. */
interface Kept {
  readonly call: Call.Call
  readonly request: Protocol.Request
  readonly response: Protocol.Response
  readonly delayMillis: number
  readonly bytes: number
}

const hidden = "(not shown)"

const ofCredentials = new Set([
  "authorization",
  "proxy-authorization",
  "cookie",
  "x-acs-accesskey-id",
  "x-acs-security-token"
])

/** Keys that are not the emulator's may be real ones: they are not shown, nor is what was signed with them. */
const shownRequest = (request: Protocol.Request): Call.Detail["request"] => {
  const isOwn = parseAuthorization(request)?.accessKeyId.startsWith(mark) === true
  return {
    method: request.method,
    target: request.target.replace(/([?&](?:AccessKeyId|Signature|SecurityToken)=)[^&]*/gi, `$1${hidden}`),
    headers: request.headers.map(([name, value]) => [
      name,
      ofCredentials.has(name.toLowerCase()) && !(isOwn && name.toLowerCase() === "authorization") ? hidden : value
    ]),
    body: Buffer.from(request.body.subarray(0, keepBytes)).toString("utf8")
  }
}

/** What was compared with the signature; `undefined` if the check ended before. */
const signatureOf = (
  { call, request }: Kept,
  findKey: (accessKeyId: string) => Verification.Key | undefined
): Call.Detail["signature"] => {
  const isCompared =
    call.signature === "Verified" || ["SignatureDoesNotMatch", "SignatureNonceUsed"].includes(call.code)
  const authorization = isCompared ? parseAuthorization(request) : undefined
  const key = authorization && findKey(authorization.accessKeyId)
  if (authorization === undefined || key === undefined) return undefined
  const canonicalRequest = Protocol.canonicalRequest(request, authorization.signedHeaders)
  if (canonicalRequest === undefined) return undefined
  return {
    canonicalRequest,
    stringToSign: Protocol.stringToSign(canonicalRequest),
    mistake:
      call.code === "SignatureDoesNotMatch"
        ? SignedOtherwise.find(request, authorization, key.accessKeySecret)
        : undefined
  }
}

export const make = (findKey: (accessKeyId: string) => Verification.Key | undefined) => {
  const kept = new Map<number, Kept>()
  return {
    keep: (call: Call.Call, request: Protocol.Request, response: Protocol.Response, delayMillis: number): void => {
      const bytes = response.body.length
      // A copy of the part: a view would hold the whole body in memory.
      const body = bytes > keepBytes ? new Uint8Array(response.body.subarray(0, keepBytes)) : response.body
      kept.set(call.sequence, { call, request, response: { ...response, body }, delayMillis, bytes })
      kept.delete(call.sequence - keepCalls)
    },
    find: (sequence: number): Call.Detail | undefined => {
      const found = kept.get(sequence)
      if (found === undefined) return undefined
      const { bytes, call, delayMillis, request, response } = found
      return {
        call,
        request: shownRequest(request),
        signature: signatureOf(found, findKey),
        answer: {
          status: response.status,
          headers: response.headers,
          body: Buffer.from(response.body).toString("utf8"),
          bytes,
          delayMillis
        }
      }
    },
    clear: () => kept.clear()
  }
}
