/**
 * The client of ID Verification: Initialize and CheckResult.
 *
 * A call's way: request → endpoint and credential → signature → transport → answer → result. Retries wrap the middle,
 * so that each attempt has its own signature.
 *
 * @example
 * import * as Advice from "@effect-cloudauth/core/Advice"
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
 *     Rejected: ({ subCode }) => Advice.ofSubCode(subCode).user.en,
 *     Inconclusive: () => "We will contact you."
 *   })
 * })
 *
 * const live = Cloudauth.layer({ region: "cn-hongkong" }).pipe(
 *   Layer.provide([Credentials.layerConfig(), FetchHttpClient.layer])
 * )
 *
 * const program = Effect.provide(decide, live)
 */
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Canned from "./Canned.ts"
import * as Result from "effect/Result"
import type { CheckResult } from "./CheckResult.ts"
import type * as CheckResultRequest from "./CheckResultRequest.ts"
import * as CloudauthError from "./CloudauthError.ts"
import { Credentials } from "./Credentials.ts"
import type * as Document from "./Document.ts"
import * as Endpoint from "./Endpoint.ts"
import * as HttpTransport from "./HttpTransport.ts"
import type * as Initialize from "./Initialize.ts"
import type * as InitializeRequest from "./InitializeRequest.ts"
import * as browser from "./internal/call/browser.ts"
import * as call from "./internal/call/call.ts"
import * as client from "./internal/call/client.ts"
import * as testTransport from "./internal/call/testTransport.ts"
import * as lifetime from "./internal/operation/lifetime.ts"
import * as fromConfig from "./internal/fromConfig.ts"
import { isPending, type PendingResult, requestOf } from "./internal/journey/pendingResult.ts"
import type { Waiting, WaitTimedOut } from "./internal/journey/pendingResult.ts"
import * as waits from "./internal/journey/waits.ts"
import * as checkResult from "./internal/operation/checkResult.ts"
import * as own from "./internal/operation/own.ts"
import * as initialize from "./internal/operation/initialize.ts"
import type * as Operation from "./Operation.ts"
import * as OwnOptions from "./Options.ts"
import * as Quota from "./Quota.ts"
import * as RetryPolicy from "./RetryPolicy.ts"
import { Transport } from "./Transport.ts"

/**
 * What can be set for one call.
 *
 * @category models
 * @since 0.1.0
 */
export interface CallOptions {
  /** The parts of the retry policy that differ for this call. */
  readonly retry?: RetryPolicy.Override | undefined
}

/**
 * What can be set for one `awaitResult`.
 *
 * @category models
 * @since 0.1.0
 */
export interface AwaitOptions extends CallOptions {
  /** When to poll again; the wait is over when the schedule ends. Default: `RetryPolicy.polling`. */
  readonly polling?: RetryPolicy.RetrySchedule | undefined
  /** How long to wait in all. Default: 1 hour, the user's 30 minutes and as long again for an outage. */
  readonly timeout?: Duration.Input | undefined
  /** How long to wait before the first poll. Default: none. */
  readonly initialDelay?: Duration.Input | undefined
  /**
   * An effect that ends when the user is done, for example by your own callback. Then the client polls at once, and afterwards
   * by `RetryPolicy.polling`. `TransactionStore.awaitStored` has one by default.
   */
  readonly wake?: Effect.Effect<void> | undefined
  /** Runs after each poll that ended without a result. Its defects are ignored. */
  readonly onProgress?: ((waiting: Waiting) => Effect.Effect<void>) | undefined
}

/**
 * How a wait can fail.
 *
 * @category errors
 * @since 0.1.0
 */
export type AwaitError = CloudauthError.CloudauthError | WaitTimedOut

/**
 * What a client can do. `R` is what a call needs from its context.
 *
 * @category models
 * @since 0.1.0
 */
export interface Operations<R = never> {
  /**
   * Asks for the result of a check, once. It reads the document as the kind that you name. Without a kind it infers one from
   * the fields; `Ambiguous` if several fit. If the fields belong to another document, the verdict is `Inconclusive` with the
   * reason code `OtherDocument`. Fails with `ProcessNotCompleted` while there is no result: the user has not finished
   * (404), or the service has not decided (`Passed` is `P`). Results are kept for 30 days after the authentication.
   */
  readonly checkResult: <K extends Document.Kind | undefined = undefined>(
    request: CheckResultRequest.WithDocument<K>,
    options?: CallOptions
  ) => Effect.Effect<CheckResult<Document.Expected<K>>, CloudauthError.CloudauthError, R>
  /**
   * Polls until the user has finished, and returns what `checkResult` returns. It goes on while the user is busy, the network
   * or the service fails, or the quota is used up. It fails with `TransactionAbandoned` if the user's 30 minutes are over, with
   * `TransactionExpired` after 30 days, and with `WaitTimedOut` if the wait's time is over. An error that no later poll can
   * change, such as `InvalidParameter`, ends it at once. Its polls have the quota's priority `wait`, unless
   * `Quota.withPriority` says otherwise.
   */
  readonly awaitResult: <K extends Document.Kind | undefined = undefined>(
    request: CheckResultRequest.WithDocument<K>,
    options?: AwaitOptions
  ) => Effect.Effect<CheckResult<Document.Expected<K>>, AwaitError, R>
  /**
   * Continues a wait that any process began, and returns what `awaitResult` returns. Default `timeout`: the time left until the
   * wait's deadline, or the whole time again if that is over.
   */
  readonly resume: (pending: PendingResult, options?: AwaitOptions) => Effect.Effect<CheckResult, AwaitError, R>
  /**
   * Begins one user's way through ID OCR. Store the transaction id before the user gets the rest:
   * `TransactionStore.initialize` does both.
   *
   * The operation is not idempotent: if its answer is lost, a transaction may exist that you don't know. So the client does
   * **not** retry a failure of the network or the service (`TransportError`, an attempt's `CallTimeout`, `ServiceDown`,
   * `ServiceFailed`), whatever the policy says. It does retry what the service refused before it acted: throttling, a skewed
   * clock, an expired token. To retry anyway, say so for the call: `{ retry: { transient: RetryPolicy.standard.transient } }`.
   * A second transaction costs quota and shows in the console, but no user can finish it without your knowledge.
   */
  readonly initialize: (
    request: InitializeRequest.InitializeRequest,
    options?: CallOptions
  ) => Effect.Effect<Initialize.Initialized, CloudauthError.CloudauthError, R>
  /** Runs any operation of the service: signed, retried, traced and decoded like the others. See `Operation`. */
  readonly call: <I, A>(
    operation: Operation.Operation<I, A>,
    request: NoInfer<I>,
    options?: CallOptions
  ) => Effect.Effect<A, CloudauthError.CloudauthError, R>
}

/**
 * A client: its operations, and where its requests go.
 *
 * @category models
 * @since 0.1.0
 */
export interface Client extends Operations {
  /** The region; `undefined` for a URL of another host than the service's. */
  readonly region: string | undefined
}

/**
 * How a client is set up.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options extends Endpoint.Options {
  /** The largest answer that is read, in bytes. Default 16 MiB; an image is about half a MiB. */
  readonly maxBodyBytes?: number | undefined
  /**
   * Whether to fail with a `DecodeError` if an answer's header `x-acs-request-id` and its body name different requests. Then
   * the connection may be out of step, and the verdict may be another person's. Default `false`: the result has a warning.
   */
  readonly strictRequestId?: boolean | undefined
  /**
   * How many calls a second go out: `10`, `{ perSecond: 10, margin: "100 millis" }`, or `none` for no limit. Default: the
   * figure that the vendor documents for the region; none for a URL of your own.
   */
  readonly quota?: "none" | number | Quota.Options | undefined
  /**
   * Your own name for the account whose quota the client uses. It is never sent. The clients of a process that give the same
   * name share one quota for each region and action. Default: all clients belong to one account.
   */
  readonly account?: string | undefined
}

/**
 * The keys of `Options`.
 *
 * @category constants
 * @since 0.1.0
 */
export const keys: OwnOptions.Keys<Options> = {
  ...Endpoint.keys,
  maxBodyBytes: true,
  strictRequestId: true,
  quota: Quota.keys,
  account: true
}

const callKeys: OwnOptions.Keys<CallOptions> = { retry: RetryPolicy.keys }
const awaitKeys: OwnOptions.Keys<AwaitOptions> = {
  ...callKeys,
  polling: true,
  timeout: true,
  initialDelay: true,
  wake: true,
  onProgress: true
}

/** The options of a call. */
const given = <O extends CallOptions>(keys: OwnOptions.Keys<O>, options: O | undefined) =>
  OwnOptions.own<Partial<O>>(keys, options ?? {})

/** Runs operations once their options are checked. */
const runner =
  (runCall: call.Run) =>
  <A>(
    operation: client.Operation<A>,
    options: Result.Result<Partial<CallOptions>, CloudauthError.InvalidRequest>,
    base?: RetryPolicy.Override
  ) =>
    // Refused options fail like a refused request: unsent, and seen by spans and metrics.
    Result.isFailure(options)
      ? runCall({ ...operation, query: Result.fail(options.failure) }, undefined)
      : runCall(operation, base === undefined ? options.success.retry : { ...base, ...options.success.retry })

/** A poll is not retried when it is throttled: all polls pause then. */
const untilThrottled: RetryPolicy.Override = { throttle: RetryPolicy.none.throttle }

const operations = (made: client.Client): Client => {
  const run = runner(call.run(made))
  const polled = <K extends Document.Kind | undefined>(
    request: CheckResultRequest.WithDocument<K>,
    options: AwaitOptions | undefined
  ) => {
    const own = given(awaitKeys, options)
    const poll = asWait(run(checkResult.operation<K>(request), own, untilThrottled))
    return { request, options: own, poll, turns: made.quota?.owner ?? made.endpoint.origin }
  }
  return {
    region: made.endpoint.region,
    checkResult: (request, options) =>
      lifetime.bound(request, run(checkResult.operation(request), given(callKeys, options))),
    awaitResult: (request, options) => waits.awaitResult(polled(request, options)),
    resume: (pending, options) =>
      isPending(pending)
        ? waits.resume(pending, polled(requestOf(pending), options))
        : Effect.fail(CloudauthError.invalidRequest("pending", "a PendingResult")),
    initialize: (request, options) => run(initialize.operation(request), given(callKeys, options), initialize.careful),
    call: (operation, request, options) =>
      run(
        own.bind(operation, request),
        given(callKeys, options),
        operation.retry === "once" ? initialize.careful : undefined
      )
  }
}

/** Gives polls the priority `wait`, so that calls for a waiting person go first; a priority of the caller stays. */
const asWait = <A, E, R>(polls: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.withFiber((fiber) =>
    Context.getOrUndefined(fiber.context, Quota.Priority) === undefined ? Quota.withPriority(polls, "wait") : polls
  )

const make = Effect.fnUntraced(function* (options: client.Options) {
  yield* Effect.fromResult(OwnOptions.own(RetryPolicy.keys, yield* RetryPolicy.RetryPolicy, "RetryPolicy"))
  return operations(yield* client.make(options))
})

/**
 * The client service.
 *
 * @category services
 * @since 0.1.0
 */
export class Cloudauth extends Context.Service<Cloudauth, Client>()("@effect-cloudauth/core/Cloudauth") {
  /**
   * The client over the `Transport` in context, for example `NodeTransport.layer()`. Fails with `InvalidRequest` if an
   * option is refused, and in a browser.
   */
  static readonly layerTransport = (
    options: Options = {}
  ): Layer.Layer<Cloudauth, CloudauthError.InvalidRequest, Transport | Credentials> =>
    Layer.effect(
      Cloudauth,
      Effect.gen(function* () {
        yield* Effect.fromResult(browser.refuse())
        const own = yield* Effect.fromResult(OwnOptions.own(keys, options))
        return yield* make(own)
      })
    )

  /**
   * The client over any Effect `HttpClient`: `FetchHttpClient.layer`, platform-node's, a mock. Fails with
   * `InvalidRequest` if an option is refused.
   */
  static readonly layer = (
    options: Options = {}
  ): Layer.Layer<Cloudauth, CloudauthError.InvalidRequest, HttpClient.HttpClient | Credentials> =>
    Layer.provide(Cloudauth.layerTransport(options), HttpTransport.layer)

  /**
   * The same client, with options from Effect's `Config`. Default: `CLOUDAUTH_REGION`, `CLOUDAUTH_NETWORK` (`public` or `vpc`) and
   * `CLOUDAUTH_ENDPOINT` (a URL), each optional.
   */
  static readonly layerConfig = (
    config: Config.Wrap<Options> = fromConfig.endpoint()
  ): Layer.Layer<Cloudauth, CloudauthError.InvalidRequest | Config.ConfigError, HttpClient.HttpClient | Credentials> =>
    Layer.unwrap(Effect.map(fromConfig.read(config), Cloudauth.layer))

  /**
   * A client for tests: your functions answer every request, without HTTP. Everything else is the real client: it signs,
   * retries (at once, so that a test need not move the clock), polls, and makes spans and metrics.
   *
   * `Canned` has results and errors for each document and code. By default Initialize succeeds with an id made of the
   * `merchantBizId`. The third function answers every other operation, by default as `Canned.otherOperation` does.
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
    checkResult: (request: CheckResultRequest.CheckResultRequest) => Canned.Canned,
    initialize: (request: InitializeRequest.InitializeRequest) => Canned.Canned = ({ merchantBizId }) =>
      Canned.initialized(`test${merchantBizId}`),
    otherOperation: Canned.OtherOperation = Canned.otherOperation
  ): Layer.Layer<Cloudauth> =>
    Layer.effect(Cloudauth, make({ isTest: true })).pipe(
      Layer.provide([
        Layer.succeed(Transport, { send: testTransport.send({ checkResult, initialize, otherOperation }) }),
        Credentials.layerStatic({ accessKeyId: "test", accessKeySecret: "test" })
      ]),
      // The default options are never refused; a retry policy with an unknown key is.
      Layer.orDie
    )

  /** Asks for the result of a check, once: `Operations.checkResult` of the client in context. */
  static readonly checkResult: Operations<Cloudauth>["checkResult"] = (request, options) =>
    Cloudauth.use((client) => client.checkResult(request, options))

  /** Asks until the user has finished: `Operations.awaitResult` of the client in context. */
  static readonly awaitResult: Operations<Cloudauth>["awaitResult"] = (request, options) =>
    Cloudauth.use((client) => client.awaitResult(request, options))

  /** Goes on with a wait: `Operations.resume` of the client in context. */
  static readonly resume: Operations<Cloudauth>["resume"] = (pending, options) =>
    Cloudauth.use((client) => client.resume(pending, options))

  /** Begins one user's way through ID OCR: `Operations.initialize` of the client in context. */
  static readonly initialize: Operations<Cloudauth>["initialize"] = (request, options) =>
    Cloudauth.use((client) => client.initialize(request, options))

  /** Runs any operation of the service: `Operations.call` of the client in context. */
  static override readonly call: Operations<Cloudauth>["call"] = (operation, request, options) =>
    Cloudauth.use((client) => client.call(operation, request, options))
}
