/**
 * The spans of a call: `Cloudauth.awaitResult` → `Cloudauth.checkResult` → one `Cloudauth.attempt` each. Attributes are
 * built for sampled spans only.
 *
 * A rejection is a successful call, and `ProcessNotCompleted` is a state of the user's journey: neither marks a span as
 * failed.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Tracer from "effect/Tracer"
import type { CheckResult } from "../CheckResult.ts"
import type { CloudauthError } from "../CloudauthError.ts"
import type * as Document from "../Document.ts"
import type { Endpoint } from "../Endpoint.ts"
import type * as Spoof from "../Spoof.ts"

const client = { kind: "client" } as const
const internal = { kind: "internal" } as const
const untraced = { captureStackTrace: false } as const

const succeeded = Exit.succeed(undefined)

/** Runs `use` inside a span; `describe` adds what is known at its end. */
const spanned = <A>(
  name: string,
  options: Tracer.SpanOptionsNoTrace,
  use: (span: Tracer.Span) => Effect.Effect<A, CloudauthError>,
  describe: (span: Tracer.Span, exit: Exit.Exit<A, CloudauthError>) => void
): Effect.Effect<A, CloudauthError> =>
  Effect.useSpan(name, options, (span) =>
    Effect.onExit(Effect.withParentSpan(use(span), span, untraced), (exit) =>
      Effect.clockWith((clock) => {
        if (span.sampled) describe(span, exit)
        // useSpan ends the span by the exit; a state that is no fault must have ended it before.
        if (errorOf(exit)?._tag === "ProcessNotCompleted") span.end(clock.currentTimeNanosUnsafe(), succeeded)
        return Effect.void
      })
    )
  )

const errorOf = <A>(exit: Exit.Exit<A, CloudauthError>): CloudauthError | undefined => {
  if (exit._tag === "Success") return undefined
  const reason = exit.cause.reasons.find((candidate) => candidate._tag === "Fail")
  return reason?._tag === "Fail" ? reason.error : undefined
}

const describeError = (span: Tracer.Span, error: CloudauthError): void => {
  if (error._tag !== "ProcessNotCompleted") span.attribute("error.type", error._tag)
  span.attribute("cloudauth.response.code", error.code)
  if (error.requestId !== undefined) span.attribute("cloudauth.request_id", error.requestId)
}

const describeSpoof = (span: Tracer.Span, side: string, spoof: Spoof.Spoof): void => {
  if (spoof._tag !== "NotReported") span.attribute(`cloudauth.spoof.${side}`, spoof._tag)
}

const describeResult = (span: Tracer.Span, result: CheckResult<Document.Reading>): void => {
  span.attribute("cloudauth.response.code", "Success")
  if (result.requestId !== undefined) span.attribute("cloudauth.request_id", result.requestId)
  span.attribute("cloudauth.verdict", result.verdict._tag)
  const subCode = result.verdict.subCode
  if (subCode !== undefined) {
    span.attribute("cloudauth.sub_code", subCode.code)
    if (subCode.billed !== undefined) span.attribute("cloudauth.billed", subCode.billed)
  }
  if (result.ocr._tag === "Read") span.attribute("cloudauth.document", result.ocr.document)
  describeSpoof(span, "front", result.spoof.front)
  describeSpoof(span, "back", result.spoof.back)
  const imageBytes = (result.images.front?.size ?? 0) + (result.images.back?.size ?? 0)
  if (imageBytes > 0) span.attribute("cloudauth.image.bytes", imageBytes)
  if (result.warnings.length > 0) span.attribute("cloudauth.warnings", result.warnings.length)
}

const describeOperation = (span: Tracer.Span, exit: Exit.Exit<CheckResult<Document.Reading>, CloudauthError>): void => {
  if (exit._tag === "Success") return describeResult(span, exit.value)
  const error = errorOf(exit)
  if (error !== undefined) describeError(span, error)
}

/** The ids of a call as spans carry them, if at all. */
export interface Ids {
  readonly merchantBizId: string
  readonly transactionId: string
}

/** The span of one operation. */
export const operation = (
  name: "Cloudauth.checkResult" | "Cloudauth.awaitResult",
  endpoint: Endpoint | undefined,
  ids: Ids | undefined,
  use: (span: Tracer.Span) => Effect.Effect<CheckResult<Document.Reading>, CloudauthError>
): Effect.Effect<CheckResult<Document.Reading>, CloudauthError> =>
  spanned(
    name,
    name === "Cloudauth.awaitResult" ? internal : client,
    (span) => {
      if (span.sampled) {
        span.attribute("rpc.system.name", "alibaba_cloud")
        span.attribute("rpc.method", "CheckResult")
        span.attribute("cloud.provider", "alibaba_cloud")
        if (endpoint?.region !== undefined) span.attribute("cloud.region", endpoint.region)
        if (endpoint !== undefined) {
          span.attribute("server.address", endpoint.hostname)
          span.attribute("server.port", endpoint.port)
        }
        if (ids !== undefined) {
          span.attribute("cloudauth.merchant_biz_id", ids.merchantBizId)
          span.attribute("cloudauth.transaction_id", ids.transactionId)
        }
      }
      return use(span)
    },
    describeOperation
  )

/** What an attempt's span shows of its answer. */
export interface AttemptEnd {
  httpStatus: number | undefined
  responseBytes: number | undefined
}

/** The span of one attempt, by the conventions for HTTP clients. */
export const attempt = <A>(
  endpoint: Endpoint,
  number: number,
  end: AttemptEnd,
  use: (span: Tracer.Span) => Effect.Effect<A, CloudauthError>
): Effect.Effect<A, CloudauthError> =>
  spanned(
    "Cloudauth.attempt",
    client,
    (span) => {
      if (span.sampled) {
        span.attribute("http.request.method", "POST")
        span.attribute("server.address", endpoint.hostname)
        span.attribute("server.port", endpoint.port)
        // Without its query, which holds the ids.
        span.attribute("url.full", `${endpoint.origin}/`)
        if (number > 1) span.attribute("http.request.resend_count", number - 1)
      }
      return use(span)
    },
    (span, exit) => {
      if (end.httpStatus !== undefined) span.attribute("http.response.status_code", end.httpStatus)
      if (end.responseBytes !== undefined) span.attribute("http.response.body.size", end.responseBytes)
      const error = errorOf(exit)
      if (error !== undefined) describeError(span, error)
    }
  )
