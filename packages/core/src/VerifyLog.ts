/**
 * Why a user did not finish: the operation CheckVerifyLog. The vendor does not bill it. It has nothing of a person's,
 * but needs the client's SDK (1.2.6 or later; the web's newest), whose reports come late: ask when the user's 30 minutes
 * are over, and within 30 days.
 *
 * The names are those of the vendor's page and SDK model (2022-08-09). Two things could not be confirmed: whether
 * ID_OCR journeys have all of these fields, and which unit `pageMillis` has (the size of the vendor's example says
 * milliseconds).
 *
 * @example
 * import * as VerifyLog from "@effect-cloudauth/core/VerifyLog"
 * import * as Effect from "effect/Effect"
 *
 * const program = VerifyLog.check({ merchantBizId: "order1", transactionId: "hksb0000" }).pipe(
 *   Effect.map((log) => (log.status === "Finished" ? "finished" : (VerifyLog.reasonOf(log)?.meaning ?? "unknown")))
 * )
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/authentication-log-query-interface
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Cloudauth } from "./Cloudauth.ts"
import type { CallOptions } from "./Cloudauth.ts"
import type * as CloudauthError from "./CloudauthError.ts"
import { printable } from "./internal/decode/serverText.ts"
import { hidden } from "./internal/errorClass.ts"
import { answerWith } from "./internal/operation/answerWith.ts"
import * as MerchantBizId from "./MerchantBizId.ts"
import * as Operation from "./Operation.ts"
import * as TransactionId from "./TransactionId.ts"
import * as Wire from "./Wire.ts"

/**
 * What the service is asked. Both ids must be of the same transaction.
 *
 * @category models
 * @since 0.1.0
 */
export interface Request {
  readonly merchantBizId: MerchantBizId.Input
  readonly transactionId: TransactionId.Input
}

/**
 * How far the user came. `NotReported`: the answer does not say, or says something new.
 *
 * @category models
 * @since 0.1.0
 */
export const Status = Schema.Literals(["Finished", "Interrupted", "NotStarted", "NotReported"])
export type Status = typeof Status.Type

/** A word that a page or a code is; anything else of the answer stays in `raw`. */
const Word = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_]{1,40}$/u))

/**
 * What the client's SDK reported of a user's way. It holds no person's data and can be encoded as it is; the log's
 * lines and the raw answer are never encoded.
 *
 * @category models
 * @since 0.1.0
 */
export const VerifyLog = Schema.Struct({
  /** The vendor's id of the request, for its support. */
  requestId: Schema.UndefinedOr(Schema.String).annotate({
    description: "The vendor's id of the request, for its support."
  }),
  status: Status.annotate({ description: "How far the user came." }),
  /** Why it ended, as a code such as `1006`: see `reasonOf`. */
  errorCode: Schema.UndefinedOr(Word).annotate({ description: "Why it ended, as a code such as 1006: see reasonOf." }),
  /** The page on which it ended, such as `OCR_SCAN`. */
  page: Schema.UndefinedOr(Word).annotate({ description: "The page on which it ended, such as OCR_SCAN." }),
  /** Whether the check was passed. The verdict of `checkResult` decides, never this. */
  passed: Schema.UndefinedOr(Schema.Boolean).annotate({
    description: "Whether the check was passed. The verdict of checkResult decides, never this."
  }),
  subCode: Schema.UndefinedOr(Word).annotate({ description: "The sub code of the check, if the log names one." }),
  /** How long each page was shown, in milliseconds. */
  pageMillis: Schema.Record(Word, Schema.Finite).annotate({
    description: "How long each page was shown, in milliseconds."
  }),
  /** Whether the user refused the camera for the document. */
  cameraRefused: Schema.UndefinedOr(Schema.Boolean).annotate({
    description: "Whether the user refused the camera for the document."
  }),
  /** How often the user edited what was read. */
  edits: Schema.UndefinedOr(Schema.Finite).annotate({ description: "How often the user edited what was read." }),
  /** `ocrOverTimes`: how often capturing the document went over its limit. */
  captureLimits: Schema.UndefinedOr(Schema.Finite).annotate({
    description: "ocrOverTimes: how often capturing the document went over its limit."
  }),
  /** The lines of the SDK's log, in English if there are such. Their content is not documented. Absent after decoding. */
  log: hidden(Schema.Array(Schema.String)),
  /** The whole answer, unknown keys included. Absent after decoding. */
  raw: hidden(Schema.Record(Schema.String, Schema.Unknown))
})
export interface VerifyLog extends Schema.Schema.Type<typeof VerifyLog> {}

/**
 * What an error code means, and what to do about it. No text for the user.
 *
 * @category models
 * @since 0.1.0
 */
export interface Reason {
  readonly meaning: string
  readonly advice: string
}

const camera: Reason = {
  meaning: "The camera could not be used: no permission, or none there.",
  advice: "Explain before the journey why the camera is needed, and offer another device."
}

const clock: Reason = {
  meaning: "The device's clock is off, so the SDK could not start.",
  advice: "Ask the user to set the device's time automatically."
}

/**
 * The error codes of the vendor's SDK model.
 *
 * @category constants
 * @since 0.1.0
 */
export const reasons = {
  "1000": { meaning: "The user finished and passed.", advice: "Collect the result by checkResult." },
  "1001": { meaning: "The user finished and did not pass.", advice: "Collect the result by checkResult." },
  "1002": { meaning: "The platform failed.", advice: "Begin again; if it stays, give the request id to support." },
  "1003": clock,
  "1004": camera,
  "1005": { meaning: "The user's network failed.", advice: "Offer to begin again, on a better connection." },
  "1006": { meaning: "The user left.", advice: "Look at the page on which it ended, and offer to begin again." },
  "1007": {
    meaning: "The transaction id was not valid.",
    advice: "Check that the client got the id or URL of a new Initialize, and uses it once."
  },
  "1009": clock,
  "1011": {
    meaning: "The user showed another kind of document.",
    advice: "Say which document is needed, or choose docType by what the user has."
  },
  "1012": {
    meaning: "Fields of the document were missing or malformed.",
    advice: "Ask for a picture of the whole document, without reflections."
  },
  "1013": { meaning: "The picture was too poor.", advice: "Ask for light, a steady hand and the whole document." },
  "1014": { meaning: "The user failed too often.", advice: "Offer another way, for example a person who looks." },
  "1015": { meaning: "The device's Android is too old.", advice: "Offer another device or the web page." },
  "1016": camera,
  "9999": { meaning: "The journey seems to have been broken off.", advice: "Offer to begin again." }
} as const satisfies Readonly<Record<string, Reason>>

const byCode = new Map<string, Reason>(Object.entries(reasons))

/**
 * What a log's error code means; `undefined` for none, or a new one.
 *
 * @category getters
 * @since 0.1.0
 */
export const reasonOf = ({ errorCode }: Pick<VerifyLog, "errorCode">): Reason | undefined => byCode.get(errorCode ?? "")

/**
 * Asks for the log of a transaction. It only reads, so it is retried as CheckResult is.
 *
 * @category operations
 * @since 0.1.0
 */
export const check = (
  request: Request,
  options?: CallOptions
): Effect.Effect<VerifyLog, CloudauthError.CloudauthError, Cloudauth> =>
  Effect.map(Cloudauth.call(operation(), request, options), ofAnswer)

/** Not made by the import: few programs need it. */
const operation = () =>
  Operation.make({
    action: "CheckVerifyLog",
    // The brands are marks of the type alone.
    request: RequestSchema as unknown as Schema.Codec<Request, Operation.Parameters>,
    result: answer,
    reads: "Answer",
    rules: { merchantBizId: MerchantBizId.rule, transactionId: TransactionId.rule },
    retry: "repeatable"
  })

const RequestSchema = Schema.Struct({
  merchantBizId: MerchantBizId.MerchantBizId,
  transactionId: TransactionId.TransactionId
}).pipe(Schema.encodeKeys({ merchantBizId: "MerchantBizId", transactionId: "TransactionId" }))

const answer = answerWith(
  Wire.object({
    VerifyStatus: Wire.Text,
    VerifyErrorCode: Wire.Text,
    InterruptPage: Wire.Text,
    InterruptPageEn: Wire.Text,
    Passed: Wire.YesOrNo,
    SubCode: Wire.Text,
    LogInfo: Wire.Texts,
    LogInfoEn: Wire.Texts,
    LogStatisticsInfo: Wire.NestedJson(
      Wire.object({
        hasOcrPermissionRefuse: Wire.Text,
        ocrEditTimes: Wire.Text,
        ocrOverTimes: Wire.Text,
        pageStayTimeInfo: Wire.NestedJson(Wire.DocumentFields)
      })
    )
  })
)

const statuses = new Map<string, Status>([
  ["0", "Finished"],
  ["finished", "Finished"],
  ["1", "Interrupted"],
  ["unfinished", "Interrupted"],
  ["2", "NotStarted"],
  ["notstart", "NotStarted"]
])

const ofAnswer = ({ fields: { RequestId, Result }, source }: typeof answer.Type): VerifyLog => {
  const result = Wire.readable(Result)
  const fields = result?.fields
  const statistics = Wire.readable(fields?.LogStatisticsInfo)?.fields
  const requestId = Wire.readable(RequestId)
  const log = Wire.readable(fields?.LogInfoEn) ?? Wire.readable(fields?.LogInfo)
  return {
    requestId: requestId === undefined ? undefined : printable(requestId),
    status: statuses.get(Wire.readable(fields?.VerifyStatus)?.toLowerCase() ?? "") ?? "NotReported",
    errorCode: wordOf(fields?.VerifyErrorCode),
    page: wordOf(fields?.InterruptPageEn),
    passed: Wire.readable(fields?.Passed),
    subCode: wordOf(fields?.SubCode),
    pageMillis: millisOf(Wire.readable(statistics?.pageStayTimeInfo) ?? {}),
    cameraRefused: flagOf(statistics?.hasOcrPermissionRefuse),
    edits: countOf(statistics?.ocrEditTimes),
    captureLimits: countOf(statistics?.ocrOverTimes),
    log: log === undefined ? undefined : Redacted.make(log, { label: "log" }),
    raw: Redacted.make<Readonly<Record<string, unknown>>>(
      { ...source.raw, Result: result?.source.raw },
      { label: "raw" }
    )
  }
}

type Text = string | Wire.Unreadable | undefined

const isWord = Schema.is(Word)

const wordOf = (text: Text): string | undefined => {
  const word = Wire.readable(text)
  return isWord(word) ? word : undefined
}

const flagOf = (text: Text): boolean | undefined => (text === "true" ? true : text === "false" ? false : undefined)

const countOf = (text: Text): number | undefined => {
  const digits = Wire.readable(text) ?? ""
  return /^\d{1,9}$/.test(digits) ? Number(digits) : undefined
}

const millisOf = (times: Wire.Json): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(times).flatMap(([page, time]) => {
      const millis = countOf(typeof time === "number" ? String(time) : typeof time === "string" ? time : undefined)
      return isWord(page) && millis !== undefined ? [[page, millis] as const] : []
    })
  )
