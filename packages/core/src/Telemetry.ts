/**
 * What a call shows to traces and metrics: facts about it, never a person's data, a key, a signature or a nonce.
 *
 * Spans go to Effect's `Tracer`, logs to its `Logger`, and metrics to its metric registry, by an `Observer`: a plain object
 * that receives what happened. `@effect-cloudauth/otel` has one for OpenTelemetry's meters.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Fiber } from "effect/Fiber"
import { quietly } from "./internal/quietly.ts"
import { dayMillis, retentionMillis } from "./internal/retention.ts"
import { suppressed, suppressing } from "./internal/suppressed.ts"
import { Attribute } from "./internal/telemetry/attribute.ts"
import { recordInMetrics } from "./internal/telemetry/effectMetrics.ts"
import type { JourneyFacts, Observer as Observing } from "./internal/telemetry/facts.ts"

export { Attribute } from "./internal/telemetry/attribute.ts"
export type { AttemptFacts, JourneyFacts, OperationFacts, QuotaFacts, RetryFacts } from "./internal/telemetry/facts.ts"

/**
 * The names of the spans.
 *
 * @category constants
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
 * @category constants
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

/**
 * Receives the events of a client.
 *
 * @category models
 * @since 0.1.0
 */
export interface Observer extends Observing {}

/**
 * The observer in force. By default it records Effect's metrics, as `Metrics.effectObserver` does; `undefined` is none.
 *
 * @category references
 * @since 0.1.0
 */
export const Observer = Context.Reference<Observer | undefined>("@effect-cloudauth/core/Telemetry/Observer", {
  defaultValue: recordInMetrics
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
 * The attributes that a span has from its beginning, among its annotations: a tracer whose sampler looks at attributes
 * needs them when it makes the span, and Effect's tracers get attributes only later. The client then sets those that it
 * finds in the annotations of the span, so a tracer that has set them itself puts an empty record there.
 *
 * @category references
 * @since 0.1.0
 */
export const StartAttributes = Context.Reference<Readonly<Record<string, string | number>> | undefined>(
  "@effect-cloudauth/core/Telemetry/StartAttributes",
  { defaultValue: () => undefined }
)

/**
 * Whether the client sends `traceparent`. Off by default: the service is a third party, and the header tells it which of
 * its calls belong together.
 *
 * @category references
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
export const suppressTracing: <A>(run: () => A) => A = suppressed

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
export const withoutInstrumentation: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R> = suppressing

/**
 * Tells the observer and the current span that a rate limiter has made an attempt wait, in milliseconds. For code that
 * puts a limiter in front of the transport.
 *
 * @example
 * import * as Telemetry from "@effect-cloudauth/core/Telemetry"
 *
 * const told = Telemetry.limiterWaited(250)
 *
 * @category operations
 * @since 0.1.0
 */
export const limiterWaited = (duration: number): Effect.Effect<void> =>
  Effect.withFiber((fiber) => {
    const observer = fiber.getRef(Observer)
    if (observer !== undefined) quietly(() => observer.limiterWaited(duration, fiber.context))
    showWait(fiber, EventName.limiterWait, Attribute.limiterWait, duration)
    return Effect.void
  })

/**
 * Tells the current span that its attempt has waited for a credential that another call was fetching, in milliseconds. For an
 * implementation of `Credentials` that fetches once for all callers. The fetch itself is a span of the call that began it.
 *
 * @example
 * import * as Telemetry from "@effect-cloudauth/core/Telemetry"
 *
 * const told = Telemetry.credentialWaited(80)
 *
 * @category operations
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
 * Tells the observer how many of the vendor's 30 days were left when a result was fetched. Pass the time of the authentication,
 * or of Initialize, in milliseconds since 1970: the answer does not have it. `Callback.layer` does so for what it collects.
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
 * @category operations
 * @since 0.1.0
 */
export const resultFetched = (authenticatedAt: number): Effect.Effect<void> =>
  Effect.withFiber((fiber) => {
    const age = fiber.getRef(Clock.Clock).currentTimeMillisUnsafe() - authenticatedAt
    const observer = fiber.getRef(Observer)
    if (observer !== undefined)
      quietly(() => observer.resultFetched?.((retentionMillis - age) / dayMillis, fiber.context))
    return Effect.void
  })

/**
 * Tells the observer that a program looked for results to collect, and since when the oldest one waits (milliseconds since
 * 1970; `undefined` if none waits). A dead collection reports nothing: alert on that. `Callback.layer`, and `CollectQueue` with
 * its option `transactions`, report each of their searches.
 *
 * @example
 * import * as Telemetry from "@effect-cloudauth/core/Telemetry"
 *
 * declare const waiting: ReadonlyArray<{ readonly notifiedAt: number }>
 *
 * const told = Telemetry.storeSwept(waiting[0]?.notifiedAt)
 *
 * @category operations
 * @since 0.1.0
 */
export const storeSwept = (oldest: number | undefined): Effect.Effect<void> =>
  Effect.withFiber((fiber) => {
    const now = fiber.getRef(Clock.Clock).currentTimeMillisUnsafe()
    const observer = fiber.getRef(Observer)
    if (observer !== undefined)
      quietly(() => observer.storeSwept?.(oldest === undefined ? 0 : (now - oldest) / dayMillis, fiber.context))
    return Effect.void
  })

/**
 * Tells the observer that a user's check has reached a step. `TransactionStore` does so for its transactions: use this if you
 * keep them elsewhere. Report each step of a transaction once.
 *
 * @example
 * import * as Telemetry from "@effect-cloudauth/core/Telemetry"
 *
 * const told = Telemetry.journeyStepped({
 *   step: "abandoned",
 *   age: 1_860_000,
 *   region: "cn-hongkong",
 *   document: "GlobalPassport",
 *   result: undefined
 * })
 *
 * @category operations
 * @since 0.1.0
 */
export const journeyStepped = (facts: JourneyFacts): Effect.Effect<void> =>
  Effect.withFiber((fiber) => {
    const observer = fiber.getRef(Observer)
    if (observer !== undefined) quietly(() => observer.journeyStepped?.(facts, fiber.context))
    return Effect.void
  })
