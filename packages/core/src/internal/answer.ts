/**
 * An answer of the service: its status, headers and bytes → a success or a typed error. The response code decides
 * before the HTTP status.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 */
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as CloudauthError from "../CloudauthError.ts"
import * as ResponseCode from "../ResponseCode.ts"
import * as answerText from "./answerText.ts"
import * as envelope from "./envelope.ts"

/** What arrived. */
export interface Answer {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The body's pieces, as they came. */
  readonly body: ReadonlyArray<Uint8Array>
  /** This machine's clock when the answer arrived, in milliseconds since 1970. */
  readonly receivedAt: number
  /** Which attempt this answers, counted from 1. */
  readonly attempt: number
}

/** An answer whose code says success. */
export interface Success {
  readonly envelope: envelope.Envelope
  readonly answer: Answer
}

/** Server text that may stand in a message: an id or a code, nothing longer and nothing else. */
const identifier = (text: string): string => text.replace(/[^A-Za-z0-9._:-]/g, "?").slice(0, 100)

const xmlText = (xml: string, name: string): string | undefined =>
  new RegExp(`<${name}>([^<]{0,1000})</${name}>`, "i").exec(xml)?.[1]

interface Facts {
  readonly requestId: string | undefined
  readonly code: string | undefined
  readonly message: string
}

const ofXml = (body: Answer["body"]): Facts | undefined => {
  const head = answerText.text(body).text.slice(0, 16_384)
  return /<Error[\s>]/i.test(head)
    ? {
        requestId: xmlText(head, "RequestId"),
        code: xmlText(head, "Code"),
        message: xmlText(head, "Message") ?? ""
      }
    : undefined
}

const retryAfter = (headers: Answer["headers"]): number | undefined => {
  const milliseconds = headers["x-acs-retry-after"]
  if (milliseconds !== undefined && /^\d{1,9}$/.test(milliseconds)) return Number(milliseconds)
  const seconds = headers["retry-after"]
  return seconds !== undefined && /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1000 : undefined
}

/** A century in milliseconds: no clock is off by more, and dates near the end of time can't be signed. */
const largestSkew = 100 * 365 * 86_400_000

const skew = (answer: Answer): number | undefined => {
  const skew = Date.parse(answer.headers["date"] ?? "") - answer.receivedAt
  return Math.abs(skew) <= largestSkew ? skew : undefined
}

/** The id in the body, or else the gateway's own header. */
export const requestIdOf = (told: string | undefined, { headers }: Pick<Answer, "headers">): string | undefined => {
  const id = told ?? headers["x-acs-request-id"]
  return id === undefined ? undefined : identifier(id)
}

const errorOf = (facts: ResponseCode.Facts, code: string, answer: Answer, told: Facts | undefined) => {
  const fields = {
    code: identifier(code),
    httpStatus: answer.status,
    requestId: requestIdOf(told?.requestId, answer),
    attempts: answer.attempt,
    advice: facts.advice,
    serverMessage: Redacted.make(told?.message ?? "", { label: "serverMessage" })
  }
  switch (facts.error) {
    case "Throttled":
      return new CloudauthError.Throttled({ ...fields, retryAfter: retryAfter(answer.headers) })
    case "ClockSkewed":
      return new CloudauthError.ClockSkewed({ ...fields, skew: skew(answer) })
    case "UnknownResponseCode":
      return new CloudauthError.UnknownResponseCode({ ...fields, body: textOf(answer) })
    default:
      return new CloudauthError.answerErrors[facts.error](fields)
  }
}

const textOf = (answer: Answer): Redacted.Redacted =>
  Redacted.make(answerText.text(answer.body).text, { label: "body" })

/** The error of an answer that says success but is not as documented at `path`. */
export const decodeError = (
  answer: Answer,
  requestId: string | undefined,
  path: string,
  expected: string
): CloudauthError.DecodeError =>
  new CloudauthError.DecodeError({
    code: "DecodeError",
    httpStatus: answer.status,
    requestId: requestIdOf(requestId, answer),
    attempts: answer.attempt,
    advice: "The answer did not come from ID Verification, or it has changed: look at body, and report it.",
    path,
    expected,
    body: textOf(answer)
  })

/** The error of an answer that says success, but whose result says that the user has not finished (`Passed` is `P`). */
export const pending = (answer: Answer, requestId: string | undefined): CloudauthError.CloudauthError => {
  const code = "ProcessNotCompleted"
  return errorOf(ResponseCode.facts(code, answer.status), code, answer, { requestId, code, message: "" })
}

/** An error's words may look like a photograph: only a success is read by the fast way. */
const readEnvelope = (body: Answer["body"]): envelope.Envelope | undefined => {
  const read = envelope.read(body)
  return read === undefined || read.cuts.length === 0 || (read.code !== undefined && ResponseCode.isSuccess(read.code))
    ? read
    : envelope.readGeneral(body)
}

/** Sorts an answer by its code: a success goes on, everything else is its typed error. */
export const classify = (answer: Answer): Result.Result<Success, CloudauthError.CloudauthError> => {
  const read = readEnvelope(answer.body)
  const told: Facts | undefined = read ?? ofXml(answer.body)
  if (told?.code === undefined || told.code === "") {
    const facts = ResponseCode.factsOfStatus(answer.status)
    return Result.fail(
      facts === undefined
        ? decodeError(
            answer,
            told?.requestId,
            told === undefined ? "" : "Code",
            told === undefined ? "a JSON object, at most 100 levels deep" : "text"
          )
        : errorOf(facts, facts.error, answer, told)
    )
  }
  return read !== undefined && ResponseCode.isSuccess(told.code)
    ? Result.succeed({ envelope: read, answer })
    : Result.fail(errorOf(ResponseCode.facts(told.code, answer.status), told.code, answer, told))
}

const encoder = new TextEncoder()

/** The answer whose body was kept. */
export const ofBody = (body: Uint8Array | string): Answer => ({
  status: 200,
  headers: {},
  body: [typeof body === "string" ? encoder.encode(body) : body],
  receivedAt: 0,
  attempt: 0
})
