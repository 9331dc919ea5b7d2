/**
 * The client of ID Verification: Initialize and CheckResult.
 *
 * A call's way: request → endpoint and credential → signature → transport → answer → result. Retries wrap the middle,
 * so that each attempt is signed anew.
 *
 * @example
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import { Credentials } from "@effect-cloudauth/core/Credentials"
 * import * as Document from "@effect-cloudauth/core/Document"
 * import * as Verdict from "@effect-cloudauth/core/Verdict"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 *
 * const decide = Effect.gen(function* () {
 *   const result = yield* Cloudauth.checkResult({
 *     merchantBizId: "order1",
 *     transactionId: "hksb0000",
 *     document: Document.HongKongIdentityCard
 *   })
 *   return Verdict.match(result.verdict, {
 *     Passed: () => `welcome, ${Document.reveal(result.ocr)?.englishName}`,
 *     Rejected: ({ subCode }) => subCode.userText,
 *     Inconclusive: () => "We will contact you."
 *   })
 * })
 *
 * const live = Cloudauth.layer({ region: "cn-hongkong" }).pipe(
 *   Layer.provide([Credentials.layerConfig, FetchHttpClient.layer])
 * )
 *
 * const program = Effect.provide(decide, live)
 */
import type { ConfigError } from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import type { CheckResult } from "./CheckResult.ts"
import type * as CheckResultRequest from "./CheckResultRequest.ts"
import type * as CloudauthError from "./CloudauthError.ts"
import type * as Credentials from "./Credentials.ts"
import type * as Document from "./Document.ts"
import * as Endpoint from "./Endpoint.ts"
import type * as Initialize from "./Initialize.ts"
import type * as InitializeRequest from "./InitializeRequest.ts"
import * as answering from "./internal/answering.ts"
import * as checkResult from "./internal/checkResult.ts"
import * as client from "./internal/client.ts"
import * as initialize from "./internal/initialize.ts"
import * as monotonic from "./internal/monotonic.ts"
import * as spans from "./internal/spans.ts"
import * as OwnOptions from "./Options.ts"
import * as RetryPolicy from "./RetryPolicy.ts"

/** What can be set for one call. */
export interface CallOptions {
  /** The parts of the retry policy that differ for this call. */
  readonly retry?: RetryPolicy.Override | undefined
}

/** What can be set for one `awaitResult`. */
export interface AwaitOptions extends CallOptions {
  /** When to ask again while the user has not finished. Default: after 2 s, growing to 10 s, 10 minutes in all. */
  readonly polling?: RetryPolicy.RetrySchedule | undefined
}

/** What a client can do. `R` is what a call needs from its context. */
export interface Operations<R = never> {
  /**
   * Asks for the result of a check, once. Its document is read as the kind that was asked for; without one the kind is
   * inferred from the fields, and is `Ambiguous` where they don't decide. If the fields are those of another document
   * than the one asked for, the verdict is `Inconclusive` with the reason code `OtherDocument`. Fails with
   * `ProcessNotCompleted` while the user has not finished (the response code, or `Passed` is `P`). Results are kept for
   * 30 days after the authentication.
   */
  readonly checkResult: <K extends Document.Kind | undefined = undefined>(
    request: CheckResultRequest.WithDocument<K>,
    options?: CallOptions
  ) => Effect.Effect<CheckResult<Document.Expected<K>>, CloudauthError.CloudauthError, R>
  /**
   * Asks until the user has finished, for what `checkResult` gives. Repeats on `ProcessNotCompleted` only, and ends with
   * that same error when the polling schedule runs out.
   */
  readonly awaitResult: <K extends Document.Kind | undefined = undefined>(
    request: CheckResultRequest.WithDocument<K>,
    options?: AwaitOptions
  ) => Effect.Effect<CheckResult<Document.Expected<K>>, CloudauthError.CloudauthError, R>
  /**
   * Begins one user's way through ID OCR. Store the transaction id before the user gets the rest:
   * `TransactionStore.initialize` does both.
   *
   * The operation is not idempotent: an answer that is lost may leave a transaction that nobody knows. Therefore a
   * failure of the network or the service (`TransportError`, an attempt's `CallTimeout`, `ServiceDown`,
   * `ServiceFailed`) is **not** retried, whatever the policy says; what was refused before the service acted
   * (throttling, a skewed clock, an expired token) is. A second transaction costs quota and shows in the console, but
   * no user can finish it unknown to you: to retry nevertheless, say so for the call, for example
   * `{ retry: { transient: RetryPolicy.standard.transient } }`.
   */
  readonly initialize: (
    request: InitializeRequest.InitializeRequest,
    options?: CallOptions
  ) => Effect.Effect<Initialize.Initialized, CloudauthError.CloudauthError, R>
}

/** How a client is set up. */
export interface Options extends Endpoint.Options {
  /** The largest answer that is read, in bytes. Default 16 MiB; a photograph is about half a MiB. */
  readonly maxBodyBytes?: number | undefined
}

/** The keys of `Options`. */
export const keys: OwnOptions.Keys<Options> = { ...Endpoint.keys, maxBodyBytes: true }

const callKeys: OwnOptions.Keys<CallOptions> = { retry: RetryPolicy.keys }
const awaitKeys: OwnOptions.Keys<AwaitOptions> = { ...callKeys, polling: true }

/** The options of a call. */
const given = <O extends CallOptions>(keys: OwnOptions.Keys<O>, options: O | undefined) =>
  OwnOptions.own<Partial<O>>(keys, options ?? {})

/** All operations, by one way to run them. */
const operations = (call: client.Call): Operations => {
  /** Refused options fail like a refused request: unsent, and seen by spans and metrics. */
  const run = <A>(
    operation: client.Operation<A>,
    options: Result.Result<Partial<CallOptions>, CloudauthError.InvalidRequest>,
    base?: RetryPolicy.Override
  ) =>
    Result.isFailure(options)
      ? call({ ...operation, query: Result.fail(options.failure) }, undefined)
      : call(operation, base === undefined ? options.success.retry : { ...base, ...options.success.retry })

  return {
    checkResult: (request, options) => run(checkResult.operation(request), given(callKeys, options)),
    awaitResult: (request, options) => {
      const own = given(awaitKeys, options)
      return spans.polling(
        Effect.retry(run(checkResult.operation(request), own), {
          while: (error) => error._tag === "ProcessNotCompleted",
          schedule: monotonic.schedule((Result.isSuccess(own) ? own.success.polling : undefined) ?? RetryPolicy.polling)
        }),
        checkResult.describeResult
      )
    },
    initialize: (request, options) => run(initialize.operation(request), given(callKeys, options), initialize.careful)
  }
}

/** The client service. */
export class Cloudauth extends Context.Service<Cloudauth, Operations>()("@effect-cloudauth/core/Cloudauth") {
  /**
   * The client over the `HttpClient` and the `Credentials` that are provided. Fails with `InvalidRequest` where the
   * endpoint is refused.
   */
  static readonly layer = (
    options: Options = {}
  ): Layer.Layer<Cloudauth, CloudauthError.InvalidRequest, HttpClient.HttpClient | Credentials.Credentials> =>
    Layer.effect(Cloudauth, make(options))

  /**
   * The same, set up by Effect's `Config`: `CLOUDAUTH_REGION`, `CLOUDAUTH_NETWORK` (`public` or `vpc`) and
   * `CLOUDAUTH_ENDPOINT` (a URL), each optional.
   */
  static readonly layerConfig: Layer.Layer<
    Cloudauth,
    CloudauthError.InvalidRequest | ConfigError,
    HttpClient.HttpClient | Credentials.Credentials
  > = Layer.unwrap(
    Effect.promise(() => import("./internal/fromConfig.ts")).pipe(
      Effect.flatMap(({ endpoint }) => endpoint),
      Effect.map(Cloudauth.layer)
    )
  )

  /**
   * A client for tests: every call is answered by a function, without HTTP. `Canned` has results and errors for each
   * document and code. Where nothing is given for Initialize, it succeeds with an id made of the `merchantBizId`.
   *
   * @example
   * import * as Canned from "@effect-cloudauth/core/Canned"
   * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
   * import * as Document from "@effect-cloudauth/core/Document"
   *
   * const layer = Cloudauth.layerTest(
   *   (request) =>
   *     request.transactionId === "hksb0000"
   *       ? Canned.passed(Document.GlobalPassport)
   *       : Canned.error("TransactionIdInvalid"),
   *   () => Canned.initialized("hksb0000")
   * )
   */
  static readonly layerTest = (
    checkResult: (
      request: CheckResultRequest.CheckResultRequest
    ) => Effect.Effect<string, CloudauthError.CloudauthError>,
    initialize: (
      request: InitializeRequest.InitializeRequest
    ) => Effect.Effect<string, CloudauthError.CloudauthError> = ({ merchantBizId }) =>
      Effect.succeed(JSON.stringify({ Code: "Success", Result: { TransactionId: `test${merchantBizId}` } }))
  ): Layer.Layer<Cloudauth> => Layer.succeed(Cloudauth, operations(answering.call({ checkResult, initialize })))

  /** Asks for the result of a check, once: `Operations.checkResult` of the client in context. */
  static readonly checkResult: Operations<Cloudauth>["checkResult"] = (request, options) =>
    Cloudauth.use((client) => client.checkResult(request, options))

  /** Asks until the user has finished: `Operations.awaitResult` of the client in context. */
  static readonly awaitResult: Operations<Cloudauth>["awaitResult"] = (request, options) =>
    Cloudauth.use((client) => client.awaitResult(request, options))

  /** Begins one user's way through ID OCR: `Operations.initialize` of the client in context. */
  static readonly initialize: Operations<Cloudauth>["initialize"] = (request, options) =>
    Cloudauth.use((client) => client.initialize(request, options))
}

const make = Effect.fnUntraced(function* (options: Options) {
  const own = yield* Effect.fromResult(OwnOptions.own(keys, options))
  yield* Effect.fromResult(OwnOptions.own(RetryPolicy.keys, yield* RetryPolicy.RetryPolicy, "RetryPolicy"))
  const { call } = yield* client.make(own)
  return operations(call)
})
