/**
 * Everything that can go wrong with a call, one class each, catchable by tag.
 *
 * Every error has the same facts: the response `code` (or the error's own name if no server answered), `httpStatus`,
 * `requestId`, `contentType`, the `attempts` made and an `advice`. Server text is `Redacted`, because it can contain personal data: it
 * never shows in a message or a log, and no schema encodes it. `Redacted.value` reveals it.
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
import { dual } from "effect/Function"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { hidden, taggedError, withoutStack } from "./internal/errorClass.ts"
import * as ResponseCode from "./ResponseCode.ts"
import * as Transport from "./Transport.ts"

export { hidden } from "./internal/errorClass.ts"

const common = {
  /** The response code, or the error's own name if no server answered. */
  code: Schema.String.annotate({ description: "The response code, or the error's own name if no server answered." }),
  /** The HTTP status of the answer, if there was one. */
  httpStatus: Schema.UndefinedOr(Schema.Int).annotate({
    description: "The HTTP status of the answer, if there was one."
  }),
  /** The vendor's id of the request, for its support. */
  requestId: Schema.UndefinedOr(Schema.String).annotate({
    description: "The vendor's id of the request, for its support."
  }),
  /** The media type of the answer, such as `text/html`, if its headers arrived. */
  contentType: Schema.optional(
    Schema.String.annotate({ description: "The media type of the answer, such as text/html, if its headers arrived." })
  ),
  /** How many times the request was sent; 0 if it never was. */
  attempts: Schema.Int.annotate({ description: "How many times the request was sent; 0 if it never was." }),
  /** What the operator or the developer should do. It is no text for the user. */
  advice: Schema.String.annotate({
    description: "What the operator or the developer should do. It is no text for the user."
  })
}

const retryAfter = Schema.optional(
  Schema.Finite.annotate({ description: "How long the server asks to wait, in milliseconds, if it says so." })
)

const startedAt = Schema.Finite.annotate({ description: "When the transaction began, in milliseconds since 1970." })

const answered = {
  ...common,
  /** The server's own words, as they came. Absent after decoding. */
  serverMessage: hidden(Schema.String)
}

interface Common {
  readonly _tag: string
  readonly code: string
  readonly httpStatus: number | undefined
  readonly requestId: string | undefined
  readonly contentType?: string | undefined
  readonly attempts: number
  readonly advice: string
}

/** The media type that the service's answers have: nothing to mention. */
const jsonType = "application/json"

const describe = (error: Common, what: string): string => {
  const facts = [
    error.code === error._tag ? undefined : `code ${error.code}`,
    error.httpStatus === undefined ? undefined : `HTTP ${error.httpStatus}`,
    error.contentType === undefined || error.contentType === jsonType ? undefined : error.contentType,
    error.requestId === undefined ? undefined : `request ${error.requestId}`,
    error.attempts === 0 ? "not sent" : `${error.attempts} attempt${error.attempts === 1 ? "" : "s"}`
  ].filter((fact) => fact !== undefined)
  const [first = "", ...more] = what.split("\n")
  // A logger writes the error's name before its message, so the tag is not repeated here.
  return [`${first.replace(/\.$/, "")} (${facts.join(", ")}).`, ...more, ...error.advice.split("\n")].join("\n  ")
}

/** The class of the errors that an answer with a response code becomes. */
const answerError =
  <Self>() =>
  <const Tag extends ResponseCode.ErrorTag, const Fields extends Schema.Struct.Fields = {}>(tag: Tag, more?: Fields) =>
    taggedError<Self>()(
      tag,
      // Nothing more to say is no more fields.
      { ...answered, ...(more as Fields) },
      ResponseCode.errors[tag].httpApiStatus,
      (error: Common) => describe(error, ResponseCode.facts(error.code, error.httpStatus ?? 0).meaning)
    )

/** The errors that the client itself raises, by tag. */
const ownErrors = {
  TransportError: { httpApiStatus: 502, categories: ["retryable"] },
  ProxyRefused: { httpApiStatus: 502, categories: [] },
  CallTimeout: { httpApiStatus: 504, categories: ["retryable"] },
  DecodeError: { httpApiStatus: 502, categories: [] },
  CredentialsError: { httpApiStatus: 500, categories: ["auth"] },
  InvalidRequest: { httpApiStatus: 400, categories: [] },
  TransactionAbandoned: { httpApiStatus: 410, categories: ["usersTurn"] },
  TransactionExpired: { httpApiStatus: 410, categories: ["usersTurn"] }
} as const satisfies Record<string, ResponseCode.Kind>

const ownError =
  <Self>() =>
  <const Tag extends keyof typeof ownErrors, const Fields extends Schema.Struct.Fields>(
    tag: Tag,
    more: Fields,
    what: (error: Common & Schema.Struct.Type<Fields>) => string
  ) =>
    taggedError<Self>()(
      tag,
      { ...common, ...more },
      ownErrors[tag].httpApiStatus,
      (error: Common & Schema.Struct.Type<Fields>) => describe(error, what(error))
    )

/**
 * 400: a required parameter is missing.
 *
 * @category errors
 * @since 0.1.0
 */
export class MissingParameter extends answerError<MissingParameter>()("MissingParameter") {}

/**
 * 400: the service refused a parameter's value.
 *
 * @category errors
 * @since 0.1.0
 */
export class InvalidParameter extends answerError<InvalidParameter>()("InvalidParameter") {}

/**
 * 400: the service does not know the transaction id.
 *
 * @category errors
 * @since 0.1.0
 */
export class TransactionIdInvalid extends answerError<TransactionIdInvalid>()("TransactionIdInvalid") {}

/**
 * 403: the RAM user lacks the permission.
 *
 * @category errors
 * @since 0.1.0
 */
export class RamUserAccessDenied extends answerError<RamUserAccessDenied>()("RamUserAccessDenied") {}

/**
 * 403: ID Verification is not activated, or a payment is overdue.
 *
 * @category errors
 * @since 0.1.0
 */
export class AccountAccessDenied extends answerError<AccountAccessDenied>()("AccountAccessDenied") {}

/**
 * The account is above its QPS quota; the retries of the throttle schedule are used up.
 *
 * @category errors
 * @since 0.1.0
 */
export class Throttled extends answerError<Throttled>()("Throttled", {
  /** How long the server asks to wait, in milliseconds, if it says so (`x-acs-retry-after`, `Retry-After`). */
  retryAfter: Schema.UndefinedOr(Schema.Finite).annotate({
    description: "How long the server asks to wait, in milliseconds, if it says so (x-acs-retry-after, Retry-After)."
  })
}) {}

/**
 * There is no result yet: the user has not finished (404), or the service has not decided (200, `Passed` is `P`). A state,
 * not a fault.
 *
 * @category errors
 * @since 0.1.0
 */
export class ProcessNotCompleted extends answerError<ProcessNotCompleted>()("ProcessNotCompleted") {}

/**
 * 500: the service failed.
 *
 * @category errors
 * @since 0.1.0
 */
export class ServiceFailed extends answerError<ServiceFailed>()("ServiceFailed", {
  /** How long the server asks to wait, in milliseconds, if it says so. */
  retryAfter
}) {}

/**
 * The gateway did not accept the signature.
 *
 * @category errors
 * @since 0.1.0
 */
export class SignatureRejected extends answerError<SignatureRejected>()("SignatureRejected") {}

/**
 * The access key does not exist, is disabled, or does not fit its security token.
 *
 * @category errors
 * @since 0.1.0
 */
export class InvalidAccessKey extends answerError<InvalidAccessKey>()("InvalidAccessKey") {}

/**
 * The temporary credential has expired, and the refreshed one, too.
 *
 * @category errors
 * @since 0.1.0
 */
export class SecurityTokenExpired extends answerError<SecurityTokenExpired>()("SecurityTokenExpired") {}

/**
 * The request's date is too far from the server's, even after correcting it.
 *
 * @category errors
 * @since 0.1.0
 */
export class ClockSkewed extends answerError<ClockSkewed>()("ClockSkewed", {
  /** The server's clock minus this machine's, in milliseconds, if the answer carried a date. */
  skew: Schema.UndefinedOr(Schema.Finite).annotate({
    description: "The server's clock minus this machine's, in milliseconds, if the answer carried a date."
  })
}) {}

/**
 * 503, or a 5xx answer that did not come from the service.
 *
 * @category errors
 * @since 0.1.0
 */
export class ServiceDown extends answerError<ServiceDown>()("ServiceDown", {
  /** How long the server asks to wait, in milliseconds, if it says so. */
  retryAfter
}) {}

/**
 * An answer with a code that this version does not know, or with none.
 *
 * @category errors
 * @since 0.1.0
 */
export class UnknownResponseCode extends answerError<UnknownResponseCode>()("UnknownResponseCode", {
  /** How long the server asks to wait, in milliseconds, if it says so. */
  retryAfter,
  /** The answer as it came. Absent after decoding. */
  body: hidden(Schema.String)
}) {}

/**
 * The request did not reach the server, or the answer did not arrive whole.
 *
 * @category errors
 * @since 0.1.0
 */
export class TransportError extends ownError<TransportError>()(
  "TransportError",
  {
    /** What failed, in words that carry no part of the request: an error code such as `ECONNRESET`, or a class name. */
    reason: Schema.String.annotate({
      description:
        "What failed, in words that carry no part of the request: an error code such as ECONNRESET, or a class name."
    }),
    /** How far the request had come. In `queue` and `connect` it was not sent. */
    phase: Transport.Phase.annotate({
      description: "How far the request had come. In queue and connect it was not sent."
    }),
    /** Whether the connection had carried a request before: then the server may have closed it in the meantime. */
    isReusedConnection: Schema.Boolean.annotate({
      description:
        "Whether the connection had carried a request before: then the server may have closed it in the meantime."
    }),
    /** The transport's own error. It may quote the signed request: reveal with care. Absent after decoding. */
    underlying: hidden(Schema.Unknown)
  },
  (error) => error.reason
) {}

/**
 * A proxy did not open the way to the service; nothing reached the service. It is retried if the proxy says 502, 503 or
 * 504, and never otherwise: further attempts with a wrong password can lock an account.
 *
 * @category errors
 * @since 0.1.0
 */
export class ProxyRefused extends ownError<ProxyRefused>()(
  "ProxyRefused",
  {
    /** The status that the proxy answered, for example 407. */
    status: Schema.Int.annotate({ description: "The status that the proxy answered, for example 407." }),
    /** The proxy's host and port. */
    proxy: Schema.String.annotate({ description: "The proxy's host and port." })
  },
  (error) => `the proxy ${error.proxy} refused with status ${error.status}`
) {}

/**
 * What a call waited for when its time was over. In the phases before `headers` the attempt had not been sent.
 *
 * - `queue`: its turn in the account's quota, or a free connection.
 * - `credential`: an access key.
 * - `connect`: a new connection.
 * - `headers`, `body`: the answer, or the rest of it.
 * - `backoff`: the wait before a retry.
 *
 * @category models
 * @since 0.1.0
 */
export const Phase = Schema.Literals(["queue", "credential", "connect", "headers", "body", "backoff"])

/**
 * What a call waited for when its time was over.
 *
 * @category models
 * @since 0.1.0
 */
export type Phase = typeof Phase.Type

/**
 * What the call waited for, in words.
 *
 * @category models
 * @since 0.1.0
 */
export const waits: Readonly<Record<Phase, string>> = {
  queue: "its turn to be sent",
  credential: "a credential",
  connect: "a connection",
  headers: "the answer",
  body: "the rest of the answer",
  backoff: "its next retry"
}

/** What a queue was like when it refused a call. */
const Queue = Schema.Struct({
  /** How many calls waited already. */
  waiting: Schema.Number.pipe(Schema.annotateKey({ description: "How many calls waited already." })),
  /** How long this one would have waited, in milliseconds, as far as can be told. */
  wait: Schema.Number.pipe(
    Schema.annotateKey({ description: "How long this one would have waited, in milliseconds, as far as can be told." })
  )
})

/**
 * An attempt, or the whole call with its waits, took too long. `phase` names what the time was spent on. A call that
 * could not get its turn before the deadline is refused at once: then `queue` says how long the queue is.
 *
 * @category errors
 * @since 0.1.0
 */
export class CallTimeout extends ownError<CallTimeout>()(
  "CallTimeout",
  {
    /** Which limit ran out: one attempt's, or the whole call's. */
    limit: Schema.Literals(["attempt", "deadline"]).annotate({
      description: "Which limit ran out: one attempt's, or the whole call's."
    }),
    /** The limit, in milliseconds. */
    after: Schema.Finite.annotate({ description: "The limit, in milliseconds." }),
    /** What the call was waiting for: `queue`, `credential`, `connect`, `headers`, `body` or `backoff`. */
    phase: Phase.annotate({
      description: "What the call was waiting for: queue, credential, connect, headers, body or backoff."
    }),
    /** How many calls wait (`waiting`) and how long (`wait`, milliseconds), if the call was refused without waiting. */
    queue: Schema.optionalKey(
      Queue.annotate({
        description:
          "How many calls wait (waiting) and how long (wait, milliseconds), if the call was refused without waiting."
      })
    )
  },
  ({ after, limit, phase, queue }) =>
    queue === undefined
      ? `the ${limit === "attempt" ? "attempt" : "call"} took longer than ${after} ms; it was waiting for ${waits[phase]}`
      : `${queue.waiting} calls wait already, so this one's turn would come in ${Math.round(queue.wait)} ms, after its limit of ${after} ms`
) {}

/**
 * The answer said success but is not what the vendor's page describes.
 *
 * @category errors
 * @since 0.1.0
 */
export class DecodeError extends ownError<DecodeError>()(
  "DecodeError",
  {
    /** The path in the answer, for example `Result.ExtIdInfo`; empty for the whole. */
    path: Schema.String.annotate({
      description: "The path in the answer, for example Result.ExtIdInfo; empty for the whole."
    }),
    /** What was expected there. */
    expected: Schema.String.annotate({ description: "What was expected there." }),
    /** The answer as it came, as far as it was read. Absent after decoding. */
    body: hidden(Schema.String)
  },
  (error) => `expected ${error.expected} at ${error.path === "" ? "the top of the answer" : error.path}`
) {}

/**
 * No credential could be had.
 *
 * @category errors
 * @since 0.1.0
 */
export class CredentialsError extends ownError<CredentialsError>()(
  "CredentialsError",
  {
    /** Why, without any secret: each source that was tried and why it did not serve. */
    reason: Schema.String.annotate({
      description: "Why, without any secret: each source that was tried and why it did not serve."
    }),
    /**
     * Whether a later call may not meet it: the source fails or does not answer now, as a vault that is down. `false` for
     * what someone must set right: a key that is missing or malformed, or that the client refuses.
     */
    isTransient: Schema.Boolean.annotate({
      description:
        "Whether a later call may not meet it: the source fails or does not answer now, as a vault that is down. false for what someone must set right: a key that is missing or malformed, or that the client refuses."
    }),
    /** The underlying error, if there was one. Absent after decoding. */
    underlying: hidden(Schema.Unknown)
  },
  (error) => error.reason
) {}

/**
 * A value that the caller gave is wrong. Nothing was sent.
 *
 * @category errors
 * @since 0.1.0
 */
export class InvalidRequest extends ownError<InvalidRequest>()(
  "InvalidRequest",
  {
    /** Which value, for example `merchantBizId`, `url` or `retry.deadline`. */
    path: Schema.String.annotate({ description: "Which value, for example merchantBizId, url or retry.deadline." }),
    /** The rule that it breaks. */
    rule: Schema.String.annotate({ description: "The rule that it breaks." }),
    /** The valid key that is most like an unknown one. */
    nearest: Schema.optionalKey(
      Schema.String.annotate({ description: "The valid key that is most like an unknown one." })
    )
  },
  (error) => `${error.path} must be ${error.rule}`
) {}

/**
 * The user did not finish within the 30 minutes that a transaction lives. Begin a new one. It is known only if the call
 * knows when the transaction began (`Expectation.startedAt`, which a stored call has).
 *
 * @category errors
 * @since 0.1.0
 */
export class TransactionAbandoned extends ownError<TransactionAbandoned>()(
  "TransactionAbandoned",
  {
    /** When the transaction began, in milliseconds since 1970. */
    startedAt
  },
  () => "the user did not finish in time"
) {}

/**
 * The vendor has deleted the result: it keeps one for 30 days. Nothing was sent.
 *
 * @category errors
 * @since 0.1.0
 */
export class TransactionExpired extends ownError<TransactionExpired>()(
  "TransactionExpired",
  {
    /** When the transaction began, in milliseconds since 1970. */
    startedAt
  },
  () => "the result is no longer kept"
) {}

/**
 * The errors that a response code can become, by tag.
 *
 * @category constants
 * @since 0.1.0
 */
export const answerErrors = {
  MissingParameter,
  InvalidParameter,
  TransactionIdInvalid,
  RamUserAccessDenied,
  AccountAccessDenied,
  Throttled,
  ProcessNotCompleted,
  ServiceFailed,
  SignatureRejected,
  InvalidAccessKey,
  SecurityTokenExpired,
  ClockSkewed,
  ServiceDown,
  UnknownResponseCode
} as const satisfies Record<ResponseCode.ErrorTag, unknown>

/**
 * The schema of every error, for sending errors over a wire or storing them. Encoded, an error has its code, HTTP
 * status, request id, attempts and advice; the server's words, the answer's body and causes stay in this process, as
 * properties of the error. An `HttpApi` takes one status from each schema, so give it the members (the union
 * alone answers 500 to every error):
 *
 * @example
 * import * as CloudauthError from "@effect-cloudauth/core/CloudauthError"
 * import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
 *
 * // ProcessNotCompleted is 409, Throttled 429, TransportError 502 …
 * HttpApiEndpoint.get("status", "/verifications/:id", { error: CloudauthError.CloudauthError.members })
 *
 * @category models
 * @since 0.1.0
 */
export const CloudauthError = Schema.Union([
  ...Object.values(answerErrors),
  TransportError,
  ProxyRefused,
  CallTimeout,
  DecodeError,
  CredentialsError,
  InvalidRequest,
  TransactionAbandoned,
  TransactionExpired
])

/** An error that `checkResult` or `awaitResult` can end with. */
export type CloudauthError =
  | (typeof answerErrors)[ResponseCode.ErrorTag]["prototype"]
  | TransportError
  | ProxyRefused
  | CallTimeout
  | DecodeError
  | CredentialsError
  | InvalidRequest
  | TransactionAbandoned
  | TransactionExpired

/**
 * How an error is retried: by its code if a server answered, by its kind otherwise.
 *
 * @category getters
 * @since 0.1.0
 */
export const retryClass = (error: CloudauthError): ResponseCode.RetryClass => {
  switch (error._tag) {
    case "TransportError":
      return "transient"
    case "ProxyRefused":
      return isPassing(error.status) ? "transient" : "never"
    case "CallTimeout":
      return error.limit === "attempt" ? "transient" : "never"
    case "DecodeError":
    case "CredentialsError":
    case "InvalidRequest":
    case "TransactionAbandoned":
    case "TransactionExpired":
      return "never"
    case "ServiceDown":
      return "transient"
    case "Throttled":
      return "throttle"
    default:
      return ResponseCode.facts(error.code, error.httpStatus ?? 0).retry
  }
}

/**
 * Whether the attempt that failed had been sent. `false` if it was still waiting for its turn, a credential or a
 * connection: the service has not seen it.
 *
 * @category guards
 * @since 0.1.0
 */
export const wasSent = (error: CloudauthError): boolean => {
  switch (error._tag) {
    case "CredentialsError":
    case "ProxyRefused":
    case "InvalidRequest":
    case "TransactionExpired":
      return false
    case "TransportError":
    case "CallTimeout":
      return error.phase === "headers" || error.phase === "body"
    default:
      return true
  }
}

/**
 * What an error means for the caller: whether the same call may succeed later, whose turn it is.
 *
 * @example
 * import * as CloudauthError from "@effect-cloudauth/core/CloudauthError"
 *
 * CloudauthError.categories(CloudauthError.credentialsError("no key")) // => ["auth"]
 *
 * @category getters
 * @since 0.1.0
 */
export const categories = (error: CloudauthError): ReadonlyArray<ResponseCode.Category> => {
  const ofTag: ReadonlyArray<ResponseCode.Category> = kinds[error._tag].categories
  const isRetried = retryClass(error) === "transient" || (error._tag === "CredentialsError" && error.isTransient)
  return isRetried && !ofTag.includes("retryable") ? ["retryable", ...ofTag] : ofTag
}

/** Whether a proxy's status says that the same request may pass later. */
const isPassing = (status: number): boolean => status === 502 || status === 503 || status === 504

const kinds: Readonly<Record<CloudauthError["_tag"], ResponseCode.Kind>> = { ...ResponseCode.errors, ...ownErrors }

/**
 * Whether an error is of a category.
 *
 * @category guards
 * @since 0.1.0
 */
export const isOf: {
  (category: ResponseCode.Category): (error: CloudauthError) => boolean
  (error: CloudauthError, category: ResponseCode.Category): boolean
} = dual(2, (error: CloudauthError, category: ResponseCode.Category): boolean => categories(error).includes(category))

/**
 * An `InvalidRequest` for a value that the caller gave.
 *
 * @category constructors
 * @since 0.1.0
 */
export const invalidRequest = (path: string, rule: string, nearest?: string): InvalidRequest =>
  new InvalidRequest({
    code: "InvalidRequest",
    httpStatus: undefined,
    requestId: undefined,
    attempts: 0,
    advice: "Correct the value; nothing was sent.",
    path,
    rule,
    ...(nearest === undefined ? {} : { nearest })
  })

/** What to do about a call whose time was over, by what it waited for. */
const timeoutAdvice: Readonly<Record<Phase, string>> = {
  queue:
    "Too many calls wait for the quota or for connections: begin fewer at once, raise connections or the deadline, or ask for a larger quota.",
  credential: "Look at what supplies the access key (a vault, a metadata service, load), or raise the deadline.",
  connect: "Check the network, the proxy and the endpoint, or raise the deadline.",
  headers: "Try again later, or raise attemptTimeout and deadline in the retry policy.",
  body: "Raise attemptTimeout and deadline in the retry policy, or ask without images if they are not needed.",
  backoff: "The waits between retries took the rest of the time: try again later, or raise the deadline."
}

/**
 * A `CallTimeout` for a call that waited in `phase` when its time was over.
 *
 * @category constructors
 * @since 0.1.0
 */
export const callTimeout = (
  facts: Pick<CallTimeout, "limit" | "after" | "phase" | "attempts"> &
    Partial<Pick<CallTimeout, "queue" | "httpStatus" | "requestId" | "contentType">>
): CallTimeout =>
  new CallTimeout({
    code: "CallTimeout",
    httpStatus: undefined,
    requestId: undefined,
    ...facts,
    advice: timeoutAdvice[facts.phase]
  })

const keyAdvice =
  "Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or choose another Credentials layer.\nTo try without a key, run npx @effect-cloudauth/emulator and set what it prints."

/**
 * A `CredentialsError` that someone must set right. The reason names no secret.
 *
 * @category constructors
 * @since 0.1.0
 */
export const credentialsError = (reason: string, underlying?: unknown, advice: string = keyAdvice): CredentialsError =>
  withoutStack(
    new CredentialsError({
      code: "CredentialsError",
      httpStatus: undefined,
      requestId: undefined,
      attempts: 0,
      advice,
      reason,
      isTransient: false,
      underlying: hiddenCause(underlying)
    })
  )

/**
 * A `CredentialsError` of a source that fails or does not answer now. The reason names no secret.
 *
 * @category constructors
 * @since 0.1.0
 */
export const credentialsUnavailable = (reason: string, underlying?: unknown): CredentialsError =>
  withoutStack(
    new CredentialsError({
      code: "CredentialsError",
      httpStatus: undefined,
      requestId: undefined,
      attempts: 0,
      advice: "Look at what supplies the access key: a vault, a metadata service, load. The next call asks it again.",
      reason,
      isTransient: true,
      underlying: hiddenCause(underlying)
    })
  )

const hiddenCause = (cause: unknown): Redacted.Redacted<unknown> | undefined =>
  cause === undefined ? undefined : Redacted.make(cause, { label: "cause" })

/**
 * Whether a value is a `CredentialsError`.
 *
 * @category guards
 * @since 0.1.0
 */
export const isCredentialsError = Schema.is(CredentialsError)
