/**
 * The client for programs that don't use Effect: plain promises, `AbortSignal`, errors by `instanceof`.
 *
 * @example
 * import { createClient, ProcessNotCompleted, reveal } from "@effect-cloudauth/node/Client"
 *
 * await using client = createClient({ region: "cn-hongkong" })
 *
 * try {
 *   const result = await client.checkResult({
 *     merchantBizId: "order1",
 *     transactionId: "hksb0000", // stored by your server at Initialize
 *     document: "GlobalPassport"
 *   })
 *   if (result.verdict._tag === "Passed") console.log("welcome", reveal(result.ocr)?.givenname)
 * } catch (error) {
 *   if (error instanceof ProcessNotCompleted) console.log("not finished yet")
 *   else throw error
 * }
 *
 * @since 0.1.0
 */
import { setTimeout } from "node:timers/promises"
import type { CheckResult } from "@effect-cloudauth/core/CheckResult"
import { type AwaitError, Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import * as Document from "@effect-cloudauth/core/Document"
import type { IdImage } from "@effect-cloudauth/core/IdImage"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import type { PendingResult } from "@effect-cloudauth/core/PendingResult"
import * as Quota from "@effect-cloudauth/core/Quota"
import * as Cause from "effect/Cause"
import type * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import { clientLayer, type ClientOptions, refuse, wholeNumber } from "./internal/clientOptions.ts"
import { type KindNamed, type Request, withKind } from "./internal/clientRequest.ts"

export type { AccessKey, ClientOptions, Retry } from "./internal/clientOptions.ts"
export type { About, Expect, Request } from "./internal/clientRequest.ts"
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
export { type PendingResult, WaitTimedOut } from "@effect-cloudauth/core/PendingResult"
export { TransportUnavailable } from "@effect-cloudauth/core/Transport"
export * as Verdict from "@effect-cloudauth/core/Verdict"

/**
 * What can be set for one call.
 *
 * @category models
 * @since 0.1.0
 */
export interface CallOptions {
  /** Aborting it ends the call and its connection; the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /**
   * Who waits for the answer: a person (`interactive`), a wait in the background (`wait`) or no one (`batch`). The more urgent
   * call passes the others that wait for the account's quota. Default: `interactive`, and `wait` for `awaitResult`.
   */
  readonly priority?: Quota.Priority | undefined
}

/**
 * What can be set for one `awaitResult`. Times are milliseconds.
 *
 * @category models
 * @since 0.1.0
 */
export interface AwaitOptions extends CallOptions {
  /** How long to wait between two polls. Default: 3000, growing to 60000. */
  readonly interval?: number | undefined
  /** How long to wait in all. Default 3600000. */
  readonly timeout?: number | undefined
}

/**
 * A client. Rejections are the error classes that this module exports, or the reason of an aborted signal.
 *
 * @category models
 * @since 0.1.0
 */
export interface Client extends AsyncDisposable {
  /**
   * Asks for the result of a check, once. The document is read as the named one; without a name the kind is inferred from
   * the fields, and is `Ambiguous` if they don't decide. Rejects with `ProcessNotCompleted` while the user has not
   * finished.
   */
  readonly checkResult: <N extends Document.Name | undefined = undefined>(
    request: Request<N>,
    options?: CallOptions
  ) => Promise<CheckResult<Document.Expected<KindNamed<N>>>>
  /**
   * Polls until the user has finished, for what `checkResult` gives, whatever the network or the service does meanwhile.
   * Rejects with `TransactionAbandoned` if the user's 30 minutes are over, and with `WaitTimedOut` if the wait takes longer
   * than `timeout`: `resume(reveal(error.pending))` goes on.
   */
  readonly awaitResult: <N extends Document.Name | undefined = undefined>(
    request: Request<N>,
    options?: AwaitOptions
  ) => Promise<CheckResult<Document.Expected<KindNamed<N>>>>
  /**
   * Goes on with a wait that timed out, in any process. Default `timeout`: what was left of its time, or as long again.
   * The pending wait holds ids: store it as you store the transactions.
   */
  readonly resume: (
    pending: PendingResult,
    options?: AwaitOptions
  ) => Promise<CheckResult<Document.Expected<undefined>>>
  /**
   * Lets the calls under way end, for at most `transport.drainTimeout` (5 seconds unless set), and closes the
   * connections. Calls that have not ended then, and those made afterwards, are rejected with `ClientClosed`.
   */
  readonly close: () => Promise<void>
}

/**
 * The client was closed before the call, or the call did not end in time at the close.
 *
 * @category errors
 * @since 0.1.0
 */
export class ClientClosed extends Error {
  readonly _tag = "ClientClosed"
  readonly code = "ClientClosed"
  override readonly name = "ClientClosed"
  constructor() {
    super("The client is closed. Create a client once, and close it at the end.")
  }
}

const callKeys: OwnOptions.Keys<CallOptions> = { signal: true, priority: true }
const awaitKeys: OwnOptions.Keys<AwaitOptions> = { ...callKeys, interval: true, timeout: true }

/** What differs from the core's wait. */
const waitSettings = ({ interval, timeout }: AwaitOptions) => ({
  ...(interval === undefined ? {} : { polling: Schedule.spaced(wholeNumber("interval", interval, 0, 1)) }),
  ...(timeout === undefined ? {} : { timeout: wholeNumber("timeout", timeout, 0) })
})

const prioritised = <A, E, R>({ priority }: CallOptions, call: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
  if (priority === undefined) return call
  return Quota.priorities.includes(priority)
    ? Quota.withPriority(call, priority)
    : refuse("priority", Quota.priorities.join(", "))
}

/**
 * Creates a client. Nothing is sent before the first call. Throws `InvalidRequest` or `CredentialsError` if an option is
 * wrong. Create one, use it for everything, and close it at the end.
 *
 * @category constructors
 * @since 0.1.0
 */
export const createClient = (options: ClientOptions = {}): Client => {
  const { drainTimeout, layer } = clientLayer(options)
  const runtime = ManagedRuntime.make(layer)
  const underWay = new Set<Promise<unknown>>()
  let closing: Promise<void> | undefined

  const run = async <A>(
    effect: () => Effect.Effect<A, AwaitError, Cloudauth>,
    signal: AbortSignal | undefined
  ): Promise<A> => {
    if (closing !== undefined) throw new ClientClosed()
    signal?.throwIfAborted()
    const call = runtime.runPromiseExit(effect(), signal === undefined ? undefined : { signal })
    underWay.add(call)
    const exit = await call
    underWay.delete(call)
    if (Exit.isSuccess(exit)) return exit.value
    if (Cause.hasInterruptsOnly(exit.cause)) {
      signal?.throwIfAborted()
      throw new ClientClosed()
    }
    throw Cause.squash(exit.cause)
  }

  const close = (): Promise<void> =>
    (closing ??= (async () => {
      const late = new AbortController()
      await Promise.race([
        Promise.all(underWay),
        // Rejected when it is not needed any more.
        setTimeout(drainTimeout, undefined, { signal: late.signal }).catch(() => undefined)
      ])
      late.abort()
      await runtime.dispose()
    })())

  return {
    checkResult: async (request, options = {}) => {
      const own = OwnOptions.ownOrThrow(callKeys, options)
      return run(() => prioritised(own, Cloudauth.checkResult(withKind(request))), own.signal)
    },
    awaitResult: async (request, options = {}) => {
      const own = OwnOptions.ownOrThrow(awaitKeys, options)
      const settings = waitSettings(own)
      return run(() => prioritised(own, Cloudauth.awaitResult(withKind(request), settings)), own.signal)
    },
    resume: async (pending, options = {}) => {
      const own = OwnOptions.ownOrThrow(awaitKeys, options)
      const settings = waitSettings(own)
      return run(() => prioritised(own, Cloudauth.resume(pending, settings)), own.signal)
    },
    close,
    [Symbol.asyncDispose]: close
  }
}

/**
 * Shows what a result keeps out of logs: the fields of a document, the bytes of an image, or anything `Redacted`, such as
 * `error.serverMessage`. `undefined` if nothing was read or sent, or if the document's kind is not decided.
 *
 * @category getters
 * @since 0.1.0
 */
export const reveal: {
  <F extends Document.Fields>(reading: Document.NotRead | Document.Unreadable | Document.Read<F>): F | undefined
  (reading: Document.Reading): Document.Fields | undefined
  (image: IdImage | undefined): Uint8Array | undefined
  <A>(redacted: Redacted.Redacted<A>): A
  <A>(redacted: Redacted.Redacted<A> | undefined): A | undefined
} = (value: Document.Reading | IdImage | undefined | Redacted.Redacted<unknown>): never => {
  const shown =
    value === undefined
      ? undefined
      : Redacted.isRedacted(value)
        ? Redacted.value(value)
        : "_tag" in value
          ? Document.reveal(value)
          : Redacted.value(value.bytes)
  return shown as never // each overload says what its argument becomes
}
