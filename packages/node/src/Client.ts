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
 */
import { setTimeout } from "node:timers/promises"
import type { CheckResult } from "@effect-cloudauth/core/CheckResult"
import {
  type About,
  type CheckResultRequest,
  keys as requestKeys,
  type WithDocument
} from "@effect-cloudauth/core/CheckResultRequest"
import { Cloudauth, keys as cloudauthKeys } from "@effect-cloudauth/core/Cloudauth"
import * as CloudauthError from "@effect-cloudauth/core/CloudauthError"
import { Credentials, type Input, keys as credentialKeys } from "@effect-cloudauth/core/Credentials"
import * as Document from "@effect-cloudauth/core/Document"
import * as Endpoint from "@effect-cloudauth/core/Endpoint"
import type { IdImage } from "@effect-cloudauth/core/IdImage"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schedule from "effect/Schedule"
import * as DefaultCredentials from "./DefaultCredentials.ts"
import * as settings from "./internal/settings.ts"
import * as NodeCloudauth from "./NodeCloudauth.ts"
import * as NodeTransport from "./NodeTransport.ts"
import * as Qps from "./Qps.ts"

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
  RamUserAccessDenied,
  SecurityTokenExpired,
  ServiceDown,
  ServiceFailed,
  SignatureRejected,
  Throttled,
  TransactionIdInvalid,
  TransportError,
  UnknownResponseCode
} from "@effect-cloudauth/core/CloudauthError"
export type { IdImage } from "@effect-cloudauth/core/IdImage"
export * as Verdict from "@effect-cloudauth/core/Verdict"

/** An access key; temporary keys have a security token. */
export interface AccessKey {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string | undefined
  /** When it expires, in milliseconds since 1970; left out for keys that don't. */
  readonly expiresAt?: number | undefined
}

/** How often and how patiently failures are retried. Times are milliseconds. */
export interface Retry {
  /** How often a failure of the network or of the service is retried. Default 3. */
  readonly transient?: number | undefined
  /** How often a throttled call is retried. Default 8. */
  readonly throttle?: number | undefined
  /** How long one attempt may take. Default 10000. */
  readonly attemptTimeout?: number | undefined
  /** How long the whole call may take, waits included. Default 30000. */
  readonly deadline?: number | undefined
}

/** How a client is set up. */
export interface ClientOptions {
  /** Default `cn-hongkong`. */
  readonly region?: Endpoint.Region | undefined
  /** Default `public`. */
  readonly network?: Endpoint.Network | undefined
  /** A URL of your own, for tests and proxies: `https://…`, or `http://…` on loopback only. It wins over the region. */
  readonly url?: string | undefined
  /**
   * `environment` (the default): `ALIBABA_CLOUD_ACCESS_KEY_ID`, `ALIBABA_CLOUD_ACCESS_KEY_SECRET` and, for temporary
   * keys, `ALIBABA_CLOUD_SECURITY_TOKEN`. `default`: the vendor's whole chain, see `DefaultCredentials`. Or a key, or a
   * function that fetches one; it is asked again ahead of `expiresAt`.
   */
  readonly credentials?: "environment" | "default" | AccessKey | (() => AccessKey | Promise<AccessKey>) | undefined
  /** What differs from the default retries; `false` for none. */
  readonly retry?: Retry | false | undefined
  /** Connections, timeouts, proxy, certificates. */
  readonly transport?: NodeTransport.Options | undefined
  /** The account's quota of queries per second; what is too much waits. Default: no limit. */
  readonly qps?: number | undefined
  /** The largest answer that is read, in bytes. Default 16 MiB. */
  readonly maxBodyBytes?: number | undefined
}

/** What a call asks for: the request, and the name of the document that it is about where that is known. */
export type Request<N extends Document.Name | undefined = undefined> = CheckResultRequest & About<N>

type KindNamed<N extends Document.Name | undefined> = N extends Document.Name ? (typeof Document.kinds)[N] : undefined

/** What can be set for one call. */
export interface CallOptions {
  /** Aborting it ends the call and its connection; the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** What can be set for one `awaitResult`. Times are milliseconds. */
export interface AwaitOptions extends CallOptions {
  /** How long to wait between two questions. Default: 2000, growing to 10000. */
  readonly interval?: number | undefined
  /** How long to go on asking. Default 600000. */
  readonly timeout?: number | undefined
}

/** A client. Rejections are the error classes that this module exports, or the reason of an aborted signal. */
export interface Client extends AsyncDisposable {
  /**
   * Asks for the result of a check, once. Its document is read as the one that was named; without a name the kind is
   * inferred from the fields, and is `Ambiguous` where they don't decide. Rejects with `ProcessNotCompleted` while the
   * user has not finished.
   */
  readonly checkResult: <N extends Document.Name | undefined = undefined>(
    request: Request<N>,
    options?: CallOptions
  ) => Promise<CheckResult<Document.Expected<KindNamed<N>>>>
  /**
   * Asks until the user has finished, for what `checkResult` gives; rejects with `ProcessNotCompleted` when that takes
   * longer than `timeout`.
   */
  readonly awaitResult: <N extends Document.Name | undefined = undefined>(
    request: Request<N>,
    options?: AwaitOptions
  ) => Promise<CheckResult<Document.Expected<KindNamed<N>>>>
  /**
   * Lets the calls under way end, for at most `transport.drainTimeout` (5 seconds unless set), and closes the
   * connections. Calls that have not ended then, and those made afterwards, are rejected with `ClientClosed`.
   */
  readonly close: () => Promise<void>
}

/** The client was closed before the call, or the call did not end in time when it was. */
export class ClientClosed extends Error {
  readonly _tag = "ClientClosed"
  readonly code = "ClientClosed"
  override readonly name = "ClientClosed"
  constructor() {
    super("The client is closed. Create a client once, and close it at the end.")
  }
}

const refuse = (path: string, rule: string): never => {
  throw CloudauthError.invalidRequest(path, rule)
}

/** A number that was given, or the default where none was. */
const wholeNumber = (path: string, value: number | undefined, fallback: number, least = 0): number =>
  value === undefined
    ? fallback
    : Number.isSafeInteger(value) && value >= least
      ? value
      : refuse(path, `a whole number, ${least} or more`)

const retryKeys: OwnOptions.Keys<Retry> = { transient: true, throttle: true, attemptTimeout: true, deadline: true }

const optionKeys: OwnOptions.Keys<ClientOptions> = {
  ...cloudauthKeys,
  credentials: credentialKeys,
  retry: retryKeys,
  transport: settings.keys,
  qps: true
}

const callKeys: OwnOptions.Keys<CallOptions> = { signal: true }
const awaitKeys: OwnOptions.Keys<AwaitOptions> = { ...callKeys, interval: true, timeout: true }

const retryPolicy = (retry: Retry | false | undefined): RetryPolicy.RetryPolicy => {
  if (retry === undefined) return RetryPolicy.standard
  if (retry === false) return RetryPolicy.none
  if (typeof retry !== "object" || retry === null) return refuse("retry", "false, or an object with numbers")
  const { attemptTimeout, deadline, throttle, transient } = OwnOptions.ownOrThrow(retryKeys, retry, "retry")
  return {
    ...RetryPolicy.standard,
    ...(transient !== undefined && {
      transient: RetryPolicy.fullJitter({
        base: "100 millis",
        cap: "5 seconds",
        times: wholeNumber("retry.transient", transient, 0)
      })
    }),
    ...(throttle !== undefined && {
      throttle: RetryPolicy.honourRetryAfter(
        RetryPolicy.fullJitter({
          base: "500 millis",
          cap: "5 seconds",
          times: wholeNumber("retry.throttle", throttle, 0)
        })
      )
    }),
    ...(attemptTimeout !== undefined && { attemptTimeout: wholeNumber("retry.attemptTimeout", attemptTimeout, 0, 1) }),
    ...(deadline !== undefined && { deadline: wholeNumber("retry.deadline", deadline, 0, 1) })
  }
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== ""

/** Checks a key that came from plain JavaScript; names the wrong part, never its value. */
const accessKey = (given: AccessKey): Result.Result<Input, CloudauthError.CredentialsError> => {
  const wrong = (part: string) => Result.fail(CloudauthError.credentialsError(`${part}`))
  if (typeof given !== "object" || given === null) {
    return wrong("an object with accessKeyId and accessKeySecret is needed")
  }
  const key = OwnOptions.ownData(given)
  if (!isText(key.accessKeyId)) return wrong("accessKeyId is missing or no text")
  if (!isText(key.accessKeySecret)) return wrong("accessKeySecret is missing or no text")
  if (key.securityToken !== undefined && !isText(key.securityToken)) return wrong("securityToken is empty or no text")
  if (key.expiresAt !== undefined && !Number.isFinite(key.expiresAt)) {
    return wrong("expiresAt is no number of milliseconds since 1970")
  }
  return Result.succeed(key)
}

const environment: Layer.Layer<Credentials, CloudauthError.CredentialsError> = Credentials.layerConfig.pipe(
  Layer.catchTag("ConfigError", () =>
    Layer.effect(
      Credentials,
      CloudauthError.credentialsError(
        "the environment has no ALIBABA_CLOUD_ACCESS_KEY_ID or no ALIBABA_CLOUD_ACCESS_KEY_SECRET"
      )
    )
  )
)

const credentialsLayer = (
  credentials: ClientOptions["credentials"]
): Layer.Layer<Credentials, CloudauthError.CredentialsError> => {
  if (credentials === undefined || credentials === "environment") return environment
  if (credentials === "default") return DefaultCredentials.layer()
  if (typeof credentials === "function") {
    return Credentials.layerRefreshing({
      load: Effect.flatMap(
        Effect.tryPromise({
          try: async () => credentials(),
          catch: (cause) => CloudauthError.credentialsError("the credentials function failed", cause)
        }),
        (key) => Effect.fromResult(accessKey(key))
      )
    })
  }
  if (typeof credentials === "string") {
    return refuse("credentials", '"environment", "default", a key, or a function that fetches one')
  }
  return Credentials.layerStatic(Result.getOrThrow(accessKey(credentials)))
}

/** Throws where an option is wrong, so that the mistake shows where it was made. */
const clientLayer = (given: ClientOptions) => {
  const options = OwnOptions.ownOrThrow(optionKeys, given)
  const { maxBodyBytes, network, qps, region, transport = {}, url } = options
  Result.getOrThrow(Endpoint.make({ region, network, url }))
  const { drainTimeout } = Effect.runSync(settings.undici(transport))
  const undici = NodeTransport.layer(transport)
  if (qps !== undefined) Effect.runSync(Qps.make({ limit: qps }))
  const layer = NodeCloudauth.layer({
    region,
    network,
    url,
    maxBodyBytes: maxBodyBytes === undefined ? undefined : wholeNumber("maxBodyBytes", maxBodyBytes, 0, 1),
    credentials: credentialsLayer(options.credentials),
    transport: qps === undefined ? undici : Qps.layer({ limit: qps }).pipe(Layer.provide(undici))
  }).pipe(
    Layer.provide(RetryPolicy.layer(retryPolicy(options.retry))),
    // What goes wrong is in the rejection; nobody asked this library to write to the console.
    Layer.provideMerge(Logger.layer([]))
  )
  return { drainTimeout, layer }
}

const kindOf = (name: Document.Name | undefined): Document.Kind | undefined => {
  if (name === undefined) return undefined
  return Object.hasOwn(Document.kinds, name)
    ? Document.kinds[name]
    : refuse("document", `one of ${Document.names.join(", ")}`)
}

/** The request as the core takes it. */
const withKind = <N extends Document.Name | undefined>(asked: Request<N>): WithDocument<KindNamed<N>> => {
  if (typeof asked !== "object" || asked === null) {
    return refuse("request", "an object with merchantBizId and transactionId")
  }
  const own = OwnOptions.ownOrThrow<Request<Document.Name | undefined>>(requestKeys, asked)
  const { document, ...request } = own
  const kind = kindOf(document) as KindNamed<N> // what `N` names
  return { ...request, document: kind }
}

const pollingSchedule = ({ interval, timeout }: AwaitOptions): RetryPolicy.RetrySchedule | undefined => {
  if (interval === undefined && timeout === undefined) return undefined
  const until = Schedule.upTo({ duration: wholeNumber("timeout", timeout, 600_000) })
  return interval === undefined
    ? until(Schedule.min([Schedule.exponential("2 seconds", 1.25), Schedule.spaced("10 seconds")]))
    : until(Schedule.spaced(wholeNumber("interval", interval, 0, 1)))
}

/**
 * Creates a client. Nothing is sent before the first call. Throws `InvalidRequest` or `CredentialsError` where an option
 * is wrong. Create one, use it for everything, and close it at the end.
 */
export const createClient = (options: ClientOptions = {}): Client => {
  const { drainTimeout, layer } = clientLayer(options)
  const runtime = ManagedRuntime.make(layer)
  const underWay = new Set<Promise<unknown>>()
  let closing: Promise<void> | undefined

  const run = async <A>(
    effect: () => Effect.Effect<A, CloudauthError.CloudauthError, Cloudauth>,
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
      const { signal } = OwnOptions.ownOrThrow(callKeys, options)
      return run(() => Cloudauth.checkResult(withKind(request)), signal)
    },
    awaitResult: async (request, options = {}) => {
      const own = OwnOptions.ownOrThrow(awaitKeys, options)
      return run(() => Cloudauth.awaitResult(withKind(request), { polling: pollingSchedule(own) }), own.signal)
    },
    close,
    [Symbol.asyncDispose]: close
  }
}

/**
 * Shows what a result keeps from logs: the fields of a document, the bytes of a photograph, or anything `Redacted`, such
 * as `error.serverMessage`. `undefined` where nothing was read or sent, or where the document's kind is not decided.
 */
export const reveal: {
  <F extends Document.Fields>(reading: Document.NotRead | Document.Read<F>): F | undefined
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
