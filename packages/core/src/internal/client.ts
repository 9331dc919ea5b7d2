/** A client's machinery: one operation from its checked parameters to its result. */
import type * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as HttpClient from "effect/http/HttpClient"
import * as Result from "effect/Result"
import type * as Tracer from "effect/Tracer"
import type { CheckResult } from "../CheckResult.ts"
import type * as CheckResultRequest from "../CheckResultRequest.ts"
import * as CloudauthError from "../CloudauthError.ts"
import * as Credentials from "../Credentials.ts"
import type * as Document from "../Document.ts"
import * as Endpoint from "../Endpoint.ts"
import type * as InitializeRequest from "../InitializeRequest.ts"
import * as RetryPolicy from "../RetryPolicy.ts"
import type { Signed } from "../Signature.ts"
import { SignatureCrypto } from "../SignatureCrypto.ts"
import * as Telemetry from "../Telemetry.ts"
import { Attribute } from "../Telemetry.ts"
import * as Transport from "../Transport.ts"
import type * as Answer from "./answer.ts"
import type * as AnyHttpClient from "./anyHttpClient.ts"
import * as attempts from "./attempt.ts"
import type * as parameters from "./parameters.ts"
import * as retrying from "./retrying.ts"
import * as spans from "./spans.ts"
import * as Tracing from "./tracing.ts"
import { untraced } from "./untraced.ts"

export interface Options extends Endpoint.Options {
  readonly maxBodyBytes?: number | undefined
}

/** What is asked of the service. */
type Asked =
  | { readonly action: typeof CheckResultRequest.action; readonly request: CheckResultRequest.CheckResultRequest }
  | { readonly action: typeof InitializeRequest.action; readonly request: InitializeRequest.InitializeRequest }

/** An operation of the service: what to send, and how to read the answer. */
export type Operation<A> = Asked & {
  /** The parameters, or why they are refused: such a call fails unsent, and shows as every other that fails. */
  readonly query: Result.Result<parameters.Query, CloudauthError.InvalidRequest>
  readonly read: (success: Answer.Success) => Result.Result<A, CloudauthError.CloudauthError>
  /** Tells the span of a result. */
  readonly describe: (span: Tracer.Span, value: A) => void
  /** The result as observers see it, where it is a check's. */
  readonly checked: (value: A) => CheckResult<Document.Reading> | undefined
}

/** Runs an operation: attempts, retries, decoding. */
export type Call = <A>(
  operation: Operation<A>,
  retry: RetryPolicy.Override | undefined
) => Effect.Effect<A, CloudauthError.CloudauthError>

/** What one call knows and learns on its way. */
interface Progress {
  readonly action: Operation<unknown>["action"]
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Whether that is the runtime's own clock, and nobody else's. */
  readonly isRuntimesClock: boolean
  readonly observer: Telemetry.Observer | undefined
  readonly tracing: Tracing.Tracing | undefined
  readonly span: Tracer.Span | undefined
  /** The credential of the latest attempt: the one to invalidate when the server says that it has expired. */
  credential: Credentials.Credential | undefined
  attempts: number
}

/** A request that is signed, and what it was made of. */
interface Prepared {
  readonly input: attempts.Input
  readonly signed: Signed
}

/** What is made at once throws where it is made: that must be the effect's defect, as it is where something was waited for. */
const eagerly = <A, E>(make: () => Effect.Effect<A, E>): Effect.Effect<A, E> => {
  try {
    return make()
  } catch (defect) {
    return Effect.die(defect)
  }
}

/** Which everybody has who has provided no other. */
const runtimesClock = /*#__PURE__*/ Context.get(Context.empty(), Clock.Clock)

/** 16 MiB. */
const defaultMaxBodyBytes = 16 * 1024 * 1024

const timeoutError = (attempt: number, limit: "attempt" | "deadline", after: number) =>
  new CloudauthError.CallTimeout({
    code: "CallTimeout",
    httpStatus: undefined,
    requestId: undefined,
    attempts: attempt,
    advice: "Try again later, or raise attemptTimeout and deadline in the retry policy.",
    limit,
    after
  })

/** W3C's header alone; Effect's own propagation would add B3. */
const traceparent = ({ sampled, spanId, traceId }: Tracer.Span) => ({
  traceparent: `00-${traceId.padStart(32, "0")}-${spanId}-${sampled ? "01" : "00"}`
})

let anyHttpClient: { readonly make: typeof AnyHttpClient.make } | undefined

/** Sends over any `HttpClient`. What that takes is loaded once: a layer built later is built without a wait. */
const sendingOver = (http: HttpClient.HttpClient): Effect.Effect<attempts.Send> =>
  Effect.suspend(() =>
    anyHttpClient === undefined
      ? Effect.flatMap(
          Effect.promise(() => import("./anyHttpClient.ts")),
          (module) => (anyHttpClient = module).make(http)
        )
      : anyHttpClient.make(http)
  )

/** Builds a client from its layer's context. */
export const make = Effect.fnUntraced(function* (options: Options) {
  const endpoint = yield* Effect.fromResult(
    Endpoint.make({ region: options.region, network: options.network, url: options.url })
  )
  const http = yield* Transport.HttpClient
  const credentials = yield* Credentials.Credentials
  const crypto = yield* SignatureCrypto
  const policyOfLayer = yield* RetryPolicy.RetryPolicy
  const observerOfLayer = yield* Telemetry.Observer
  const maxBodyBytes = options.maxBodyBytes ?? defaultMaxBodyBytes
  if (!Number.isSafeInteger(maxBodyBytes) || maxBodyBytes < 1) {
    return yield* CloudauthError.invalidRequest("maxBodyBytes", "a whole number of bytes above 0")
  }
  const tokens = new retrying.RetryTokens()
  let skew = 0

  const roundTrips = Transport.roundTripsOf(http)
  const transport = roundTrips === undefined ? yield* sendingOver(http) : attempts.byRoundTrips(roundTrips)

  const send = (
    call: Progress,
    query: parameters.Query,
    number: number,
    end: spans.AttemptEnd,
    span: Tracer.Span | undefined,
    limit: attempts.TimeLimit
  ): Effect.Effect<Answer.Success, CloudauthError.CloudauthError> => {
    const timed = <A>(effect: Effect.Effect<A, CloudauthError.CloudauthError>) =>
      Effect.timeoutOrElse(effect, { duration: limit.millis, orElse: () => Effect.fail(limit.error()) })
    const prepare = (credential: Credentials.Credential): Effect.Effect<Prepared> => {
      call.credential = credential
      const input: attempts.Input = {
        endpoint,
        action: call.action,
        query,
        credential,
        now: call.now,
        skew,
        attempt: number,
        maxBodyBytes,
        unsigned:
          span !== undefined && call.tracing?.fiber.getRef(Telemetry.PropagateTrace) === true
            ? traceparent(span)
            : undefined
      }
      return Effect.mapEager(attempts.sign(crypto, input), (signed) => ({ input, signed }))
    }
    const prepared = eagerly(() => Effect.flatMapEager(credentials.get, prepare))
    const isAtHand: boolean = Exit.isExit(prepared)
    // A clock that somebody provided, a test's for example, must be the one that limits the time.
    if (
      roundTrips === undefined ||
      !call.isRuntimesClock ||
      (limit.millis > attempts.longestTimer && limit.millis !== Infinity)
    ) {
      return timed(
        Effect.flatMap(isAtHand ? prepared : untraced(prepared), ({ input, signed }) => transport(signed, input, end))
      )
    }
    if (isAtHand) return Effect.flatMapEager(prepared, ({ input, signed }) => transport(signed, input, end, limit))
    const started = performance.now()
    return Effect.flatMap(timed(untraced(prepared)), ({ input, signed }) =>
      transport(signed, input, end, { ...limit, millis: limit.millis - (performance.now() - started) })
    )
  }

  const attempt =
    (call: Progress, query: parameters.Query, policy: RetryPolicy.RetryPolicy) =>
    (number: number, timeout: number, limit: "attempt" | "deadline") =>
      Effect.suspend(() => {
        call.attempts = number
        const end: spans.AttemptEnd = { httpStatus: undefined, responseBytes: undefined, protocolVersion: undefined }
        const timed = spans.attempt(call.tracing, endpoint, number, end, (span) =>
          send(call, query, number, end, span, {
            millis: timeout,
            error: () => timeoutError(number, limit, limit === "attempt" ? timeout : Duration.toMillis(policy.deadline))
          })
        )
        const { observer } = call
        if (observer === undefined) return timed
        const started = call.now()
        return Effect.onExit(timed, (exit) =>
          Effect.sync(() =>
            observer.attemptEnded({
              attempt: number,
              duration: call.now() - started,
              httpStatus: end.httpStatus,
              responseBytes: end.responseBytes,
              error: spans.errorOf(exit)
            })
          )
        )
      })

  /** Mends what can be mended before a retry; `false` where a retry is of no use. */
  const correct = (call: Progress, retry: retrying.Retry): Effect.Effect<boolean> => {
    const { error } = retry
    if (error._tag === "ClockSkewed") {
      if (error.skew === undefined) return Effect.succeed(false)
      skew = error.skew
    }
    call.observer?.retryScheduled(retry)
    spans.retry(call.span, retry, call.now())
    return error._tag === "SecurityTokenExpired" && call.credential !== undefined
      ? Effect.as(credentials.invalidate(call.credential), true)
      : Effect.succeed(true)
  }

  const decode = <A>(call: Progress, success: Answer.Success, operation: Operation<A>) => {
    if (call.observer === undefined && call.span?.sampled !== true) return Effect.fromResult(operation.read(success))
    const started = performance.now()
    const decoded = operation.read(success)
    const duration = performance.now() - started
    spans.decoded(call.span, duration, call.now())
    call.observer?.decoded(duration, Result.isSuccess(decoded) ? operation.checked(decoded.success) : undefined)
    return Effect.fromResult(decoded)
  }

  const observed = <A>(
    call: Progress,
    operation: Operation<A>,
    running: Effect.Effect<A, CloudauthError.CloudauthError>
  ) => {
    const { observer } = call
    if (observer === undefined) return running
    let started: number | undefined
    const begun = Effect.suspend(() => {
      started = call.now()
      observer.operationStarted()
      return running
    })
    return Effect.onExit(begun, (exit) =>
      Effect.sync(() => {
        // Interrupted before its first step, it was not told of: only what counts as under way may end.
        if (started === undefined) return
        observer.operationEnded({
          action: operation.action,
          duration: call.now() - started,
          attempts: call.attempts,
          end: Exit.isSuccess(exit) ? "succeeded" : Exit.hasInterrupts(exit) ? "interrupted" : "failed",
          result: Exit.isSuccess(exit) ? operation.checked(exit.value) : undefined,
          error: spans.errorOf(exit)
        })
      })
    )
  }

  const call: Call = (operation, override) =>
    Effect.withFiber((fiber) => {
      const clock = fiber.getRef(Clock.Clock)
      // Absent from the fiber's context unless somebody provided it there: the client's own then holds.
      const base = Context.getOrUndefined(fiber.context, RetryPolicy.RetryPolicy) ?? policyOfLayer
      const policy = override === undefined ? base : { ...base, ...override }
      const tracing = Tracing.of(fiber)
      return spans.operation(tracing, endpoint, operation, (span) => {
        const progress: Progress = {
          action: operation.action,
          now: () => clock.currentTimeMillisUnsafe(),
          isRuntimesClock: clock === runtimesClock,
          observer: fiber.getRef(Telemetry.Observer) ?? observerOfLayer,
          tracing,
          span,
          credential: undefined,
          attempts: 0
        }
        const answered = Result.isFailure(operation.query)
          ? Effect.fail(operation.query.failure)
          : retrying.retrying(
              clock,
              policy,
              tokens,
              (retry) => correct(progress, retry),
              attempt(progress, operation.query.success, policy)
            )
        const decoded = Effect.flatMap(answered, (success) => decode(progress, success, operation))
        return observed(
          progress,
          operation,
          Effect.tapCause(decoded, (cause) => logFailure(operation.action, cause, progress))
        )
      })
    })

  return { call, endpoint }
})

/** One line per failed operation, without the server's words or a defect's: they may hold anything. */
const logFailure = (
  action: Operation<unknown>["action"],
  cause: Cause.Cause<CloudauthError.CloudauthError>,
  { attempts, span }: Progress
): Effect.Effect<void> => {
  const error = spans.errorIn(cause)
  const type = error?._tag ?? spans.defectType(cause)
  return type === undefined || type === "ProcessNotCompleted"
    ? Effect.void
    : Effect.logWarning(`${action} failed`).pipe(
        Effect.annotateLogs({
          [Attribute.errorType]: type,
          ...(error === undefined ? {} : { [Attribute.responseCode]: error.code }),
          [Attribute.attempts]: error?.attempts ?? attempts,
          ...(error?.requestId === undefined ? {} : { [Attribute.requestId]: error.requestId }),
          ...(error?.httpStatus === undefined ? {} : { [Attribute.httpResponseStatusCode]: error.httpStatus }),
          ...(span === undefined ? {} : { [Attribute.traceId]: span.traceId, [Attribute.spanId]: span.spanId })
        })
      )
}
