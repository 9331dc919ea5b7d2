/**
 * The spans of a call: `Cloudauth.awaitResult` → `Cloudauth.checkResult` → one `Cloudauth.attempt` each. Attributes are
 * built for sampled spans only.
 *
 * A rejection is a successful call, and `ProcessNotCompleted` is a state of the user's journey: neither marks a span as
 * failed. A span never carries the text of a defect, which may quote anything.
 */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import type * as Tracer from "effect/Tracer"
import type { CloudauthError } from "../CloudauthError.ts"
import type { Endpoint } from "../Endpoint.ts"
import { Attribute, EventName, SpanIds, SpanName } from "../Telemetry.ts"
import type { RetryFacts } from "../Telemetry.ts"
import { failureName } from "./failureName.ts"
import * as Tracing from "./tracing.ts"

/** Runs `use` inside a span, where spans are made; `describe` adds what is known at its end. */
const spanned = <A>(
  tracing: Tracing.Tracing | undefined,
  name: string,
  kind: Tracer.SpanKind,
  use: (span: Tracer.Span | undefined) => Effect.Effect<A, CloudauthError>,
  describe: (span: Tracer.Span, exit: Exit.Exit<A, CloudauthError>) => void
): Effect.Effect<A, CloudauthError> =>
  tracing === undefined
    ? use(undefined)
    : Tracing.within(tracing, name, kind, use, (span, exit) => {
        if (span.sampled) {
          describe(span, exit)
          if (exit._tag === "Failure") describeDefect(span, exit)
        }
        return shownExit(exit)
      })

/**
 * The exit as a span shows it: without the answer, which is a person's; a state is no fault, and a defect is named but
 * not quoted.
 */
const shownExit = <A>(exit: Exit.Exit<A, CloudauthError>): Exit.Exit<unknown, unknown> => {
  if (exit._tag === "Success" || errorOf(exit)?._tag === "ProcessNotCompleted") return Exit.void
  const type = defectType(exit.cause)
  return type === undefined ? exit : Exit.die(new Error(`a defect of type ${type}`))
}

/** The error that an exit ends with, if it does. */
export const errorOf = (exit: Exit.Exit<unknown, CloudauthError>): CloudauthError | undefined =>
  exit._tag === "Success" ? undefined : errorIn(exit.cause)

/** The first error of a cause. */
export const errorIn = (cause: Cause.Cause<CloudauthError>): CloudauthError | undefined => {
  const reason = cause.reasons.find((candidate) => candidate._tag === "Fail")
  return reason?._tag === "Fail" ? reason.error : undefined
}

/** The class of a cause's defect, `_OTHER` where it has none that is a plain name; `undefined` without a defect. */
export const defectType = (cause: Cause.Cause<unknown>): string | undefined => {
  const reason = cause.reasons.find((reason) => reason._tag === "Die")
  return reason === undefined ? undefined : failureName(reason.defect)
}

const describeDefect = (span: Tracer.Span, exit: Exit.Failure<unknown, CloudauthError>): void => {
  const type = defectType(exit.cause)
  if (type !== undefined) span.attribute(Attribute.errorType, type)
}

const describeError = (span: Tracer.Span, error: CloudauthError): void => {
  if (error._tag !== "ProcessNotCompleted") span.attribute(Attribute.errorType, error._tag)
  span.attribute(Attribute.responseCode, error.code)
  if (error.requestId !== undefined) span.attribute(Attribute.requestId, error.requestId)
}

/** The ids of a call: they lead to a person, so spans carry them only where `SpanIds` says so. */
interface Ids {
  readonly merchantBizId: string
  /** Unknown before Initialize has answered. */
  readonly transactionId?: string | undefined
}

/** What a span needs to know of an operation. */
export interface Spanned<in out A> {
  readonly action: keyof typeof names
  readonly request: Ids
  /** A request that is refused shows none of its ids: they can be anything. */
  readonly query: Result.Result<unknown, unknown>
  /** Tells the span of a result. */
  readonly describe: (span: Tracer.Span, value: A) => void
}

const names = { CheckResult: SpanName.checkResult, Initialize: SpanName.initialize } as const

const describeIds = (span: Tracer.Span, ids: Ids, transform: (id: string) => string): void => {
  span.attribute(Attribute.merchantBizId, transform(ids.merchantBizId))
  if (ids.transactionId !== undefined) span.attribute(Attribute.transactionId, transform(ids.transactionId))
}

const describeOperation =
  <A>(describe: (span: Tracer.Span, value: A) => void) =>
  (span: Tracer.Span, exit: Exit.Exit<A, CloudauthError>): void => {
    if (exit._tag === "Success") {
      span.attribute(Attribute.rpcStatusCode, "Success")
      span.attribute(Attribute.responseCode, "Success")
      return describe(span, exit.value)
    }
    const error = errorOf(exit)
    if (error === undefined) return
    if (error.httpStatus !== undefined) span.attribute(Attribute.rpcStatusCode, error.code)
    describeError(span, error)
  }

/** The span of one operation, retries included. */
export const operation = <A>(
  tracing: Tracing.Tracing | undefined,
  endpoint: Endpoint,
  operation: Spanned<A>,
  use: (span: Tracer.Span | undefined) => Effect.Effect<A, CloudauthError>
): Effect.Effect<A, CloudauthError> =>
  spanned(
    tracing,
    names[operation.action],
    "client",
    (span) => {
      if (span?.sampled !== true) return use(span)
      span.attribute(Attribute.rpcSystemName, "alibaba_cloud")
      span.attribute(Attribute.rpcMethod, `Cloudauth/${operation.action}`)
      span.attribute(Attribute.cloudProvider, "alibaba_cloud")
      if (endpoint.region !== undefined) span.attribute(Attribute.cloudRegion, endpoint.region)
      span.attribute(Attribute.serverAddress, endpoint.hostname)
      span.attribute(Attribute.serverPort, endpoint.port)
      const transform = tracing?.fiber.getRef(SpanIds).transform
      if (transform !== undefined && Result.isSuccess(operation.query)) describeIds(span, operation.request, transform)
      return use(span)
    },
    describeOperation(operation.describe)
  )

/** The span above the operations of one `awaitResult`. */
export const polling = <A>(
  asking: Effect.Effect<A, CloudauthError>,
  describe: (span: Tracer.Span, value: A) => void
): Effect.Effect<A, CloudauthError> =>
  Effect.withFiber((fiber) =>
    spanned(Tracing.of(fiber), SpanName.awaitResult, "internal", () => asking, describeOperation(describe))
  )

/** Milliseconds since 1970 → nanoseconds, to the microsecond. */
const nanos = (millis: number): bigint => BigInt(Math.round(millis * 1000)) * 1000n

/** Shows a retry that is about to be waited for. `now` is in milliseconds since 1970. */
export const retry = (span: Tracer.Span | undefined, facts: RetryFacts, now: number): void => {
  if (span?.sampled !== true) return
  span.event(EventName.retry, nanos(now), {
    [Attribute.retryClass]: facts.class,
    [Attribute.retryDelay]: facts.delay / 1000,
    [Attribute.errorType]: facts.error._tag
  })
}

/** Shows how long an answer took to decode, in milliseconds. `now` is in milliseconds since 1970. */
export const decoded = (span: Tracer.Span | undefined, duration: number, now: number): void => {
  if (span?.sampled !== true) return
  span.event(EventName.decode, nanos(now), { [Attribute.decodeDuration]: duration / 1000 })
}

/** What an attempt's span shows of its answer. */
export interface AttemptEnd {
  httpStatus: number | undefined
  responseBytes: number | undefined
  /** Which version of HTTP was spoken, where the transport says so. */
  protocolVersion: string | undefined
}

/** The span of one attempt, by the conventions for HTTP clients. */
export const attempt = <A>(
  tracing: Tracing.Tracing | undefined,
  endpoint: Endpoint,
  number: number,
  end: AttemptEnd,
  use: (span: Tracer.Span | undefined) => Effect.Effect<A, CloudauthError>
): Effect.Effect<A, CloudauthError> =>
  spanned(
    tracing,
    SpanName.attempt,
    "client",
    (span) => {
      if (span?.sampled === true) {
        span.attribute(Attribute.httpRequestMethod, "POST")
        span.attribute(Attribute.serverAddress, endpoint.hostname)
        span.attribute(Attribute.serverPort, endpoint.port)
        // Without its query, which holds the ids.
        span.attribute(Attribute.urlFull, `${endpoint.origin}/`)
        if (number > 1) span.attribute(Attribute.httpRequestResendCount, number - 1)
      }
      return use(span)
    },
    (span, exit) => {
      if (end.httpStatus !== undefined) span.attribute(Attribute.httpResponseStatusCode, end.httpStatus)
      if (end.responseBytes !== undefined) span.attribute(Attribute.httpResponseBodySize, end.responseBytes)
      if (end.protocolVersion !== undefined) span.attribute(Attribute.networkProtocolVersion, end.protocolVersion)
      const error = errorOf(exit)
      if (error !== undefined) describeError(span, error)
    }
  )
