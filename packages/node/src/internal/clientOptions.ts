/** The options of the Promise client, and the layers that they become. */
import { keys as cloudauthKeys } from "@effect-cloudauth/core/Cloudauth"
import * as CloudauthError from "@effect-cloudauth/core/CloudauthError"
import { Credentials, type Input, keys as credentialKeys } from "@effect-cloudauth/core/Credentials"
import * as Endpoint from "@effect-cloudauth/core/Endpoint"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import * as Quota from "@effect-cloudauth/core/Quota"
import * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
import { Observer } from "@effect-cloudauth/core/Telemetry"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Result from "effect/Result"
import * as NodeCloudauth from "../NodeCloudauth.ts"
import * as NodeTransport from "../NodeTransport.ts"
import { observed } from "./clientResponse.ts"
import { type Retry, retryKeys, retryOverride } from "./clientRetry.ts"
import { type Database, storeLayer } from "./clientStore.ts"
import { refuse, wholeNumber } from "./refuse.ts"
import * as settings from "./settings.ts"

/**
 * An access key; temporary keys have a security token.
 *
 * @category models
 * @since 0.1.0
 */
export interface AccessKey {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string | undefined
  /** When it expires, in milliseconds since 1970; left out for keys that don't. */
  readonly expiresAt?: number | undefined
}

/**
 * How a client is set up.
 *
 * @category models
 * @since 0.1.0
 */
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
  /**
   * Where `initialize` keeps transactions: your own database, or this process's `memory` for a test. Without one only the calls by a
   * transaction id work.
   */
  readonly store?: "memory" | Database | undefined
  /** Connections, timeouts, proxy, certificates. */
  readonly transport?: NodeTransport.Options | undefined
  /**
   * How many calls a second go out; the others wait. `10`, `{ perSecond: 10, margin: 100 }`, or `none` for no limit. Default:
   * the figure that the vendor documents for the region; none for a `url`.
   */
  readonly quota?: "none" | number | Quota.Options | undefined
  /** Whose quota it is: clients that give the same name share one. Default: all clients of the process. */
  readonly account?: string | undefined
  /** The largest answer that is read, in bytes. Default 16 MiB. */
  readonly maxBodyBytes?: number | undefined
  /** Whether an answer is refused if its header names another request than its body. Default false: a warning. */
  readonly strictRequestId?: boolean | undefined
  /**
   * Whether each call is a span of the OpenTelemetry provider that the process has registered, below the caller's, and is counted
   * by the registered meter provider. Default true. Neither carries an id of a transaction. Without a provider nothing happens.
   */
  readonly telemetry?: boolean | undefined
}

const trueOrFalse = (path: string, value: boolean | undefined): boolean | undefined =>
  value === undefined || typeof value === "boolean" ? value : refuse(path, "true or false")

const optionKeys: OwnOptions.Keys<ClientOptions> = {
  ...cloudauthKeys,
  credentials: credentialKeys,
  retry: retryKeys,
  store: true,
  transport: settings.keys,
  telemetry: true
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== ""

/** Checks a key of plain JavaScript. The error names the wrong part, never its value. */
const accessKey = (given: AccessKey): Result.Result<Input, CloudauthError.CredentialsError> => {
  const wrong = (part: string) => Result.fail(CloudauthError.credentialsError(part))
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

const credentialsLayer = (
  credentials: ClientOptions["credentials"]
): Layer.Layer<Credentials, CloudauthError.CredentialsError> => {
  if (credentials === undefined || credentials === "environment") return Credentials.layerConfig()
  if (credentials === "default") {
    // The chain is large, and most servers have a key in their environment.
    return Layer.unwrap(Effect.promise(async () => (await import("../DefaultCredentials.ts")).layer()))
  }
  if (typeof credentials === "function") {
    return Credentials.layerRefreshing({
      load: Effect.flatMap(
        Effect.tryPromise({
          try: async () => credentials(),
          catch: (cause) => CloudauthError.credentialsUnavailable("the credentials function failed", cause)
        }),
        (key) => Effect.fromResult(accessKey(key))
      )
    })
  }
  if (typeof credentials !== "object" || credentials === null) {
    return refuse("credentials", '"environment", "default", a key, or a function that fetches one')
  }
  return Credentials.layerStatic(Result.getOrThrow(accessKey(credentials)))
}

/** Throws if an option is wrong, so that the stack trace shows the wrong call. */
export const clientLayer = (given: ClientOptions) => {
  const options = OwnOptions.ownOrThrow(optionKeys, given)
  const { account, maxBodyBytes, network, quota, region, strictRequestId, transport = {}, url } = options
  Result.getOrThrow(Quota.check({ account, quota }, Result.getOrThrow(Endpoint.make({ region, network, url }))))
  const { drainTimeout } = Effect.runSync(settings.undici(OwnOptions.ownOrThrow(settings.keys, transport, "transport")))
  const isObserved = trueOrFalse("telemetry", options.telemetry) ?? true
  const layer = NodeCloudauth.layer({
    region,
    network,
    url,
    strictRequestId: trueOrFalse("strictRequestId", strictRequestId),
    maxBodyBytes: maxBodyBytes === undefined ? undefined : wholeNumber("maxBodyBytes", maxBodyBytes, 0, 1),
    credentials: credentialsLayer(options.credentials),
    transport: observed(NodeTransport.layer(transport)),
    quota,
    account
  }).pipe(
    Layer.merge(storeLayer(options.store)),
    Layer.provide(RetryPolicy.layer({ ...RetryPolicy.standard, ...retryOverride(options.retry) })),
    // The rejection says what went wrong, so nothing is written to the console.
    Layer.provideMerge(Logger.layer([])),
    isObserved ? identity : Layer.provideMerge(Layer.succeed(Observer, undefined))
  )
  return { drainTimeout, isObserved, layer, store: options.store }
}
