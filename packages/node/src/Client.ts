/**
 * The client for programs that don't use Effect: plain promises, `AbortSignal`, errors by `instanceof`.
 *
 * `initialize` begins a user's check and stores it, `callbackHandler` takes the platform's call when the user is done, and
 * `awaitStored` or `checkStored` give the result. `Decision.of`, or the client's `decide`, makes a decision of it.
 *
 * @example
 * import { createClient, Decision, DecisionPolicy, DocType, reveal } from "@effect-cloudauth/node/Client"
 *
 * await using client = createClient({ region: "cn-hongkong", store: "memory" })
 *
 * const { transactionUrl } = await client.initialize({
 *   merchantBizId: "order1",
 *   merchantUserId: "5e884898da28047151d0e56f8dc6292773603d0d",
 *   docType: DocType.GlobalPassport
 * })
 * console.log("send the user to", reveal(transactionUrl))
 *
 * const result = await client.awaitStored({ merchantBizId: "order1" })
 * console.log(Decision.of(DecisionPolicy.standard, result)._tag)
 *
 * @since 0.1.0
 */
import type { CheckResult } from "@effect-cloudauth/core/CheckResult"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import type { Decision } from "@effect-cloudauth/core/Decision"
import type { DecisionPolicy } from "@effect-cloudauth/core/DecisionPolicy"
import type * as Document from "@effect-cloudauth/core/Document"
import type { Initialized } from "@effect-cloudauth/core/Initialize"
import type { PendingResult } from "@effect-cloudauth/core/PendingResult"
import { type Assessed, type Decidable, TransactionStore } from "@effect-cloudauth/core/TransactionStore"
import type * as Effect from "effect/Effect"
import * as callback from "./internal/clientCallback.ts"
import * as calls from "./internal/clientCalls.ts"
import { clientLayer, type ClientOptions } from "./internal/clientOptions.ts"
import {
  type InitializeRequest,
  type KindNamed,
  type Request,
  type StoredRequest,
  storedWithKind,
  withKind,
  withToken
} from "./internal/clientRequest.ts"
import * as clientRuntime from "./internal/clientRuntime.ts"
import { needsStore } from "./internal/clientStore.ts"

export type { AwaitOptions, CallOptions, InitializeOptions } from "./internal/clientCalls.ts"
export type { CallbackOptions } from "./internal/clientCallback.ts"
export type { AccessKey, ClientOptions } from "./internal/clientOptions.ts"
export type { About, Expect, InitializeRequest, Request, StoredRequest } from "./internal/clientRequest.ts"
export type { RawResponse } from "./internal/clientResponse.ts"
export type { Retry } from "./internal/clientRetry.ts"
export { ClientClosed } from "./internal/clientRuntime.ts"
export type { Database } from "./internal/clientStore.ts"
export { nodeHandler } from "./internal/nodeHandler.ts"
export { reveal } from "./internal/reveal.ts"
export * as Advice from "@effect-cloudauth/core/Advice"
export * as Assessment from "@effect-cloudauth/core/Assessment"
export type { Collected, Ended } from "@effect-cloudauth/core/CallbackHandler"
export * as Decision from "@effect-cloudauth/core/Decision"
export * as DecisionPolicy from "@effect-cloudauth/core/DecisionPolicy"
export * as DocType from "@effect-cloudauth/core/DocType"
export type { Initialized } from "@effect-cloudauth/core/Initialize"
export type { Assessed, StoredTransaction } from "@effect-cloudauth/core/TransactionStore"
export {
  InitializedNotStored,
  MerchantBizIdTaken,
  TransactionConflict,
  TransactionNotStored,
  TransactionStoreError
} from "@effect-cloudauth/core/TransactionStoreError"
export type { CheckResult, Warning } from "@effect-cloudauth/core/CheckResult"
export type { CheckResultRequest } from "@effect-cloudauth/core/CheckResultRequest"
export {
  AccountAccessDenied,
  CallTimeout,
  ClockSkewed,
  type CloudauthError,
  CredentialsError,
  DecodeError,
  InvalidAccessKey,
  InvalidParameter,
  InvalidRequest,
  MissingParameter,
  ProcessNotCompleted,
  ProxyRefused,
  RamUserAccessDenied,
  SecurityTokenExpired,
  ServiceDown,
  ServiceFailed,
  SignatureRejected,
  Throttled,
  TransactionAbandoned,
  TransactionExpired,
  TransactionIdInvalid,
  TransportError,
  UnknownResponseCode
} from "@effect-cloudauth/core/CloudauthError"
export type { IdImage } from "@effect-cloudauth/core/IdImage"
export { type PendingResult, type Waiting, WaitTimedOut } from "@effect-cloudauth/core/PendingResult"
export { TransportUnavailable } from "@effect-cloudauth/core/Transport"
export * as Verdict from "@effect-cloudauth/core/Verdict"

/**
 * A client. Rejections are the error classes that this module exports, or the reason of an aborted signal.
 *
 * @category models
 * @since 0.1.0
 */
export interface Client extends AsyncDisposable {
  /**
   * Begins a user's check and stores its transaction in one step: the user can't get what is not stored. Then send the user to
   * `reveal(transactionUrl)`. If it may have begun already, it is not retried. Rejects with `MerchantBizIdTaken` before
   * anything is sent if another user has the `merchantBizId`.
   */
  readonly initialize: (request: InitializeRequest, options?: calls.InitializeOptions) => Promise<Initialized>
  /**
   * Asks once for the result of a stored transaction, held against what `initialize` asked for, with the findings that
   * `Decision.of` needs. Rejects with `TransactionNotStored` before anything is sent.
   */
  readonly checkStored: <N extends Document.Name | undefined = undefined>(
    request: StoredRequest<N>,
    options?: calls.CallOptions
  ) => Promise<Assessed<KindNamed<N>>>
  /**
   * Polls until the user has finished, for what `checkStored` gives. It wakes when the callback is noted in the store, by any
   * process. Rejects with `TransactionAbandoned`, `TransactionExpired` or `WaitTimedOut`, as `awaitResult` does.
   */
  readonly awaitStored: <N extends Document.Name | undefined = undefined>(
    request: StoredRequest<N>,
    options?: calls.AwaitOptions
  ) => Promise<Assessed<KindNamed<N>>>
  /** The wait for a stored transaction as data, for `resumeStored`. Nothing is sent. */
  readonly pendingResult: (
    request: StoredRequest<Document.Name | undefined>,
    options?: Pick<calls.AwaitOptions, "timeout">
  ) => Promise<PendingResult>
  /** Goes on with the wait for a stored transaction, in any process. Default `timeout`: the time left, or the whole time again if that is over. */
  readonly resumeStored: (pending: PendingResult, options?: calls.AwaitOptions) => Promise<Assessed>
  /**
   * `Decision.of` for a result of a stored transaction, counted once in the metric `cloudauth.journey.steps`. A store that
   * fails changes nothing in the decision.
   */
  readonly decide: (policy: DecisionPolicy, result: Decidable) => Promise<Decision>
  /**
   * The route that the platform calls when a user is done: a function from a web-standard `Request` to a `Response`. `nodeHandler`
   * makes one for Node's own servers of it. Its workers start now and end with the client. Make it once. Throws
   * `InvalidRequest` if an option is wrong.
   */
  readonly callbackHandler: (options: callback.CallbackOptions) => (request: globalThis.Request) => Promise<Response>
  /**
   * Asks for the result of a check, once. The document is read as the named one; without a name the kind is inferred from
   * the fields, and is `Ambiguous` if they don't decide. Rejects with `ProcessNotCompleted` while the user has not
   * finished.
   */
  readonly checkResult: <N extends Document.Name | undefined = undefined>(
    request: Request<N>,
    options?: calls.CallOptions
  ) => Promise<CheckResult<Document.Expected<KindNamed<N>>>>
  /**
   * Polls until the user has finished, for what `checkResult` gives, whatever the network or the service does meanwhile.
   * Rejects with `TransactionAbandoned` if the user's 30 minutes are over, and with `WaitTimedOut` if the wait takes longer
   * than `timeout`: `resume(reveal(error.pending))` goes on.
   */
  readonly awaitResult: <N extends Document.Name | undefined = undefined>(
    request: Request<N>,
    options?: calls.AwaitOptions
  ) => Promise<CheckResult<Document.Expected<KindNamed<N>>>>
  /**
   * Goes on with a wait that timed out, in any process. Default `timeout`: what was left of its time, or as long again.
   * The pending wait is plain data for `JSON.stringify`. It holds ids: store it as you store the transactions.
   */
  readonly resume: (
    pending: PendingResult,
    options?: calls.AwaitOptions
  ) => Promise<CheckResult<Document.Expected<undefined>>>
  /**
   * Lets the calls under way end, for at most `transport.drainTimeout` (5 seconds unless set), and closes the
   * connections. Calls that have not ended then, and those made afterwards, are rejected with `ClientClosed`.
   */
  readonly close: () => Promise<void>
}

/**
 * Creates a client. Nothing is sent before the first call. Throws `InvalidRequest` or `CredentialsError` if an option is
 * wrong. Create one, use it for everything, and close it at the end.
 *
 * @category constructors
 * @since 0.1.0
 */
export const createClient = (options: ClientOptions = {}): Client => {
  const { layer, store, ...settings } = clientLayer(options)
  const runtime = clientRuntime.make(layer, settings)

  type Needs = Cloudauth | TransactionStore
  const run = <A, E, O>(
    { around, options, signal }: calls.Settings<O>,
    call: (options: O) => Effect.Effect<A, E, Needs>
  ) => runtime.run(around(call(options)), signal)
  const runStored: typeof run = (settings, call) => {
    needsStore(store)
    return run(settings, call)
  }

  return {
    initialize: async (request, options) =>
      runStored(calls.ofInitialize(options), (own) => TransactionStore.initialize(withToken(request), own)),
    checkStored: async (request, options) =>
      runStored(calls.ofCall(options), (own) => TransactionStore.checkStored(storedWithKind(request), own)),
    awaitStored: async (request, options) =>
      runStored(calls.ofWait(options), (own) => TransactionStore.awaitStored(storedWithKind(request), own)),
    pendingResult: async (request, options) =>
      runStored(calls.ofPending(options), (own) => TransactionStore.pendingResult(storedWithKind(request), own)),
    resumeStored: async (pending, options) =>
      runStored(calls.ofWait(options), (own) => TransactionStore.resume(pending, own)),
    decide: async (policy, result) => {
      needsStore(store)
      return runtime.run(TransactionStore.decide(policy, result))
    },
    callbackHandler: (options) => {
      needsStore(store)
      return callback.handler(runtime, options)
    },
    checkResult: async (request, options) =>
      run(calls.ofCall(options), (own) => Cloudauth.checkResult(withKind(request), own)),
    awaitResult: async (request, options) =>
      run(calls.ofWait(options), (own) => Cloudauth.awaitResult(withKind(request), own)),
    resume: async (pending, options) => run(calls.ofWait(options), (own) => Cloudauth.resume(pending, own)),
    close: runtime.close,
    [Symbol.asyncDispose]: runtime.close
  }
}
