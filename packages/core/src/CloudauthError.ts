/**
 * Everything that can go wrong with a call, one class each, catchable by tag.
 *
 * Every error has the same facts: the response `code` (or the error's own name where no server spoke), `httpStatus`,
 * `requestId`, the `attempts` made and an `advice` that can be acted on. Text that came from the server may hold
 * anything, so it is `Redacted`: it never shows in a message or a log, and `Redacted.value` reveals it.
 *
 * @example
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import * as Effect from "effect/Effect"
 *
 * const program = Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb0000" }).pipe(
 *   Effect.catchTags({
 *     ProcessNotCompleted: () => Effect.succeed("remind the user"),
 *     TransactionIdInvalid: () => Effect.succeed("start again")
 *   })
 * )
 */
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as ResponseCode from "./ResponseCode.ts"

const common = {
  /** The response code, or the error's own name where no server answered. */
  code: Schema.String,
  /** The HTTP status of the answer, where there was one. */
  httpStatus: Schema.UndefinedOr(Schema.Int),
  /** The vendor's id of the request, for its support. */
  requestId: Schema.UndefinedOr(Schema.String),
  /** How many times the request was sent, 0 where it never was. */
  attempts: Schema.Int,
  /** What the operator or the developer should do. It is no text for the user. */
  advice: Schema.String
}

const answered = {
  ...common,
  /** The server's own words, as they came. */
  serverMessage: Schema.Redacted(Schema.String)
}

interface Common {
  readonly _tag: string
  readonly code: string
  readonly httpStatus: number | undefined
  readonly requestId: string | undefined
  readonly attempts: number
  readonly advice: string
}

const describe = (error: Common, what?: string): string => {
  const facts = [
    error.code === error._tag ? undefined : `code ${error.code}`,
    error.httpStatus === undefined ? undefined : `HTTP ${error.httpStatus}`,
    error.requestId === undefined ? undefined : `request ${error.requestId}`,
    error.attempts === 0 ? "not sent" : `${error.attempts} attempt${error.attempts === 1 ? "" : "s"}`
  ].filter((fact) => fact !== undefined)
  return `${error._tag}${what === undefined ? "" : `: ${what}`} (${facts.join(", ")}). ${error.advice}`
}

const meaning = (error: Common): string => ResponseCode.facts(error.code, error.httpStatus ?? 0).meaning

/** 400: a required parameter is missing. */
export class MissingParameter extends Schema.TaggedError<MissingParameter>()("MissingParameter", answered) {
  override get message(): string {
    return describe(this, meaning(this))
  }
}

/** 400: the service refused a parameter's value. */
export class InvalidParameter extends Schema.TaggedError<InvalidParameter>()("InvalidParameter", answered) {
  override get message(): string {
    return describe(this, meaning(this))
  }
}

/** 400: the service does not know the transaction id. */
export class TransactionIdInvalid extends Schema.TaggedError<TransactionIdInvalid>()("TransactionIdInvalid", answered) {
  override get message(): string {
    return describe(this, meaning(this))
  }
}

/** 403: the RAM user lacks the permission. */
export class RamUserAccessDenied extends Schema.TaggedError<RamUserAccessDenied>()("RamUserAccessDenied", answered) {
  override get message(): string {
    return describe(this, meaning(this))
  }
}

/** 403: ID Verification is not activated, or a payment is overdue. */
export class AccountAccessDenied extends Schema.TaggedError<AccountAccessDenied>()("AccountAccessDenied", answered) {
  override get message(): string {
    return describe(this, meaning(this))
  }
}

/** The account is above its QPS quota; the retries of the throttle schedule are used up. */
export class Throttled extends Schema.TaggedError<Throttled>()("Throttled", {
  ...answered,
  /** How long the server asks to wait, in milliseconds, where it says so (`x-acs-retry-after`). */
  retryAfter: Schema.UndefinedOr(Schema.Finite)
}) {
  override get message(): string {
    return describe(this, meaning(this))
  }
}

/** 404, or 200 with `Passed` `P`: the user has not finished. A state, not a fault. */
export class ProcessNotCompleted extends Schema.TaggedError<ProcessNotCompleted>()("ProcessNotCompleted", answered) {
  override get message(): string {
    return describe(this, meaning(this))
  }
}

/** 500: the service failed. */
export class InternalError extends Schema.TaggedError<InternalError>()("InternalError", answered) {
  override get message(): string {
    return describe(this, meaning(this))
  }
}

/** The gateway did not accept the signature. */
export class SignatureRejected extends Schema.TaggedError<SignatureRejected>()("SignatureRejected", answered) {
  override get message(): string {
    return describe(this, meaning(this))
  }
}

/** The access key does not exist, is disabled, or does not fit its security token. */
export class InvalidAccessKey extends Schema.TaggedError<InvalidAccessKey>()("InvalidAccessKey", answered) {
  override get message(): string {
    return describe(this, meaning(this))
  }
}

/** The temporary credential has expired, and the refreshed one, too. */
export class SecurityTokenExpired extends Schema.TaggedError<SecurityTokenExpired>()("SecurityTokenExpired", answered) {
  override get message(): string {
    return describe(this, meaning(this))
  }
}

/** The request's date is too far from the server's, even after correcting it. */
export class ClockSkewed extends Schema.TaggedError<ClockSkewed>()("ClockSkewed", {
  ...answered,
  /** The server's clock minus this machine's, in milliseconds, where the answer carried a date. */
  skew: Schema.UndefinedOr(Schema.Finite)
}) {
  override get message(): string {
    return describe(this, meaning(this))
  }
}

/** 503, or a 5xx answer that did not come from the service. */
export class ServiceUnavailable extends Schema.TaggedError<ServiceUnavailable>()("ServiceUnavailable", answered) {
  override get message(): string {
    return describe(this, meaning(this))
  }
}

/** An answer with a code that this version does not know, or with none. */
export class UnknownResponseCode extends Schema.TaggedError<UnknownResponseCode>()("UnknownResponseCode", {
  ...answered,
  /** The answer as it came. */
  body: Schema.Redacted(Schema.String)
}) {
  override get message(): string {
    return describe(this, meaning(this))
  }
}

/** The request did not reach the server, or the answer did not arrive whole. */
export class TransportError extends Schema.TaggedError<TransportError>()("TransportError", {
  ...common,
  /** What failed, in words that carry no part of the request: an error code such as `ECONNRESET`, or a class name. */
  reason: Schema.String,
  /** The transport's own error. It may quote the signed request: reveal with care. */
  underlying: Schema.Redacted(Schema.Unknown)
}) {
  override get message(): string {
    return describe(this, this.reason)
  }
}

/** An attempt, or the whole call with its waits, took too long. */
export class TimeoutError extends Schema.TaggedError<TimeoutError>()("TimeoutError", {
  ...common,
  /** Which limit ran out: one attempt's, or the whole call's. */
  limit: Schema.Literals(["attempt", "deadline"]),
  /** The limit, in milliseconds. */
  after: Schema.Finite
}) {
  override get message(): string {
    return describe(this, `the ${this.limit === "attempt" ? "attempt" : "call"} took longer than ${this.after} ms`)
  }
}

/** The answer said success but is not what the vendor's page describes. */
export class DecodeError extends Schema.TaggedError<DecodeError>()("DecodeError", {
  ...common,
  /** Where in the answer, for example `Result.ExtIdInfo`; empty for the whole. */
  path: Schema.String,
  /** What was expected there. */
  expected: Schema.String,
  /** The answer as it came, as far as it was read. */
  body: Schema.Redacted(Schema.String)
}) {
  override get message(): string {
    return describe(this, `expected ${this.expected} at ${this.path === "" ? "the top of the answer" : this.path}`)
  }
}

/** No credential could be had. */
export class CredentialsError extends Schema.TaggedError<CredentialsError>()("CredentialsError", {
  ...common,
  /** Why, without any secret: each source that was tried and why it did not serve. */
  reason: Schema.String,
  /** The underlying error, where there was one. */
  underlying: Schema.UndefinedOr(Schema.Redacted(Schema.Unknown))
}) {
  override get message(): string {
    return describe(this, this.reason)
  }
}

/** A value that the caller gave is wrong. Nothing was sent. */
export class InvalidRequest extends Schema.TaggedError<InvalidRequest>()("InvalidRequest", {
  ...common,
  /** Which value, for example `merchantBizId` or `url`. */
  path: Schema.String,
  /** The rule that it breaks. */
  rule: Schema.String
}) {
  override get message(): string {
    return describe(this, `${this.path} must be ${this.rule}`)
  }
}

/** The errors that a response code can become, by tag. */
export const answerErrors = {
  MissingParameter,
  InvalidParameter,
  TransactionIdInvalid,
  RamUserAccessDenied,
  AccountAccessDenied,
  Throttled,
  ProcessNotCompleted,
  InternalError,
  SignatureRejected,
  InvalidAccessKey,
  SecurityTokenExpired,
  ClockSkewed,
  ServiceUnavailable,
  UnknownResponseCode
} as const satisfies Record<ResponseCode.ErrorTag, unknown>

/** The schema of every error, for sending errors over a wire or storing them. */
export const CloudauthError = Schema.Union([
  ...Object.values(answerErrors),
  TransportError,
  TimeoutError,
  DecodeError,
  CredentialsError,
  InvalidRequest
])

/** An error that `checkResult` or `awaitResult` can end with. */
export type CloudauthError =
  | InstanceType<(typeof answerErrors)[ResponseCode.ErrorTag]>
  | TransportError
  | TimeoutError
  | DecodeError
  | CredentialsError
  | InvalidRequest

/** How an error is retried: by its code where a server answered, by its kind otherwise. */
export const retryClass = (error: CloudauthError): ResponseCode.RetryClass => {
  switch (error._tag) {
    case "TransportError":
      return "transient"
    case "TimeoutError":
      return error.limit === "attempt" ? "transient" : "never"
    case "DecodeError":
    case "CredentialsError":
    case "InvalidRequest":
      return "never"
    case "ServiceUnavailable":
      return "transient"
    case "Throttled":
      return "throttle"
    default:
      return ResponseCode.facts(error.code, error.httpStatus ?? 0).retry
  }
}

/** An `InvalidRequest` for a value that the caller gave. */
export const invalidRequest = (path: string, rule: string): InvalidRequest =>
  new InvalidRequest({
    code: "InvalidRequest",
    httpStatus: undefined,
    requestId: undefined,
    attempts: 0,
    advice: "Correct the value; nothing was sent.",
    path,
    rule
  })

/** A `CredentialsError` with a reason that names no secret. */
export const credentialsError = (reason: string, underlying?: unknown): CredentialsError =>
  new CredentialsError({
    code: "CredentialsError",
    httpStatus: undefined,
    requestId: undefined,
    attempts: 0,
    advice:
      "Give credentials: set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or choose another Credentials layer.",
    reason,
    underlying: underlying === undefined ? undefined : Redacted.make(underlying, { label: "cause" })
  })

/** Whether a value is a `CredentialsError`. */
export const isCredentialsError = Schema.is(CredentialsError)
