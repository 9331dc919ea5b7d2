/**
 * What each response code means: which error it becomes, how it is retried and what helps.
 *
 * The codes marked `page` are the vendor's CheckResult page, whole; those marked `gateway` come from the API gateway
 * before the service sees the call. The gateway has more codes than it lists: `forms` says what those mean. The code
 * decides before the HTTP status.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 */

/**
 * How a failure is retried.
 *
 * - `transient`: the network or the service stumbled; the same call may well succeed.
 * - `throttle`: the account is above its quota; wait as long as the server says.
 * - `clock`: this machine's clock is off; correct it from the server's and sign again.
 * - `credentials`: the temporary credential has expired; refresh it and sign again.
 * - `poll`: not a fault, the user has not finished; only `awaitResult` asks again.
 * - `never`: asking again cannot help.
 *
 * @category models
 * @since 0.1.0
 */
export type RetryClass = "transient" | "throttle" | "clock" | "credentials" | "poll" | "never"

/**
 * The facts of one code, as the table holds them.
 *
 * @category models
 * @since 0.1.0
 */
export interface Facts {
  /** The `_tag` of the error that this code becomes. */
  readonly error: ErrorTag
  /** The HTTP status that the vendor documents for the code. */
  readonly status: number
  readonly retry: RetryClass
  /** The vendor's meaning of the code. */
  readonly meaning: string
  /** What to do about it. */
  readonly advice: string
  readonly source: "page" | "gateway"
}

/**
 * What an error means for the caller, whatever its code.
 *
 * - `retryable`: the same call may succeed later.
 * - `throttling`: the account is above its quota.
 * - `auth`: the account, its key or its permission is at fault: every call fails until it is corrected.
 * - `usersTurn`: the user has not finished. Not a fault.
 *
 * @category models
 * @since 0.1.0
 */
export type Category = "retryable" | "throttling" | "auth" | "usersTurn"

/**
 * What is true of every error with one tag.
 *
 * @category models
 * @since 0.1.0
 */
export interface Kind {
  /** The HTTP status that a backend answers with when a call ends with this error. */
  readonly httpApiStatus: number
  readonly categories: ReadonlyArray<Category>
}

/**
 * The errors that a response code can become, by tag.
 *
 * @category constants
 * @since 0.1.0
 */
export const errors = {
  MissingParameter: { httpApiStatus: 400, categories: [] },
  InvalidParameter: { httpApiStatus: 400, categories: [] },
  TransactionIdInvalid: { httpApiStatus: 404, categories: [] },
  RamUserAccessDenied: { httpApiStatus: 500, categories: ["auth"] },
  AccountAccessDenied: { httpApiStatus: 500, categories: ["auth"] },
  Throttled: { httpApiStatus: 429, categories: ["retryable", "throttling"] },
  ProcessNotCompleted: { httpApiStatus: 409, categories: ["usersTurn"] },
  ServiceFailed: { httpApiStatus: 502, categories: ["retryable"] },
  SignatureRejected: { httpApiStatus: 500, categories: ["auth"] },
  InvalidAccessKey: { httpApiStatus: 500, categories: ["auth"] },
  SecurityTokenExpired: { httpApiStatus: 500, categories: ["auth"] },
  ClockSkewed: { httpApiStatus: 500, categories: ["auth"] },
  ServiceDown: { httpApiStatus: 503, categories: ["retryable"] },
  UnknownResponseCode: { httpApiStatus: 502, categories: [] }
} as const satisfies Record<string, Kind>

/**
 * The tag of an error that a response code can become.
 *
 * @category models
 * @since 0.1.0
 */
export type ErrorTag = keyof typeof errors

const throttle = {
  error: "Throttled",
  retry: "throttle",
  meaning: "API request is blocked due to throttling.",
  advice: "Stay below the account's QPS quota (a QPS limiter helps), or ask the vendor for a larger one."
} as const

const skew = {
  error: "ClockSkewed",
  status: 400,
  retry: "clock",
  meaning: "The request's date is too far from the server's.",
  advice: "Synchronise this machine's clock (NTP). The client corrects the skew once from the server's Date header.",
  source: "gateway"
} as const

const badSignature = {
  error: "SignatureRejected",
  status: 400,
  retry: "never",
  meaning: "The signature was not accepted.",
  advice: "Check that the access key secret belongs to the access key id, and that no proxy changes the request.",
  source: "gateway"
} as const

const unsupported = {
  error: "InvalidParameter",
  retry: "never",
  meaning: "The gateway does not know this action, version or method at this endpoint.",
  advice: "Check that the endpoint is a cloudauth-intl endpoint of a region that offers ID Verification.",
  source: "gateway"
} as const

/**
 * The table: code → facts. Compared without case.
 *
 * @category constants
 * @since 0.1.0
 */
export const table = {
  MissingParameter: {
    error: "MissingParameter",
    status: 400,
    retry: "never",
    meaning: "Parameter cannot be empty.",
    advice: "Give every required parameter: merchantBizId and transactionId.",
    source: "page"
  },
  InvalidParameter: {
    error: "InvalidParameter",
    status: 400,
    retry: "never",
    meaning: "Invalid parameter.",
    advice: "Compare the request with the vendor's page; the server's own words are in serverMessage.",
    source: "page"
  },
  TransactionIdInvalid: {
    error: "TransactionIdInvalid",
    status: 400,
    retry: "never",
    meaning: "Invalid Transaction ID.",
    advice:
      "Use the transaction id that Initialize returned and your server stored, in the same region, within 30 days; never one from the user's device.",
    source: "page"
  },
  "Forbidden.RAMUserAccessDenied": {
    error: "RamUserAccessDenied",
    status: 403,
    retry: "never",
    meaning: "The RAM user has no permission for ID Verification.",
    advice: "Grant the RAM user the AliyunAntCloudAuthFullAccess permission.",
    source: "page"
  },
  "Forbidden.AccountAccessDenied": {
    error: "AccountAccessDenied",
    status: 403,
    retry: "never",
    meaning: "ID Verification is not activated, or a payment is overdue.",
    advice: "Activate ID Verification in the console and settle overdue payments.",
    source: "page"
  },
  "Throttling.Api": { ...throttle, status: 403, source: "page" },
  ProcessNotCompleted: {
    error: "ProcessNotCompleted",
    status: 404,
    retry: "poll",
    meaning: "The entire authentication process is not completed.",
    advice: "The user has not finished; ask again later (awaitResult does) or wait for the callback.",
    source: "page"
  },
  InternalError: {
    error: "ServiceFailed",
    status: 500,
    retry: "transient",
    meaning: "Internal system error.",
    advice: "Try again later; if it stays, give the request id to the vendor's support.",
    source: "page"
  },
  Throttling: { ...throttle, status: 400, source: "gateway" },
  "Throttling.User": { ...throttle, status: 400, source: "gateway" },
  ServiceUnavailable: {
    error: "ServiceDown",
    status: 503,
    retry: "transient",
    meaning: "The service is temporarily unavailable.",
    advice: "Try again later; if it stays, look at the vendor's status page.",
    source: "gateway"
  },
  SignatureDoesNotMatch: badSignature,
  IncompleteSignature: badSignature,
  SignatureNonceUsed: {
    ...badSignature,
    retry: "transient",
    meaning: "The signature's nonce was used before.",
    advice:
      "Every attempt has its own nonce, so something sent this request twice: an HttpClient that repeats requests (such as `retryTransient`), or a proxy."
  },
  "InvalidTimeStamp.Expired": skew,
  IllegalTimestamp: skew,
  "InvalidAccessKeyId.NotFound": {
    error: "InvalidAccessKey",
    status: 404,
    retry: "never",
    meaning: "The access key id does not exist.",
    advice: "Check the access key id, and that it belongs to the international site's account.",
    source: "gateway"
  },
  "InvalidAccessKeyId.Inactive": {
    error: "InvalidAccessKey",
    status: 403,
    retry: "never",
    meaning: "The access key is disabled.",
    advice: "Enable the access key in the RAM console, or use another.",
    source: "gateway"
  },
  "InvalidSecurityToken.Expired": {
    error: "SecurityTokenExpired",
    status: 403,
    retry: "credentials",
    meaning: "The temporary credential has expired.",
    advice: "Use credentials that refresh themselves (Credentials.layerRefreshing); the client refreshes once.",
    source: "gateway"
  },
  "InvalidSecurityToken.Malformed": {
    error: "InvalidAccessKey",
    status: 400,
    retry: "never",
    meaning: "The security token is malformed, or belongs to another access key.",
    advice: "Give the access key id, the secret and the security token of the same temporary credential.",
    source: "gateway"
  },
  "InvalidAction.NotFound": { ...unsupported, status: 404 },
  InvalidVersion: { ...unsupported, status: 400 },
  UnsupportedHTTPMethod: { ...unsupported, status: 405 }
} as const satisfies Record<string, Facts>

/**
 * A code of the table.
 *
 * @category models
 * @since 0.1.0
 */
export type Known = keyof typeof table

const byLowerCase = new Map<string, Facts>(Object.entries(table).map(([code, facts]) => [code.toLowerCase(), facts]))

/**
 * Whether a `Code` says that the call succeeded. The verdict is elsewhere: see `CheckResult.verdict`.
 *
 * @category guards
 * @since 0.1.0
 */
export const isSuccess = (code: string): boolean => code.toLowerCase() === "success"

/**
 * What the code of a failure says by its form, if the table does not have it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Form {
  /** Words that the code must all hold, as letters only: compared without case, dots, dashes and underscores. */
  readonly words: ReadonlyArray<string>
  /** The HTTP statuses at which the form counts; `undefined` for all. */
  readonly statuses?: ReadonlyArray<number> | undefined
  readonly facts: Omit<Facts, "status" | "source">
}

const denied = {
  error: "RamUserAccessDenied",
  retry: "never",
  meaning: "The account, RAM user or role may not make this call.",
  advice:
    "Grant the RAM user or role the AliyunAntCloudAuthFullAccess permission. If it has it, look for a policy that denies the call or this machine's address, and whether ID Verification is activated."
} as const

const deniedAt = (word: string): Form => ({ words: [word], statuses: [401, 403], facts: denied })

const wrongKey = {
  error: "InvalidAccessKey",
  retry: "never",
  meaning: "The access key was not accepted.",
  advice: "Check that the access key exists, is enabled, and belongs to the international site's account."
} as const

/**
 * What codes mean that the table does not have. The first form that fits decides.
 *
 * @category constants
 * @since 0.1.0
 */
export const forms: ReadonlyArray<Form> = [
  deniedAt("Forbidden"),
  deniedAt("NoPermission"),
  deniedAt("Denied"),
  deniedAt("Authorized"),
  deniedAt("Authorised"),
  { words: ["SecurityToken", "Expired"], facts: table["InvalidSecurityToken.Expired"] },
  { words: ["SecurityToken"], facts: table["InvalidSecurityToken.Malformed"] },
  { words: ["AccessKey"], facts: wrongKey },
  { words: ["TimeStamp"], facts: table.IllegalTimestamp },
  { words: ["Signature", "Nonce"], facts: table.SignatureNonceUsed },
  { words: ["Signature"], facts: badSignature }
]

const lettersOf = (text: string): string => text.toLowerCase().replace(/[^a-z]/g, "")

const plainForms = forms.map((form) => ({ ...form, words: form.words.map(lettersOf) }))

const factsOfForm = (code: string, status: number): Facts | undefined => {
  const letters = lettersOf(code)
  const form = plainForms.find(
    ({ statuses, words }) => statuses?.includes(status) !== false && words.every((word) => letters.includes(word))
  )
  return form === undefined ? undefined : { ...form.facts, status, source: "gateway" }
}

/** A code of a failed service. */
const factsOfFailure = (status: number): Facts => ({
  ...(status === 503 ? table.ServiceUnavailable : table.InternalError),
  status,
  source: "gateway"
})

/**
 * The facts of a code: those of the table, or else of its form (`forms`). A code that starts with `Throttling` is
 * throttling, whatever its status; any other one with a status of 5xx is a fault of the service. What is left becomes
 * `UnknownResponseCode`.
 *
 * @example
 * import * as ResponseCode from "@effect-cloudauth/core/ResponseCode"
 *
 * ResponseCode.facts("ProcessNotCompleted", 404).retry // => "poll"
 * ResponseCode.facts("Throttling.Something", 200).error // => "Throttled"
 * ResponseCode.facts("NoPermission", 403).error // => "RamUserAccessDenied"
 *
 * @category getters
 * @since 0.1.0
 */
export const facts = (code: string, status: number): Facts => {
  const lower = code.toLowerCase()
  const known = byLowerCase.get(lower)
  if (known !== undefined) return known
  // `Throttled` and `ServiceDown` stand for answers that had no code.
  if (lower === "servicedown") return { ...table.ServiceUnavailable, status }
  if (lower === "throttled" || lower.startsWith("throttling")) return { ...throttle, status, source: "gateway" }
  return factsOfForm(code, status) ?? (status >= 500 ? factsOfFailure(status) : unknown(status))
}

const unknown = (status: number): Facts => ({
  error: "UnknownResponseCode",
  status,
  retry: "never",
  meaning: "A response code that this version does not know.",
  advice: "Look the code up in the vendor's documentation; the raw answer is in body.",
  source: "gateway"
})

/**
 * The facts of an answer without a readable code (an HTML page of a proxy, an empty body), by its status alone;
 * `undefined` if a body with a code was due.
 *
 * @category getters
 * @since 0.1.0
 */
export const factsOfStatus = (status: number): Facts | undefined => {
  if (status === 429) return { ...throttle, status, source: "gateway" }
  if (status >= 500) return { ...table.ServiceUnavailable, status }
  if (status >= 200 && status < 300) return undefined
  return {
    error: "UnknownResponseCode",
    status,
    retry: "never",
    meaning: "An answer without a response code: it did not come from the service.",
    advice: "Look for a proxy or a wrong endpoint between this machine and the service; the raw answer is in body.",
    source: "gateway"
  }
}
