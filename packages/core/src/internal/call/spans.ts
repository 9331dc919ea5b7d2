/**
 * The spans of a call: `Cloudauth.awaitResult` → `Cloudauth.checkResult` → one `Cloudauth.attempt` each. Attributes are
 * set on sampled spans only.
 *
 * A rejection is a successful call, and `ProcessNotCompleted` is a state of the user's journey: neither marks a span as
 * failed. A span never carries the text of a defect, which can quote anything.
 */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import * as Tracer from "effect/Tracer"
import type { CloudauthError } from "../../CloudauthError.ts"
import { Attribute, EventName, type QuotaFacts, type RetryFacts, SpanName } from "../../Telemetry.ts"
import { quietly } from "../quietly.ts"
import { type Call, type Ids, isTraced } from "./client.ts"
import { defectType, errorIn } from "./failure.ts"
import type { Progress } from "./observe.ts"
import * as spanStart from "./spanStart.ts"
import type { SpanStart } from "./spanStart.ts"

/** What a span tells of an error. */
interface Failed {
  readonly _tag: string
  readonly code: string
  readonly requestId: string | undefined
  readonly httpStatus: number | undefined
  /** What a call that took too long waited for. */
  readonly phase?: string | undefined
}

/** The user has not finished: no failure. */
const isState = (error: Failed | undefined): boolean =>
  error?._tag === "ProcessNotCompleted" || error?._tag === "WaitTimedOut"

/** Runs an effect below a span. Made once: making it costs as much as running it. */
const below = Effect.provideService(Tracer.ParentSpan)

/**
 * Runs `use` inside a span; `describe` adds what is known at its end. The span's own exit has neither the value, which
 * holds a person's data, nor a defect's text. Called once for each span: it keeps the real exit. A tracer that throws
 * loses no answer: `use` runs without a span if there is none.
 */
const withSpan = <A, E extends Failed>(
  name: string,
  options: Pick<Tracer.SpanOptions, "kind" | "annotations">,
  use: (span: Tracer.Span | undefined) => Effect.Effect<A, E>,
  describe: (span: Tracer.Span, exit: Exit.Exit<A, E>) => void
): Effect.Effect<A, E> => {
  let real: Exit.Exit<A, E> | undefined
  const spanned = Effect.useSpan(name, options, (span) => {
    const ended = (exit: Exit.Exit<A, E>) => {
      real = exit
      if (span.sampled) quietly(() => describe(span, exit))
      return shown(exit)
    }
    // Suspended, because `use` can throw: its text must not reach the span.
    const used = below(
      Effect.suspend(() => use(span)),
      span
    )
    return Effect.matchCauseEffect(used, {
      onSuccess: (value) => ended(Exit.succeed(value)),
      onFailure: (cause) => ended(Exit.failCause(cause))
    })
  })
  // Without an exit the span could not be made. An interruption does not come here.
  const restored = (): Effect.Effect<A, E> => real ?? use(undefined)
  return Effect.matchCauseEffect(spanned, { onSuccess: restored, onFailure: restored })
}

/** What the span sees of an exit: no value, a success in place of a state, and a defect's type in place of its text. */
const shown = <E extends Failed>(exit: Exit.Exit<unknown, E>): Effect.Effect<unknown, E> => {
  if (exit._tag === "Success") return Effect.void
  const type = defectType(exit.cause)
  if (type !== undefined) return Effect.die(new Error(`a defect of type ${type}`))
  return isState(errorIn(exit.cause)) ? Effect.void : exit
}

const describeError = (span: Tracer.Span, error: Failed): void => {
  if (!isState(error)) span.attribute(Attribute.errorType, error._tag)
  span.attribute(Attribute.responseCode, error.code)
  if (error._tag === "CallTimeout" && error.phase !== undefined) span.attribute(Attribute.phase, error.phase)
  if (error.requestId !== undefined) span.attribute(Attribute.requestId, error.requestId)
}

const describeFailure = (span: Tracer.Span, cause: Cause.Cause<Failed>): void => {
  const error = errorIn(cause)
  if (error !== undefined) describeError(span, error)
  const type = defectType(cause)
  if (type !== undefined) span.attribute(Attribute.errorType, type)
}

/** What a span needs to know of an operation. */
interface Spanned<in out A> {
  readonly action: string
  /** They lead to a person, so spans carry them only if `SpanIds` says so. */
  readonly ids: Ids
  /** The ids of a refused request are never shown: they can be anything. */
  readonly query: Result.Result<unknown, unknown>
  readonly describe: (span: Tracer.Span, value: A) => void
}

/** `CheckResult` → `Cloudauth.checkResult`. */
const spanName = (action: string): string => `Cloudauth.${action.charAt(0).toLowerCase()}${action.slice(1)}`

const describeIds = (span: Tracer.Span, ids: Ids, transform: (id: string) => string): void => {
  if (ids.merchantBizId !== undefined) span.attribute(Attribute.merchantBizId, transform(ids.merchantBizId))
  if (ids.transactionId !== undefined) span.attribute(Attribute.transactionId, transform(ids.transactionId))
}

const describeOperation =
  <A>(describe: (span: Tracer.Span, value: A) => void) =>
  (span: Tracer.Span, exit: Exit.Exit<A, Failed>): void => {
    if (exit._tag === "Success") {
      span.attribute(Attribute.rpcStatusCode, "Success")
      span.attribute(Attribute.responseCode, "Success")
      return describe(span, exit.value)
    }
    const error = errorIn(exit.cause)
    if (error?.httpStatus !== undefined) span.attribute(Attribute.rpcStatusCode, error.code)
    describeFailure(span, exit.cause)
  }

/** The span of one operation, retries included. */
export const operation = <A>(
  call: Call,
  operation: Spanned<A>,
  use: Effect.Effect<A, CloudauthError>
): Effect.Effect<A, CloudauthError> => {
  if (!call.isTraced) return use
  const start = call.client.spanStarts.operation(operation.action)
  const begin = (span: Tracer.Span | undefined) => {
    call.span = span
    if (span?.sampled === true) quietly(() => describeRequest(call, operation, span, start))
    return use
  }
  const options = { kind: "client", annotations: start.annotations } as const
  return withSpan(spanName(operation.action), options, begin, describeOperation(operation.describe))
}

const describeRequest = <A>(call: Call, operation: Spanned<A>, span: Tracer.Span, start: SpanStart): void => {
  spanStart.describe(span, start)
  const { transform } = call.spanIds
  if (transform !== undefined && Result.isSuccess(operation.query)) describeIds(span, operation.ids, transform)
}

/** The span above the operations of one `awaitResult`. */
export const polling = <A, E extends Failed>(
  asking: Effect.Effect<A, E>,
  describe: (span: Tracer.Span, value: A) => void
): Effect.Effect<A, E> =>
  Effect.withFiber((fiber) =>
    isTraced(fiber)
      ? withSpan(SpanName.awaitResult, { kind: "internal" }, () => asking, describeOperation(describe))
      : asking
  )

/** Adds an event for a retry whose wait begins now. */
export const retry = ({ clock, span }: Call, facts: RetryFacts): void => {
  if (span?.sampled !== true) return
  quietly(() =>
    span.event(EventName.retry, clock.currentTimeNanosUnsafe(), {
      [Attribute.retryClass]: facts.class,
      [Attribute.retryDelay]: facts.delay / 1000,
      [Attribute.errorType]: facts.error._tag
    })
  )
}

/** Adds an event for a call that had to wait for its place under the account's quota. */
export const quotaTaken = ({ clock, span }: Call, { share, waited, waiting }: QuotaFacts): void => {
  if (span?.sampled !== true || waited === 0) return
  quietly(() =>
    span.event(EventName.limiterWait, clock.currentTimeNanosUnsafe(), {
      [Attribute.limiterWait]: waited / 1000,
      [Attribute.quotaWaiting]: waiting,
      [Attribute.quotaShare]: share
    })
  )
}

/**
 * Says how long decoding the response took, in milliseconds, and its request's id. No event: it would be one for every
 * call, and many backends bill each.
 */
export const decoded = ({ span }: Call, duration: number, requestId: string | undefined): void => {
  if (span?.sampled !== true) return
  quietly(() => {
    span.attribute(Attribute.decodeDuration, duration / 1000)
    if (requestId !== undefined) span.attribute(Attribute.requestId, requestId)
  })
}

/** The span of one attempt, by the conventions for HTTP clients. */
export const attempt = <A>(
  call: Call,
  progress: Progress,
  use: (span: Tracer.Span | undefined) => Effect.Effect<A, CloudauthError>
): Effect.Effect<A, CloudauthError> => {
  if (!call.isTraced) return use(undefined)
  const start = call.client.spanStarts.attempt
  const begin = (span: Tracer.Span | undefined) => {
    if (span?.sampled === true) quietly(() => describeAttempt(call, span, start))
    return use(span)
  }
  return withSpan(SpanName.attempt, { kind: "client", annotations: start.annotations }, begin, (span, exit) => {
    if (progress.httpStatus !== undefined) span.attribute(Attribute.httpResponseStatusCode, progress.httpStatus)
    if (progress.responseBytes !== undefined) span.attribute(Attribute.httpResponseBodySize, progress.responseBytes)
    if (progress.protocolVersion !== undefined) {
      span.attribute(Attribute.networkProtocolVersion, progress.protocolVersion)
    }
    if (exit._tag === "Failure") describeFailure(span, exit.cause)
  })
}

const describeAttempt = ({ attempts }: Call, span: Tracer.Span, start: SpanStart): void => {
  spanStart.describe(span, start)
  if (attempts > 0) span.attribute(Attribute.httpRequestResendCount, attempts)
}
