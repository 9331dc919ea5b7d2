/**
 * What a call shows to traces and metrics: facts about it, never a person's data, a key, a signature or a nonce.
 *
 * Spans go to Effect's `Tracer`. Metrics and logs come from an `Observer`, a plain object that receives what happened;
 * `@effect-cloudauth/otel` has one for OpenTelemetry.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Fiber } from "effect/Fiber"
import type { CloudauthError } from "./CloudauthError.ts"
import type { CheckResult } from "./CheckResult.ts"
import type * as Document from "./Document.ts"
import { quietly } from "./internal/quietly.ts"
import { dayMillis, retentionMillis } from "./internal/retention.ts"
import { suppressed, suppressing } from "./internal/suppressed.ts"
import type { RetryClass } from "./ResponseCode.ts"

/**
 * The names of the spans.
 *
 * @category models
 * @since 0.1.0
 */
export const SpanName = {
  /** Asking until the user has finished. */
  awaitResult: "Cloudauth.awaitResult",
  /** One operation, with its retries. */
  checkResult: "Cloudauth.checkResult",
  /** One Initialize, with its retries. */
  initialize: "Cloudauth.initialize",
  /** One DeleteVerifyResult, which is sent once: `Deletion`. */
  deleteVerifyResult: "Cloudauth.deleteVerifyResult",
  /** One CheckVerifyLog, with its retries: `VerifyLog`. */
  checkVerifyLog: "Cloudauth.checkVerifyLog",
  /** One HTTP request and its answer. */
  attempt: "Cloudauth.attempt",
  /** A credential is fetched again. */
  refreshCredential: "Cloudauth.refreshCredential"
} as const

/**
 * The names of the events on spans.
 *
 * @category models
 * @since 0.1.0
 */
export const EventName = {
  /** A retry is about to be waited for. */
  retry: "cloudauth.retry",
  /** The quota, or a rate limiter, made the call wait. */
  limiterWait: "cloudauth.limiter.wait",
  /** The attempt waited for a credential that another call was fetching. */
  credentialWait: "cloudauth.credential.wait"
} as const

/**
 * The names of the attributes on spans, events, logs and metrics: OpenTelemetry's where its semantic conventions (1.45)
 * have one, else under `cloudauth.`, and one that is Effect's. `@effect-cloudauth/otel/Attributes` says what each means and when it is there.
 *
 * @category models
 * @since 0.1.0
 */
export const Attribute = {
  rpcSystemName: "rpc.system.name",
  rpcMethod: "rpc.method",
  rpcStatusCode: "rpc.status_code",
  cloudProvider: "cloud.provider",
  cloudRegion: "cloud.region",
  serverAddress: "server.address",
  serverPort: "server.port",
  httpRequestMethod: "http.request.method",
  httpRequestResendCount: "http.request.resend_count",
  httpResponseStatusCode: "http.response.status_code",
  httpResponseBodySize: "http.response.body.size",
  networkProtocolVersion: "network.protocol.version",
  urlFull: "url.full",
  errorType: "error.type",
  interrupted: "effect.fiber.interrupted",
  attempts: "cloudauth.attempts",
  billed: "cloudauth.billed",
  credentialRefresh: "cloudauth.credential.refresh",
  credentialWait: "cloudauth.credential.wait",
  decodeDuration: "cloudauth.decode.duration",
  document: "cloudauth.document",
  imageBytes: "cloudauth.image.bytes",
  limiterWait: "cloudauth.limiter.wait",
  merchantBizId: "cloudauth.merchant_biz_id",
  outcome: "cloudauth.outcome",
  phase: "cloudauth.phase",
  quotaShare: "cloudauth.quota.share",
  quotaWaiting: "cloudauth.quota.waiting",
  requestId: "cloudauth.request_id",
  responseCode: "cloudauth.response.code",
  retryClass: "cloudauth.retry.class",
  retryDelay: "cloudauth.retry.delay",
  spoofBack: "cloudauth.spoof.back",
  spoofFront: "cloudauth.spoof.front",
  subCode: "cloudauth.sub_code",
  transactionId: "cloudauth.transaction_id",
  verdict: "cloudauth.verdict",
  warningPath: "cloudauth.warning.path",
  warnings: "cloudauth.warnings",
  spanId: "span_id",
  traceId: "trace_id"
} as const

/**
 * How one attempt ended.
 *
 * @category models
 * @since 0.1.0
 */
export interface AttemptFacts {
  /** Counted from 1, with those that were not sent. */
  readonly attempt: number
  /** Whether the request was sent: `false` if it was still waiting for its turn, a credential or a connection. */
  readonly isSent: boolean
  /** Milliseconds, waits included, to the last byte. */
  readonly duration: number
  /** The HTTP status, if a response came. */
  readonly httpStatus: number | undefined
  /** The size of the answer in bytes, if one came. */
  readonly responseBytes: number | undefined
  readonly error: CloudauthError | undefined
}

/**
 * A retry that is about to be waited for.
 *
 * @category models
 * @since 0.1.0
 */
export interface RetryFacts {
  readonly class: RetryClass
  /** Milliseconds. */
  readonly delay: number
  /** The attempt that failed, counted from 1. */
  readonly attempt: number
  readonly error: CloudauthError
}

/**
 * A place under the account's quota that an attempt has got.
 *
 * @category models
 * @since 0.1.0
 */
export interface QuotaFacts {
  /** How long the attempt waited for its place, in milliseconds. */
  readonly waited: number
  /** How many calls wait behind it. */
  readonly waiting: number
  /** The part of the quota that the last second has used: 1 is all of it. */
  readonly share: number
}

/**
 * How a whole operation ended.
 *
 * @category models
 * @since 0.1.0
 */
export interface OperationFacts {
  /** The action, for example `CheckResult`. */
  readonly action: string
  /** Milliseconds, retries and their waits included. */
  readonly duration: number
  /** How many requests were sent. */
  readonly attempts: number
  /** `failed` for errors and defects alike. */
  readonly end: "succeeded" | "failed" | "interrupted"
  /** The result of a check, or `undefined` where the call failed, was interrupted, or was no check. */
  readonly result: CheckResult<Document.Reading> | undefined
  /** The error, or `undefined` if it succeeded or was interrupted. */
  readonly error: CloudauthError | undefined
}

/**
 * Receives what happens. Runs on the calling fiber, so it must be quick. What it throws is dropped.
 *
 * @category models
 * @since 0.1.0
 */
export interface Observer {
  readonly operationStarted: () => void
  readonly operationEnded: (facts: OperationFacts) => void
  readonly attemptEnded: (facts: AttemptFacts) => void
  readonly retryScheduled: (facts: RetryFacts) => void
  /** An answer was decoded; milliseconds. */
  readonly decoded: (duration: number, result: CheckResult<Document.Reading> | undefined) => void
  /** An attempt got its place under the account's quota. */
  readonly quotaTaken: (facts: QuotaFacts) => void
  /** The quota, or a rate limiter in front of the transport, made an attempt wait; milliseconds. */
  readonly limiterWaited: (duration: number) => void
  /** A credential was fetched again. */
  readonly credentialRefreshed: (duration: number, succeeded: boolean) => void
  /** A result was fetched so many days before the service forgets it; told by those who know when it came to be. */
  readonly resultFetched?: ((daysLeft: number) => void) | undefined
}

const nothing = () => {}

/**
 * An observer that receives some events and ignores the rest.
 *
 * @example
 * import * as Telemetry from "@effect-cloudauth/core/Telemetry"
 *
 * let throttles = 0
 * const observer = Telemetry.makeObserver({
 *   attemptEnded: ({ error }) => {
 *     if (error?._tag === "Throttled") throttles += 1
 *   }
 * })
 *
 * @category constructors
 * @since 0.1.0
 */
export const makeObserver = (told: Partial<Observer>): Observer => ({
  operationStarted: nothing,
  operationEnded: nothing,
  attemptEnded: nothing,
  retryScheduled: nothing,
  decoded: nothing,
  quotaTaken: nothing,
  limiterWaited: nothing,
  credentialRefreshed: nothing,
  ...told
})

/** The observer in force; none by default. */
export const Observer = Context.Reference<Observer | undefined>("@effect-cloudauth/core/Telemetry/Observer", {
  defaultValue: () => undefined
})

/**
 * Which ids spans carry. They lead to a person, so the default is none.
 *
 * @category models
 * @since 0.1.0
 */
export interface SpanIds {
  /** `plain`, or a keyed hash by the function given; `undefined` for none. */
  readonly transform: ((id: string) => string) | undefined
}

/** Which ids spans carry: none by default, so that no trace leads to a person. */
export const SpanIds = Context.Reference<SpanIds>("@effect-cloudauth/core/Telemetry/SpanIds", {
  defaultValue: () => ({ transform: undefined })
})

/**
 * Whether `traceparent` is sent along. Off by default: the service is a third party, and the header tells it which of
 * its calls belong together.
 *
 * @category getters
 * @since 0.1.0
 */
export const PropagateTrace = Context.Reference<boolean>("@effect-cloudauth/core/Telemetry/PropagateTrace", {
  defaultValue: () => false
})

/**
 * Whether instrumentation of the process (OpenTelemetry's for undici and `node:http`) sees the client's requests.
 *
 * | value | what happens |
 * |---|---|
 * | `hidden` | it does not: its spans would carry the ids of the query, and it would send its headers to the vendor |
 * | `nested` | it does, below the attempt's span |
 *
 * Sentry and dd-trace see the requests all the same: the client logs a warning that says what to tell them.
 *
 * @category references
 * @since 0.1.0
 */
export const TransportInstrumentation = Context.Reference<"hidden" | "nested">(
  "@effect-cloudauth/core/Telemetry/TransportInstrumentation",
  { defaultValue: () => "hidden" }
)

/**
 * Runs a function where the process's OpenTelemetry neither makes spans nor adds headers. For a transport that sends
 * requests, whose URLs hold ids. Does nothing if the process has no OpenTelemetry.
 *
 * @example
 * import * as Telemetry from "@effect-cloudauth/core/Telemetry"
 *
 * const answer = Telemetry.suppressTracing(() => fetch("http://127.0.0.1:4010/?TransactionId=hksb0000"))
 *
 * @category operations
 * @since 0.1.0
 */
export const suppressTracing = suppressed

/**
 * Hides the requests of an effect from the process's OpenTelemetry, as `suppressTracing` does. Spans of Effect's are
 * kept, and what follows the effect is traced again.
 *
 * @example
 * import * as Telemetry from "@effect-cloudauth/core/Telemetry"
 * import * as Effect from "effect/Effect"
 *
 * const answer = Telemetry.withoutInstrumentation(
 *   Effect.tryPromise((signal) => fetch("http://127.0.0.1:4010/?TransactionId=hksb0000", { signal }))
 * )
 *
 * @category operations
 * @since 0.1.0
 */
export const withoutInstrumentation = suppressing

/**
 * Tells the observer and the current span that a rate limiter has made an attempt wait, in milliseconds. For code that
 * puts a limiter in front of the transport.
 *
 * @example
 * import * as Telemetry from "@effect-cloudauth/core/Telemetry"
 *
 * const told = Telemetry.limiterWaited(250)
 *
 * @category getters
 * @since 0.1.0
 */
export const limiterWaited = (duration: number): Effect.Effect<void> =>
  Effect.withFiber((fiber) => {
    const observer = fiber.getRef(Observer)
    if (observer !== undefined) quietly(() => observer.limiterWaited(duration))
    showWait(fiber, EventName.limiterWait, Attribute.limiterWait, duration)
    return Effect.void
  })

/**
 * Tells the current span that its attempt has waited for a credential that another call was fetching, in milliseconds.
 * For code that implements `Credentials` with a single flight; the fetch itself is a span of the call that began it.
 *
 * @example
 * import * as Telemetry from "@effect-cloudauth/core/Telemetry"
 *
 * const told = Telemetry.credentialWaited(80)
 *
 * @category getters
 * @since 0.1.0
 */
export const credentialWaited = (duration: number): Effect.Effect<void> =>
  Effect.withFiber((fiber) => {
    showWait(fiber, EventName.credentialWait, Attribute.credentialWait, duration)
    return Effect.void
  })

const showWait = (fiber: Fiber<unknown, unknown>, event: string, attribute: string, duration: number): void => {
  const span = fiber.cache.span
  if (span?._tag !== "Span" || !span.sampled) return
  quietly(() => span.event(event, fiber.getRef(Clock.Clock).currentTimeNanosUnsafe(), { [attribute]: duration / 1000 }))
}

/**
 * Tells the observer how many of the 30 days that results are kept were left when one was fetched. The answer does not
 * say when the authentication took place: only who stored that, or when Initialize was called, can tell; milliseconds
 * since 1970. The callback route (`Callback.layer`) tells it of what it collects.
 *
 * @example
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import * as Telemetry from "@effect-cloudauth/core/Telemetry"
 * import * as Effect from "effect/Effect"
 *
 * declare const order: { id: string; transactionId: string; initializedAt: number }
 *
 * const program = Cloudauth.checkResult({ merchantBizId: order.id, transactionId: order.transactionId }).pipe(
 *   Effect.tap(Telemetry.resultFetched(order.initializedAt))
 * )
 *
 * @category getters
 * @since 0.1.0
 */
export const resultFetched = (authenticatedAt: number): Effect.Effect<void> =>
  Effect.withFiber((fiber) => {
    const age = fiber.getRef(Clock.Clock).currentTimeMillisUnsafe() - authenticatedAt
    const observer = fiber.getRef(Observer)
    if (observer !== undefined) quietly(() => observer.resultFetched?.((retentionMillis - age) / dayMillis))
    return Effect.void
  })
