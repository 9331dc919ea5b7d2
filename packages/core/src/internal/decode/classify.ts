/**
 * Sorts a response by its code: a success goes on to be decoded, everything else is its typed error. The response code
 * decides before the HTTP status.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 */
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as CloudauthError from "../../CloudauthError.ts"
import * as ResponseCode from "../../ResponseCode.ts"
import type * as Transport from "../../Transport.ts"
import * as Wire from "../../Wire.ts"
import * as body from "./body.ts"
import { described, httpDate, printable } from "./serverText.ts"
import { expectedObject } from "./json.ts"
import { senderOf } from "./sender.ts"

/** What arrived. */
export interface Received extends Omit<Transport.Response, "protocolVersion"> {
  /** This machine's clock when the response arrived, in milliseconds since 1970; unknown of a body that was kept. */
  readonly receivedAt: number | undefined
  /** The number of the attempt, counted from 1. */
  readonly attempt: number
}

/** A response whose code says success. */
export interface Success {
  readonly body: body.Body
  readonly envelope: Wire.Envelope
  readonly requestId: string | undefined
  /** Whether the header names another request than the body: the connection may be out of step. */
  readonly hasOtherId: boolean
  readonly received: Received
}

const xmlText = (xml: string, name: string): string | undefined =>
  new RegExp(`<${name}>([^<]{0,1000})</${name}>`, "i").exec(xml)?.[1]

interface Facts {
  readonly requestId: string | undefined
  readonly code: string | undefined
  readonly message: string
}

/** The service sends only errors as XML. A page that holds such an error, or a success, is not the service's. */
const ofXml = (bytes: Received["body"]): Facts | undefined => {
  const head = body.text(bytes).text.slice(0, 16_384)
  if (!/^\s*(?:<\?xml[^>]{0,200}>\s*)?<Error[\s>]/i.test(head)) return undefined
  const code = xmlText(head, "Code")
  return code === undefined || ResponseCode.isSuccess(code)
    ? undefined
    : { requestId: xmlText(head, "RequestId"), code, message: xmlText(head, "Message") ?? "" }
}

/** How long the server asks to wait, in milliseconds: Alibaba's own header, or HTTP's in seconds or as a date. */
const retryAfterOf = ({ headers, receivedAt }: Received): number | undefined => {
  const milliseconds = headers["x-acs-retry-after"]
  if (milliseconds !== undefined && /^\d{1,9}$/.test(milliseconds)) return Number(milliseconds)
  const seconds = headers["retry-after"]
  if (seconds !== undefined && /^\d{1,6}$/.test(seconds)) return Number(seconds) * 1000
  const at = httpDate(seconds)
  // The server's own clock, so that this machine's need not be right.
  const now = httpDate(headers["date"]) ?? receivedAt
  return at === undefined || now === undefined ? undefined : Math.max(0, at - now)
}

/** A century in milliseconds: no clock is off by more, and dates near the end of time can't be signed. */
const largestSkew = 100 * 365 * 86_400_000

const skewOf = ({ headers, receivedAt }: Received): number | undefined => {
  const skew = (httpDate(headers["date"]) ?? NaN) - (receivedAt ?? NaN)
  return Math.abs(skew) <= largestSkew ? skew : undefined
}

/** What every error of an answer has. The id in the body counts before the gateway's own header. */
const factsOfAnswer = (received: Received, requestId: string | undefined) => {
  const { contentType, requestId: ofHeader } = described(received.headers)
  return {
    httpStatus: received.status,
    requestId: requestId === undefined ? ofHeader : printable(requestId),
    contentType,
    attempts: received.attempt
  }
}

const isOtherId = (told: string | undefined, { headers }: Received): boolean => {
  const id = headers["x-acs-request-id"]
  return told !== undefined && id !== undefined && told.toLowerCase() !== id.toLowerCase()
}

const errorOf = (facts: ResponseCode.Facts, code: string, received: Received, told: Facts | undefined) => {
  const fields = {
    ...factsOfAnswer(received, told?.requestId),
    code: printable(code),
    advice: facts.advice,
    serverMessage: Redacted.make(told?.message ?? "", { label: "serverMessage" })
  }
  switch (facts.error) {
    case "Throttled":
    case "ServiceDown":
    case "ServiceFailed":
      return new CloudauthError.answerErrors[facts.error]({ ...fields, retryAfter: retryAfterOf(received) })
    case "ClockSkewed":
      return new CloudauthError.ClockSkewed({ ...fields, skew: skewOf(received) })
    case "UnknownResponseCode":
      return new CloudauthError.UnknownResponseCode({
        ...fields,
        retryAfter: retryAfterOf(received),
        body: textOf(received)
      })
    default:
      return new CloudauthError.answerErrors[facts.error](fields)
  }
}

const textOf = (received: Received): Redacted.Redacted =>
  Redacted.make(body.text(received.body).text, { label: "body" })

/** The error of an answer that says success but is not as documented at `path`. */
export const decodeError = (
  received: Received,
  requestId: string | undefined,
  path: string,
  expected: string,
  advice?: string
): CloudauthError.DecodeError =>
  new CloudauthError.DecodeError({
    ...factsOfAnswer(received, requestId),
    code: "DecodeError",
    advice: advice ?? "The answer did not come from ID Verification, or it has changed: look at body, and report it.",
    path,
    expected,
    body: textOf(received)
  })

/** The error of an answer that says success, but whose result says that the service has not decided (`Passed` is `P`). */
export const pending = (received: Received, requestId: string | undefined): CloudauthError.CloudauthError => {
  const code = "ProcessNotCompleted"
  return errorOf(ResponseCode.facts(code, received.status), code, received, { requestId, code, message: "" })
}

/** The parts of an answer that every operation has. */
export const decodeEnvelope = Schema.decodeUnknownSync(Wire.Envelope)

/** What an answer says of itself. */
const factsOf = ({ fields: { Code, Message, RequestId } }: Wire.Envelope): Facts => {
  return {
    requestId: Wire.readable(RequestId),
    code: Wire.readable(Code),
    message: Wire.readable(Message) ?? ""
  }
}

/** How a response is sorted. */
interface Rules {
  /** Whether a response whose header names another request than its body is an error. */
  readonly isStrict: boolean
  /** The codes that say success; `undefined` for `Success` alone. */
  readonly successCodes: ReadonlyArray<string> | undefined
}

const isSuccess = (code: string | undefined, { successCodes }: Rules): boolean =>
  code !== undefined &&
  (successCodes === undefined
    ? ResponseCode.isSuccess(code)
    : successCodes.some((known) => known.toLowerCase() === code.toLowerCase()))

/** Sorts a response by its code. */
export const classify = (
  received: Received,
  rules: Rules = { isStrict: false, successCodes: undefined }
): Result.Result<Success, CloudauthError.CloudauthError> => {
  const read = body.read(received.body)
  const envelope = read === undefined ? undefined : decodeEnvelope(read.json)
  const told = envelope === undefined ? undefined : factsOf(envelope)
  if (rules.isStrict && isOtherId(told?.requestId, received)) {
    return Result.fail(decodeError(received, told?.requestId, "RequestId", "the id of the header x-acs-request-id"))
  }
  if (read !== undefined && envelope !== undefined && isSuccess(told?.code, rules)) {
    return success(read, envelope, told?.requestId, received)
  }
  // An error's words can look like an image: they are kept whole.
  const whole = read === undefined || read.images.size === 0 ? read : body.readWhole(received.body)
  const facts = whole === undefined ? ofXml(received.body) : whole === read ? told : factsOf(decodeEnvelope(whole.json))
  if (facts?.code !== undefined) {
    return Result.fail(errorOf(ResponseCode.facts(facts.code, received.status), facts.code, received, facts))
  }
  return Result.fail(errorWithoutCode(received, facts))
}

/** The error of an answer that has no code: it came from something between, and the advice says from what. */
const errorWithoutCode = (received: Received, facts: Facts | undefined): CloudauthError.CloudauthError => {
  const source = senderOf(received, facts !== undefined)
  const byStatus = ResponseCode.factsOfStatus(received.status)
  if (byStatus !== undefined) {
    return errorOf({ ...byStatus, advice: source ?? byStatus.advice }, byStatus.error, received, facts)
  }
  return facts === undefined
    ? decodeError(received, undefined, "", expectedObject, source)
    : decodeError(received, facts.requestId, "Code", "text", source)
}

const success = (
  read: body.Body,
  envelope: Wire.Envelope,
  requestId: string | undefined,
  received: Received
): Result.Result<Success, CloudauthError.CloudauthError> =>
  received.status === 200
    ? Result.succeed({ body: read, envelope, requestId, hasOtherId: isOtherId(requestId, received), received })
    : Result.fail(decodeError(received, requestId, "", "HTTP status 200 beside the code Success"))

/** The same response with no image cut out of its bytes. */
export const whole = (success: Success): Success => {
  if (success.body.images.size === 0) return success
  const read = body.readWhole(success.received.body)
  return read === undefined ? success : { ...success, body: read, envelope: decodeEnvelope(read.json) }
}

/** The error of an answer of which a part stands twice, for an operation that has no verdict to be inconclusive. */
export const contradiction = ({ envelope, received, requestId }: Success): CloudauthError.DecodeError | undefined => {
  const [twice] = envelope.source.repeated
  return twice === undefined ? undefined : decodeError(received, requestId, twice, "one value")
}

const encoder = new TextEncoder()

/** The answer whose body was kept. */
export const ofBody = (body: Uint8Array | string): Received => ({
  status: 200,
  headers: {},
  body: [typeof body === "string" ? encoder.encode(body) : body],
  receivedAt: undefined,
  attempt: 0
})
